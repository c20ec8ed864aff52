"""Teams, watchers and blocked contacts."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("team", types.Words(), nullable=True))
        table.add_column(sa.Column("watchers", sa.Text(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("blocked", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

"""Since when a conversation is a shell whose contact was erased."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("erased_at", types.Moment(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

"""When posts were made, by the platform's clock."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("messages", "chat_posts"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("posted_at", types.Moment(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

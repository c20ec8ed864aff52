"""How long conversations have waited, and which missed a time."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BREACHED = sa.text("breached_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("sla", types.Words(), nullable=True))
        table.add_column(sa.Column("clocks", sa.Text(), nullable=True))
        table.add_column(sa.Column("breached_at", types.Moment(), nullable=True))
    op.create_index(
        "ix_conversations_breached",
        "conversations",
        ["line", "breached_at"],
        sqlite_where=BREACHED,
        postgresql_where=BREACHED,
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

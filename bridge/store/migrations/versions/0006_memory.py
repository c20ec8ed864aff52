"""What platforms keep with their events."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memory",
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("words", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("source", "name", name=op.f("pk_memory")),
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

"""Rules of the operator: which texts they wrote, and whose turn it is in a team."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("automatic", types.Words(), nullable=True))
    op.create_table(
        "turns",
        sa.Column("team", types.Words(), nullable=False),
        sa.Column("teammate", types.Words(), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_turns")),
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

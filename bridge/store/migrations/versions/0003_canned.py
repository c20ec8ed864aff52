"""Canned responses."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned",
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("team", types.Words(), nullable=False),
        sa.Column("text", types.Words(), nullable=True),
        sa.Column("created_by", types.Words(), nullable=False),
        sa.Column("updated_at", types.Moment(), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "team", name=op.f("pk_canned")),
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

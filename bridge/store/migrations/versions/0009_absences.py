"""Teammates who are away."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("person", types.Words(), nullable=False),
        sa.Column("until", types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_absences")),
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

"""Texts that are sent again and again, or ahead of an appointment."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("plan", types.Words(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

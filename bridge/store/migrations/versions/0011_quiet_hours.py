"""Why there is a text, who sent it at night, and where a contact lives."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("purpose", types.Words(), nullable=False, server_default="reply"))
        table.add_column(sa.Column("overrode", types.Words(), nullable=True))
    with op.batch_alter_table("contacts") as table:
        table.add_column(sa.Column("zone", types.Words(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

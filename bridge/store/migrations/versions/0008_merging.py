"""Merged conversations."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

VIA = sa.text("via IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("merged", sa.Text(), nullable=True))
        table.add_column(sa.Column("joined", sa.Text(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("reply_via", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("via", sa.BigInteger(), nullable=True))
    op.create_index("ix_messages_via", "messages", ["via"], sqlite_where=VIA, postgresql_where=VIA)


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

"""Snooze, reminders, and where a personal line's conversations are shared."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("snoozed_until", types.Moment(), nullable=True))
        table.add_column(sa.Column("shared", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "reminders",
        sa.Column("id", types.Words(), nullable=False),
        sa.Column("conversation", sa.BigInteger(), nullable=False),
        sa.Column("person", types.Words(), nullable=False),
        sa.Column("words", types.Words(), nullable=False),
        sa.Column("due", types.Moment(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.number"], name=op.f("fk_reminders_conversation_conversations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
    )
    op.create_index(op.f("ix_reminders_conversation"), "reminders", ["conversation"])


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

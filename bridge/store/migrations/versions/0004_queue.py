"""What the queue is read from."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ATTENTION = sa.text("kind = 'reply' AND status IN ('held', 'failed', 'unknown')")


def upgrade() -> None:
    op.create_index(
        op.f("ix_conversations_line_status_waiting_since_number"),
        "conversations",
        ["line", "status", "waiting_since", "number"],
    )
    op.create_index(
        op.f("ix_conversations_line_status_assignee_number"), "conversations", ["line", "status", "assignee", "number"]
    )
    op.create_index(
        "ix_messages_attention",
        "messages",
        ["status", "conversation", "created_at", "hold"],
        sqlite_where=ATTENTION,
        postgresql_where=ATTENTION,
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

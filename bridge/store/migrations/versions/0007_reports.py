"""What the texts are found by that left and of which no end was reported."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNREPORTED = sa.text("kind = 'reply' AND status IN ('accepted', 'sent')")


def upgrade() -> None:
    op.create_index(
        "ix_messages_unreported",
        "messages",
        ["settled_at"],
        sqlite_where=UNREPORTED,
        postgresql_where=UNREPORTED,
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

"""Who opted out lately, for the digest."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OPTED_OUT = sa.text("opted_out")


def upgrade() -> None:
    op.create_index(
        "ix_conversations_opted_out",
        "conversations",
        ["line", "last_inbound_at"],
        sqlite_where=OPTED_OUT,
        postgresql_where=OPTED_OUT,
    )


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

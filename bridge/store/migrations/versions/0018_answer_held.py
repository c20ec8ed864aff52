"""Until when an answer of a person is held, for the contact's night or because it was written for later."""

import sqlalchemy as sa
from alembic import op

from bridge.store import types

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KNOWN = sa.text(
    "UPDATE conversations SET answer_held_until = (SELECT min(messages.release_at) FROM messages"
    " WHERE messages.conversation = conversations.number AND messages.kind = 'reply' AND messages.status = 'held'"
    " AND messages.hold IN ('quiet', 'later') AND messages.author IS NOT NULL AND messages.plan IS NULL)"
    " WHERE waiting_since IS NOT NULL"
)


def upgrade() -> None:
    with op.batch_alter_table("conversations") as table:
        table.add_column(sa.Column("answer_held_until", types.Moment(), nullable=True))
    op.execute(KNOWN)


def downgrade() -> None:
    raise NotImplementedError("going back is not offered: restore a backup made before the upgrade")

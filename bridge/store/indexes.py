"""What of the tables only one or the other database knows; needed to make them, not to use them.

Apart from schema.py because each of these words makes SQLAlchemy import a dialect, which is slow. Conditions of partial
indexes name only columns that rarely change, so that PostgreSQL can update the others in place.
"""

from sqlalchemy import Column, Index, text

import bridge.store.side_schema  # noqa: F401  # pyright: ignore[reportUnusedImport] - its tables are to be made, too
from bridge.store.schema import chat_posts, conversations, inbox, lanes, messages, metadata, outbox, threads

__all__ = ["metadata"]

BUSY = {"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.02"}


def _partial(name: str, *columns: Column[str], where: str, unique: bool = False) -> None:
    Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


_partial("ix_inbox_unhandled", inbox.c.id, where="handled_at IS NULL AND problem IS NULL")
_partial("ix_inbox_set_aside", inbox.c.id, where="handled_at IS NULL AND problem IS NOT NULL")
_partial("ix_lanes_due", lanes.c.target, lanes.c.due_at, where="due_at IS NOT NULL")
_partial("ix_outbox_unsettled", outbox.c.key, where="settled_at IS NULL")
_partial("ix_outbox_message", outbox.c.message, where="settled_at IS NULL AND message IS NOT NULL")
_partial("ix_outbox_stuck", outbox.c.stuck_at, where="stuck_at IS NOT NULL")
_partial("ix_threads_root", threads.c.root, where="root IS NOT NULL", unique=True)
_partial(
    "ix_messages_provider", messages.c.account, messages.c.provider_id, where="provider_id IS NOT NULL", unique=True
)
_partial(
    "ix_messages_pending",
    messages.c.conversation,
    where="kind = 'reply' AND status IN ('held', 'queued', 'failed', 'unknown')",
)
_partial(
    "ix_messages_attention",
    messages.c.status,
    messages.c.conversation,
    messages.c.created_at,
    messages.c.hold,
    where="kind = 'reply' AND status IN ('held', 'failed', 'unknown')",
)
_partial("ix_messages_unreported", messages.c.settled_at, where="kind = 'reply' AND status IN ('accepted', 'sent')")
_partial("ix_messages_via", messages.c.via, where="via IS NOT NULL")
_partial(
    "ix_conversations_breached", conversations.c.line, conversations.c.breached_at, where="breached_at IS NOT NULL"
)
_partial("ix_conversations_opted_out", conversations.c.line, conversations.c.last_inbound_at, where="opted_out")
_partial("ix_chat_posts_message", chat_posts.c.message, where="message IS NOT NULL")

for table in (lanes, outbox):
    table.dialect_options["postgresql"]["with"] = BUSY

"""The tables, completed by indexes.py. A change needs a revision under ``migrations/versions``; a test compares."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
)

from bridge.domain.conversations import ConversationStatus, ThreadState
from bridge.domain.messages import Hold, Mark, MessageKind, MessageStatus, Purpose
from bridge.store.types import (
    Choice,
    ClocksRow,
    ConsentRow,
    Json,
    MediaList,
    MergedRow,
    Moment,
    NumberList,
    Ref,
    WordList,
    Words,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Serial = BigInteger().with_variant(Integer, "sqlite")


inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("source", Words, nullable=False),
    Column("external_id", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("problem", Words),
    Column("handled_at", Moment),
    UniqueConstraint("source", "external_id"),
    sqlite_autoincrement=True,
)

# head_seq: the row whose turn it is; next_seq: number of the next row to come; equal when nothing waits.
# due_at: when the lane may be claimed (again): the head's time, or the end of a lease; NULL when nothing waits.
# token: counts claims, so that a result that comes after the lease went to somebody else is known as such.
lanes = Table(
    "lanes",
    metadata,
    Column("key", Words, primary_key=True),
    Column("target", Words, nullable=False),
    Column("head_seq", BigInteger, nullable=False),
    Column("next_seq", BigInteger, nullable=False),
    Column("due_at", Moment),
    Column("token", BigInteger, nullable=False),
    Column("holder", Words),
)

# key: sorts by time of creation. stuck_at: set while somebody should look at a failed or unknown row.
outbox = Table(
    "outbox",
    metadata,
    Column("lane", Words, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("conversation", BigInteger, nullable=False),
    Column("message", Words),
    Column("payload", Json, nullable=False),
    Column("status", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("checks", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment),
    Column("attempted_at", Moment),
    Column("settled_at", Moment),
    Column("stuck_at", Moment),
    Column("problem", Words),
    UniqueConstraint("key"),
)

timers = Table(
    "timers",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("conversation", BigInteger, nullable=False),
    Column("subject", Words, nullable=False),
    Column("due", Moment, nullable=False),
    UniqueConstraint("kind", "subject"),
    Index(None, "due"),
    sqlite_autoincrement=True,
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", Words, primary_key=True),
    Column("address", Words, nullable=False),
    Column("name", Words),
    Column("zone", Words),
)

contact_addresses = Table(
    "contact_addresses",
    metadata,
    Column("address", Words, primary_key=True),
    Column("contact", Words, ForeignKey("contacts.id"), nullable=False),
    Index(None, "contact"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("line", Words, nullable=False),
    Column("contact", Words, ForeignKey("contacts.id"), nullable=False),
    Column("status", Choice(ConversationStatus), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("assignee", Words),
    Column("labels", WordList, nullable=False),
    Column("waiting_since", Moment),
    Column("last_inbound_at", Moment),
    Column("last_outbound_at", Moment),
    Column("closed_at", Moment),
    Column("opted_out", Boolean, nullable=False),
    Column("team", Words),
    Column("watchers", WordList, nullable=False, server_default="[]"),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    Column("snoozed_until", Moment),
    Column("shared", WordList, nullable=False, server_default="[]"),
    Column("merged", MergedRow),
    Column("joined", NumberList, nullable=False, server_default="[]"),
    Column("reply_via", BigInteger),
    Column("sla", Words),
    Column("clocks", ClocksRow),
    Column("breached_at", Moment),
    Column("consent", ConsentRow, nullable=False, server_default="{}"),
    Column("answer_held_until", Moment),
    Column("erased_at", Moment),
    Index(None, "contact", "line", "number"),
    Index("ix_conversations_line_status_waiting_since_number", "line", "status", "waiting_since", "number"),
    Index("ix_conversations_line_status_assignee_number", "line", "status", "assignee", "number"),
)


threads = Table(
    "threads",
    metadata,
    Column("id", Words, primary_key=True),
    Column("conversation", BigInteger, ForeignKey("conversations.number"), nullable=False),
    Column("platform", Words, nullable=False),
    Column("room", Words, nullable=False),
    Column("state", Choice(ThreadState), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("root", Ref),
    Column("earlier", Ref),
    Column("digest", Words),
    Index(None, "conversation"),
)

# version: counts changes (NULL: none), so that a decision made on an older state of the message is noticed.
messages = Table(
    "messages",
    metadata,
    Column("id", Words, primary_key=True),
    Column("conversation", BigInteger, ForeignKey("conversations.number"), nullable=False),
    Column("kind", Choice(MessageKind), nullable=False),
    Column("body", Words, nullable=False),
    Column("status", Choice(MessageStatus), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("author", Words),
    Column("origin", Ref),
    Column("hold", Choice(Hold)),
    Column("reasons", WordList, nullable=False),
    Column("release_at", Moment),
    Column("ticket", Integer, nullable=False),
    Column("account", Words),
    Column("provider_id", Words),
    Column("segments", Integer, nullable=False),
    Column("error_code", Words),
    Column("media", MediaList, nullable=False),
    Column("settled_at", Moment),
    Column("recovered", Boolean, nullable=False),
    Column("version", Integer),
    Column("via", BigInteger),
    Column("posted_at", Moment),
    Column("purpose", Choice(Purpose), nullable=False, server_default=Purpose.REPLY.value),
    Column("overrode", Words),
    Column("automatic", Words),
    Column("plan", Words),
    Index(None, "conversation", "created_at"),
)

chat_posts = Table(
    "chat_posts",
    metadata,
    Column("platform", Words, primary_key=True),
    Column("room", Words, primary_key=True),
    Column("ref", Words, primary_key=True),
    Column("conversation", BigInteger, nullable=False),
    Column("role", Words, nullable=False),
    Column("message", Words),
    Column("mark", Choice(Mark), nullable=False),
    Column("shown", Choice(Mark), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("posted_at", Moment),
    Index(None, "conversation", "created_at"),
    Index(None, "platform", "created_at"),
)

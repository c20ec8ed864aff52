"""The tables around the flow: consent, absences, reminders, canned responses, files, the record."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from bridge.domain.consent import ConsentKind
from bridge.store.schema import Serial, metadata
from bridge.store.types import (
    Choice,
    Moment,
    Words,
)

# Who of a team was last in turn, both by configured name.
turns = Table(
    "turns",
    metadata,
    Column("team", Words, primary_key=True),
    Column("teammate", Words, nullable=False),
)

# Only ever added to. words: the evidence; person: Person.key of who acted, NULL: the contact or the bridge.
consent_ledger = Table(
    "consent_ledger",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", Choice(ConsentKind), nullable=False),
    Column("contact", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("line", Words, nullable=False),
    Column("account", Words, nullable=False),
    Column("scope", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("conversation", BigInteger, nullable=False),
    Column("words", Words, nullable=False),
    Column("person", Words),
    Column("message", Words),
    Index(None, "contact", "id"),
    sqlite_autoincrement=True,
)

# person: Person.key. until: NULL until they say that they are back.
absences = Table(
    "absences",
    metadata,
    Column("person", Words, primary_key=True),
    Column("until", Moment),
)

statuses = Table(
    "statuses",
    metadata,
    Column("person", Words, primary_key=True),
    Column("until", Moment),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Words, primary_key=True),
    Column("conversation", BigInteger, ForeignKey("conversations.number"), nullable=False),
    Column("person", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("due", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "conversation"),
)

# text: NULL where the configuration holds it and only its uses are counted here. team: empty for everybody's.
canned = Table(
    "canned",
    metadata,
    Column("name", Words, primary_key=True),
    Column("team", Words, primary_key=True),
    Column("text", Words),
    Column("created_by", Words, nullable=False),
    Column("updated_at", Moment),
    Column("uses", Integer, nullable=False),
)

media_blobs = Table(
    "media_blobs",
    metadata,
    Column("id", Words, primary_key=True),
    Column("message", Words, nullable=False),
    Column("position", Integer, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("message", "position"),
)

# Never changed, never deleted. hash: SHA-256 over prev_hash and the entry, see audit.py.
audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("act", Words, nullable=False),
    Column("actor", Words, nullable=False),
    Column("surface", Words, nullable=False),
    Column("conversation", BigInteger),
    Column("message", Words),
    Column("detail", Words, nullable=False),
    Column("prev_hash", Words, nullable=False),
    Column("hash", Words, nullable=False),
    Index(None, "conversation", "id"),
)

# audit: how many entries there are, and the hash of the last. conversation: the number given last.
counters = Table(
    "counters",
    metadata,
    Column("name", Words, primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("hash", Words),
)

cursors = Table(
    "cursors",
    metadata,
    Column("source", Words, primary_key=True),
    Column("seen_until", Moment, nullable=False),
)

# What platforms keep with their events: how far they were read, and which reaction an event was.
memory = Table(
    "memory",
    metadata,
    Column("source", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("words", Words, nullable=False),
)

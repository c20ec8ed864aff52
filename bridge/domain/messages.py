"""Messages of a conversation: texts in, replies out, comments that never leave."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.domain.people import ChatRef


class MessageKind(StrEnum):
    """What a message is."""

    INBOUND = "inbound"
    REPLY = "reply"
    COMMENT = "comment"


class MessageStatus(StrEnum):
    """Where a message stands. A comment is ``kept``, an inbound text ``received``; ``sending``: its call has begun."""

    RECEIVED = "received"
    KEPT = "kept"
    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    """Why there is a text to the contact, which decides what is asked of it before it leaves.

    ``reply``: a teammate's, written now; ``proactive``: the first of a conversation begun from our side;
    ``automatic``: no person wrote it; ``scheduled``: written to be sent later; ``confirmation``: tells the contact that
    they get no more texts, and is the one text that may follow a STOP; ``request``: asks whether they want texts.
    """

    REPLY = "reply"
    PROACTIVE = "proactive"
    AUTOMATIC = "automatic"
    SCHEDULED = "scheduled"
    CONFIRMATION = "confirmation"
    REQUEST = "request"


class Hold(StrEnum):
    """Why a reply is held.

    ``quiet``: until the contact's night ends; ``consent``: until it is known whether they want texts.
    """

    UNDO = "undo"
    CONFIRM = "confirm"
    GUARD = "guard"
    LENGTH = "length"
    STALE = "stale"
    LATER = "later"
    QUIET = "quiet"
    CONSENT = "consent"


class Mark(StrEnum):
    """The bot's one mark on a teammate's message; each platform shows it its own way."""

    NONE = "none"
    HELD = "held"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or file of a message.

    ``source`` tells the adapter that has it where to fetch it (a URL or file id; never shown). ``stored`` is the id of
    our own copy once there is one; ``refused`` says in plain words why there will never be one.
    """

    source: str
    content_type: str
    name: str = ""
    size: int = 0
    stored: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One text, reply or comment.

    ``author``: ``Person.key`` of the teammate, None for the contact. ``origin``: the chat message it was written as.
    ``release_at``: when a reply in its undo window, one to be sent later, or one held for the night may leave.
    ``reasons``: plain words why it is held. ``ticket``: counts how often it was let go; only an outbox row with the
    newest ticket may text it. ``provider_id``/``error_code``: the provider's own. ``segments``: our count, then the
    provider's. ``via``: the conversation merged into its own by whose line and contact it came or goes, None: its
    own's. ``overrode``: ``Person.key`` of who let it leave in the contact's quiet hours. ``posted_at``: when its
    origin was written, by the platform's clock. ``automatic``: what wrote it in the place of a person, as on record
    (``rule:NAME``); such a message has no author. ``plan``: of one to be sent later whatever the contact writes:
    ``every mon 9:00``, or ``appointment`` and its time.
    """

    id: str
    conversation: int
    kind: MessageKind
    body: str
    status: MessageStatus
    created_at: datetime
    author: str | None = None
    origin: ChatRef | None = None
    hold: Hold | None = None
    reasons: tuple[str, ...] = ()
    release_at: datetime | None = None
    ticket: int = 0
    account: str | None = None
    provider_id: str | None = None
    segments: int = 0
    error_code: str | None = None
    media: tuple[Media, ...] = ()
    settled_at: datetime | None = None
    recovered: bool = False
    via: int | None = None
    posted_at: datetime | None = None
    purpose: Purpose = Purpose.REPLY
    plan: str | None = None
    overrode: str | None = None
    automatic: str | None = None

"""A conversation, the threads it is shown in, and all that one decision needs to know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bridge.domain.automation import Facts
from bridge.domain.canned import Canned
from bridge.domain.clocks import STOPPED, Clocks
from bridge.domain.consent import UNKNOWN, Consent
from bridge.domain.digest import Digest
from bridge.domain.messages import Mark, Message
from bridge.domain.people import ChatRef, Contact


class ConversationStatus(StrEnum):
    """Open, snoozed or closed."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class ThreadState(StrEnum):
    """``opening``: its card is not posted yet; ``lost``: room archived or card deleted, another thread follows.

    ``moved``: handed over to another team's room; texts are shown there, replies are still taken here.
    """

    OPENING = "opening"
    OPEN = "open"
    LOST = "lost"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """That a conversation goes on in another (``into``) since ``at``, and what is taken back when it no longer does.

    ``status``: its own before. ``labels``, ``watchers``: those of its own that the other did not have; ``assigned``:
    the other had no assignee; ``named``: which contact had no name and got that of the other, ``here`` its own.
    """

    into: int
    at: datetime
    status: ConversationStatus
    labels: tuple[str, ...] = ()
    watchers: tuple[str, ...] = ()
    assigned: bool = False
    named: Literal["", "here", "there"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """All texts between one contact and one line until it ends.

    ``number``: short number shown as ``#1042``, unique in the installation. ``line``: the line's name in the
    configuration. ``waiting_since``: time of the oldest text nobody has answered yet. ``assignee`` and ``watchers``:
    ``Person.key``. ``team``: whose it was made by a hand-over, None: the line's. ``blocked``: texts are kept but call
    nobody, and nothing may be sent. ``snoozed_until``: when a snoozed one is taken up again, None: when the contact
    writes. ``shared``: rooms a personal line's conversation was shared with, each as ``RoomRef.key``.
    ``merged``: where it goes on, None: here. ``joined``: numbers of those that go on here; ``reply_via``: the one of
    them whose line and contact replies go by, None: its own. ``sla``: the SLA policy a rule gave it, which goes before
    those of labels and of the line; ``clocks``: how long it has waited, counted while it has an SLA policy;
    ``breached_at``: since when a time of its is missed. ``consent``: what is known besides ``opted_out``.
    ``answer_held_until``: when a person's answer leaves that is held until then; nobody waits for the team meanwhile.
    ``erased_at``: since when it is a shell without words, whose contact was erased: nothing is taken up in it again.
    """

    number: int
    line: str
    contact: str
    status: ConversationStatus
    created_at: datetime
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    waiting_since: datetime | None = None
    last_inbound_at: datetime | None = None
    last_outbound_at: datetime | None = None
    closed_at: datetime | None = None
    opted_out: bool = False
    team: str | None = None
    watchers: tuple[str, ...] = ()
    blocked: bool = False
    snoozed_until: datetime | None = None
    shared: tuple[str, ...] = ()
    merged: Merged | None = None
    joined: tuple[int, ...] = ()
    reply_via: int | None = None
    sla: str | None = None
    clocks: Clocks = STOPPED
    breached_at: datetime | None = None
    consent: Consent = UNKNOWN
    answer_held_until: datetime | None = None
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """What somebody wants to be told of a conversation. ``person``: ``Person.key``; ``words``: their own."""

    id: str
    conversation: int
    person: str
    words: str
    due: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The view of a conversation in one room. ``root`` is the card's message; ``earlier`` a thread it follows."""

    id: str
    conversation: int
    platform: str
    room: str
    state: ThreadState
    created_at: datetime
    root: ChatRef | None = None
    earlier: ChatRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPost:
    """What the store knows of one chat message in a thread.

    ``role``: ``card``, ``text`` (the contact's), ``reply``, ``comment`` or ``note`` (the bot's own words).
    ``mark``: the bot's mark that should be on it.
    """

    ref: ChatRef
    conversation: int
    role: str
    message: str | None = None
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The latest text of the contact, or reply of a teammate (``author``: ``Person.key``), as one room shows it.

    ``ref``: the chat message, None when it is not shown there (yet). ``posted_at``: when it was written, or shown, by
    the platform's clock.
    """

    author: str | None
    ref: ChatRef | None
    at: datetime
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody (``Person.key``) who is away ``until`` then, None: until they say that they are back.

    ``by_status``: their status on a platform says so.
    """

    person: str
    until: datetime | None = None
    by_status: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another conversation that an event has to do with. ``threads``: those that are not lost."""

    conversation: Conversation
    contact: Contact
    threads: tuple[Thread, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that a decision reads, loaded in the transaction that will save what it changed.

    ``message``: the message the event is about; ``post``: the chat message it is about; ``pending``: replies of this
    conversation that have not left or did not arrive (held, queued, failed, unknown), oldest first; ``fresh_number``:
    number for a conversation to be made; ``notes``: our posts about the message whose buttons may still be there;
    ``plans``: the last in each room about each pending reply that waits for a time or a consent, and those that ask
    about a doubted text.
    ``said``: what was said last in the room of a post, by the contact and by each teammate. ``canned``: the stored
    responses the event may be about. ``reminders``: of the conversation, soonest first, where the event is about them.
    ``via``: the merged conversation by whose line and contact a text came or the message goes, None: this one's own.
    ``joined``: those merged into this one, directly or through another; ``chain``: where this one goes on if it is
    merged, what it was merged into first, its home last. ``other``: the conversation that a command names. ``away``:
    who is away now; ``mine``: the open conversations of who acts; both where the event is about them. ``facts``: what
    the operator's rules ask, where they are asked. ``elsewhere``: other conversations with the same contacts, where the
    event may change whether they want texts; ``earlier``: the closed one that a new one follows.
    """

    conversation: Conversation | None = None
    contact: Contact | None = None
    threads: tuple[Thread, ...] = ()
    message: Message | None = None
    post: ChatPost | None = None
    pending: tuple[Message, ...] = ()
    fresh_number: int | None = None
    notes: tuple[ChatPost, ...] = ()
    plans: tuple[ChatPost, ...] = ()
    said: tuple[Said, ...] = ()
    canned: tuple[Canned, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    via: Related | None = None
    joined: tuple[Related, ...] = ()
    chain: tuple[Related, ...] = ()
    other: "State | None" = None
    away: tuple[Absence, ...] = ()
    mine: tuple[Related, ...] = ()
    facts: Facts | None = None
    elsewhere: tuple[Related, ...] = ()
    earlier: Conversation | None = None
    digest: Digest | None = None

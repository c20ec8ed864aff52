"""What happened, in the past tense. ``external_id`` is unique within its source and makes a repeat harmless."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.content import Content
from bridge.domain.messages import Media, MessageStatus
from bridge.domain.people import ChatRef, Person
from bridge.domain.queue import FIRST, View

_NUMBER = re.compile(r"\s*#([0-9]{1,15})(?![0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextReceived:
    """A contact's text reached a line. ``opt_out``: the provider's own signal; ``recovered``: found by listing."""

    account: str
    external_id: str
    provider_id: str
    sender: str
    recipient: str
    body: str
    media: tuple[Media, ...] = ()
    opt_out: Literal["STOP", "START", "HELP"] | None = None
    sent_at: datetime | None = None
    recovered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReported:
    """A status callback, in any order. ``key``: our outbox id when the provider carries it back.

    ``message``: the one we asked about, if we did. ``reason``: what the error code means and what to do about it, in
    plain words. ``opted_out``: it failed because the contact wants no texts.
    """

    account: str
    external_id: str
    provider_id: str
    status: MessageStatus
    key: str | None = None
    message: str | None = None
    error_code: str | None = None
    reason: str = ""
    opted_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatPosted:
    """Somebody posted in a room; ``thread`` is the root it replies to, None for the room itself.

    ``recovered``: read from the thread later; ``marked``: it already carried a mark of ours then; ``reactions``: names
    of those that people had given it. ``absent``: it came live after the thread had been read without it. ``delayed``:
    it was there long before it could be read.
    ``posted_at``: by the platform's clock. ``aside``: written as a reply in the room itself, by somebody who may not
    see that there is a thread. ``untextable``: with its article, what it is that no text can carry (``a sticker``).
    """

    external_id: str
    ref: ChatRef
    thread: ChatRef | None
    author: Person
    content: Content
    files: tuple[Media, ...] = ()
    recovered: bool = False
    marked: bool = False
    reactions: tuple[str, ...] = ()
    absent: bool = False
    delayed: bool = False
    posted_at: datetime | None = None
    aside: bool = False
    untextable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatEdited:
    """Somebody changed the words of a post (a link preview is no edit)."""

    external_id: str
    ref: ChatRef
    thread: ChatRef | None
    author: Person
    content: Content
    files: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDeleted:
    """A post was deleted, be it a teammate's or the bot's."""

    external_id: str
    ref: ChatRef
    thread: ChatRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionChanged:
    """A reaction was added or removed; ``name`` without colons and skin tone."""

    external_id: str
    ref: ChatRef
    author: Person
    name: str
    added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed:
    """A button of ours was pressed, or something chosen in a menu.

    ``value``: its message id or what was chosen; ``chosen``: the person who was. ``handle``: where to answer privately;
    ``trigger``: lets us open a form, once and within seconds. ``home``: the part of the queue
    it was pressed in, None: elsewhere.
    """

    external_id: str
    ref: ChatRef
    thread: ChatRef | None
    author: Person
    action: str
    value: str
    handle: str = ""
    chosen: Person | None = None
    trigger: str = ""
    home: View | None = None
    surface: Literal["button", "menu", "shortcut", "home"] = "button"

    @property
    def number(self) -> int | None:
        """The number of the conversation its value begins with."""
        found = _NUMBER.match(self.value)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeOpened:
    """Somebody looks at the queue on the platform's own page of ours, or turns to another part of it."""

    external_id: str
    author: Person
    view: View = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged:
    """Somebody's status on a platform says that they are ``away``, perhaps ``until`` then; or it no longer does."""

    external_id: str
    person: Person
    away: bool
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSubmitted:
    """A form of ours was filled in. ``values``: (field, answer); ``people``: (field, person chosen).

    ``trigger``: lets us open the next form, once and within seconds.
    """

    external_id: str
    platform: str
    author: Person
    form: str
    context: str
    values: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, Person], ...] = ()
    trigger: str = ""

    @property
    def number(self) -> int | None:
        """The number of the conversation its context begins with."""
        found = _NUMBER.match(self.context)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven:
    """A command in a room (Slack ``/sms``, Matrix ``!sms``); ``text`` without the command word, people as ``<@id>``.

    ``outsiders``: ids of those of them who are (as of ``Person``).
    """

    external_id: str
    platform: str
    room: str
    author: Person
    text: str
    handle: str = ""
    trigger: str = ""
    outsiders: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        """The number of the conversation it is about, None when it names none."""
        found = _NUMBER.match(self.text)
        return int(found[1]) if found else None

    @property
    def words(self) -> str:
        """The command itself, without the number."""
        found = _NUMBER.match(self.text)
        return self.text[found.end() :].strip() if found else self.text.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomChanged:
    """A room closed to us (archived, deleted, bot removed) or opened; ``new_room`` when its id changed.

    ``again``: we were in it before.
    """

    external_id: str
    platform: str
    room: str
    usable: bool
    new_room: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingTogether:
    """Several people seem to write in the same thread. ``at``: when that was seen."""

    external_id: str
    thread: ChatRef
    people: tuple[Person, ...]
    at: datetime


Outcome: TypeAlias = Literal["accepted", "rejected", "unknown", "credentials"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSettled:
    """A send to the provider ended. ``code`` and ``reason`` are the provider's, in its words.

    ``opted_out``: it was refused because the contact wants no texts. ``linked``: names of the files that went as links,
    which work for ``link_seconds``.
    """

    external_id: str
    message: str
    outcome: Outcome
    provider_id: str | None = None
    segments: int = 0
    code: str | None = None
    reason: str = ""
    opted_out: bool = False
    linked: str = ""
    link_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSettled:
    """A post to a thread ended for good without success; ``gone``: the thread or room no longer takes posts.

    ``code`` is the vendor's, ``reason`` says it in plain words.
    """

    external_id: str
    conversation: int
    thread: str
    message: str | None
    gone: bool
    code: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired:
    """A timer fell due; it may be late or come twice. ``subject``: the message or conversation it was armed for."""

    external_id: str
    kind: str
    conversation: int
    subject: str


ProviderEvent: TypeAlias = TextReceived | DeliveryReported
ChatEvent: TypeAlias = (
    ChatPosted
    | ChatEdited
    | ChatDeleted
    | ReactionChanged
    | ButtonPressed
    | FormSubmitted
    | CommandGiven
    | RoomChanged
    | HomeOpened
    | WritingTogether
    | StatusChanged
)
OwnEvent: TypeAlias = SendSettled | PostSettled | TimerFired | AssistantAnswered
Event: TypeAlias = ProviderEvent | ChatEvent | OwnEvent

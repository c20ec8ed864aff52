"""What to do next, in the imperative. An effect that leaves the process becomes an outbox row."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bridge.domain.assistant import AskAssistant
from bridge.domain.cards import Form, Note
from bridge.domain.keeping import (
    CountUse,
    DropReminder,
    EndAbsence,
    FollowRoom,
    NoteConsent,
    RemoveCanned,
    SaveAbsence,
    SaveCanned,
    SaveReminder,
    SaveTurn,
)
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef, Person, RoomRef
from bridge.domain.showing import PublishHome, TellFound, TellQueue, TellRecord, TellReport


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Post the card that becomes the thread's root."""

    thread: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom a text notifies: ``people`` by mention, ``room`` everybody in it; ``bump``: shown in the room itself too."""

    people: tuple[Person, ...] = ()
    room: bool = False
    bump: bool = False


SILENT = Ring()


@dataclass(frozen=True, slots=True)
class PostText:
    """Show a contact's text in a thread, and notify those who should see it."""

    thread: str
    message: str
    ring: Ring = SILENT


@dataclass(frozen=True, slots=True)
class PostMedia:
    """Show one file of a message in a thread."""

    thread: str
    message: str
    index: int


@dataclass(frozen=True, slots=True)
class PostNote:
    """Say something in a thread; ``message``: the message it is about; ``link``: a thread to link to at its end."""

    thread: str
    note: Note
    message: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True)
class TellRoom:
    """Say something in a room itself, outside every thread. ``link``: a chat message to link to behind the words."""

    room: RoomRef
    note: Note
    link: ChatRef | None = None


@dataclass(frozen=True, slots=True)
class CarryComments:
    """Repeat the conversation's comments in a thread, as one note with their authors.

    ``back``: only those since the conversation left that thread, which it comes back to.
    """

    thread: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class CarryWords:
    """Repeat in a thread what was said in another conversation (``source``: its number) since then.

    ``since`` None: since the conversation left that thread, which it comes back to.
    """

    thread: str
    source: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class UpdateNote:
    """Replace what an earlier note of ours says, buttons included."""

    ref: ChatRef
    note: Note


@dataclass(frozen=True, slots=True)
class UpdateCard:
    """Draw the card again if it would look different."""

    thread: str


@dataclass(frozen=True, slots=True)
class SetMark:
    """Bring the bot's one mark on a chat message to ``mark``."""

    ref: ChatRef
    mark: Mark


@dataclass(frozen=True, slots=True)
class AnswerPrivately:
    """Tell one person something nobody else sees; lost if the platform cannot, so never anything that matters alone.

    ``link``: a chat message to link to behind the words.
    """

    person: Person
    room: str
    thread: ChatRef | None
    note: Note
    handle: str = ""
    link: ChatRef | None = None


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a form for the person who gave us ``trigger``, which is good once and for a few seconds."""

    person: Person
    trigger: str
    form: Form


@dataclass(frozen=True, slots=True)
class SendText:
    """Text a reply to the contact, not before ``not_before``; void once the message has a newer ``ticket``."""

    message: str
    ticket: int
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reschedule:
    """The moment a message may leave moved to ``at``: its waiting row moves with it, keeping its place."""

    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ArmTimer:
    """Wake the conversation at ``due``; one timer per (kind, subject), a later arming replaces it.

    ``conversation``: which one, None: the one decided on.
    """

    kind: str
    subject: str
    due: datetime
    conversation: int | None = None


@dataclass(frozen=True, slots=True)
class DisarmTimer:
    """Forget a timer."""

    kind: str
    subject: str


@dataclass(frozen=True, slots=True)
class CallWebhook:
    """Tell the operator's program of this name what a rule found. ``event``: what happened, in the words of rules."""

    webhook: str
    rule: str
    event: str
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Put an act on record. ``actor``: ``Person.key``, ``contact`` or ``bridge``; ``detail`` holds no message body.

    ``conversation``: whose record, None: of the one decided on.
    """

    act: str
    actor: str
    surface: str
    message: str | None = None
    detail: str = ""
    conversation: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An act as it stands on record."""

    at: datetime
    record: Record


Effect: TypeAlias = (
    OpenThread
    | PostText
    | PostMedia
    | PostNote
    | TellRoom
    | CarryComments
    | CarryWords
    | UpdateNote
    | UpdateCard
    | SetMark
    | AnswerPrivately
    | TellRecord
    | SaveReminder
    | DropReminder
    | OpenForm
    | SendText
    | Reschedule
    | ArmTimer
    | DisarmTimer
    | PublishHome
    | TellFound
    | TellQueue
    | TellReport
    | AskAssistant
    | SaveCanned
    | RemoveCanned
    | CountUse
    | SaveAbsence
    | EndAbsence
    | FollowRoom
    | SaveTurn
    | CallWebhook
    | NoteConsent
    | Record
)

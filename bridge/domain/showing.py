"""Effects that show one person what they asked to see."""

from dataclasses import dataclass

from bridge.domain.people import ChatRef, Person
from bridge.domain.queue import View


@dataclass(frozen=True, slots=True)
class TellRecord:
    """Tell one person what is on record of the conversation: the last acts, or (``why``) who answered and why."""

    person: Person
    room: str
    thread: ChatRef | None
    handle: str = ""
    why: bool = False


@dataclass(frozen=True, slots=True)
class PublishHome:
    """Show a person the queue on the platform's own page of ours."""

    person: Person
    view: View


@dataclass(frozen=True, slots=True)
class TellQueue:
    """Tell one person the queue of a room's lines."""

    person: Person
    room: str
    view: View
    handle: str = ""


@dataclass(frozen=True, slots=True)
class TellFound:
    """Tell one person which conversations of a room's lines hold these words."""

    person: Person
    room: str
    words: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class TellReport:
    """Bring one person a report of a room's lines. ``words``: period and grouping, as they were asked for."""

    person: Person
    room: str
    words: str
    handle: str = ""

"""Effects that keep or drop a row beside the conversations: reminders, canned responses, absences, rooms, turns."""

from dataclasses import dataclass

from bridge.domain.canned import Canned
from bridge.domain.consent import ConsentEntry
from bridge.domain.conversations import Absence, Reminder
from bridge.domain.people import RoomRef


@dataclass(frozen=True, slots=True)
class SaveReminder:
    """Keep what somebody wants to be told."""

    reminder: Reminder


@dataclass(frozen=True, slots=True)
class DropReminder:
    """Forget it."""

    id: str


@dataclass(frozen=True, slots=True)
class SaveCanned:
    """Store a canned response, in the place of one of its name and team; how often it was used stays."""

    canned: Canned


@dataclass(frozen=True, slots=True)
class RemoveCanned:
    """Forget a canned response."""

    name: str
    team: str


@dataclass(frozen=True, slots=True)
class CountUse:
    """Count that a canned response was used."""

    name: str
    team: str


@dataclass(frozen=True, slots=True)
class SaveAbsence:
    """Note that somebody is away."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """Note that somebody (``Person.key``) is back; ``by_status``: only that their status no longer says otherwise."""

    person: str
    by_status: bool = False


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """Add a line to the ledger of consent."""

    entry: ConsentEntry


@dataclass(frozen=True, slots=True)
class FollowRoom:
    """Note that a room took the place of another, for good."""

    before: RoomRef
    after: RoomRef


@dataclass(frozen=True, slots=True)
class SaveTurn:
    """Note who of a team was last in turn, by configured name."""

    team: str
    teammate: str

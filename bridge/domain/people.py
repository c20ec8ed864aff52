"""Who acts: contacts outside, people on the team's platforms, and where things stand."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal, TypeAlias

from bridge.domain.hours import Hours

Role: TypeAlias = Literal["manager", "member", "observer"]


@dataclass(frozen=True, slots=True)
class ChatRef:
    """One message on a platform: ``room`` and ``id`` are the platform's own (Slack: channel and ts)."""

    platform: str
    room: str
    id: str


@dataclass(frozen=True, slots=True)
class RoomRef:
    """A room of the team: Slack channel or Matrix room, on the platform of that name in the configuration."""

    platform: str
    room: str

    @property
    def key(self) -> str:
        """The room as one word, for records: ``slack/C123``."""
        return f"{self.platform}/{self.room}"


def room_of(key: str) -> RoomRef:
    """Return the room whose ``RoomRef.key`` this is."""
    platform, _, room = key.partition("/")
    return RoomRef(platform, room)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform. ``outsider``: from another organisation (Slack Connect); such people never text."""

    platform: str
    id: str
    outsider: bool = False
    bot: bool = False

    @property
    def key(self) -> str:
        """The person as one word, for records: ``slack:U123``."""
        return f"{self.platform}:{self.id}"


def person_of(key: str) -> Person:
    """Return the person whose ``Person.key`` this is."""
    platform, _, who = key.partition(":")
    return Person(platform, who)


_DIRECT = "@"


def direct_room(person: Person) -> RoomRef:
    """Return the direct message between a person and the bot, as a room; what a platform calls it is its own affair."""
    return RoomRef(person.platform, f"{_DIRECT}{person.id}")


def who_is_in(room: str) -> str | None:
    """Return the id of the person whose direct message a room is, None for any other room."""
    return room.removeprefix(_DIRECT) if room.startswith(_DIRECT) else None


@dataclass(frozen=True, slots=True)
class Contact:
    """Who texts the line. ``address``: E.164, a short code, or a letter sender; ``name`` may be unknown.

    ``zone``: the time zone a teammate said they live in, as the IANA database calls it.
    """

    id: str
    address: str
    name: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Teammate:
    """A person of the team under its configured name, with its id on each platform.

    ``zone``: of the times this person writes, None: those of the line they write about.
    """

    name: str
    ids: tuple[tuple[str, str], ...]
    role: Role = "member"
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """Teammates who share work. ``rooms``: those of its lines; ``room_mention``: whether it may call a whole room.

    ``hours``: of conversations handed over to it, None: those of their line.
    """

    name: str
    members: tuple[str, ...] = ()
    room_mention: bool = False
    rooms: tuple[RoomRef, ...] = ()
    hours: Hours | None = None

"""The digest: once on each working morning, a room is told what waits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Effect, Record, TellRoom
from bridge.domain.events import Event, TimerFired
from bridge.domain.people import RoomRef, room_of
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.digest_words import morning
from bridge.rules.hours import spans_of

DIGEST_TIMER = "digest"
LATE = timedelta(hours=12)
"""What was to be said longer ago is no longer a morning's news."""
_DAY = timedelta(days=1)
_DAYS = 366


def digest_rooms(policy: Policy) -> tuple[str, ...]:
    """Return the rooms that have a digest, each as ``RoomRef.key``."""
    rooms = (room.key for line in policy.lines.values() if line.digest is not None for room in line.rooms)
    return tuple(dict.fromkeys(rooms))


def lines_of(room: str, policy: Policy) -> list[LinePolicy]:
    """Return the lines a room's digest is about; the first one says when it comes."""
    here = room_of(room)
    return [line for line in policy.lines.values() if line.digest is not None and here in line.rooms]


def next_digest(room: str, policy: Policy, after: datetime) -> datetime | None:
    """Return when a room has its next digest, later than ``after``; None: it has none for a year."""
    lines = lines_of(room, policy)
    if not lines:
        return None
    first = after.astimezone(lines[0].zone).date()
    return next((at for at in _mornings(lines[0], first, _DAYS) if at > after), None)


def last_digest(room: str, policy: Policy, before: datetime) -> datetime:
    """Return when a room had its digest before this one; at most a fortnight earlier."""
    line, earliest = lines_of(room, policy)[0], before - 14 * _DAY
    first = earliest.astimezone(line.zone).date()
    return max((at for at in _mornings(line, first, 15) if at < before), default=earliest)


def _mornings(line: LinePolicy, first: date, days: int) -> Iterator[datetime]:
    """The digests of a line; none on days without business hours."""
    for day in (first + number * _DAY for number in range(days)):
        spans = spans_of(line.hours, day) if line.hours is not None else None
        if spans == () or line.digest is None:
            continue
        clock = line.digest if line.digest != "opening" or not spans else min(spans)[0]
        if clock != "opening":
            yield datetime.combine(day, clock, line.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class AskedDigest:
    """What an event is decided on: what waits on these lines, and who opted out ``since`` then; the room's platform."""

    lines: tuple[str, ...]
    since: datetime
    platform: str


def asks_for_digest(event: Event, policy: Policy, now: datetime) -> AskedDigest | None:
    """Return the digest that an event is decided on; None: it needs none, or there is none to say any more."""
    if not isinstance(event, TimerFired) or event.kind != DIGEST_TIMER:
        return None
    slot = next_digest(event.subject, policy, now - LATE)
    if slot is None or slot > now:
        return None
    lines = tuple(line.name for line in lines_of(event.subject, policy))
    return AskedDigest(lines, last_digest(event.subject, policy, slot), room_of(event.subject).platform)


def digest_moved(old: RoomRef, new: RoomRef, policy: Policy, now: datetime) -> tuple[Effect, ...]:
    """Return the effects by which the room that takes another's place has its digest."""
    due = next_digest(old.key, policy, now)
    return () if due is None else (DisarmTimer(DIGEST_TIMER, old.key), ArmTimer(DIGEST_TIMER, new.key, due, 0))


def digest_due(state: State, event: TimerFired, policy: Policy, now: datetime) -> Decision:
    """Tell the room what waits, and set the next; nothing is said when nothing waits, or when it is much too late."""
    following = next_digest(event.subject, policy, now)
    if following is None:
        return NOTHING
    again = ArmTimer(DIGEST_TIMER, event.subject, following, 0)
    note = morning(state.digest) if state.digest is not None else None
    if note is None or state.digest is None:
        return Decision(effects=(again,))
    longest = state.digest.longest
    told = TellRoom(room_of(event.subject), note, longest.root if longest is not None else None)
    return Decision(effects=(again, told, Record("digest", "bridge", "timer", detail=event.subject)))

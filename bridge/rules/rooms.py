"""Rooms that close, open again, or are followed by another."""

from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, Record, TellRoom
from bridge.domain.events import RoomChanged
from bridge.domain.keeping import FollowRoom
from bridge.domain.people import RoomRef
from bridge.domain.policy import Policy
from bridge.rules.digest import digest_moved

GOES_ON = Note(
    "The conversations of the room before this one go on here: each in a new thread with a link back, as soon as "
    "something happens in it. `/sms queue` lists those that wait."
)


def room_changed(event: RoomChanged, policy: Policy, now: datetime) -> Decision:
    """Put it on record, and go on in the room that takes the place of one of ours."""
    here = RoomRef(event.platform, event.room)
    act = "room_usable" if event.usable else "room_unusable"
    effects: list[Effect] = [Record(act, "bridge", event.platform, detail=event.new_room or event.room)]
    if event.new_room is not None and here in shown_in(policy):
        new = RoomRef(event.platform, event.new_room)
        effects += [FollowRoom(here, new), *digest_moved(here, new, policy, now)]
    elif event.usable and not event.again and here in policy.followed.values():
        effects.append(TellRoom(here, GOES_ON))
    return Decision(effects=tuple(effects))


def shown_in(policy: Policy) -> frozenset[RoomRef]:
    """Return every room of a line."""
    return frozenset(room for line in policy.lines.values() for room in (*line.rooms, *line.shared_rooms))

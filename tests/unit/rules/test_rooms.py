"""What becomes of lines whose room is followed by another."""

from dataclasses import replace

from bridge.domain.conversations import State
from bridge.domain.effects import Record, TellRoom
from bridge.domain.events import RoomChanged
from bridge.domain.keeping import FollowRoom
from bridge.domain.people import RoomRef, Team
from bridge.domain.policy import LinePolicy, Policy
from bridge.pipeline.rooms import follow
from bridge.rules.decide import decide
from bridge.rules.rooms import GOES_ON
from bridge.rules.threads import line_of
from tests.unit.rules.builders import LINE, NOW, conversation

OLD, NEW, NEWEST = (RoomRef("matrix", room) for room in ("!old", "!new", "!newest"))


def made() -> Policy:
    line = LinePolicy(
        name="front-desk",
        account="main",
        address=LINE,
        rooms=(OLD, RoomRef("slack", "C1")),
        shared_rooms=(OLD,),
        team="support",
    )
    return Policy(lines={line.name: line}, teams={"support": Team("support", (), rooms=(OLD, NEW))})


def changed(room: RoomRef, *, usable: bool = False, after: RoomRef | None = None) -> RoomChanged:
    name = after.room if after else None
    return RoomChanged(external_id="r", platform=room.platform, room=room.room, usable=usable, new_room=name)


def test_a_room_that_takes_the_place_of_ours_is_followed() -> None:
    decision = decide(State(), changed(OLD, after=NEW), made(), NOW)
    assert decision.effects == (Record("room_unusable", "bridge", "matrix", detail="!new"), FollowRoom(OLD, NEW))
    strange = decide(State(), changed(NEWEST, after=NEW), made(), NOW)
    assert [type(effect) for effect in strange.effects] == [Record]


def test_lines_and_teams_are_shown_in_the_rooms_of_now() -> None:
    policy = made()
    follow(policy, {OLD: NEW})
    follow(policy, {NEW: NEWEST})
    follow(policy, {})
    line = policy.lines["front-desk"]
    assert line.rooms == (NEWEST, RoomRef("slack", "C1"))
    assert line.shared_rooms == (NEWEST,)
    assert policy.teams["support"].rooms == (NEWEST,)
    shared = line_of(conversation(shared=(OLD.key,)), policy)
    assert shared is not None
    assert shared.rooms == (NEWEST,)


def test_rooms_that_follow_each_other_in_a_circle_lead_nowhere_else() -> None:
    policy = made()
    follow(policy, {OLD: NEW, NEW: OLD})
    assert policy.lines["front-desk"].rooms == (NEW, RoomRef("slack", "C1"))


def test_the_room_that_follows_is_told_when_it_opens_to_us() -> None:
    policy = made()
    assert [type(effect) for effect in decide(State(), changed(OLD, usable=True), policy, NOW).effects] == [Record]
    follow(policy, {OLD: NEW})
    opened = changed(NEW, usable=True)
    assert TellRoom(NEW, GOES_ON) in decide(State(), opened, policy, NOW).effects
    again = decide(State(), replace(opened, again=True), policy, NOW)
    assert [type(effect) for effect in again.effects] == [Record]

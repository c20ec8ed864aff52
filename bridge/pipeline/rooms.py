"""Rooms that took the place of others, where every part that reads the policy finds them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.domain.people import RoomRef
from bridge.domain.policy import Policy


def follow(policy: Policy, after: Mapping[RoomRef, RoomRef]) -> None:
    """Show lines and teams in the rooms of now, wherever ``policy`` is read."""
    if after.items() <= policy.followed.items():
        return
    policy.followed.update(after)
    for name, line in policy.lines.items():
        policy.lines[name] = replace(line, rooms=_now(policy, line.rooms), shared_rooms=_now(policy, line.shared_rooms))
    for name, team in policy.teams.items():
        policy.teams[name] = replace(team, rooms=_now(policy, team.rooms))


def _now(policy: Policy, rooms: Sequence[RoomRef]) -> tuple[RoomRef, ...]:
    return tuple(dict.fromkeys(policy.now(room) for room in rooms))

"""Personal lines: their conversations are one teammate's until they are shared with a room."""

from dataclasses import replace

from bridge.domain.cards import Menu
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.people import RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import share_words as words
from bridge.rules.act import Act, also
from bridge.rules.moving import moved


def share(act: Act) -> Decision:
    """Go on in the line's room, or in that of a team or line named, or of a channel mentioned that one of them has."""
    conversation, line = act.state.conversation, act.line
    if conversation is None:
        return NOTHING
    if line is None or line.personal is None:
        return act.tell(words.SHARED_ALREADY)
    found = _meant(act, line)
    if found is None:
        return act.tell(words.which(names(line, act.policy)))
    name, rooms = found
    shared = replace(conversation, shared=tuple(room.key for room in rooms))
    notes = words.left(name, act.actor), words.arrived(act.actor)
    decision = moved(act.state, shared, act.policy, cause=act.cause, now=act.now, notes=notes)
    return also(decision, act.record("shared", detail=name), *act.told(words.shared(name)))


def names(line: LinePolicy, policy: Policy) -> tuple[str, ...]:
    """Return what a conversation of a personal line can be shared with, by name."""
    teams = [team.name for team in policy.teams.values() if team.rooms]
    lines = [one.name for one in policy.lines.values() if one.personal is None]
    own = [words.ROOM] if line.shared_rooms else []
    return tuple(dict.fromkeys([*own, *teams, *lines]))


def menu(line: LinePolicy | None, policy: Policy) -> tuple[Menu, ...]:
    """Return the menu of a personal line's card, if there is anybody to share with."""
    if line is None or line.personal is None:
        return ()
    options = tuple((name, "The line's room" if name == words.ROOM else name) for name in names(line, policy))
    return (Menu(words.SHARE, "Share with …", "choice", options),) if options else ()


def _meant(act: Act, line: LinePolicy) -> tuple[str, tuple[RoomRef, ...]] | None:
    wanted = act.argument.strip().removeprefix("@").removeprefix("#").casefold()
    if act.rooms:
        room = next((one for one in act.rooms if one in _configured(act.policy)), None)
        return None if room is None else (act.argument.strip(), (room,))
    if wanted in ("", words.ROOM):
        return ("the line's room", line.shared_rooms) if line.shared_rooms else None
    for team in act.policy.teams.values():
        if team.name.casefold() == wanted and team.rooms:
            return team.name, team.rooms
    for one in act.policy.lines.values():
        if one.name.casefold() == wanted and one.personal is None:
            return one.name, one.rooms
    return None


def _configured(policy: Policy) -> set[RoomRef]:
    """Rooms the bot is known to be in."""
    return {room for line in policy.lines.values() for room in (line.shared_rooms if line.personal else line.rooms)}

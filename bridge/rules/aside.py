"""What could not be handled must not vanish: who is told that something was set aside, and in which words."""

from bridge.domain.cards import Note
from bridge.domain.effects import TellRoom
from bridge.domain.people import RoomRef
from bridge.domain.policy import Policy

REMEDY = "`textbridge inbox list` shows it; `textbridge inbox replay` takes it in once the cause is mended."


def sign_of(source: str, why: str, policy: Policy) -> TellRoom | None:
    """Return what is said in a room about a row of the inbox that was set aside; None when no line has a room.

    ``source``: as in the inbox. ``why``: the reason in words of ours, empty when there are none; never words of theirs.
    """
    kind, _, name = source.partition(":")
    room = _room_near(kind, name, policy)
    if room is None:
        return None
    because = f": {why}" if why else ""
    return TellRoom(room, Note(f"⚠️ {_what(kind, name)}{because}. It is kept. {REMEDY}"))


def _what(kind: str, name: str) -> str:
    if kind == "provider":
        return f"A text or a delivery report of the account {name} could not be taken in"
    if kind == "chat":
        return f"Something that was written or pressed on {name} could not be handled"
    return "A step of the bridge's own could not be done"


def _room_near(kind: str, name: str, policy: Policy) -> RoomRef | None:
    """The first room of a line of that account or on that platform, else of any line."""
    every = [(line.account, room) for line in policy.lines.values() for room in line.rooms]
    of_account = [room for account, room in every if kind == "provider" and account == name]
    on_platform = [room for _, room in every if kind == "chat" and room.platform == name]
    return next(iter([*of_account, *on_platform, *(room for _, room in every)]), None)

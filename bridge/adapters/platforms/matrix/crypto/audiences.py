"""Whether a room is encrypted, and who may read it. Followed rooms are asked once, until something changes there."""

from collections.abc import Container
from datetime import timedelta

from bridge.adapters.platforms.matrix.crypto.sealed import Audience, Rules
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, objects, path
from bridge.ports.errors import SendRejected

STATE_TYPES = ("m.room.encryption", "m.room.history_visibility")
"""What the sync must bring so that changes are seen, besides members."""
_MOST_MESSAGES, _LONGEST = 100, timedelta(days=7)


class Audiences:
    """What is known of rooms."""

    def __init__(self, server: Homeserver, followed: Container[str]) -> None:
        """``followed``: of these a sync tells what changes."""
        self._server = server
        self._followed = followed
        self._rules: dict[str, Rules | None] = {}
        self._readers: dict[str, frozenset[str]] = {}
        self._changes = 0

    def forget(self) -> None:
        """Something may have changed without our being told."""
        self._changes += 1
        self._rules.clear()
        self._readers.clear()

    def take(self, answer: Json) -> list[str]:
        """Forget what a sync's answer says to be other now; returns the followed rooms that became encrypted."""
        began: list[str] = []
        rooms = mapping(answer.get("rooms"))
        for room, found in [*mapping(rooms.get("join")).items(), *mapping(rooms.get("leave")).items()]:
            timeline = mapping(mapping(found).get("timeline"))
            kinds = {text(event, "type") for event in objects(timeline.get("events"))}
            if "m.room.encryption" in kinds and room in self._followed:
                began.append(room)
            if timeline.get("limited") is True or kinds & {"m.room.member", *STATE_TYPES}:
                self._changes += 1
                self._readers.pop(room, None)
                if self._rules.get(room) is None:  # what is encrypted stays so
                    self._rules.pop(room, None)
        return began

    async def rules(self, room: str) -> Rules | None:
        """When the room's key is replaced; None for a room in clear. Raises the port's errors."""
        if room in self._rules:
            return self._rules[room]
        changes = self._changes
        try:
            found = _rules(await self._server.state(room, "m.room.encryption"))
        except SendRejected as error:
            if error.code != "M_NOT_FOUND":
                raise
            found = None
        if room in self._followed and changes == self._changes:
            self._rules[room] = found
        return found

    async def audience(self, room: str, rules: Rules) -> Audience:
        """Return who may read what is said now. Raises the port's errors."""
        if room in self._readers:
            return Audience(self._readers[room], rules)
        changes = self._changes
        asked = path("rooms", room, "members", not_membership="leave")
        answer = await self._server.call("members", "GET", asked)
        try:
            visible = text(await self._server.state(room, "m.room.history_visibility"), "history_visibility")
        except SendRejected:
            visible = ""
        may_read = {"join"} if visible == "joined" else {"join", "invite"}
        found = frozenset(
            text(event, "state_key")
            for event in objects(answer.get("chunk"))
            if text(mapping(event.get("content")), "membership") in may_read
        )
        if room in self._followed and changes == self._changes:
            self._readers[room] = found
        return Audience(found, rules)


def _rules(content: Json) -> Rules:
    """A room may ask for its key to be replaced sooner, not later."""
    messages, milliseconds = content.get("rotation_period_msgs"), content.get("rotation_period_ms")
    most = messages if isinstance(messages, int) and 0 < messages < _MOST_MESSAGES else _MOST_MESSAGES
    age = timedelta(milliseconds=milliseconds) if isinstance(milliseconds, int) and milliseconds > 0 else _LONGEST
    return Rules(most, min(age, _LONGEST))

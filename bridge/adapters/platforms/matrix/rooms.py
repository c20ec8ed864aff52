"""Our rooms: those of the configuration, and those that took their place by an upgrade."""

import json
from collections.abc import Mapping, Sequence

from bridge.adapters.platforms.matrix.directs import Directs
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.observability import log
from bridge.ports.errors import SendRejected
from bridge.ports.platform import Memory

_AFTER = "after:"


class Rooms:
    """Which rooms are ours now, and entering them."""

    def __init__(self, server: Homeserver, configured: Sequence[str], directs: Directs) -> None:
        """``configured``: ids of rooms."""
        self._server = server
        self.directs = directs
        self._via = dict.fromkeys(configured, "")
        self._learned = False
        self._entered = False

    def all(self) -> Sequence[str]:
        """Their ids."""
        return [*self._via, *self.directs.all()]

    def __contains__(self, room: object) -> bool:
        """Whether a room is ours."""
        return room in self.all()

    async def learn(self, memory: Memory) -> None:
        """Add the rooms that took the place of others in the past, once."""
        if self._learned:
            return
        for room in list(self._via):
            after = room
            while (found := await memory.recall(f"{_AFTER}{after}")) is not None and self.follow(found):
                after = list(self._via)[-1]
        self._learned = True

    def follow(self, words: str) -> bool:
        """Add the room that words of ``successor`` name; False when it is ours already."""
        room, via = json.loads(words)
        if room in self._via:
            return False
        self._via[room] = via
        self._entered = False
        return True

    def follow_all(self, words: Mapping[str, str]) -> None:
        """Add the rooms that were kept as successors just now."""
        for name, kept in words.items():
            if name.startswith(_AFTER):
                self.follow(kept)

    async def enter(self) -> None:
        """Join the rooms we are not in; one that does not let us in waits for its invitation."""
        if self._entered:
            return
        await self.directs.learn()
        answer = await self._server.call("joined rooms", "GET", path("joined_rooms"))
        for room in [one for one in self._via if one not in (answer.get("joined_rooms") or ())]:
            try:
                await self._server.join(room, self._via[room])
            except SendRejected as error:
                log().warning("room not entered", platform="matrix", code=error.code)
        self._entered = True


def successor(room: str, tombstone: Json) -> Mapping[str, str]:
    """What to remember of an upgrade: the room that follows, and a server that knows it; nothing of other events."""
    after = text(mapping(tombstone.get("content")), "replacement_room")
    via = text(tombstone, "sender").partition(":")[2]
    return {f"{_AFTER}{room}": json.dumps([after, via])} if after else {}

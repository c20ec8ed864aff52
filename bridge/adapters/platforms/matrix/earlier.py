"""Posts of an earlier device. To the server a new log-in is a new device, for which it forgets our transaction ids.

So every post carries its key in clear, and for a day after a change of device the newest posts of each room are known
by it: what was posted and not known to be, since the answer was lost along with the device, is not posted again.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from bridge.adapters.platforms.matrix.errors import mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.ports.clock import Clock
from bridge.ports.errors import SendRejected
from bridge.ports.platform import Memory

KEY = "org.textbridge.key"
WORD = "device"
DOUBTED = timedelta(days=1)
PAGES = 3
"""What may have been under way when the device was lost is among the newest posts of its room."""


class Earlier:
    """Finds what another device of ours posted."""

    def __init__(self, server: Homeserver, clock: Clock) -> None:
        """Begin with nothing known."""
        self._server = server
        self._clock = clock
        self._posted: dict[str, str] = {}

    async def learn(self, memory: Memory, rooms: Iterable[str]) -> None:
        """Look at the rooms if the device is not the one of before. Raises the port's errors, ``StoreUnavailable``."""
        device = self._server.device
        kept = mapping(json.loads(await memory.recall(WORD) or "{}"))
        since = text(kept, "since")
        if text(kept, "device") != device:
            since = self._clock().isoformat() if kept else ""
            await memory.keep((), {WORD: json.dumps({"device": device, "since": since})})
        if since and self._clock() - datetime.fromisoformat(since) < DOUBTED:
            for room in rooms:
                await self._look(room)

    async def _look(self, room: str) -> None:
        start: str | None = ""
        for _ in range(PAGES):
            if start is None:
                return
            try:
                events, start = await self._server.before(room, start or None, None)
            except SendRejected:  # not in the room, so nothing was posted there lately
                return
            for event in events:
                key = text(mapping(event.get("content")), KEY)
                if key and text(event, "sender") == self._server.user_id:
                    self._posted.setdefault(key, text(event, "event_id"))

    def find(self, key: str) -> str | None:
        """The event with this key, None when an earlier device did not post it."""
        return self._posted.get(key)

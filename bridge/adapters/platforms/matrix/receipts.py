"""Read receipts in threads: what is stored is marked as read there, and nowhere else in the room."""

from collections.abc import Mapping
from typing import TypeAlias

from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.ports.errors import SendDeferred, SendOutcomeUnknown, SendRejected

Read: TypeAlias = Mapping[tuple[str, str], str]
"""The last event stored, by room and root."""
AT_MOST = 20
"""Threads of one answer; after a long absence nobody waits for more."""


async def mark_read(server: Homeserver, read: Read) -> None:
    """Mark them; what cannot be marked now is with what comes next."""
    for (room, root), event in list(read.items())[-AT_MOST:]:
        try:
            address = path("rooms", room, "receipt", "m.read", event)
            await server.call("receipt", "POST", address, {"thread_id": root})
        except (SendDeferred, SendOutcomeUnknown):
            return
        except SendRejected:  # in a room that let us go meanwhile
            continue

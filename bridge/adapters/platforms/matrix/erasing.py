"""What the bot posted in a thread, redacted: every version of it, since an edit is an event of its own."""

from uuid import uuid4

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.ports.erasing import Erased
from bridge.ports.errors import SendRejected

AT_ONCE = 10
_GONE = "M_NOT_FOUND"
_REACTION = "m.reaction"


async def erase(server: Homeserver, us: str, room: str, root: str) -> Erased:
    """Redact our events in a thread, the root last. ``room``: as the homeserver calls it."""
    related = [event for event in await server.relations(room, root) if _says(event)]
    ours = [event for event in related if text(event, "sender") == us]
    removed, left = 0, len(related) - len(ours)
    for event in ours:
        if removed == AT_ONCE:
            return Erased(removed, left, more=True)
        await _redact_edits(server, us, room, text(event, "event_id"))
        await _redact(server, room, text(event, "event_id"))
        removed += 1
    card = await _event(server, room, root)
    if _says(card) and text(card, "sender") == us:
        await _redact(server, room, root)
        removed += 1
    return Erased(removed, left)


def _says(event: Json) -> bool:
    """Whether it is anything that still says something: what was redacted is empty, a reaction says no words."""
    return bool(mapping(event.get("content"))) and text(event, "type") != _REACTION


async def _event(server: Homeserver, room: str, event_id: str) -> Json:
    try:
        return await server.event(room, event_id)
    except SendRejected as error:
        if error.code != _GONE:
            raise
        return {}


async def _redact_edits(server: Homeserver, us: str, room: str, event_id: str) -> None:
    for edit in await server.relations(room, event_id):
        if _says(edit) and text(edit, "sender") == us:
            await _redact(server, room, text(edit, "event_id"))


async def _redact(server: Homeserver, room: str, event_id: str) -> None:
    await server.redact(room, event_id, uuid4().hex)

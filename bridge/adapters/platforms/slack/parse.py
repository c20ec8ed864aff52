"""Raw events to the domain's: which act it was, whose, and on what. Pure; ``Unreadable`` for what cannot be read."""

import json
from collections.abc import Callable, Mapping, Sequence

from bridge.adapters.platforms.slack import home, interactions, messages, rooms, statuses
from bridge.adapters.platforms.slack.identity import Identity, Json, mapping, text
from bridge.adapters.platforms.slack.reading import Reading
from bridge.domain.events import ChatEvent
from bridge.ports.errors import Unreadable

_EVENTS: Mapping[str, Callable[[Reading, Json], Sequence[ChatEvent]]] = {
    "app_home_opened": home.opened,
    "message": messages.message,
    "reaction_added": messages.reaction,
    "reaction_removed": messages.reaction,
    "user_change": statuses.changed,
    "channel_archive": rooms.closed,
    "channel_deleted": rooms.closed,
    "channel_id_changed": rooms.renumbered,
    "channel_left": rooms.closed,
    "channel_unarchive": rooms.opened,
    "group_archive": rooms.closed,
    "group_deleted": rooms.closed,
    "group_left": rooms.closed,
    "group_unarchive": rooms.opened,
    "member_joined_channel": rooms.joined,
    "member_left_channel": rooms.left,
}
EVENT_TYPES = frozenset(_EVENTS)
"""The inner event types that can mean something; all others are acknowledged and forgotten."""


def opened(body: bytes) -> Json:
    """A stored body: ``{"type": envelope type, "payload": …, "recovered": true if read from a thread}``.

    ``outsiders`` in it: ``{id: whether that person is one}``, as known when it was stored.
    """
    try:
        envelope = mapping(json.loads(body))
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    if not envelope:
        raise Unreadable("not an envelope")
    return envelope


def read(envelope: Json, platform: str, us: Identity) -> Sequence[ChatEvent]:
    """Read an envelope."""
    payload = mapping(envelope.get("payload"))
    reading = Reading(platform, us.seen_in(payload), payload, recovered=envelope.get("recovered") is True)
    match envelope.get("type"):
        case "events_api":
            return _event(reading)
        case "interactive":
            return interactions.interaction(reading)
        case "slash_commands":
            return interactions.command(reading)
        case _:
            return ()


def _event(reading: Reading) -> Sequence[ChatEvent]:
    event = mapping(reading.payload.get("event"))
    reader = _EVENTS.get(text(event, "type"))
    return reader(reading, event) if reader else ()

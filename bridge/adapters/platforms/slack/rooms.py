"""Channels that close to us, open again, or get another id."""

from collections.abc import Sequence

from bridge.adapters.platforms.slack.identity import Json, text
from bridge.adapters.platforms.slack.reading import Reading, key, need
from bridge.domain.events import ChatEvent, RoomChanged


def closed(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """The channel was archived or deleted, or the bot has left it."""
    return (_changed(reading, event, need(event, "channel"), usable=False),)


def opened(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """The channel was taken out of the archive."""
    return (_changed(reading, event, need(event, "channel"), usable=True),)


def left(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """Somebody left a channel; it matters when that is the bot."""
    return closed(reading, event) if _is_us(reading, event) else ()


def joined(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """Somebody joined a channel; it matters when that is the bot."""
    return opened(reading, event) if _is_us(reading, event) else ()


def renumbered(reading: Reading, event: Json) -> Sequence[ChatEvent]:
    """The channel has another id now, as when it is first shared."""
    old, new = need(event, "old_channel_id"), need(event, "new_channel_id")
    return (_changed(reading, event, old, usable=True, new_room=new),)


def _is_us(reading: Reading, event: Json) -> bool:
    return bool(reading.us.user) and text(event, "user") == reading.us.user


def _changed(reading: Reading, event: Json, room: str, *, usable: bool, new_room: str | None = None) -> RoomChanged:
    when = text(event, "event_ts") or str(reading.payload.get("event_time", ""))
    return RoomChanged(
        external_id=key("room", text(event, "type"), room, when),
        platform=reading.platform,
        room=room,
        usable=usable,
        new_room=new_room,
    )

"""Deliveries as they are stored: without what we never read, under an id that names the act."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.adapters.platforms.slack.identity import Json, mapping, text
from bridge.adapters.platforms.slack.reading import key
from bridge.domain.events import ChatEvent, ChatPosted
from bridge.ports.platform import RawChatEvent

EVENTS = "events_api"
_OF_WHAT_IS_GONE = ("type", "subtype", "ts", "thread_ts", "user", "bot_id", "app_id", "team")
_UNSTORED = frozenset({"token"})  # Slack's old verification token is a secret of sorts and serves nobody


@dataclass(frozen=True, slots=True)
class Delivery:
    """What to store of a delivery, and what it was read as: nothing when it could not be read."""

    raw: RawChatEvent
    events: Sequence[ChatEvent] = ()

    def knowing(self, outsiders: Mapping[str, bool]) -> RawChatEvent:
        """What to store, with what is known of its people: nobody may remember it when the event is read."""
        if not outsiders:
            return self.raw
        # the body is an object with members: what comes last in it may be written behind them
        told = json.dumps(outsiders, separators=(",", ":")).encode()
        return replace(self.raw, body=self.raw.body[:-1] + b',"outsiders":' + told + b"}")


def delivery(
    kind: str, payload: Json, parse: Callable[[bytes], Sequence[ChatEvent]], *, recovered: bool = False
) -> Delivery | None:
    """A delivery; None when it is of no use to us.

    ``kind``: ``events_api``, ``interactive`` or ``slash_commands``. What ``parse`` cannot read is kept all the same.
    """
    envelope: dict[str, object] = {
        "type": kind,
        "payload": {name: value for name, value in _wordless(payload).items() if name not in _UNSTORED},
    }
    if recovered:
        envelope["recovered"] = True
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    try:
        events = parse(body)
    except ValueError:
        own = text(payload, "event_id") or text(payload, "trigger_id") or hashlib.sha256(body).hexdigest()
        return Delivery(RawChatEvent(key("unread", own), body))
    if not events:
        return None
    first = events[0]
    raw = RawChatEvent(
        first.external_id,
        body,
        thread=getattr(first, "thread", None),
        urgent=kind != EVENTS,
        posted_at=first.posted_at if isinstance(first, ChatPosted) else None,
    )
    return Delivery(raw, events)


def _wordless(payload: Json) -> Json:
    """A payload without the words of a message that was deleted, which Slack sends along: they are gone for good."""
    event = mapping(payload.get("event"))
    deleted = (
        text(event, "subtype") == "message_deleted" or text(mapping(event.get("message")), "subtype") == "tombstone"
    )
    if not deleted:
        return payload
    before = mapping(event.get("previous_message"))
    kept = {name: before[name] for name in _OF_WHAT_IS_GONE if name in before}
    return {**payload, "event": {**event, "previous_message": kept}}

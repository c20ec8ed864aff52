"""Events as Slack sends them, made small."""

import json
from typing import Any

TEAM, APP, BOT, US, ROOM = "T0000000001", "A0000000001", "B0000000001", "U0000000000", "C0000000001"
ANA = "U0000000001"


def event_body(event: dict[str, Any], **payload: Any) -> bytes:
    """A stored Events API delivery."""
    return body(
        "events_api",
        {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": APP,
            "event_id": "Ev1",
            "event_time": 1_700_000_000,
            "is_ext_shared_channel": False,
            "authorizations": [{"team_id": TEAM, "user_id": US, "is_bot": True, "enterprise_id": None}],
            "event": event,
            **payload,
        },
    )


def body(kind: str, payload: dict[str, Any]) -> bytes:
    """A stored delivery of any kind."""
    return json.dumps({"type": kind, "payload": payload}).encode()


def message(text: str = "hello", **more: Any) -> dict[str, Any]:
    """A message a teammate wrote in a thread."""
    return {
        "type": "message",
        "user": ANA,
        "team": TEAM,
        "text": text,
        "ts": "1700000001.000100",
        "thread_ts": "1700000000.000100",
        "channel": ROOM,
        "channel_type": "channel",
        "event_ts": "1700000001.000100",
        **more,
    }


def changed(now: dict[str, Any], before: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A ``message_changed`` event."""
    event = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": ROOM,
        "ts": "1700000009.000900",
        "event_ts": "1700000009.000900",
        "message": now,
        **more,
    }
    return event if before is None else event | {"previous_message": before}


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    """Blocks of one rich text."""
    return [{"type": "rich_text", "block_id": "x", "elements": list(elements)}]


def section(*parts: dict[str, Any] | str) -> dict[str, Any]:
    """A paragraph; plain strings are text."""
    inline = [{"type": "text", "text": part} if isinstance(part, str) else part for part in parts]
    return {"type": "rich_text_section", "elements": inline}

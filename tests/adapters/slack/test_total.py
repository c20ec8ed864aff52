"""Whatever arrives is read or refused, and never lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.platforms.slack.parse import EVENT_TYPES
from bridge.adapters.platforms.slack.raw import delivery
from tests.adapters.slack.payloads import ANA, US, body, event_body
from tests.adapters.slack.test_parse import parse


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"{" * 100_000,
        b"[" * 100_000,
        event_body({"type": "message", "user": ANA}),
        event_body({"type": "reaction_added", "user": ANA, "item": {"type": "message"}}),
        body("slash_commands", {"command": "/sms"}),
        body("interactive", {"type": "block_actions", "container": {"type": "message"}}),
    ],
)
def test_what_lacks_its_essentials_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(raw)


def test_what_cannot_be_read_is_kept_all_the_same() -> None:
    raw = delivery("events_api", {"event_id": "Ev7", "token": "secret", "event": {"type": "message"}}, parse)
    assert raw is not None
    assert raw.raw.external_id == "unread:Ev7"
    assert raw.events == ()
    assert b"secret" not in raw.raw.body
    nameless = delivery("events_api", {"event": {"type": "message"}}, parse)
    assert nameless is not None
    assert nameless.raw.external_id.startswith("unread:")
    assert delivery("events_api", {"event": {"type": "user_change"}}, parse) is None


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)


WORDS = st.sampled_from(
    [
        *sorted(EVENT_TYPES),
        "message_changed",
        "message_deleted",
        "tombstone",
        "file_share",
        "rich_text",
        "rich_text_section",
        "rich_text_list",
        "rich_text_quote",
        "rich_text_preformatted",
        "text",
        "user",
        "emoji",
        "link",
        "block_actions",
        "message_action",
        "1f44b-fe0f",
        "d800",
        "1700000001.000100",
        US,
        ANA,
        "\ud800",
    ]
)


NAMES = """
type subtype event channel user ts thread_ts deleted_ts message previous_message item reaction text blocks elements
files edited container channel_id message_ts actions action_id value name unicode style indent offset border
trigger_id user_id id team authorizations hidden mode size url_private response_url is_ephemeral
"""
KEYS = st.sampled_from(NAMES.split())
VALUES = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=40,
)


@given(st.sampled_from(["events_api", "interactive", "slash_commands"]), st.dictionaries(KEYS, VALUES, max_size=10))
def test_any_json_is_read_or_refused(kind: str, payload: dict[str, Any]) -> None:
    for shape in (payload, {"event": payload}, {"type": "block_actions", **payload}):
        raw = json.dumps({"type": kind, "payload": shape}).encode()
        try:
            events = parse(raw)
        except ValueError:
            continue
        for event in events:
            repr(event).encode()
            assert event.external_id
            assert "\0" not in event.external_id


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        parse(raw)
    except ValueError:
        return

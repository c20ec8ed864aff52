"""Buttons, shortcuts and commands as the domain sees them."""

from typing import Any

from bridge.domain.events import ButtonPressed, CommandGiven, FormSubmitted
from bridge.domain.people import Person
from tests.adapters.slack.payloads import ANA, APP, ROOM, TEAM, body
from tests.adapters.slack.test_parse import POST, ROOT, only, parse


def click(**more: Any) -> bytes:
    return body(
        "interactive",
        {
            "type": "block_actions",
            "user": {"id": ANA, "team_id": TEAM},
            "team": {"id": TEAM},
            "api_app_id": APP,
            "container": {"type": "message", "message_ts": POST.id, "channel_id": ROOM, "thread_ts": ROOT.id},
            "channel": {"id": ROOM},
            "response_url": "https://hooks.slack.com/actions/1",
            "actions": [{"type": "button", "action_id": "send", "value": "m1", "action_ts": "8.0"}],
            **more,
        },
    )


def test_buttons() -> None:
    assert only(click()) == ButtonPressed(
        external_id=f"button:{ROOM}:{POST.id}:{ANA}:send:8.0",
        ref=POST,
        thread=ROOT,
        author=Person("slack", ANA),
        action="send",
        value="m1",
        handle="https://hooks.slack.com/actions/1",
    )
    chosen = {"type": "static_select", "action_id": "assign", "selected_option": {"value": "ana"}, "action_ts": "8"}
    assert only(click(actions=[chosen])).value == "ana"
    assert only(click(user={"id": "U9", "team_id": "T9"})).author.outsider
    assert parse(click(container={"type": "view", "view_id": "V1"})) == []
    assert parse(body("interactive", {"type": "view_closed", "user": {"id": ANA}})) == []


def test_a_menu_tells_what_was_chosen() -> None:
    person = {"type": "users_select", "action_id": "assign", "selected_user": "U2", "action_ts": "8"}
    event = only(click(actions=[person], trigger_id="1.2.x"))
    assert (event.chosen, event.value, event.surface, event.trigger) == (Person("slack", "U2"), "", "menu", "1.2.x")
    more = {"type": "overflow", "action_id": "more", "selected_option": {"value": "watch"}, "action_ts": "8"}
    assert (only(click(actions=[more])).action, only(click(actions=[more])).value) == ("more", "watch")


def test_a_form_filled_in() -> None:
    state = {
        "who": {"who": {"type": "users_select", "selected_user": "U2"}},
        "why": {"why": {"type": "plain_text_input", "value": "she knows"}},
        "left": {"left": {"type": "plain_text_input", "value": None}},
    }
    view = {"id": "V1", "hash": "1.a", "callback_id": "assign", "private_metadata": "#1042", "state": {"values": state}}
    payload = {"type": "view_submission", "user": {"id": ANA, "team_id": TEAM}, "view": view}
    event = only(body("interactive", payload))
    assert event == FormSubmitted(
        external_id="form:V1:1.a",
        platform="slack",
        author=Person("slack", ANA),
        form="assign",
        context="#1042",
        values=(("why", "she knows"),),
        people=(("who", Person("slack", "U2")),),
    )
    assert event.number == 1042


def test_a_shortcut_is_a_button_without_a_value() -> None:
    payload = {
        "type": "message_action",
        "callback_id": "again",
        "user": {"id": ANA, "team_id": TEAM},
        "channel": {"id": ROOM},
        "message": {"ts": POST.id, "thread_ts": ROOT.id, "user": ANA},
        "message_ts": POST.id,
        "action_ts": "8.0",
        "trigger_id": "1.2.x",
        "response_url": "https://hooks.slack.com/app/1",
    }
    event = only(body("interactive", payload))
    assert (event.action, event.value, event.ref, event.thread) == ("again", "", POST, ROOT)
    assert (event.surface, event.trigger) == ("shortcut", "1.2.x")


def test_a_command() -> None:
    payload = {
        "command": "/sms",
        "text": "assign <@U0000000002|rui> &amp; :wave: <https://x.example|x> now",
        "team_id": TEAM,
        "channel_id": ROOM,
        "user_id": ANA,
        "trigger_id": "1.2.abc",
        "response_url": "https://hooks.slack.com/commands/1",
    }
    assert only(body("slash_commands", payload)) == CommandGiven(
        external_id="command:1.2.abc",
        platform="slack",
        room=ROOM,
        author=Person("slack", ANA),
        text="assign <@U0000000002> & 👋 x now",
        handle="https://hooks.slack.com/commands/1",
        trigger="1.2.abc",
    )

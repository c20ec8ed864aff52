"""The direct message of a person stands where a room does, by the person and not by Slack's id of it."""

from typing import Any

import pytest

from bridge.adapters.platforms.slack.identity import Identity
from bridge.adapters.platforms.slack.parse import opened, read
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.cards import Note
from bridge.domain.people import ChatRef, Person, direct_room, who_is_in
from bridge.ports.errors import CredentialsRejected, SendRejected
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.payloads import ANA, US, body, changed, event_body, message
from tests.adapters.slack.test_check import findings
from tests.adapters.slack.test_posting import thread_in

DIRECT, MINE = "D0000000001", f"@{ANA}"
TS = "1700000001.000100"


def refs(stored: bytes) -> set[str]:
    (event,) = read(opened(stored), "slack", Identity(user=US))
    found: Any = event
    thread = getattr(found, "thread", None)
    return {found.ref.room, *([thread.room] if thread is not None else [])}


@pytest.mark.parametrize(
    "event",
    [
        message(channel=DIRECT, channel_type="im"),
        changed(message("new", edited={"ts": TS}), message("old"), channel=DIRECT),
        {
            "type": "message",
            "subtype": "message_deleted",
            "channel": DIRECT,
            "ts": TS,
            "deleted_ts": TS,
            "previous_message": message(),
        },
        {
            "type": "reaction_added",
            "user": ANA,
            "reaction": "eyes",
            "event_ts": TS,
            "item_user": US,
            "item": {"type": "message", "channel": DIRECT, "ts": TS},
        },
    ],
)
def test_what_happens_there_happens_in_the_persons_room(event: dict[str, Any]) -> None:
    assert refs(event_body(event)) == {MINE}


def test_what_is_pressed_or_commanded_there_too() -> None:
    user = {"id": ANA, "team_id": "T0000000001"}
    pressed = {
        "type": "block_actions",
        "user": user,
        "channel": {"id": DIRECT},
        "container": {"type": "message", "message_ts": TS, "channel_id": DIRECT, "thread_ts": "1700000000.000100"},
        "actions": [{"type": "button", "action_id": "claim", "action_ts": TS}],
    }
    assert refs(body("interactive", pressed)) == {MINE}
    shortcut = {
        "type": "message_action",
        "callback_id": "assign",
        "user": user,
        "channel": {"id": DIRECT},
        "message": {"ts": TS},
        "action_ts": TS,
    }
    assert refs(body("interactive", shortcut)) == {MINE}
    given = {"command": "/sms", "text": "help", "user_id": ANA, "channel_id": DIRECT, "trigger_id": "1.2"}
    (event,) = read(opened(body("slash_commands", given)), "slack", Identity(user=US))
    assert getattr(event, "room", "") == MINE


def test_a_message_found_later_is_the_one_that_came_live() -> None:
    live = read(opened(event_body(message(channel=DIRECT))), "slack", Identity(user=US))[0]
    later = read(opened(event_body(message(channel=MINE))), "slack", Identity(user=US))[0]
    assert live.external_id == later.external_id


def test_a_direct_message_nobody_else_is_named_in_keeps_slacks_id() -> None:
    gone = {
        "type": "message",
        "subtype": "message_deleted",
        "channel": DIRECT,
        "ts": TS,
        "deleted_ts": TS,
        "previous_message": message(user=US),
    }
    assert refs(event_body(gone)) == {DIRECT}


async def test_a_thread_is_opened_and_told_in_there(world: SlackWorld, slack: SlackPlatform) -> None:
    ana = world.user("ana").id
    room = direct_room(Person("slack", ana)).room
    assert (who_is_in(room), who_is_in("C1")) == (ana, None)
    root = await thread_in(slack, room)
    assert root.room == room
    said = await slack.post_note(root, Note("hello"), key="k1")
    await slack.tell_room(room, Note("outside"), key="k2")
    (direct,) = [one for one in world.channels.values() if one.kind == "im"]
    assert {post.thread_ts for post in direct.messages.values() if post.is_reply} == {root.id}
    assert await slack.find_posted(room, root, key="k1", since=world.clock.now()) == said
    assert await slack.link(ChatRef("slack", room, root.id))
    assert len(world.journal.of("conversations.open")) == 1, "it is always the same"
    assert await slack.rooms_of(Person("slack", ana), [room, "@U9"]) == [room]


async def test_a_person_who_cannot_be_written_to(world: SlackWorld, slack: SlackPlatform) -> None:
    with pytest.raises(SendRejected) as caught:
        await thread_in(slack, "@U7777777777")
    assert caught.value.gone == "room"
    world.scopes -= {"im:write"}
    with pytest.raises(CredentialsRejected):
        await thread_in(slack, "@U0000000001")
    assert [one.problem for one in world.violations] == ["scope im:write is missing"]
    world.violations.clear()


async def test_doctor_looks_whether_people_can_be_written_to(world: SlackWorld, slack: SlackPlatform) -> None:
    ana = world.user("ana").id
    found = await findings(slack, f"@{ana}", "@U7777777777")
    assert found[f"slack room @{ana}"][0].level == "ok"
    assert found["slack room @U7777777777"][0].level == "error"
    assert not world.journal.of("chat.postMessage")

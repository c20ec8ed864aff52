"""What the page can do, and what it may not."""

from base64 import b64encode
from typing import Any

import pytest

from bridge.sandbox.slack.model import Ephemeral, Message
from tests.sandbox.page.stage import LINE, PHONE, Caller, House

PICTURE = {"name": "a.png", "content_type": "image/png", "content": b64encode(b"\x89PNG").decode()}


def newest(house: House) -> Message:
    return list(house.room.messages.values())[-1]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"act": "no.such"},
        {"act": "time.skip"},
        {"act": "time.skip", "seconds": -5},
        {"act": "time.skip", "seconds": 1e12},
        {"act": "time.skip", "seconds": 5, "more": 1},
        {"act": "phone.add", "number": "12"},
        {"act": "phone.text", "number": PHONE, "line": LINE, "files": [PICTURE | {"content": "%%%"}]},
        {"act": "fault.fail", "code": 1},
        {"act": "slack.delete", "user": "U1", "channel": "C1", "ts": "yesterday"},
    ],
)
async def test_malformed_acts_are_refused(house: House, caller: Caller, body: dict[str, Any]) -> None:
    async with caller.session.post(f"{house.url}/sandbox/act", json=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["ok"] is False


async def test_mistakes_at_the_page_are_told_in_sentences(house: House, caller: Caller) -> None:
    said = await caller.act("phone.add", number="+12", expect=400)
    assert said == "Write the number with its country code, such as +1 212 555 0142."
    said = await caller.act("phone.add", number="+13105550177", name="x" * 81, expect=400)
    assert said == "The name is too long."
    many = [PICTURE] * 11
    said = await caller.act("phone.text", number=PHONE, line=LINE, files=many, expect=400)
    assert said == "Ten files at most go into one message."
    assert "seconds" in await caller.act("time.skip", seconds=-5, expect=400)


async def test_a_phone_is_added_once_and_texts_with_a_picture(house: House, caller: Caller) -> None:
    await caller.act("phone.add", number="+13105550177", name="Tom")
    assert "already" in await caller.act("phone.add", number="+13105550177", expect=409)
    assert "team" in await caller.act("phone.add", number=LINE, expect=409)
    await caller.act("phone.text", number="+13105550177", line=LINE, body="hi", files=[PICTURE])
    await house.twilio.settled()
    (message,) = house.twilio.messages
    assert (message.sender, message.body, message.media[0].content) == ("+13105550177", "hi", b"\x89PNG")


async def test_texts_of_nobody_to_nobody_or_with_nothing_are_refused(house: House, caller: Caller) -> None:
    for number, line, body in (("+13105550177", LINE, "hi"), (PHONE, "+19995550100", "hi"), (PHONE, LINE, " ")):
        await caller.act("phone.text", number=number, line=line, body=body, expect=409)
    assert house.twilio.messages == []


async def test_a_text_too_long_for_a_phone_is_refused_in_a_sentence(house: House, caller: Caller) -> None:
    said = await caller.act("phone.text", number=PHONE, line=LINE, body="x" * 1601, expect=409)
    assert said == "A text holds 1,600 characters at most; this one has 1,601."
    await caller.act("phone.text", number=PHONE, line=LINE, body="x" * 1600)
    await house.twilio.settled()
    assert len(house.twilio.messages) == 1


async def test_teammates_write_edit_react_and_delete(house: House, caller: Caller) -> None:
    await caller.post("hello *all* @Ben Okafor", files=[PICTURE])
    post = newest(house)
    where: dict[str, Any] = {"user": house.ana.id, "channel": house.room.id, "ts": post.ts}
    assert post.text == f"hello *all* <@{house.ben.id}>"
    assert post.files
    await caller.act("slack.edit", **where, text="bye")
    assert post.text == "bye"
    await caller.act("slack.react", **where, name="eyes", on=True)
    assert post.reactions == {"eyes": [house.ana.id]}
    await caller.act("slack.react", **where, name="eyes", on=False)
    assert post.reactions == {}
    assert "own" in await caller.act("slack.edit", **(where | {"user": house.ben.id}), text="not mine", expect=409)
    await caller.act("slack.delete", **where)
    assert "no longer" in await caller.act("slack.delete", **where, expect=404)


async def test_slash_commands_work_in_channels_only(house: House, caller: Caller) -> None:
    await caller.post("root")
    thread = newest(house).ts
    user, channel = house.ana.id, house.room.id
    refused = await caller.act("slack.post", user=user, channel=channel, thread_ts=thread, text="/sms help", expect=409)
    assert refused == "/sms is not supported in threads. Sorry!"
    unknown = await caller.act("slack.post", user=user, channel=channel, text="/nonsense", expect=409)
    assert unknown.startswith("/nonsense is not a valid command.")
    nobody = await caller.act("slack.post", user=user, channel=channel, text="/sms help", expect=409)
    assert nobody == "/sms failed because the app did not respond."
    await caller.post("// a comment is no command", thread_ts=thread)
    assert newest(house).thread_ts == thread


async def test_what_only_one_person_sees_can_be_dismissed(house: House, caller: Caller) -> None:
    shown = house.slack.responses.show(Ephemeral("", house.room.id, house.ana.id, "psst"))
    await caller.act("slack.dismiss", user=house.ben.id, channel=house.room.id, ts=shown.ts)
    assert house.room.ephemeral == [shown]
    await caller.act("slack.dismiss", user=house.ana.id, channel=house.room.id, ts=shown.ts)
    assert house.room.ephemeral == []


async def test_a_status_is_set_and_taken_away(house: House, caller: Caller) -> None:
    await caller.act("slack.status", user=house.ana.id, emoji=":palm_tree:", text="Vacationing")
    ana = house.slack.user("ana")
    assert (ana.status_emoji, ana.status_text) == (":palm_tree:", "Vacationing")
    await caller.act("slack.status", user=house.ana.id)
    assert house.slack.user("ana").status_text == ""


async def test_a_button_the_app_does_not_answer_says_so(house: House, caller: Caller) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    post = house.slack.people.post(
        "ana", "front-desk", blocks=[{"type": "actions", "block_id": "b", "elements": [button]}]
    )
    where: dict[str, Any] = {"user": house.ana.id, "channel": house.room.id, "ts": post.ts}
    assert "did not answer" in await caller.act("slack.click", **where, action_id="go", expect=409)
    assert "no longer there" in await caller.act("slack.click", **where, action_id="gone", expect=409)
    assert "no such shortcut" in await caller.act("slack.shortcut", **where, callback_id="global", expect=409)


async def test_skipped_time_is_told_before_it_passes(house: House, caller: Caller) -> None:
    await caller.act("time.skip", seconds=900)
    assert house.skips == [900.0]
    assert house.clock.offset == 900.0


async def test_the_process_is_started_stopped_and_killed(house: House, caller: Caller) -> None:
    for wish in ("stop", "stop", "start", "start", "restart"):
        await caller.act("bridge.run", wish=wish)
    assert house.process.asked == ["stop", "start", "kill", "start"]


async def test_a_process_that_does_not_start_says_where_to_look(house: House, caller: Caller) -> None:
    async def late() -> None:
        raise TimeoutError

    house.process.running = False
    house.process.start = late
    assert "log" in await caller.act("bridge.run", wish="start", expect=409)


async def test_matrix_is_not_stopped_where_there_is_none(caller: Caller) -> None:
    assert "no Matrix" in await caller.act("matrix.run", wish="stop", expect=409)
    await caller.act("matrix.did", step="claim")

"""The picture of the state that an open page gets, and when it gets another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from bridge.sandbox.process import StripRow
from tests.sandbox.page.stage import LINE, PHONE, Caller, House

Picture = dict[str, Any]


class Eyes:
    """A page's websocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> Picture:
        async with asyncio.timeout(5):
            return await self.socket.receive_json()

    async def until(self, wanted: Callable[[Picture], bool]) -> Picture:
        async with asyncio.timeout(5):
            while not wanted(picture := await self.socket.receive_json()):
                pass
            return picture


@pytest.fixture
async def eyes(house: House, caller: Caller) -> AsyncIterator[Eyes]:
    async with caller.session.ws_connect(f"{house.url}/sandbox/ws") as socket:
        yield Eyes(socket)


def done(picture: Picture) -> set[str]:
    return {step["id"] for step in picture["guide"] if step["done"]}


async def test_a_page_gets_the_whole_picture_at_once(house: House, eyes: Eyes) -> None:
    picture = await eyes.next()
    assert picture["user"] == house.ana.id
    assert picture["app"]["shortcuts"] == [{"name": "Send again", "callback_id": "again"}]
    assert picture["bridge"]["running"] is True
    assert [phone["number"] for phone in picture["twilio"]["phones"]] == [PHONE]
    assert picture["slack"]["channels"][0]["name"] == "front-desk"
    assert done(picture) == set()


async def test_what_happens_on_either_side_is_shown(house: House, caller: Caller, eyes: Eyes) -> None:
    await eyes.next()
    await caller.act("phone.text", number=PHONE, line=LINE, body="hi")
    shown = await eyes.until(lambda picture: bool(picture["twilio"]["phones"][0]["conversations"]))
    assert shown["twilio"]["phones"][0]["conversations"][0]["messages"][0]["body"] == "hi"
    await caller.post("hello")
    shown = await eyes.until(lambda picture: bool(picture["slack"]["channels"][0]["messages"]))
    assert shown["slack"]["channels"][0]["messages"][0]["text"] == "hello"


async def test_nothing_is_sent_while_nothing_changes(house: House, eyes: Eyes) -> None:
    await eyes.next()
    house.server._watching.touch()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(eyes.socket.receive(), 0.5)


async def test_a_burst_becomes_few_pictures(house: House, eyes: Eyes) -> None:
    await eyes.next()
    for number in range(200):
        house.slack.people.post("ana", "front-desk", f"message {number}")
    pictures = 1
    while len((await eyes.next())["slack"]["channels"][0]["messages"]) < 200:
        pictures += 1
    assert pictures <= 3


async def test_a_page_may_look_through_another_teammates_eyes(house: House, eyes: Eyes) -> None:
    await eyes.next()
    for nonsense in ("{", "[]", '{"user": 7}', '{"user": "U999"}'):
        await eyes.socket.send_str(nonsense)
    await eyes.socket.send_json({"user": house.ben.id})
    assert (await eyes.next())["user"] == house.ben.id


async def test_the_bridges_record_is_read_again_by_itself(house: House, eyes: Eyes) -> None:
    await eyes.next()
    house.process.rows = [StripRow(house.clock.now(), "Text stored", "from Maria", "warning")]
    picture = await eyes.until(lambda picture: bool(picture["strip"]))
    row = picture["strip"][0]
    assert (row["what"], row["detail"], row["level"]) == ("Text stored", "from Maria", "warning")


async def test_a_record_that_cannot_be_read_does_not_darken_the_page(house: House, caller: Caller, eyes: Eyes) -> None:
    async def broken() -> list[StripRow]:
        raise OSError("locked")

    house.process.strip = broken
    await eyes.next()
    await caller.act("time.skip", seconds=5)
    assert (await eyes.until(lambda picture: picture["offset"] == 5.0))["strip"] == []


async def test_the_state_of_the_process_is_shown(house: House, caller: Caller, eyes: Eyes) -> None:
    await eyes.next()
    await caller.act("bridge.run", wish="restart")
    picture = await eyes.until(lambda picture: picture["bridge"]["restarts"] == 1)
    assert picture["bridge"]["running"] is True
    assert "restart" in done(picture)
    house.process.running = False
    assert not (await eyes.until(lambda picture: not picture["bridge"]["running"]))["bridge"]["running"]


async def test_the_guide_ticks_itself_off(house: House, caller: Caller, eyes: Eyes) -> None:
    root = house.slack.people.post("ben", "front-desk", "root")
    where: Picture = {"user": house.ana.id, "channel": house.room.id}
    await caller.act("phone.text", number=PHONE, line=LINE, body="hi")
    await caller.post("first thought", thread_ts=root.ts)
    first = list(house.room.messages.values())[-1]
    await caller.act("slack.delete", **where, ts=first.ts)
    assert done(await eyes.until(lambda picture: "undo" in done(picture))) >= {"text", "undo"}
    await caller.post("// between us", thread_ts=root.ts)
    await caller.post("on its way", thread_ts=root.ts)
    reply = list(house.room.messages.values())[-1]
    await caller.text_from_line("on its way")
    await caller.act("slack.edit", **where, ts=reply.ts, text="on its way tomorrow")
    await caller.act("fault.fail", code=30003)
    await caller.text_from_line("lost")
    everything = {"text", "reply", "comment", "undo", "edit", "failure"}
    assert done(await eyes.until(lambda picture: done(picture) == everything)) == everything


async def test_the_guide_sees_what_the_team_does(house: House, caller: Caller, eyes: Eyes) -> None:
    root = house.slack.people.post("ben", "front-desk", "root")
    where: Picture = {"user": house.ana.id, "channel": house.room.id}
    await caller.act("slack.react", **where, ts=root.ts, name="eyes", on=True)
    await caller.post("!assign ben", thread_ts=root.ts)
    await caller.post("!team sales", thread_ts=root.ts)
    await caller.post("!c hours", thread_ts=root.ts)
    await caller.act("view.home", user=house.ana.id)
    everything = {"claim", "assign", "team", "canned", "home"}
    assert done(await eyes.until(lambda picture: done(picture) == everything)) == everything


async def test_what_the_vendors_would_refuse_is_shown(house: House, eyes: Eyes) -> None:
    await eyes.next()
    house.slack.violate("chat.postMessage", "unknown argument: colour")
    house.twilio.journal.violation("messages.create", "20001: unknown parameter")
    picture = await eyes.until(lambda picture: len(picture["violations"]) == 2)
    assert "unknown argument: colour" in picture["violations"][0]

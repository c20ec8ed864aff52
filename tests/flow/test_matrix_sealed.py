"""The inbox in an encrypted Matrix room: what a strict client shows and writes, and what becomes of lost keys."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.adapters.platforms.matrix import unread
from tests.flow.conftest import MakeWorld
from tests.flow.sealed_room import SealedRoom, open_sealed_room
from tests.flow.world import World
from tests.services.faulty import Fault, faulty
from tests.services.synapse import Synapse

UNDO = "    undo: 30s\n    stale_stop: false"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
async def room(make_world: MakeWorld, synapse: Synapse, tmp_path: Path) -> AsyncIterator[SealedRoom]:
    """A bridge that runs, on each database."""
    async with make_world() as world, open_sealed_room(world, synapse, tmp_path / "state") as room:
        await room.ready()
        yield room


@pytest.fixture
async def desk(sqlite_world: World, synapse: Synapse, tmp_path: Path) -> AsyncIterator[SealedRoom]:
    """A bridge that runs, on SQLite."""
    async with open_sealed_room(sqlite_world, synapse, tmp_path / "state") as room:
        await room.ready()
        yield room


async def test_a_conversation_is_led_without_the_server_reading_it(room: SealedRoom) -> None:
    card = await room.open()
    first = await room.reply("Yes, since noon")
    second = await room.ana.answer(room.room, card, "Bring the slip")
    await room.world.until(lambda: room.world.got() == ["Yes, since noon", "Bring the slip"])
    comment = await room.reply("// she called twice today")
    for event, mark in ((first, "☑️"), (second, "☑️"), (comment, "🔒")):
        await room.marked(event, mark)
    await room.ana.react(room.room, card, "👀")
    await room.card_says("Assignee: ana-")
    await room.world.restart()
    await room.world.text("On my way")
    await room.shows("Is my order ready?", "On my way")
    await room.ana.say(room.room, "!sms help")
    await room.note("`!sms queue`")
    last = await room.reply("See you")
    await room.world.until(lambda: room.world.got()[2:] == ["See you"])
    await room.marked(last, "☑️")
    assert len(await room.cards()) == 1
    for words in ("order ready", "since noon", "twice", "On my way", "Assignee", "sms queue"):
        assert not await room.in_clear(words)


async def test_edits_deletions_and_buttons_count_while_a_reply_is_held(
    make_sqlite_world: MakeWorld, synapse: Synapse, tmp_path: Path
) -> None:
    async with make_sqlite_world(line=UNDO) as world, open_sealed_room(world, synapse, tmp_path / "state") as room:
        await room.ready()
        await room.open()
        changed = await room.reply("We close at five")
        dropped = await room.reply("never mind")
        asked = await room.reply("please ask @ben:localhost about it")
        for reply in (changed, dropped, asked):
            await room.marked(reply, "⏳", "❌")
        await room.ana.edit(room.room, changed, "We close at six")
        await room.ana.redact(room.room, dropped)
        await room.ana.react(room.room, await room.note("Held, not sent"), "🔒")
        await room.marked(asked, "🔒")
        world.skip(31)
        await world.until(lambda: world.got() == ["We close at six"])
        await room.marked(changed, "☑️")
        await world.idle()
        assert world.got() == ["We close at six"]


async def test_pictures_go_both_ways(desk: SealedRoom) -> None:
    await desk.open()
    await desk.world.text("look", media=[("image/png", PICTURE)])

    async def files() -> list[object]:
        return [one["content"]["file"] for one in await desk.messages() if one["content"]["msgtype"] == "m.image"]

    [file] = await desk.world.until_async(files)
    assert await desk.eva.download_sealed(file) == PICTURE
    shown = {"msgtype": "m.image", "filename": "map.png", "info": {"mimetype": "image/png", "size": len(PICTURE)}}
    reply = await desk.reply("We are here", **shown, file=await desk.eva.upload_sealed(PICTURE))
    await desk.world.until(lambda: desk.world.got() == ["We are here"])
    await desk.marked(reply, "☑️")
    [sent] = desk.world.phone.inbox[0].media
    assert sent.content == PICTURE


async def test_lost_answers_double_nothing_and_lose_no_key(
    sqlite_world: World, synapse: Synapse, tmp_path: Path
) -> None:
    async with faulty(synapse.url) as proxy:
        proxy.faults += [
            Fault("^POST .*/keys/upload", 0),
            Fault("^POST .*/keys/device_signing", 502, "<html>", {"Content-Type": "text/html"}),
            Fault("^POST .*/keys/query", 0, times=3),
            Fault("^PUT .*/sendToDevice", 0, times=2),
            Fault("^PUT .*/send/m.room.encrypted", 0, times=4),
            Fault("^GET .*/sync", 0, times=3),
        ]
        async with open_sealed_room(sqlite_world, synapse, tmp_path / "state", url=proxy.url) as room:
            await room.ready()
            for number in range(3):
                await sqlite_world.text(f"text {number}")
            await room.shows(*(f"text {number}" for number in range(3)), skipping=20)
            reply = await room.reply("Yes, since noon")
            await sqlite_world.until(lambda: sqlite_world.got() == ["Yes, since noon"], 60, skipping=20)
            await sqlite_world.idle(skipping=20)
            await room.marked(reply, "☑️")
            assert await room.shown() == [f"text {number}" for number in range(3)]
            assert len(await room.cards()) == 1
            assert [fault.where for fault in proxy.faults if fault.times] == []


async def test_after_state_dir_was_lost_a_new_device_goes_on_and_what_cannot_be_read_is_told(
    desk: SealedRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "PATIENCE", unread.PATIENCE * 0)
    await desk.open()
    await desk.reply("before")
    await desk.world.until(desk.world.got)
    await desk.world.idle()
    await desk.world.stop()
    shown = await desk.shown()
    sealed = await desk.reply("nobody will read this")
    shutil.rmtree(tmp_path / "state")
    await desk.world.start()
    note = await desk.note("cannot be read yet, so it was not sent")
    answered = (await desk.ana.look(desk.room, note))["content"]["m.relates_to"]["m.in_reply_to"]["event_id"]
    assert answered == sealed
    after = await desk.reply("after")
    await desk.world.until(lambda: desk.world.got() == ["before", "after"])
    await desk.marked(after, "☑️")
    await desk.world.text("Still there?")
    await desk.shows(*shown, "Still there?")
    assert len(await desk.cards()) == 1

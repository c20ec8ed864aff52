"""The same inbox in a Matrix room: a real homeserver, a pretend Twilio, and the bridge between them."""

from collections.abc import AsyncIterator

import pytest

from bridge.adapters.platforms.matrix import following, homeserver
from bridge.config import parse
from bridge.outside import settings_models
from tests.flow.conftest import MakeWorld
from tests.flow.matrix_room import Room, open_room
from tests.flow.world import World
from tests.services.faulty import Fault, faulty
from tests.services.matrix import pill
from tests.services.synapse import Synapse

UNDO = "    undo: 30s\n    stale_stop: false"


@pytest.fixture
async def room(make_world: MakeWorld, synapse: Synapse) -> AsyncIterator[Room]:
    """A bridge that runs, on each database."""
    async with make_world() as world, open_room(world, synapse) as room:
        await world.start()
        yield room


@pytest.fixture
async def desk(sqlite_world: World, synapse: Synapse) -> AsyncIterator[Room]:
    """A bridge that runs, on SQLite."""
    async with open_room(sqlite_world, synapse) as room:
        await sqlite_world.start()
        yield room


async def test_a_text_becomes_a_thread_and_replies_become_texts_in_order(room: Room) -> None:
    card = await room.open()
    assert len(await room.cards()) == 1
    first = await room.reply("Yes, since noon")
    second = await room.ana.answer(room.room, card, "Bring the slip")
    await room.world.until(lambda: room.world.got() == ["Yes, since noon", "Bring the slip"])
    told = await room.ana.look(room.room, await room.note("Sent as text to …0200"))
    assert told["content"]["m.mentions"] == {"user_ids": [room.ana.id]}
    assert len([one for one in await room.notes() if "Sent as text" in one["content"]["body"]]) == 1
    for reply in (first, second):
        await room.marked(reply, "☑️")
    await room.world.text("On my way")
    await room.shows("Is my order ready?", "On my way")
    assert len(await room.cards()) == 1


async def test_nothing_internal_leaves(desk: Room) -> None:
    await desk.open()
    html = {"format": "org.matrix.custom.html"}
    inside = [
        await desk.reply("// she called twice today"),
        await desk.reply("Ben: can you?", **html, formatted_body=f"{pill(desk.ben.id, 'Ben')}: can you?"),
        await desk.reply("can you?", **{"m.mentions": {"user_ids": [desk.ben.id]}}),
        await desk.ana.answer(desk.room, await desk.card(), "note: nothing for her"),
    ]
    await desk.ana.say(desk.room, "lunch, anyone?")
    await desk.reply("a notice of another bot", msgtype="m.notice")
    inside.append(await desk.reply("!clsoe"))
    await desk.note("Did you mean")
    for comment in inside:
        await desk.marked(comment, "🔒")
    await desk.reply("Yes, since noon")
    await desk.world.until(desk.world.got)
    await desk.world.idle()
    assert desk.world.got() == ["Yes, since noon"]


async def test_reactions_claim_and_close_and_their_end_undoes_it(desk: Room) -> None:
    card = await desk.open()
    claim = await desk.ana.react(desk.room, card, "👀")
    await desk.card_says("Assignee: ana-")
    await desk.ana.redact(desk.room, claim)
    await desk.card_says("Assignee: nobody yet")
    done = await desk.ben.react(desk.room, card, "✅\ufe0f")
    await desk.card_says("Closed")
    await desk.ben.redact(desk.room, done)
    await desk.card_says("Open")


async def test_a_held_question_is_answered_by_its_signs(desk: Room) -> None:
    await desk.open()
    held = await desk.reply("please ask @ben:localhost about it")
    await desk.marked(held, "⏳", "❌")
    note = await desk.note("Held, not sent")
    await desk.ben.react(desk.room, note, "📨")
    await desk.world.until(lambda: desk.world.got() == ["please ask @ben:localhost about it"])
    await desk.marked(held, "☑️")
    await desk.marked(note)
    other = await desk.reply("or call @ben:localhost yourself")

    async def questions() -> list[str]:
        asked = [one for one in await desk.notes() if "Held, not sent" in one["content"]["body"]]
        return [one["event_id"] for one in asked if one["event_id"] != note]

    [question] = await desk.world.until_async(questions)
    await desk.world.idle()
    await desk.ana.react(desk.room, question, "🔒")
    await desk.marked(other, "🔒")
    assert len(desk.world.got()) == 1


async def test_edits_and_deletions_count_while_a_reply_is_held_and_are_reported_after(
    make_sqlite_world: MakeWorld, synapse: Synapse
) -> None:
    async with make_sqlite_world(line=UNDO) as world, open_room(world, synapse) as room:
        await world.start()
        await room.open()
        changed = await room.reply("We close at five")
        dropped = await room.reply("never mind")
        stopped = await room.reply("and this neither")
        for reply in (changed, dropped, stopped):
            await room.marked(reply, "⏳", "❌")
        await room.ana.edit(room.room, changed, "We close at six")
        await room.ana.redact(room.room, dropped)
        await room.ben.react(room.room, stopped, "❌")
        await room.marked(stopped, "🔒")
        world.skip(31)
        await world.until(lambda: world.got() == ["We close at six"])
        await room.marked(changed, "☑️")
        await room.ana.edit(room.room, changed, "We close at seven")
        note = await room.note("still has the old text")
        await room.ana.react(room.room, note, "📨")
        await world.until(lambda: world.got() == ["We close at six", "We close at seven"])
        await room.ana.redact(room.room, changed)
        await room.note("deleted after it had left")


async def test_what_was_written_while_the_bridge_was_away_is_sent_once_in_order(
    desk: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PAGE", 3)
    monkeypatch.setattr(homeserver, "PAGE", 4)
    await desk.open()
    await desk.reply("before")
    await desk.world.until(desk.world.got)
    await desk.world.idle()
    await desk.world.stop()
    said = [f"away {number}" for number in range(9)]
    for words in said:
        await desk.reply(words)
    await desk.world.start()
    await desk.world.until(lambda: len(desk.world.got()) >= 10)
    await desk.world.restart()
    await desk.reply("after")
    await desk.world.until(lambda: "after" in desk.world.got())
    assert desk.world.got() == ["before", *said, "after"]


async def test_lost_answers_double_nothing(sqlite_world: World, synapse: Synapse) -> None:
    async with faulty(synapse.url) as proxy, open_room(sqlite_world, synapse, url=proxy.url) as room:
        await sqlite_world.start()
        proxy.faults += [
            Fault("^PUT .*/send/m.room.message", 0, times=4),
            Fault("^PUT .*/send/m.room.message", 502, "<html>", {"Content-Type": "text/html"}),
            Fault("^PUT .*/send/m.reaction", 0, times=2),
            Fault("^GET .*/sync", 0, times=3),
        ]
        for number in range(4):
            await sqlite_world.text(f"text {number}")
        await room.shows(*(f"text {number}" for number in range(4)), skipping=20)
        reply = await room.reply("Yes, since noon")
        await sqlite_world.until(lambda: sqlite_world.got() == ["Yes, since noon"], 60, skipping=20)
        await sqlite_world.idle(skipping=20)
        await room.marked(reply, "☑️")
        assert await room.shown() == [f"text {number}" for number in range(4)]
        assert len(await room.cards()) == 1
        assert all(fault.times == 0 for fault in proxy.faults)


async def test_a_deleted_card_is_followed_by_a_new_thread(desk: Room) -> None:
    card = await desk.open()
    await desk.ana.redact(desk.room, card)

    async def is_new() -> bool:
        cards = await desk.cards()
        return bool(cards) and cards[-1]["event_id"] != card

    await desk.world.until_async(is_new)
    await desk.world.text("Hello?")

    async def is_shown() -> bool:
        found = await desk.ana.thread(desk.room, await desk.card())
        return any(one["content"]["body"].endswith("Hello?") for one in found)

    await desk.world.until_async(is_shown)
    old = await desk.ana.reply(desk.room, card, "from the old thread")
    await desk.world.until(lambda: desk.world.got() == ["from the old thread"])
    await desk.marked(old, "☑️")


async def test_pictures_go_both_ways(desk: Room) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(64)
    await desk.open()
    await desk.world.text("look", media=[("image/png", picture)])

    async def files() -> list[str]:
        return [one["content"]["url"] for one in await desk.messages() if one["content"]["msgtype"] == "m.image"]

    [file] = await desk.world.until_async(files)
    assert await desk.ana.download(file) == picture
    shown = {"msgtype": "m.image", "url": await desk.ana.upload(picture, "image/png"), "filename": "map.png"}
    reply = await desk.reply("We are here", **shown, info={"mimetype": "image/png", "size": len(picture)})
    await desk.world.until(lambda: desk.world.got() == ["We are here"])
    await desk.marked(reply, "☑️")
    assert len(desk.world.phone.inbox[0].media) == 1


async def test_the_words_of_a_room_work_there(desk: Room) -> None:
    await desk.open()
    html = {"format": "org.matrix.custom.html"}
    words = f"assign {pill(desk.ben.id, 'Ben')}"
    number = (await desk.cards())[0]["content"]["body"].partition("#")[2].splitlines()[0]
    await desk.ana.say(desk.room, f"!sms #{number} assign Ben", **html, formatted_body=f"!sms #{number} {words}")
    await desk.card_says("Assignee: ben-")
    await desk.ana.say(desk.room, "!sms queue")
    told = await desk.ana.look(desk.room, await desk.note("Waiting longest 1"))
    assert f"#{number} " in told["content"]["body"]
    assert f"{desk.room}/{await desk.card()}" in told["content"]["formatted_body"]
    await desk.ana.say(desk.room, "!sms help")
    await desk.note("`!sms queue`")
    await desk.ben.reply(desk.room, await desk.card(), "!unassign")
    await desk.card_says("Assignee: nobody yet")


async def test_an_upgraded_room_is_followed_by_the_new_one_with_links_back(room: Room) -> None:
    world, old = room.world, room.room
    card = await room.open()
    await room.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    await world.idle()
    path = f"/_matrix/client/v3/rooms/{old}/upgrade"
    room.room = (await room.ana.call("POST", path, {"new_version": "12"}))["replacement_room"]
    await world.text("while nobody let the bot in")
    await room.ana.call("POST", f"/_matrix/client/v3/rooms/{room.room}/invite", {"user_id": room.bot.user_id})
    await room.shows("while nobody let the bot in", skipping=20)
    [new] = [one for one in await room.cards() if "Earlier thread" in one["content"]["body"]]
    assert f"{old}/{card}" in new["content"]["body"]

    async def is_linked() -> bool:
        return any("go on here" in one["content"]["body"] for one in await room.cards())

    await world.until_async(is_linked)
    await world.idle(skipping=20)
    reply = await room.ana.reply(room.room, new["event_id"], "from the new room")
    await world.until(lambda: "from the new room" in world.got())
    await room.marked(reply, "☑️")
    await world.restart()
    await world.text("after a restart, with the old room in the configuration")
    await world.until_async(lambda: _shows(room, 2), skipping=20)
    providers, platforms = settings_models()
    assert world.service is not None
    await world.service.reload(parse(world.config_text, {}, providers=providers, platforms=platforms))
    assert [one.room for one in world.service.in_force.policy.lines["front-desk"].rooms] == [room.room]
    await room.ana.reply(room.room, new["event_id"], "and again")
    await world.until(lambda: world.got() == ["Yes, since noon", "from the new room", "and again"])


async def _shows(room: Room, many: int) -> bool:
    return len(await room.shown()) == many

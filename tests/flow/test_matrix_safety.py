"""What keeps replies safe in a Matrix room: nobody answers twice, nobody answers what they have not seen."""

import json
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.flow.conftest import MakeWorld
from tests.flow.matrix_room import Room, open_room, read
from tests.services.faulty import Fault, faulty
from tests.services.synapse import Synapse

STOPPING = "    undo: 0s\n    stale_stop: true"
KEPT = ("m.emote", "m.location", "org.example.gallery")


@pytest.fixture
async def room(make_sqlite_world: MakeWorld, synapse: Synapse) -> AsyncIterator[Room]:
    """A line that holds replies whose writers could not have seen the latest words."""
    async with make_sqlite_world(line=STOPPING) as world, open_room(world, synapse) as room:
        await world.start()
        yield room


async def test_of_two_teammates_who_answer_at_once_the_second_is_asked(room: Room) -> None:
    card = await room.open()
    await read(room)
    await room.ana.reply(room.room, card, "Yes, since noon")
    second = await room.ben.reply(room.room, card, "I think it is")
    question = await room.note("Held, not sent")
    await room.marked(second, "⏳", "❌")
    assert room.world.got() == ["Yes, since noon"]
    await room.ben.react(room.room, question, "📨")
    await room.world.until(lambda: room.world.got() == ["Yes, since noon", "I think it is"])


async def test_only_words_and_files_reach_the_phone(room: Room) -> None:
    card = await room.open()
    await read(room)
    inside = {"m.relates_to": {"rel_type": "m.thread", "event_id": card, "is_falling_back": True}}
    for msgtype in ("m.key.verification.request", "m.server_notice", "m.notice"):
        await room.ana.say(room.room, f"words of {msgtype}", msgtype=msgtype, **inside)
    kept = [await room.ana.say(room.room, f"words of {kind}", msgtype=kind, **inside) for kind in KEPT]
    kept.append(await room.ana.event(room.room, "m.sticker", {"body": "a cat", "url": "mxc://localhost/cat", **inside}))
    poll = {"org.matrix.msc1767.text": "When?", "org.matrix.msc3381.poll.start": {"question": {"body": "When?"}}}
    kept.append(await room.ana.event(room.room, "org.matrix.msc3381.poll.start", {**poll, **inside}))
    await room.ana.reply(room.room, card, "Yes, since noon")
    await room.world.until(room.world.got)
    await room.world.idle()
    assert room.world.got() == ["Yes, since noon"]
    for event in kept:
        assert await room.marks(event) == ["🔒"]
    for what in ("an emote", "a place", "a message of this kind", "a sticker", "a poll"):
        await room.note(what)
    assert sum("cannot be texted" in one["content"]["body"] for one in await room.notes()) == len(kept)


async def test_a_reply_from_before_the_latest_text_is_held(make_sqlite_world: MakeWorld, synapse: Synapse) -> None:
    async with (
        make_sqlite_world(line=STOPPING) as world,
        faulty(synapse.url) as proxy,
        open_room(world, synapse, url=proxy.url) as room,
    ):
        await world.start()
        await room.open()
        await read(room)
        proxy.faults.append(Fault("^GET .*/sync", 500, times=1_000_000))
        await world.restart()
        held = await room.reply("Yes, since noon")
        await world.text("Sorry, I meant the other order")

        async def is_shown() -> bool:
            return len(await room.shown()) > 1

        await world.until_async(is_shown)
        proxy.faults.clear()
        await room.note("wrote again")
        await room.marked(held, "⏳", "❌")
        assert world.got() == []


async def test_two_who_write_in_one_thread_at_once_are_told_of_each_other(room: Room) -> None:
    card = await room.open()
    other = await room.open("And my other order?")
    assert card == other
    shown = (await room.ana.thread(room.room, card))[-1]["event_id"]
    for person in (room.ana, room.ben):
        await person.read(room.room, card, shown)
        await person.write(room.room)
    note = await room.ana.look(room.room, await room.note("are writing here"))
    assert set(note["content"]["m.mentions"]["user_ids"]) == {room.ana.id, room.ben.id}
    await room.ben.write(room.room)
    await room.reply("// I leave it to you")
    await room.world.idle()
    assert len([one for one in await room.notes() if "are writing here" in one["content"]["body"]]) == 1


async def test_a_reply_that_is_stored_is_marked_as_read_in_its_thread(room: Room) -> None:
    card = await room.open()
    said = await room.reply("// a comment")
    await room.marked(said, "🔒")

    async def is_read() -> bool:
        answer = await room.ana.call(
            "GET",
            "/_matrix/client/v3/sync?timeout=0&filter="
            + quote(json.dumps({"room": {"timeline": {"limit": 1 + next(room.ana.numbers)}}})),
        )
        heard = answer["rooms"]["join"][room.room]["ephemeral"]["events"]
        receipts = [one["content"].get(said, {}).get("m.read", {}) for one in heard if one["type"] == "m.receipt"]
        return any(found.get(room.bot.user_id, {}).get("thread_id") == card for found in receipts)

    await room.world.until_async(is_read)

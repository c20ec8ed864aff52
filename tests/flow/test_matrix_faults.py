"""A homeserver that is away, limits, or has more to tell than fits into one answer."""

import asyncio

import pytest

from tests.flow.conftest import MakeWorld
from tests.flow.matrix_room import open_room
from tests.flow.world import World
from tests.services.faulty import Fault, faulty
from tests.services.synapse import Synapse

HTML = {"Content-Type": "text/html"}


@pytest.mark.parametrize("status", [-1, 502], ids=["gone", "a proxy answers for it"])
async def test_a_homeserver_that_was_gone_for_minutes_misses_nothing(
    sqlite_world: World, synapse: Synapse, status: int
) -> None:
    async with faulty(synapse.url) as proxy, open_room(sqlite_world, synapse, url=proxy.url) as room:
        await sqlite_world.start()
        await room.open("before")
        proxy.faults.append(Fault(".", status, "<html>Bad gateway</html>", HTML, times=1_000_000))
        for number in range(3):
            await sqlite_world.text(f"text {number}")
        said = [await room.reply(f"reply {number}") for number in range(3)]
        await sqlite_world.until(lambda: proxy.faults[0].times < 1_000_000 - 4, skipping=5)
        sqlite_world.skip(600)
        await sqlite_world.restart()
        proxy.faults.clear()
        await room.shows("before", *(f"text {number}" for number in range(3)), skipping=20)
        await sqlite_world.until(lambda: len(sqlite_world.got()) >= 3, 60, skipping=20)
        await sqlite_world.idle(skipping=20)
        assert sqlite_world.got() == [f"reply {number}" for number in range(3)]
        for reply in said:
            await room.marked(reply, "☑️")
        assert len(await room.cards()) == 1


async def test_a_limited_bot_shows_what_came_all_at_once_in_order_though_late(
    make_sqlite_world: MakeWorld, synapse: Synapse
) -> None:
    async with make_sqlite_world() as world, open_room(world, synapse, limited=True) as room:
        path = f"/_synapse/admin/v1/users/{room.bot.user_id}/override_ratelimit"
        synapse.call("POST", path, {"messages_per_second": 4, "burst_count": 10}, token=synapse.admin)
        await world.start()
        texts = [f"text {number} of many" for number in range(25)]
        for body in texts:
            await world.text(body)

        async def are_shown() -> bool:
            return len(await room.shown()) >= len(texts)

        await world.until_async(are_shown, 60)
        assert await room.shown() == texts


async def test_replies_among_hundreds_of_other_events_are_found(sqlite_world: World, synapse: Synapse) -> None:
    async with open_room(sqlite_world, synapse) as room:
        await sqlite_world.start()
        await room.open()
        await sqlite_world.stop()
        said = [f"reply {number}" for number in range(3)]
        for words in said:
            await room.reply(words)
            await asyncio.gather(*(room.ben.say(room.room, f"lunch {number}?") for number in range(80)))
        await sqlite_world.start()
        await sqlite_world.until(lambda: sqlite_world.got() == said)
        await sqlite_world.idle()
        assert sqlite_world.got() == said


async def test_a_reply_that_comes_before_its_card_is_known_is_not_lost(sqlite_world: World, synapse: Synapse) -> None:
    async with faulty(synapse.url) as proxy, open_room(sqlite_world, synapse, url=proxy.url) as room:
        await sqlite_world.start()
        proxy.faults.append(Fault("^PUT .*/send/m.room.message", 0, times=3))
        await sqlite_world.text("Is my order ready?")

        async def is_there() -> bool:
            return bool(await room.cards())

        await sqlite_world.until_async(is_there)
        await room.reply("Yes, since noon")
        await sqlite_world.until(lambda: sqlite_world.got() == ["Yes, since noon"])
        assert len(await room.cards()) == 1

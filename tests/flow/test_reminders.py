"""Reminders end to end: in private, at their time, taken back."""

from typing import Any

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import record, team_world
from tests.flow.world import World

HALF = 1800.0


def direct(world: World, person: Any) -> list[Any]:
    """What the bot wrote to a person directly."""
    rooms = [room for room in world.slack.channels.values() if room.kind == "im" and person.id in room.members]
    return [post for room in rooms for post in room.messages.values()]


async def acts(world: World) -> list[str]:
    return [entry.record.act for entry in await record(world)]


async def test_it_comes_at_its_time_to_one_person_with_a_link(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!remind 30m call Maria back")
        await handled(world)
        await world.until(lambda: any("I will remind you" in post.text for post in world.private(world.ana)))
        world.skip(HALF - 60)
        await handled(world)
        assert direct(world, world.ana) == []
        world.skip(120)
        await world.until(lambda: direct(world, world.ana))
        (told,) = direct(world, world.ana)
        assert "call Maria back" in seen.words(told)
        assert "/archives/" in str(told.blocks)
        assert direct(world, world.ben) == []
        assert not any("call Maria back" in note for note in world.notes())
        await handled(world)
        assert {"reminder_set", "reminder_told"} <= set(await acts(world))
        world.reply("!history")
        await world.until(lambda: any("set a reminder for" in post.text for post in world.private(world.ana)))


@on_sqlite
async def test_it_is_taken_back_by_its_button_and_by_word(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "#1001 remind 30m one")
        await world.until(lambda: seen.with_button(world.private(world.ana), "forget"))
        await world.press("forget")
        await handled(world)
        assert (await acts(world)).count("reminder_taken_back") == 1
        world.reply("!remind 30m two")
        world.reply("!remind 30m three", world.ben)
        await handled(world)
        world.reply("!remind off")
        await handled(world)
        world.skip(2 * HALF)
        await world.until(lambda: direct(world, world.ben))
        await handled(world)
        assert direct(world, world.ana) == []


async def test_a_restart_forgets_none(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!remind 30m call Maria back")
        await handled(world)
        await world.stop()
        world.clock.skip(2 * HALF)
        await world.start()
        await world.until(lambda: direct(world, world.ana))

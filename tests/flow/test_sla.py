"""Times to keep end to end: warned of, missed, told up the ladder; said once, whatever happened meanwhile."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.doing import handled
from tests.flow.matrix_room import Room, open_room
from tests.flow.team import count, now, team_world
from tests.flow.test_queue import home, labels
from tests.flow.world import PLAIN, World
from tests.services.synapse import Synapse

MINUTE = 60.0
SLA = """
sla:
  standard:
    first_response: 60m
    next_response: 30m
    warn_at: 0.5
    ladder: [assignee, {after: 15m, notify: team}, {after: 15m, notify: manager}, {after: 30m, notify: hand back}]
"""
LINE = f"{PLAIN}\n    sla: standard"


def told(world: World) -> list[str]:
    """What the thread was told of its times."""
    return [note for note in world.notes() if "due" in note]


def note(world: World, number: int) -> Any:
    """One of those, as it is in the thread."""
    return [post for post in world.thread() if "due" in seen.words(post)][number]


async def lines(world: World, number: int) -> None:
    await world.until(lambda: len(told(world)) == number)
    await handled(world)


async def test_a_text_that_waits_is_warned_of_missed_and_goes_up_the_ladder(make_world: MakeWorld) -> None:
    async with team_world(make_world, LINE, SLA) as world:
        await world.open()
        world.reply("!assign ben")
        await handled(world)
        await world.until(lambda: "*Due:*" in str(world.root().blocks))
        world.skip(30 * MINUTE)
        await lines(world, 1)
        assert "The first answer is due" in told(world)[0]
        assert world.ben.id in str(note(world, 0).blocks)
        assert note(world, 0).subtype != "thread_broadcast"
        world.skip(30 * MINUTE)
        await lines(world, 2)
        assert note(world, 1).subtype == "thread_broadcast"
        await world.until(lambda: "Overdue since" in str(world.root().blocks))
        world.skip(15 * MINUTE)
        await lines(world, 3)
        assert "here" in str(note(world, 2).blocks)
        world.skip(15 * MINUTE)
        await lines(world, 4)
        assert world.ana.id in str(note(world, 3).blocks)
        view = await home(world)
        assert any(label.startswith("Overdue") and "1" in label for label in labels(view)), labels(view)
        world.skip(30 * MINUTE)
        await lines(world, 5)
        assert (await now(world)).assignee is None
        world.reply("Sorry, here we are")
        await world.until(lambda: world.got() == ["Sorry, here we are"])
        await handled(world)
        await world.until(lambda: "Overdue since" not in str(world.root().blocks))
        world.skip(600 * MINUTE)
        await handled(world)
        assert len(told(world)) == 5
        assert [await count(world, act) for act in ("sla_warned", "sla_missed")] == [1, 4]


async def test_after_downtime_only_what_is_still_true_is_said_and_once(make_world: MakeWorld) -> None:
    async with team_world(make_world, LINE, SLA) as world:
        await world.open()
        await world.stop()
        world.clock.skip(80 * MINUTE)
        await world.start()
        await lines(world, 1)
        assert "Overdue: the first answer was due" in told(world)[0]
        await world.restart()
        await handled(world)
        assert len(told(world)) == 1


async def test_times_that_are_asked_for_later_count_for_who_waits_already(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.skip(70 * MINUTE)
        await handled(world)
        world.line = world.line.replace("stale_stop: false", "stale_stop: false\n    sla: standard")
        world.extra += SLA
        await world.restart()
        await lines(world, 1)
        assert "Overdue" in told(world)[0]


async def test_the_breached_are_a_part_of_the_queue(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world, LINE, SLA) as world:
        await world.open()
        world.skip(60 * MINUTE)
        await lines(world, 1)
        answer = await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "queue breached")
        await handled(world)
        private = [post for post in world.channel.ephemeral if post.user == world.ana.id]
        assert any("overdue since" in str(post.blocks) for post in private), answer


@pytest.fixture
async def matrix(sqlite_world: World, synapse: Synapse) -> AsyncIterator[Room]:
    sqlite_world.line = LINE
    async with open_room(sqlite_world, synapse) as room:
        sqlite_world.extra += SLA
        await sqlite_world.start()
        yield room


async def test_the_same_in_a_matrix_room(matrix: Room) -> None:
    world = matrix.world
    await matrix.open("Is it warm?")
    await matrix.card_says("Due ")
    world.skip(30 * MINUTE)
    await matrix.note("The first answer is due")
    world.skip(30 * MINUTE)
    await matrix.note("Overdue: the first answer was due")
    await matrix.card_says("Overdue since")
    world.skip(15 * MINUTE)

    async def called() -> list[Any]:
        return [one for one in await matrix.notes() if one["content"].get("m.mentions", {}).get("room")]

    await world.until_async(called)
    assert len(await called()) == 1
    await matrix.reply("!later 2h It is, and we are on it")
    await matrix.card_says("Answer leaves ")

"""One line that is shown in a Slack channel and in a Matrix room."""

from collections.abc import AsyncIterator

import pytest

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.matrix_room import Room, open_room, read
from tests.flow.world import World
from tests.services.faulty import Fault, faulty
from tests.services.synapse import Synapse


@pytest.fixture
async def both(sqlite_world: World, synapse: Synapse) -> AsyncIterator[Room]:
    """A line that is shown in a Slack channel and in a Matrix room."""
    async with open_room(sqlite_world, synapse, both=True) as room:
        await sqlite_world.start()
        yield room


async def test_one_conversation_is_shown_on_both_platforms_and_answered_from_either(both: Room) -> None:
    world = both.world
    await world.open()
    await both.open("And is it still warm?")
    await world.until(lambda: world.shown() == ["Is my order ready?", "And is it still warm?"])
    assert await both.shown() == ["Is my order ready?", "And is it still warm?"]
    assert (len(world.roots()), len(await both.cards())) == (1, 1)
    from_slack = world.reply("Yes, from Slack")
    await world.until(lambda: world.got() == ["Yes, from Slack"])
    from_matrix = await both.reply("Yes, from Matrix")
    await world.until(lambda: world.got() == ["Yes, from Slack", "Yes, from Matrix"])
    await both.marked(from_matrix, "☑️")
    await world.until(lambda: world.marks(from_slack) == ["ballot_box_with_check"])
    assert any("replied: Yes, from Matrix" in note for note in world.notes())
    await both.note("replied: Yes, from Slack")


async def test_comments_and_questions_stand_on_both_sides(both: Room) -> None:
    world = both.world
    await world.open()
    await both.open("Is it warm?")
    world.reply("// she called twice today")
    await both.note("she called twice today")
    await both.reply("note: she is a regular")
    await world.until(lambda: any("she is a regular" in note for note in world.notes()))
    held = await both.reply("please ask @ben:localhost about it")
    question = await both.note("Held, not sent")
    await world.idle()
    await world.press("send")
    await world.until(lambda: world.got() == ["please ask @ben:localhost about it"])
    await both.marked(held, "☑️")

    await both.marked(question)
    await world.idle()
    assert len([note for note in world.notes() if "she called" in note]) == 0, "told where it was not written only"


async def test_one_assignee_for_both_platforms(both: Room) -> None:
    world = both.world
    await world.open()
    card = await both.open("Is it warm?")
    await both.ana.react(both.room, card, "👀")
    await both.card_says("Assignee: ana-")
    await world.until(lambda: "nobody" not in seen.line(world.root()).casefold())


async def test_a_platform_that_is_away_does_not_hold_up_the_other(both: Room) -> None:
    world = both.world
    await world.open()
    path = f"/_matrix/client/v3/rooms/{both.room}"
    await both.ana.call("POST", f"{path}/kick", {"user_id": both.bot.user_id})
    await world.text("while Matrix is away")
    await world.until(lambda: "while Matrix is away" in world.shown())
    world.reply("answered in Slack")
    await world.until(lambda: world.got() == ["answered in Slack"])
    await both.ana.call("POST", f"{path}/invite", {"user_id": both.bot.user_id})

    async def is_shown() -> bool:
        return "while Matrix is away" in await both.shown()

    await world.until_async(is_shown, 60, skipping=30)


async def test_a_reply_from_a_menu_of_one_platform_is_told_on_the_other(
    make_sqlite_world: MakeWorld, synapse: Synapse
) -> None:
    canned = 'canned: {hours: "We open at nine."}'
    async with make_sqlite_world(extra=canned) as world, open_room(world, synapse, both=True) as room:
        await world.start()
        await world.open()
        await room.open("When do you open?")
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "#1001 canned hours")
        await world.until(lambda: world.got() == ["We open at nine."])
        await room.note("replied: We open at nine.")
        await world.idle()
        assert len([note for note in world.notes() if "We open at nine." in note]) == 1


async def test_who_answers_on_the_other_platform_at_the_same_time_is_asked(
    make_sqlite_world: MakeWorld, synapse: Synapse
) -> None:
    async with (
        make_sqlite_world(line="    undo: 0s\n    stale_stop: true") as world,
        open_room(world, synapse, both=True) as room,
    ):
        await world.start()
        await world.open()
        await room.open("When do you open?")
        await read(room)
        await room.reply("At nine")
        await world.until(lambda: world.got() == ["At nine"])
        late = world.reply("At ten", world.ben)
        await world.until(lambda: world.marks(late) == ["hourglass_flowing_sand"])
        assert world.got() == ["At nine"]


async def test_a_homeserver_that_is_not_there_at_the_start_does_not_hold_up_slack(
    sqlite_world: World, synapse: Synapse
) -> None:
    async with faulty(synapse.url) as proxy, open_room(sqlite_world, synapse, url=proxy.url, both=True) as room:
        world = sqlite_world
        proxy.faults.append(Fault(".", -1, times=1_000_000))
        await world.start()
        await world.open()
        world.reply("Yes, since noon")
        await world.until(lambda: world.got() == ["Yes, since noon"])
        proxy.faults.clear()
        await room.shows("Is my order ready?", skipping=30)
        await room.note("replied: Yes, since noon")


async def test_slack_that_is_not_there_at_the_start_does_not_hold_up_matrix(
    sqlite_world: World, synapse: Synapse
) -> None:
    async with open_room(sqlite_world, synapse, both=True) as room:
        world = sqlite_world
        for method in ("auth.test", "apps.connections.open", "chat.postMessage"):
            world.fault(method, "status", 500, times=1_000_000)
        await world.start()
        await world.text("Is my order ready?")
        await room.shows("Is my order ready?")
        await room.reply("Yes, since noon")
        await world.until(lambda: world.got() == ["Yes, since noon"])
        world.faults.clear()
        await world.until(lambda: world.shown() == ["Is my order ready?"], skipping=30)
        await world.until(lambda: any("replied: Yes, since noon" in note for note in world.notes()), skipping=30)

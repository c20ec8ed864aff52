"""Snooze end to end: put away, woken by its time, by the contact, by hand; and thanks after a close."""

from datetime import timedelta
from typing import Any

from bridge.domain.conversations import ConversationStatus
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import count, now, team_world
from tests.flow.world import PLAIN, World

HOUR = 3600.0


def facts(post: Any) -> str:
    """What a card says in its fields."""
    return str([block for block in post.blocks if block["type"] == "section"])


async def status(world: World) -> ConversationStatus:
    return (await now(world)).status


async def test_its_time_wakes_it_and_rings_who_has_it(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!assign ben")
        world.reply("!snooze 2h")
        await handled(world)
        found = await now(world)
        assert found.status is ConversationStatus.SNOOZED
        assert found.snoozed_until is not None
        left = found.snoozed_until - world.clock.now()
        assert timedelta(minutes=119) < left <= timedelta(hours=2)
        assert f"Snoozed until <!date^{int(found.snoozed_until.timestamp())}" in facts(world.root())
        world.slack.rung.clear()
        world.skip(HOUR)
        await handled(world)
        assert await status(world) is ConversationStatus.SNOOZED
        world.skip(HOUR)
        await world.until(lambda: any("snooze is over" in note for note in world.notes()))
        await handled(world)
        assert await status(world) is ConversationStatus.OPEN
        assert "*Status:* Open" in facts(world.root())
        over = next(post for post in world.thread() if "snooze is over" in seen.words(post))
        assert world.ben.id in str(over.blocks)
        assert over.subtype == "thread_broadcast"
        assert await count(world, "woken") == 1
        world.skip(HOUR)
        await handled(world)
        assert await count(world, "woken") == 1


@on_sqlite
async def test_the_contact_wakes_it_at_once_and_the_timer_says_nothing_then(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!snooze 2h")
        await handled(world)
        await world.text("Are you there?")
        await world.until(lambda: "Are you there?" in world.shown())
        await handled(world)
        assert await status(world) is ConversationStatus.OPEN
        world.skip(3 * HOUR)
        await handled(world)
        assert await count(world, "woken") == 1
        assert not any("snooze is over" in note for note in world.notes())


async def test_a_restart_forgets_no_snooze(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!snooze 2h")
        await handled(world)
        await world.stop()
        world.clock.skip(3 * HOUR)
        await world.start()
        await world.until(lambda: any("snooze is over" in note for note in world.notes()))


@on_sqlite
async def test_the_button_asks_until_when(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        card = await world.open()
        await world.until(lambda: "snooze" in seen.buttons(world.root()))
        for given, hours in (({"until": "3h"}, 3), ({"until": "3h", "own": "30 hours"}, 30)):
            action = "snooze" if await status(world) is ConversationStatus.OPEN else "wake"
            if action == "wake":
                await world.slack.people.click(world.ana.id, card.channel, card.ts, "wake")
                await world.until(lambda: "snooze" in seen.buttons(world.root()))
            await world.slack.people.click(world.ana.id, card.channel, card.ts, "snooze")
            await world.until(lambda: world.slack.modals.get(world.ana.id))
            values = {name: {name: value} for name, value in given.items()}
            await world.slack.people.submit_view(world.ana.id, values)
            await world.until(lambda: "wake" in seen.buttons(world.root()))
            until = (await now(world)).snoozed_until
            assert until is not None
            assert abs(until - world.clock.now() - timedelta(hours=hours)) < timedelta(minutes=1)


@on_sqlite
async def test_hours_and_zone_of_the_configuration_are_those_of_the_times_people_write(make_world: MakeWorld) -> None:
    hours = 'hours: {office: {zone: Asia/Tokyo, week: {mon-sun: "10:00-18:00"}}}'
    async with make_world(line=f"{PLAIN}\n    hours: office", extra=f"zone: America/New_York\n{hours}") as world:
        await world.start()
        await world.open()
        world.reply("!snooze")
        await handled(world)
        until = (await now(world)).snoozed_until
        assert until is not None
        assert f"{until:%H:%M}" == "01:00", "ten in Tokyo"
        world.reply("!snooze tomorrow 9:00")
        await handled(world)
        until = (await now(world)).snoozed_until
        assert until is not None
        assert f"{until:%H:%M}" == "00:00"


@on_sqlite
async def test_thanks_after_a_close_is_shown_and_calls_nobody(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("It is ready", world.ben)
        await world.until(world.got)
        world.reply("!close")
        await handled(world)
        world.slack.rung.clear()
        await world.text("Thank you so much! 🙏")
        await world.until(lambda: "Thank you so much! 🙏" in world.shown())
        await handled(world)
        assert await status(world) is ConversationStatus.CLOSED
        assert world.slack.rung == []
        assert len(world.roots()) == 1
        await world.text("One more question")
        await world.until(lambda: "One more question" in world.shown())
        await handled(world)
        assert await status(world) is ConversationStatus.OPEN


@on_sqlite
async def test_thanks_does_not_begin_a_new_conversation_either(make_world: MakeWorld) -> None:
    async with team_world(make_world, f"{PLAIN}\n    boundary: new_after_close") as world:
        await world.open()
        world.reply("!close")
        await handled(world)
        await world.text("ok 👍")
        await world.until(lambda: "ok 👍" in world.shown())
        assert len(world.roots()) == 1
        await world.text("Hello again")
        await world.until(lambda: len(world.roots()) == 2)


async def test_a_line_may_want_to_hear_of_thanks(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world, f"{PLAIN}\n    thanks_reopens: true") as world:
        await world.open()
        world.reply("!close")
        await handled(world)
        await world.text("thanks")
        await world.until(lambda: "thanks" in world.shown())
        await handled(world)
        assert await status(world) is ConversationStatus.OPEN

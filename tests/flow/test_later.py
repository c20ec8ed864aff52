"""Send later end to end: kept, sent at its time, stopped, changed, outrun by the contact."""

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import count, team_world
from tests.flow.world import PLAIN

DAY = 86_400.0

HOUR = 3600.0


async def test_it_leaves_at_its_time_and_not_before(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        planned = world.reply("!later 2h It is ready now")
        await handled(world)
        assert "hourglass_flowing_sand" in world.marks(planned)
        assert any(note.startswith("⏳ Leaves") for note in world.notes())
        world.reply("In the meantime: hello")
        await world.until(lambda: world.got() == ["In the meantime: hello"])
        world.skip(HOUR)
        await handled(world)
        assert len(world.got()) == 1
        await world.restart()
        await world.connected()
        world.skip(HOUR)
        await world.until(lambda: world.got() == ["In the meantime: hello", "It is ready now"])
        await world.until(lambda: "hourglass_flowing_sand" not in world.marks(planned))
        await handled(world)
        assert await count(world, "sent_later") == 1


async def test_it_is_stopped_by_button_reaction_word_and_deletion(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!later 2h one")
        await world.until(lambda: seen.with_button(world.posts(), "undo"))
        await world.press("undo")
        await handled(world)
        two = world.reply("!later 2h two")
        await handled(world)
        world.slack.people.react(world.ana.id, two.channel, two.ts, "x")
        await handled(world)
        world.reply("!later 2h three")
        await handled(world)
        world.reply("!undo")
        await handled(world)
        four = world.reply("!later 2h four")
        await handled(world)
        world.slack.people.delete(world.ana.id, four.channel, four.ts)
        await handled(world)
        world.skip(3 * HOUR)
        await handled(world)
        assert world.got() == []
        assert await count(world, "undone") + await count(world, "deleted_in_time") == 4


@on_sqlite
async def test_an_edit_changes_it_and_a_button_sends_it_now(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        post = world.reply("!later 2h It is ready")
        await handled(world)
        world.slack.people.edit(world.ana.id, post.channel, post.ts, "!later 5h It is quite ready")
        await handled(world)
        world.skip(3 * HOUR)
        await handled(world)
        assert world.got() == []
        await world.press("send")
        await world.until(lambda: world.got() == ["It is quite ready"])
        world.skip(5 * HOUR)
        await handled(world)
        assert world.got() == ["It is quite ready"]


@on_sqlite
async def test_what_the_contact_writes_first_stops_it_and_it_can_be_sent_all_the_same(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        post = world.reply("!later 2h It is ready")
        await handled(world)
        await world.text("Never mind")
        await world.until(lambda: any("the contact wrote first" in note for note in world.notes()))
        await handled(world)
        assert world.marks(post) == ["lock"]
        assert not any("⏳ Leaves" in note for note in world.notes()), (
            "nothing promises a time, or has buttons, any more"
        )
        world.skip(3 * HOUR)
        await handled(world)
        assert world.got() == []
        await world.press("again")
        await world.until(lambda: world.got() == ["It is ready"])


@on_sqlite
async def test_it_can_be_written_from_the_room_and_the_guard_is_asked(make_world: MakeWorld) -> None:
    async with team_world(make_world, f"{PLAIN}\n    guard: {{words: [secret]}}") as world:
        await world.open()
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "#1001 later 2h From the room")
        await world.until(lambda: any("From the room" in note for note in world.notes()))
        world.reply("!later 1h the secret word")
        await world.until(lambda: any("Held, not sent" in note for note in world.notes()))
        await world.press("send", nth=-1)
        await handled(world)
        assert world.got() == []
        world.skip(2 * HOUR)
        await world.until(lambda: sorted(world.got()) == ["From the room", "the secret word"])


async def test_a_text_is_sent_again_and_again_until_it_is_cancelled(make_world: MakeWorld) -> None:
    async with make_world() as world:
        await world.start()
        await world.open()
        world.reply("!later every day 9:00 Take your pills")
        await handled(world)
        for number in (1, 2):
            world.skip(DAY)
            await world.until(lambda number=number: world.got() == ["Take your pills"] * number)
            await handled(world)
            await world.text("Done!")
            await world.until(lambda number=number: world.shown().count("Done!") == number)
            await handled(world)
        world.reply("!later off 1")
        await handled(world)
        world.skip(2 * DAY)
        await handled(world)
        assert world.got() == ["Take your pills"] * 2
        assert any("Not sent later: “Take your pills”" in note for note in world.notes())


@on_sqlite
async def test_an_appointment_is_reminded_of_a_day_ahead(make_world: MakeWorld) -> None:
    async with make_world() as world:
        world.extra = 'canned: {appointment: "See you at {{ appointment.time }}"}\n'
        await world.start()
        await world.open()
        world.reply("!later appointment in 3 days at 14:30")
        await handled(world)
        assert any("ahead of the appointment" in note for note in world.notes())
        half_past_two = world.clock.now().replace(hour=14, minute=31)
        world.skip((half_past_two - world.clock.now()).total_seconds() + 2 * DAY)
        await world.until(lambda: world.got() == ["See you at 2:30 PM"])


async def test_one_that_is_held_for_the_night_leaves_in_the_morning_and_the_series_goes_on(
    make_sqlite_world: MakeWorld,
) -> None:
    night = f'{PLAIN}\n    quiet_hours: {{from: "21:00", to: "08:00"}}'
    async with team_world(make_sqlite_world, night) as world:
        await world.open()
        world.reply("!later every day 3:00 Take your pills")
        await handled(world)
        for number in (1, 2):
            world.skip((world.clock.now().replace(hour=3, minute=1) - world.clock.now()).total_seconds() % DAY)
            await world.until(
                lambda number=number: (
                    len([note for note in world.notes() if "🌙 Held" in note]) == 1 and len(world.got()) == number - 1
                )
            )
            await handled(world)
            world.skip(5 * HOUR)
            await world.until(lambda number=number: world.got() == ["Take your pills"] * number)
            await handled(world)

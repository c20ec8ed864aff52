"""Teammates who are away."""

from dataclasses import replace

from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import now, team_world


async def test_going_away_offers_what_is_theirs_back_and_texts_call_the_team(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!claim")
        await handled(world)
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "away 2h")
        await world.until(lambda: any("You are away until" in post.text for post in world.private(world.ana)))
        offer = next(post for post in world.private(world.ana) if "You are away until" in post.text)
        assert "#1001" in offer.text
        world.reply("We are on it", world.ben)
        await world.until(world.got)
        await handled(world)
        world.slack.rung.clear()
        await world.text("Are you there?")
        await world.until(lambda: "Are you there?" in world.shown())
        await handled(world)
        [rung] = [post for post in world.slack.rung if post.username]
        assert world.ana.id not in str(rung.blocks)
        assert "<!here>" in str(rung.blocks)
        await world.press("give_back")
        await world.until(lambda: any("Given back: #1001" in post.text for post in world.private(world.ana)))
        await handled(world)
        assert (await now(world)).assignee is None
        world.reply("!assign ana", world.ben)
        await world.until(lambda: any("is away until" in post.text for post in world.private(world.ben)))
        world.reply("!back")
        await world.until(lambda: any("Welcome back" in post.text for post in world.private(world.ana)))
        await handled(world)
        world.reply("Here I am", world.ana)
        await world.until(lambda: "Here I am" in world.got())
        await handled(world)
        world.slack.rung.clear()
        await world.text("Good")
        await world.until(lambda: "Good" in world.shown())
        await handled(world)
        [rung] = [post for post in world.slack.rung if post.username]
        assert world.ana.id in str(rung.blocks)


@on_sqlite
async def test_the_end_of_a_snooze_calls_the_team_where_its_assignee_is_away(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!assign ana", world.ben)
        world.reply("!snooze 2h", world.ben)
        world.reply("!away")
        await handled(world)
        world.slack.rung.clear()
        world.skip(2 * 3600)
        await world.until(lambda: any("snooze is over" in note for note in world.notes()))
        await handled(world)
        [rung] = world.slack.rung
        assert world.ana.id not in str(rung.blocks)
        assert "<!here>" in str(rung.blocks) or "'range': 'here'" in str(rung.blocks)


@on_sqlite
async def test_a_status_calls_the_team_until_its_end_or_until_it_is_cleared(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!claim")
        await handled(world)

        async def is_called(words: str) -> bool:
            world.slack.rung.clear()
            await world.text(words)
            await world.until(lambda: words in world.shown())
            await handled(world)
            return any(world.ana.id in str(post.blocks) for post in world.slack.rung)

        end = int(world.clock.timestamp()) + 7200
        world.slack.people.change_user("ana", status_emoji=":palm_tree:", status_expiration=end)
        await handled(world)
        assert not await is_called("Are you there?")
        world.skip(7300)
        assert await is_called("And now?")
        world.slack.people.change_user("ana", status_emoji="", status_text="Out of office", status_expiration=0)
        await handled(world)
        assert not await is_called("Hello?")
        await world.restart()
        await world.connected()
        world.slack.people.change_user("ana", status_text="In a meeting")
        await handled(world)
        assert await is_called("Hello again")


async def test_who_is_away_before_the_start_is_known_and_their_own_word_stands_above(
    make_sqlite_world: MakeWorld,
) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await world.stop()
        # nobody is told of it: Slack would try again for a minute to tell us
        world.slack.users[world.ben.id] = replace(world.ben, status_text="On vacation")
        await world.start()
        await world.connected()
        await handled(world)
        world.reply("!assign ben")
        await world.until(lambda: any("is away" in post.text for post in world.private(world.ana)))
        world.reply("!back", world.ben)
        await world.until(lambda: any("Welcome back" in post.text for post in world.private(world.ben)))
        told = len(world.private(world.ana))
        world.reply("!unassign")
        world.reply("!assign ben")
        await handled(world)
        assert not any("is away" in post.text for post in world.private(world.ana)[told:])


async def test_statuses_are_not_heeded_where_the_settings_say_so(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        world.heed_status = False
        await world.start()
        await world.open()
        await world.idle()
        world.slack.people.change_user("ben", status_emoji=":palm_tree:")
        world.reply(f"!assign @{world.ben.name}")
        await world.until(lambda: any("Assigned to" in note for note in world.notes()))
        await world.idle()
        assert not any("is away" in post.text for post in world.private(world.ana))

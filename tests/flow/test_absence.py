"""Teammates who are away."""

from tests.flow.conftest import MakeWorld
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

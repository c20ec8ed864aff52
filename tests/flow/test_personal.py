"""Personal lines end to end, shared with a room; and several lines in one room."""

from typing import Any

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.seen import direct
from tests.flow.team import count, sales_room, team_world
from tests.flow.world import CONTACT, PLAIN, World


async def opened(world: World) -> Any:
    """A conversation on Ana's own line; returns its card."""
    await world.text("Is my order ready?")
    await world.until(lambda: [post for post in direct(world, world.ana) if post.is_reply])
    await world.connected()
    await handled(world)
    return direct(world, world.ana)[0]


async def test_its_texts_are_shown_to_one_person_who_alone_may_answer(make_world: MakeWorld) -> None:
    async with team_world(make_world, f"{PLAIN}\n    personal: ana") as world:
        card = await opened(world)
        assert world.posts() == []
        assert seen.is_card(card, CONTACT)
        world.slack.people.post(world.ana.id, card.channel, "// he is a friend", thread_ts=card.ts)
        reply = world.slack.people.post(world.ana.id, card.channel, "Yes, since noon", thread_ts=card.ts)
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await world.until(lambda: world.marks(reply))
        await world.slack.people.slash(world.ben.id, world.channel.id, "sms", "#1001 close")
        await world.until(
            lambda: any("no conversation of that number" in post.text for post in world.private(world.ben))
        )
        await world.slack.people.click(world.ana.id, card.channel, card.ts, "close")
        await handled(world)
        assert await count(world, "closed") == 1
        world.slack.people.react(world.ana.id, card.channel, card.ts, "zzz")
        await handled(world)
        assert await count(world, "snoozed") == 1


async def test_it_is_shared_with_the_lines_room(make_world: MakeWorld) -> None:
    async with team_world(make_world, f"{PLAIN}\n    personal: ana") as world:
        card = await opened(world)
        world.slack.people.post(world.ana.id, card.channel, "// he is a friend", thread_ts=card.ts)
        await handled(world)
        await world.slack.people.select(world.ana.id, card.channel, card.ts, "share", "room")
        await world.until(lambda: world.posts() and any("Shared by" in note for note in world.notes()))
        await world.until(lambda: any("he is a friend" in note for note in world.notes()))
        await handled(world)
        left = [seen.words(post) for post in direct(world, world.ana)]
        assert any("It goes on there" in words for words in left)
        assert any("/archives/" in str(post.blocks) for post in direct(world, world.ana))
        world.reply("I will take over", world.ben)
        await world.until(lambda: world.got() == ["I will take over"])
        await world.text("Thank you, when?")
        await world.until(lambda: "Thank you, when?" in world.shown())
        await handled(world)
        assert "Thank you, when?" not in [seen.words(post) for post in direct(world, world.ana)]
        assert await count(world, "shared") == 1


async def test_it_is_shared_with_a_team_by_name(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world, f"{PLAIN}\n    personal: ana") as world:
        card = await opened(world)
        world.slack.people.post(world.ana.id, card.channel, "!share sales", thread_ts=card.ts)
        await world.until(lambda: sales_room(world).messages)
        assert seen.is_card(world.root(), CONTACT)


async def test_a_restart_finds_what_was_written_in_the_direct_message(make_world: MakeWorld) -> None:
    async with team_world(make_world, f"{PLAIN}\n    personal: ana") as world:
        card = await opened(world)
        await world.stop()
        world.slack.people.post(world.ana.id, card.channel, "While you were away", thread_ts=card.ts)
        await world.start()
        await world.until(lambda: world.got() == ["While you were away"])


@on_sqlite
async def test_lines_that_share_a_room_keep_their_conversations_apart(make_world: MakeWorld) -> None:
    async with make_world() as world:
        other = world.twilio.add_number(
            world.account, "+15550003000", sms_url=f"{world.url}/webhooks/main"
        ).phone_number
        world.line = f"""{PLAIN}
  shop: {{account: main, address: "{other}", undo: 0s, stale_stop: false,
          rooms: [{{platform: slack, room: {world.channel.id}}}]}}
"""
        await world.start()
        await world.text("To the front desk")
        await world.until(lambda: len(world.roots()) == 1)
        found = await world.twilio.text_in(CONTACT, other, "To the shop")
        assert found.accepted
        await world.until(lambda: len(world.roots()) == 2)
        await world.connected()
        await handled(world)
        desk, shop = world.roots()
        assert ("front-desk" in desk.text, "shop" in shop.text) == (True, True)
        for card, words in ((shop, "From the shop"), (desk, "From the desk")):
            world.slack.people.post(world.ana.id, card.channel, words, thread_ts=card.ts)
        await world.until(lambda: len(world.got()) == 2)
        senders = {one.words: one.sender for one in world.twilio.history if one.words.startswith("From")}
        assert senders == {"From the shop": other, "From the desk": world.number.phone_number}

"""Whose a conversation is: two at once, hand-over, pings, and what a blocked contact may do."""

from typing import Any

from bridge.rules.addresses import shown
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import count, now, sales_room, team_world
from tests.flow.world import CONTACT, PLAIN


def facts(post: Any) -> str:
    """What a card says in its fields."""
    return str([block for block in post.blocks if block["type"] == "section"])


def links(posts: list[Any]) -> list[str]:
    """Addresses of threads that posts hold."""
    return [part for post in posts for part in str(post.blocks).split("'") if "/archives/" in part]


async def test_two_who_claim_at_once_leave_one_owner_and_an_entry_each(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        card = await world.open()
        world.slack.people.react(world.ana.id, card.channel, card.ts, "eyes")
        world.slack.people.react(world.ben.id, card.channel, card.ts, "eyes")
        await handled(world)
        assert await count(world, "claimed") + await count(world, "claim_refused") == 2
        assert await count(world, "claimed") == 1
        assert (await now(world)).assignee == f"slack:{world.ana.id}"
        assert "Ana Souza" in facts(world.root())
        await world.until(
            lambda: any("ana's already" in post.text or "Ana" in post.text for post in world.private(world.ben))
        )
        world.slack.people.unreact(world.ben.id, card.channel, card.ts, "eyes")
        await handled(world)
        assert (await now(world)).assignee == f"slack:{world.ana.id}"


async def test_two_who_assign_at_once_end_in_one_state_with_an_entry_each(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!assign ana", world.ben)
        world.reply("!assign ben", world.ana)
        await handled(world)
        assert await count(world, "assigned") == 2
        last = (await now(world)).assignee
        names = {f"slack:{world.ana.id}": "Ana Souza", f"slack:{world.ben.id}": "Ben Okafor"}
        assert names[last or ""] in facts(world.root())


@on_sqlite
async def test_only_the_one_it_is_given_to_is_rung(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        card = await world.open()
        await handled(world)
        world.slack.rung.clear()
        world.reply("!assign ben")
        await handled(world)
        assert [str(post.blocks).count(world.ben.id) for post in world.slack.rung] == [1]
        assert str(world.slack.channels[card.channel].messages[card.ts].blocks).count(world.ben.id) == 0
        world.slack.rung.clear()
        await world.text("and another thing")
        await handled(world)
        assert [f"<@{world.ben.id}>" in str(post.blocks) for post in world.slack.rung] == [True]
        assert "<!here>" not in str(world.slack.rung[0].blocks)


@on_sqlite
async def test_a_team_is_rung_by_the_first_text_nobody_owns(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open("the first text")
        await world.text("a second one")
        await handled(world)
        rung = [seen.words(post) for post in world.slack.rung]
        assert rung == ["the first text"]


@on_sqlite
async def test_nobody_is_rung_where_the_line_says_so(make_world: MakeWorld) -> None:
    async with team_world(make_world, f"{PLAIN}\n    ping: nobody") as world:
        await world.open()
        world.reply("!claim")
        await handled(world)
        await world.text("another text")
        await handled(world)
        assert world.slack.rung == []


@on_sqlite
async def test_watchers_are_rung(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!watch", world.ben)
        await handled(world)
        world.slack.rung.clear()
        await world.text("another text")
        await handled(world)
        assert [f"<@{world.ben.id}>" in str(post.blocks) for post in world.slack.rung] == [True]


@on_sqlite
async def test_a_quiet_thread_is_shown_in_the_room_again(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        await world.text("soon after")
        await world.until(lambda: "soon after" in world.shown())
        world.skip(13 * 3600)
        await world.text("half a day later")
        await world.until(lambda: "half a day later" in world.shown())
        broadcast = [
            call for call in world.slack.journal.of("chat.postMessage") if call.arguments.get("reply_broadcast")
        ]
        assert [call.arguments["text"] for call in broadcast] == ["half a day later"]


async def test_who_answers_first_owns_it(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("Yes, since noon", world.ben)
        await world.until(world.got)
        await handled(world)
        assert (await now(world)).assignee == f"slack:{world.ben.id}"
        world.reply("It costs nothing", world.ana)
        await world.until(lambda: len(world.got()) > 1)
        assert (await now(world)).assignee == f"slack:{world.ben.id}"


async def test_a_hand_over_goes_on_in_the_other_room_with_links_both_ways(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        old = await world.open("Can I buy ten?")
        world.reply("// pays late")
        await handled(world)
        world.reply("!team sales")
        await world.until(lambda: len(world.roots()) == 2)
        await handled(world)
        new = next(root for root in world.roots() if root.channel == sales_room(world).id)
        assert any(old.ts.replace(".", "") in link for link in links([new]))
        there = [post for post in world.thread() if post.channel == new.channel]
        assert any("Ana Souza: pays late" in seen.words(post) for post in there)
        assert any(f"{shown(CONTACT)}: Can I buy ten?" in seen.words(post) for post in there)
        left = [post for post in world.thread() if post.channel == old.channel and "Handed over" in seen.words(post)]
        assert any(new.ts.replace(".", "") in link for link in links(left))
        assert "Handed over" in facts(world.slack.channels[old.channel].messages[old.ts])

        await world.text("and when?")
        await world.until(lambda: "and when?" in world.shown())
        await handled(world)
        assert [post.channel for post in world.thread() if seen.words(post) == "and when?"] == [new.channel]
        world.slack.people.post(world.ana.id, old.channel, "Tomorrow, says Ana", thread_ts=old.ts)
        await world.until(lambda: world.got() == ["Tomorrow, says Ana"])
        world.slack.people.post(world.ben.id, new.channel, "// wants a discount", thread_ts=new.ts)
        await handled(world)
        world.slack.people.post(world.ben.id, new.channel, "!team support", thread_ts=new.ts)
        await handled(world)
        again = [post for post in world.thread() if post.channel == old.channel]
        assert any("Ben Okafor: wants a discount" in seen.words(post) for post in again)
        assert not any("Ana Souza: pays late" in seen.words(post) for post in again)
        assert any("and when?" in seen.words(post) and "Tomorrow, says Ana" in seen.words(post) for post in again)
        received = [post for post in again if "Handed over to support" in seen.words(post)]
        assert any(new.ts.replace(".", "") in link for link in links(received))
        assert any(
            new.ts.replace(".", "") in link for link in links([world.slack.channels[old.channel].messages[old.ts]])
        )
        await world.text("back again")
        await world.until(lambda: "back again" in world.shown())
        assert [post.channel for post in world.thread() if seen.words(post) == "back again"] == [old.channel]
        assert len(world.roots()) == 2


@on_sqlite
async def test_a_blocked_contact_calls_nobody_and_gets_nothing(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("!block")
        await handled(world)
        world.slack.rung.clear()
        world.skip(13 * 3600)
        await world.text("are you there?")
        await world.until(lambda: "are you there?" in world.shown())
        reply = world.reply("no")
        await world.until(lambda: world.marks(reply) == ["warning"])
        await handled(world)
        assert world.got() == []
        assert world.slack.rung == []
        assert not any(call.arguments.get("reply_broadcast") for call in world.slack.journal.of("chat.postMessage"))
        assert any("blocked" in note for note in world.notes())


@on_sqlite
async def test_a_room_that_does_not_know_the_conversation_is_told_nothing_of_it(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        eve = world.slack.add_user("eve")
        lobby = world.slack.add_channel("lobby", members=[eve.id])
        await world.slack.people.slash(eve.id, lobby.id, "sms", "#1001 close")
        await world.slack.people.slash(eve.id, lobby.id, "sms", "#4711 close")
        told = await world.until(lambda: len(world.private(eve)) == 2 and world.private(eve))
        assert told[0].text == told[1].text
        assert await count(world, "closed") == 0


@on_sqlite
async def test_the_card_says_who_holds_what(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        world.reply("I will ask @ben about it")
        await world.until(lambda: "1 held by Ana Souza" in facts(world.root()))
        await world.press("keep")
        await world.until(lambda: "held by" not in facts(world.root()))

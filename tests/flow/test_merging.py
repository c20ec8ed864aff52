"""One person with two numbers: conversations merged, answered, separated again; and one that is split."""

from typing import Any

import pytest

from bridge.domain.conversations import State
from bridge.domain.effects import Recorded
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import team_world
from tests.flow.test_ownership import links
from tests.flow.world import CONTACT, World

OTHER = "+15550100300"
ONE, TWO = 1001, 1002


async def load(world: World, number: int) -> State:
    assert world.service is not None
    return await world.service.store.transact(lambda unit: unit.load_conversation(number))


async def record(world: World, number: int) -> list[Recorded]:
    assert world.service is not None
    return list(await world.service.store.transact(lambda unit: unit.acts(number, 100)))[::-1]


async def acts(world: World, number: int) -> list[str]:
    return [entry.record.act for entry in await record(world, number)]


async def two(world: World) -> None:
    """#1001 with CONTACT, and #1002 with OTHER, each with its card."""
    world.twilio.add_phone(OTHER, name="Maria at work")
    await world.open()
    await world.open("From my other phone", OTHER)
    await handled(world)


def facts(post: Any) -> str:
    return str([block for block in post.blocks if block["type"] in ("section", "context")])


async def merged(world: World) -> None:
    """#1001 goes on in #1002."""
    await two(world)
    world.reply("!merge #1002")
    await world.until_async(lambda: is_in(world, ONE, TWO))
    await handled(world)


async def is_in(world: World, one: int, other: int) -> bool:
    found = (await load(world, one)).conversation
    return found is not None and found.merged is not None and found.merged.into == other


async def is_alone(world: World, one: int) -> bool:
    found = (await load(world, one)).conversation
    return found is not None and found.merged is None


async def test_texts_of_both_numbers_are_shown_in_one_thread_and_answered_where_they_came_from(
    make_world: MakeWorld,
) -> None:
    async with team_world(make_world) as world:
        await merged(world)
        await world.text("It is me again")
        await world.until(lambda: "It is me again" in world.shown(OTHER))
        assert "It is me again" not in world.shown(CONTACT)
        text = next(post for post in world.thread(OTHER) if seen.words(post) == "It is me again")
        assert "555-010-0200" in (text.username or "")
        await handled(world)
        assert "+1 555-010-0200" in facts(world.root(OTHER))
        world.reply("Hello again", contact=OTHER)
        await world.until(lambda: world.got(CONTACT))
        assert (world.got(CONTACT), world.got(OTHER)) == (["Hello again"], [])
        await world.text("Now from work", sender=OTHER)
        await world.until(lambda: "Now from work" in world.shown(OTHER))
        await handled(world)
        world.reply("Hello at work", contact=OTHER)
        await world.until(lambda: world.got(OTHER))
        assert (world.got(CONTACT), world.got(OTHER)) == (["Hello again"], ["Hello at work"])


@on_sqlite
async def test_both_threads_say_where_the_conversation_lives_now(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await merged(world)
        one, other = world.root(CONTACT), world.root(OTHER)
        await world.until(lambda: "goes on in #1002" in facts(world.root(CONTACT)))
        assert links([world.root(CONTACT)])
        assert any("Merged into #1002 by Ana Souza" in note for note in world.notes(CONTACT))
        assert any("#1001 of +1 555-010-0200 is merged in here" in note for note in world.notes(OTHER))
        notes = [post for post in world.thread(CONTACT) if "Merged into" in post.text]
        assert any(other.ts.replace(".", "") in link for link in links(notes))
        notes = [post for post in world.thread(OTHER) if "is merged in here" in post.text]
        assert any(one.ts.replace(".", "") in link for link in links(notes))
        assert "merged" in await acts(world, ONE)
        assert "merged_here" in await acts(world, TWO)


@on_sqlite
async def test_a_reply_in_the_old_thread_is_held_with_a_link(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await merged(world)
        world.reply("Is this still read?")
        await world.until(lambda: any("goes on in #1002" in note for note in world.notes(CONTACT) if "Held" in note))
        question = next(post for post in world.thread(CONTACT) if "Held" in post.text)
        await world.until(lambda: links([question]))
        assert world.got(CONTACT) == []
        await world.press("send")
        await world.until(lambda: world.got(CONTACT))
        assert await is_in(world, ONE, TWO)


@pytest.mark.parametrize("where", ["old thread", "new thread", "button", "command"])
async def test_unmerging_lets_both_go_on_as_before(make_world: MakeWorld, where: str) -> None:
    async with team_world(make_world) as world:
        await merged(world)
        await world.text("While merged")
        await world.until(lambda: "While merged" in world.shown(OTHER))
        await handled(world)
        if where == "old thread":
            world.reply("!unmerge")
        elif where == "new thread":
            world.reply("!unmerge", contact=OTHER)
        elif where == "button":
            await world.press("unmerge")
        else:
            await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "#1002 unmerge #1001")
        await world.until_async(lambda: is_alone(world, ONE))
        await handled(world)
        await world.text("By myself again")
        await world.until(lambda: "By myself again" in world.shown(CONTACT))
        assert "While merged" in world.shown(OTHER)
        assert any("Separated from #1002" in note for note in world.notes(CONTACT))
        await handled(world)
        world.reply("To one", contact=CONTACT)
        world.reply("To other", contact=OTHER)
        await world.until(lambda: world.got(CONTACT) and world.got(OTHER))
        assert (world.got(CONTACT), world.got(OTHER)) == (["To one"], ["To other"])
        assert "unmerged" in await acts(world, ONE)
        assert "unmerged_here" in await acts(world, TWO)
        world.reply("!unmerge", contact=CONTACT)
        await handled(world)
        assert (await acts(world, ONE)).count("unmerged") == 1


async def test_a_number_that_opted_out_is_never_texted_the_other_still_is(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await merged(world)
        world.reply("!optout", contact=OTHER)
        await handled(world)
        await world.text("Please do text me", sender=OTHER)
        await world.until(lambda: "Please do text me" in world.shown(OTHER))
        world.reply("!optin she texted so", contact=OTHER)
        await handled(world)
        world.reply("Gladly", contact=OTHER)
        await world.until(lambda: world.got(OTHER))
        await world.text("And me?")
        await world.until(lambda: "And me?" in world.shown(OTHER))
        await handled(world)
        assert "opted out" in facts(world.root(OTHER)).casefold()
        world.reply("Not you", contact=OTHER)
        await world.until(lambda: any("opted out" in note.casefold() for note in world.notes(OTHER)))
        await handled(world)
        assert world.got(CONTACT) == []


async def test_texts_follow_a_chain_of_merges(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        third = "+15550100400"
        await merged(world)
        world.twilio.add_phone(third, name="Maria's mother")
        await world.open("My daughter's phone", third)
        await handled(world)
        world.reply("!merge 1003", contact=OTHER)
        await world.until_async(lambda: is_in(world, TWO, 1003))
        await handled(world)
        await world.text("Follow me")
        await world.until(lambda: "Follow me" in world.shown(third))
        await handled(world)
        world.reply("Done", contact=third)
        await world.until(lambda: world.got(CONTACT))
        world.reply("!merge #1001", contact=third)
        await handled(world)
        assert await is_alone(world, 1003)
        assert any("is merged in here already" in post.text for post in world.private(world.ana))


@on_sqlite
async def test_what_was_on_its_way_keeps_its_mark_in_the_old_thread(make_world: MakeWorld) -> None:
    async with team_world(make_world, "    undo: 20s\n    stale_stop: false") as world:
        await two(world)
        reply = world.reply("On its way")
        await world.until(lambda: "hourglass_flowing_sand" in world.marks(reply))
        world.reply("!merge #1002")
        await world.until_async(lambda: is_in(world, ONE, TWO))
        world.skip(30)
        await world.until(lambda: world.got(CONTACT) == ["On its way"], skipping=5)
        await world.until(lambda: "outbox_tray" in world.marks(reply) or "ballot_box_with_check" in world.marks(reply))


async def test_labels_and_name_go_along_and_merging_twice_is_harmless(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world) as world:
        await two(world)
        world.reply("!label lead")
        world.reply("!name Maria Silva")
        await handled(world)
        world.reply("!merge #1002")
        await world.until_async(lambda: is_in(world, ONE, TWO))
        await handled(world)
        home = await load(world, TWO)
        assert home.conversation is not None
        assert home.contact is not None
        assert (home.conversation.labels, home.contact.name) == (("lead",), "Maria Silva")
        assert "Maria Silva" in world.root(OTHER).text
        world.reply("!merge 1002")
        await handled(world)
        assert [one.count("merged") for one in (await acts(world, ONE),)] == [1]


async def test_split_from_here_by_the_shortcut(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open("The first matter")
        await world.text("The second matter")
        await world.until(lambda: "The second matter" in world.shown())
        await handled(world)
        post = next(post for post in world.thread() if seen.words(post) == "The second matter")
        await world.slack.people.shortcut(world.ana.id, "split", post.channel, post.ts)
        await world.until(lambda: len(world.roots()) == 2)
        await handled(world)
        new = world.roots()[-1]
        carried = " ".join(post.text for post in world.thread() if post.thread_ts == new.ts)
        assert "The second matter" in carried
        assert "The first matter" not in carried


async def test_splitting_goes_on_in_a_new_thread_and_merging_undoes_it(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open()
        await handled(world)
        world.reply("!split")
        await world.until(lambda: len(world.roots()) == 2)
        await handled(world)
        old, new = world.roots()
        assert any("goes on in #1002" in note for note in world.notes())
        in_new = [post.text for post in world.thread() if post.thread_ts == new.ts]
        assert any("Is my order ready?" in text for text in in_new)
        await world.text("Here I am")
        await world.until(lambda: any(post.thread_ts == new.ts and post.username for post in world.thread()))
        await handled(world)
        world.reply("!merge #1001")
        await world.until_async(lambda: is_in(world, TWO, ONE))
        await handled(world)
        await world.text("Together")
        await world.until(
            lambda: any(post.thread_ts == old.ts and seen.words(post) == "Together" for post in world.thread())
        )

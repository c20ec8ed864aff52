"""Nobody answers what they could not have seen, or what another has just answered."""

import pytest

from bridge.sandbox.slack.delivery import Disorder
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.doing import handled
from tests.flow.team import sales_room, team_world

NOW, LATER = "    undo: 0s", "    undo: 30s"


async def test_a_reply_older_than_the_latest_text_is_held_and_sent_anyway(make_world: MakeWorld) -> None:
    async with make_world(line=NOW) as world:
        await world.start()
        await world.open("Is it ready?")
        world.fault("chat.postMessage", "rate_limited", 5)
        await world.text("Never mind, cancel it")
        reply = world.reply("Yes, come at noon")
        await world.until(lambda: world.marks(reply) == ["hourglass_flowing_sand"])
        world.skip(6)
        await world.until(lambda: any("wrote again" in note for note in world.notes()))
        assert world.got() == []
        await world.press("send")
        await world.until(lambda: world.got() == ["Yes, come at noon"])


@on_sqlite
async def test_a_text_that_was_there_before_does_not_hold_a_reply(make_world: MakeWorld) -> None:
    async with make_world(line=NOW) as world:
        await world.start()
        await world.open("Is it ready?")
        await world.text("and open?")
        await world.until(lambda: "and open?" in world.shown())
        world.reply("Yes, both")
        await world.until(lambda: world.got() == ["Yes, both"])


@pytest.mark.parametrize(("seconds", "held"), [(0.5, True), (1.9, True), (2.1, False)])
async def test_a_text_that_was_shown_while_the_reply_was_written_holds_it(
    make_sqlite_world: MakeWorld, seconds: float, held: bool
) -> None:
    async with make_sqlite_world(line=NOW) as world:
        await world.start()
        card = await world.open("Is it ready?")
        await handled(world)
        await world.text("Never mind, cancel it")
        await world.until(lambda: "Never mind, cancel it" in world.shown())
        await handled(world)
        shown = max(float(post.ts) for post in world.thread() if post.username is not None)
        world.clock.skip(shown + seconds - world.clock.now().timestamp())
        reply = world.slack.people.post(world.ana.id, card.channel, "Yes, come at noon", thread_ts=card.ts)
        assert abs(float(reply.ts) - shown - seconds) < 0.09
        await world.until(lambda: world.marks(reply))
        await handled(world)
        assert world.got() == ([] if held else ["Yes, come at noon"])
        assert any("wrote again" in note for note in world.notes()) is held


@on_sqlite
async def test_a_text_during_the_undo_window_holds_the_reply(make_world: MakeWorld) -> None:
    async with make_world(line=LATER) as world:
        await world.start()
        await world.open("Is it ready?")
        reply = world.reply("Yes, come at noon")
        await world.until(lambda: world.marks(reply))
        await world.text("Never mind, cancel it")
        await world.until(lambda: any("wrote again" in note for note in world.notes()))
        world.skip(60)
        await handled(world)
        assert world.got() == []
        await world.press("keep")
        await world.until(lambda: world.marks(reply) == ["lock"])


async def test_a_reply_that_reaches_us_after_a_later_one_is_held(make_world: MakeWorld) -> None:
    async with make_world(line=NOW) as world:
        await world.start()
        await world.open("Is it ready?")
        world.slack.delivery.disorder = Disorder(delay=30)
        first = world.reply("No, tomorrow", world.ana)
        world.slack.delivery.disorder = Disorder()
        world.reply("Yes, come at noon", world.ben)
        await world.until(lambda: world.got() == ["Yes, come at noon"])
        world.skip(31)
        await world.until(lambda: world.marks(first) == ["hourglass_flowing_sand"])
        await world.idle()
        assert any("answered at the same time" in note for note in world.notes())
        assert world.got() == ["Yes, come at noon"]


@pytest.mark.parametrize("undo", [NOW, LATER])
async def test_of_two_who_answer_at_once_the_second_is_asked(make_world: MakeWorld, undo: str) -> None:
    async with make_world(line=undo) as world:
        await world.start()
        await world.open("Is it ready?")
        world.reply("No, tomorrow", world.ana)
        second = world.reply("Yes, come at noon", world.ben)
        await world.until(lambda: any("answered at the same time" in note for note in world.notes()))
        world.skip(31)
        await world.until(lambda: world.got() == ["No, tomorrow"])
        await world.until(lambda: world.marks(second) == ["hourglass_flowing_sand"])
        third = world.reply("Noon it is", world.ana)
        await world.until(lambda: world.marks(third))
        world.skip(31)
        await world.until(lambda: world.got() == ["No, tomorrow", "Noon it is"])


@on_sqlite
async def test_a_text_from_before_a_hand_over_does_not_hold_the_answer_of_the_new_team(make_world: MakeWorld) -> None:
    async with team_world(make_world) as world:
        await world.open("Can I buy ten?")
        world.reply("!team sales")
        await world.until(lambda: len(world.roots()) == 2)
        await handled(world)
        new = next(root for root in world.roots() if root.channel == sales_room(world).id)
        world.slack.people.post(world.ben.id, new.channel, "Sure, ten it is", thread_ts=new.ts)
        await world.until(lambda: world.got() == ["Sure, ten it is"])


@on_sqlite
async def test_the_stop_can_be_switched_off(make_world: MakeWorld) -> None:
    async with make_world(line=f"{NOW}\n    stale_stop: false") as world:
        await world.start()
        await world.open("Is it ready?")
        world.fault("chat.postMessage", "rate_limited", 5)
        await world.text("and open?")
        world.reply("Yes, both")
        await world.until(lambda: world.got() == ["Yes, both"])
        world.skip(6)
        await world.until(lambda: "and open?" in world.shown())

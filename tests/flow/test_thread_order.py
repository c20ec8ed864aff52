"""Replies in one thread go out in the order they were written, though the card was not written down when they came."""

import pytest

from bridge.pipeline.worker import Worker
from tests.flow.conftest import MakeWorld
from tests.flow.world import PLAIN, World


async def never(_self: Worker) -> None:
    """A killed process writes nothing down."""


async def killed_after_its_card(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge posted a card and was killed before it knew; a reply written meanwhile is never delivered."""
    world.fault("chat.postMessage", "hang")
    await world.text("text 1")
    await world.until(lambda: world.service_busy and world.roots())
    with monkeypatch.context() as killed:
        killed.setattr(Worker, "_finish", never)
        await world.stop()
    world.slack.delivery.drop_when_away = True
    world.reply("reply 1")


async def handled(world: World) -> None:
    """All that was delivered was handled."""

    async def done() -> bool:
        return not world.slack.delivery.pending and not (await world.overview()).unhandled

    await world.until_async(done)


async def test_of_a_card_that_was_found_again_the_thread_is_read_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await killed_after_its_card(world, monkeypatch)
    await world.start()
    await world.connected()
    await world.until(lambda: world.shown() == ["text 1"], skipping=3)
    world.reply("reply 2")
    await world.until(lambda: len(world.got()) == 2, 10)
    assert world.got() == ["reply 1", "reply 2"]


async def test_what_comes_before_the_card_is_found_again_is_not_lost_and_overtakes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await killed_after_its_card(world, monkeypatch)
    world.fault("conversations.history", "lose_answer")
    await world.start()
    await world.connected()
    world.reply("reply 2")
    await handled(world)
    await world.until(lambda: world.shown() == ["text 1"], skipping=3)
    world.reply("reply 3")
    await world.until(lambda: len(world.got()) == 3, 10)
    assert world.got() == ["reply 1", "reply 2", "reply 3"]


async def test_a_reply_that_is_quicker_than_the_answer_about_its_card_is_not_overtaken(make_world: MakeWorld) -> None:
    async with make_world(line=PLAIN) as world:
        await world.start()
        await world.connected()
        world.fault("chat.postMessage", "delay", 0.5)
        await world.text("text 1")
        await world.until(world.roots)
        people, root = world.slack.people, world.root()
        world.reply("reply 1")
        aside = people.post(world.ana.id, root.channel, "pizza")
        people.post(world.ben.id, root.channel, "yes", thread_ts=aside.ts)
        await handled(world)
        await world.until(lambda: world.shown() == ["text 1"])
        world.reply("reply 2")
        await world.until(lambda: len(world.got()) == 2, 10)
        assert world.got() == ["reply 1", "reply 2"]

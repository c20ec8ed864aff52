"""A Slack that answers late, never, twice or not at all."""

import pytest

from bridge.sandbox.faults import FaultKind
from bridge.sandbox.slack.delivery import Disorder
from tests.flow.conftest import MakeWorld
from tests.flow.world import World

POST = "chat.postMessage"


@pytest.mark.parametrize("kind", ["lose_answer", "lose_request"])
async def test_a_post_whose_answer_was_lost_is_there_once(world: World, kind: FaultKind) -> None:
    await world.open("one text")
    await world.idle()
    world.fault(POST, kind)
    await world.text("another text")
    await world.until(lambda: not world.faults._pending)
    await world.idle(skipping=31)
    assert world.shown() == ["one text", "another text"]


async def test_a_card_whose_answer_was_lost_is_there_once(world: World) -> None:
    world.fault(POST, "lose_answer")
    await world.text("one text")
    await world.until(lambda: not world.faults._pending)
    await world.until(lambda: world.shown() == ["one text"], skipping=3)
    await world.idle()
    assert len(world.roots()) == 1


@pytest.mark.parametrize(("kind", "value"), [("rate_limited", 30), ("status", 500), ("status", 503), ("html", 0)])
async def test_texts_wait_for_slack_and_are_shown_in_order(world: World, kind: FaultKind, value: float) -> None:
    await world.open("one text")
    await world.idle()
    world.fault(POST, kind, value)
    for body in ("another text", "a third text"):
        await world.text(body)
    await world.until(lambda: not world.faults._pending)
    await world.idle(skipping=31)
    assert world.shown() == ["one text", "another text", "a third text"]


async def test_a_post_that_hangs_is_looked_up(make_sqlite_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.pipeline.worker.CALL_SECONDS_LIMIT", 0.5)
    async with make_sqlite_world() as world:
        await world.start()
        await world.open("one text")
        await world.idle()
        world.fault(POST, "hang")
        await world.text("another text")
        await world.until(lambda: not world.faults._pending)
        await world.idle(skipping=3)
        assert world.shown() == ["one text", "another text"]


@pytest.mark.parametrize("disorder", [Disorder(same_id=1.0), Disorder(new_id=1.0), Disorder(same_id=1.0, new_id=1.0)])
async def test_events_that_come_twice_count_once(world: World, disorder: Disorder) -> None:
    await world.open()
    world.slack.delivery.disorder = disorder
    replies = [f"reply {number}" for number in range(5)]
    for words in replies:
        world.reply(words)
    await world.until(lambda: len(world.got()) >= 5)
    await world.idle()
    assert world.got() == replies


async def test_shuffled_events_lose_and_double_nothing(world: World) -> None:
    await world.open()
    world.slack.delivery.disorder = Disorder(shuffle=0.3, same_id=0.5)
    replies = [f"reply {number}" for number in range(8)]
    for words in replies:
        world.reply(words)
    await world.until(lambda: len(world.got()) >= 8)
    await world.idle()
    assert sorted(world.got()) == replies


@pytest.mark.parametrize("warn", [True, False])
async def test_replies_during_a_change_of_sockets_leave_once_and_in_order(world: World, *, warn: bool) -> None:
    await world.open()
    replies = [f"reply {number}" for number in range(9)]
    for number, words in enumerate(replies):
        world.reply(words)
        if number % 3 == 1:
            world.slack.sockets.refresh(warn=warn)
            if warn:
                world.skip(11)
    await world.until(lambda: len(world.got()) >= 9)
    await world.idle()
    assert world.got() == replies


async def test_replies_behind_a_cut_socket_and_failed_handshakes_leave_once_and_in_order(world: World) -> None:
    await world.open()
    world.slack.delivery.drop_when_away = True
    world.slack.sockets.refuse_handshakes = 2
    world.slack.sockets.cut()
    world.reply("while away")
    await world.connected()
    world.reply("back again")
    await world.until(lambda: len(world.got()) >= 2)
    await world.idle()
    assert world.got() == ["while away", "back again"]


async def test_the_newest_mark_of_each_reply_shows_although_slack_lets_no_old_one_be_taken_away(
    make_sqlite_world: MakeWorld,
) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        await world.open()
        world.fault("reactions.remove", "rate_limited", 60, times=1000)
        replies = [world.reply(f"answer {number}") for number in range(3)]
        await world.until(lambda: all("ballot_box_with_check" in world.marks(reply) for reply in replies))
        world.faults.clear()
        await world.idle(skipping=20)
        assert [world.marks(reply) for reply in replies] == [["ballot_box_with_check"]] * 3

"""What happens while the bridge is away is taken in when it is back: once each, in order."""

import asyncio

import pytest

from bridge.pipeline.worker import LEASE_SECONDS, Worker
from bridge.sandbox.slack.delivery import Disorder
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.world import LINE, World

TEN_MINUTES = 600
LATE = "Received while the bridge was away."


async def test_ten_minutes_away_lose_no_text_and_no_reply(world: World) -> None:
    await world.open("before")
    world.reply("reply before")
    await world.until(lambda: world.got() == ["reply before"])
    await world.idle()
    await world.stop()
    world.slack.delivery.drop_when_away = True
    texts, replies = [f"text {number}" for number in range(5)], [f"reply {number}" for number in range(5)]
    for body, words in zip(texts, replies, strict=True):
        world.clock.skip(TEN_MINUTES / 5)
        sent = await world.twilio.text_in(world.phone.number, LINE, body)
        assert not sent.accepted
        world.reply(words)
    world.clock.skip(31)
    await world.start()
    await world.connected()
    await world.text("after")
    world.reply("reply after")
    await world.until(lambda: len(world.shown()) >= 7 and len(world.got()) >= 7)
    await world.idle()
    assert world.shown() == ["before", *texts, "after"]
    assert world.got() == ["reply before", *replies, "reply after"]
    late = {seen.words(post) for post in world.thread() if LATE in str(post.blocks)}
    assert set(texts) <= late <= {*texts, "after"}, "what came while catching up may be found both ways"


async def test_comments_and_edits_of_that_time_are_read_as_they_are_now(world: World) -> None:
    await world.open("before")
    await world.idle()
    await world.stop()
    world.slack.delivery.drop_when_away = True
    world.reply("// inside")
    first = world.reply("Yes, since none")
    world.slack.people.edit(world.ana.id, first.channel, first.ts, "Yes, since noon")
    await world.start()
    await world.until(world.got)
    await world.idle()
    assert world.got() == ["Yes, since noon"]


async def test_stopping_finishes_the_call_in_hand(world: World) -> None:
    await world.open()
    world.fault("messages.create", "delay", 0.5)
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.service_busy and world.got())
    await world.stop()
    assert world.got() == ["Yes, since noon"]
    await world.start()
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])
    await world.idle()
    assert world.got() == ["Yes, since noon"]
    assert sum(entry.where == "messages.list" for entry in world.twilio.journal) <= 2


async def test_a_clock_that_jumps_hours_to_and_fro_repeats_and_loses_nothing(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 5s\n    stale_stop: false") as world:
        await world.start()
        await world.open("text 0")
        for number in range(1, 5):
            world.reply(f"reply {number}")
            await world.text(f"text {number}")
            world.skip(3600 if number % 2 else -3600)
            await asyncio.sleep(0.05)
        for _ in range(3):
            world.skip(7200)
            await asyncio.sleep(0.05)
        await world.until(lambda: len(world.got()) >= 4 and len(world.shown()) >= 5)
        await world.idle()
        assert world.got() == [f"reply {number}" for number in range(1, 5)]
        assert world.shown() == [f"text {number}" for number in range(5)]


async def test_a_killed_predecessor_holds_nothing_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_self: Worker) -> None:
        """A killed process writes nothing down."""

    await world.open()
    world.fault("messages.create", "hang")
    world.reply("Yes, since noon")
    await world.until(lambda: world.service_busy and world.got())
    world.reply("and tomorrow")
    with monkeypatch.context() as killed:
        killed.setattr(Worker, "_finish", never)
        await world.stop()
    await world.start()
    await world.until(lambda: world.got() == ["Yes, since noon", "and tomorrow"], LEASE_SECONDS / 3)


async def test_an_event_slack_never_sent_is_found_however_much_came_after_it(world: World) -> None:
    await world.open()
    world.slack.delivery.disorder = Disorder(drop=1.0)
    world.reply("never delivered")
    world.slack.delivery.disorder = Disorder()
    world.skip(2 * TEN_MINUTES)
    world.reply("delivered")
    await world.until(lambda: world.got() == ["delivered"])
    await world.idle()
    await world.restart()
    await world.until(lambda: world.got() == ["delivered", "never delivered"])


async def test_a_reply_to_a_card_that_is_not_written_down_yet_is_found(world: World) -> None:
    world.fault("chat.postMessage", "lose_answer")
    await world.text("one text")
    await world.until(world.roots)
    await world.connected()
    world.reply("quick as lightning")
    await world.until(lambda: world.slack.delivery.pending == 0)
    await world.until(lambda: world.shown() == ["one text"], skipping=3)
    await world.idle()
    await world.restart()
    await world.until(lambda: world.got() == ["quick as lightning"])


async def test_a_failure_whose_callback_found_nobody_is_told_at_the_next_start(world: World) -> None:
    await world.open()
    world.twilio.callbacks.missing = {"sent", "undelivered"}
    world.phone.behaviour = "undelivered"
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["outbox_tray"])
    await world.until(lambda: world.twilio.messages[-1].status == "undelivered")
    await world.idle()
    assert world.notes() == []
    world.clock.skip(61)
    await world.restart()
    note = await world.until(lambda: next(iter(world.notes()), None))
    assert "Not delivered" in note
    await world.until(lambda: world.marks(reply) == ["warning"])


async def test_a_reply_deleted_while_we_were_away_is_asked_about_when_slack_tells_of_it_at_last(world: World) -> None:
    await world.open()
    await world.idle()
    await world.stop()
    written = world.reply("Never mind")
    world.slack.delivery.disorder = Disorder(drop=1.0)
    world.slack.people.delete(world.ana.id, written.channel, written.ts)
    world.slack.delivery.disorder = Disorder()
    world.clock.skip(5)
    before = len(world.slack.journal.of("conversations.replies"))
    await world.start()
    await world.connected()
    await world.until(lambda: len(world.slack.journal.of("conversations.replies")) > before)
    await world.idle()
    world.skip(61)
    note = await world.until(lambda: next(iter(world.notes()), None))
    await world.idle()
    assert "may have been deleted" in note
    assert world.got() == []


async def test_a_reply_taken_back_by_a_reaction_while_we_were_away_stays(world: World) -> None:
    await world.open()
    await world.idle()
    await world.stop()
    world.slack.delivery.drop_when_away = True
    taken_back, meant = world.reply("Never mind"), world.reply("Yes, since noon")
    world.slack.people.react(world.ana.id, taken_back.channel, taken_back.ts, "x")
    world.slack.people.react(world.ana.id, meant.channel, meant.ts, "tada")
    await world.start()
    await world.until(world.got)
    await world.idle()
    assert world.got() == ["Yes, since noon"]

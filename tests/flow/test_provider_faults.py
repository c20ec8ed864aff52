"""A provider that answers late, never, twice, or out of order: never a second text, never a lost one unseen."""

import pytest

from bridge.sandbox.faults import FaultKind
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.test_threads import alarms
from tests.flow.world import World

CREATE, LIST = "messages.create", "messages.list"


def warned(world: World) -> bool:
    """Whether the thread says that a text may not have left."""
    return bool(seen.with_button(world.posts(), "again"))


def creates(world: World) -> int:
    """How often a text was ordered from Twilio."""
    return sum(entry.where == CREATE for entry in world.twilio.journal)


async def test_a_lost_answer_is_found_and_the_text_not_repeated(world: World) -> None:
    await world.open()
    world.twilio.callbacks.missing = {"queued", "sent", "delivered"}
    world.fault(CREATE, "lose_answer")
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    await world.until(lambda: creates(world))
    await world.until(lambda: world.marks(reply) == ["outbox_tray"], skipping=6)
    await world.idle()
    assert world.got() == ["Yes, since noon"]


async def test_a_callback_resolves_a_lost_answer_by_itself(world: World) -> None:
    await world.open()
    world.fault(LIST, "status", 500, times=100)
    world.fault(CREATE, "lose_answer")
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])
    await world.idle(skipping=6)
    assert world.got() == ["Yes, since noon"]
    assert not warned(world)


async def test_what_is_never_listed_is_left_to_a_person(world: World) -> None:
    await world.open()
    world.fault(CREATE, "lose_request")
    reply = world.reply("Yes, since noon")
    await world.until(lambda: creates(world))
    await world.until(lambda: warned(world), 30, skipping=40)
    await world.until(lambda: world.marks(reply) == ["warning"])
    assert world.got() == []
    await world.press("again")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    await world.idle()
    assert world.got() == ["Yes, since noon"]


async def test_an_unknown_text_holds_up_no_later_one(world: World) -> None:
    await world.open()
    world.fault(CREATE, "lose_request")
    world.reply("the lost one")
    await world.until(lambda: creates(world))
    world.reply("the later one")
    await world.until(lambda: world.got() == ["the later one"], 30, skipping=40)


@pytest.mark.parametrize(("kind", "value"), [("status", 500), ("status", 503), ("html", 0)])
async def test_an_answer_that_says_nothing_is_looked_up(world: World, kind: FaultKind, value: float) -> None:
    await world.open()
    world.fault(CREATE, kind, value)
    world.reply("Yes, since noon")
    await world.until(lambda: creates(world))
    await world.until(lambda: warned(world), 30, skipping=40)
    assert world.got() == []


async def test_a_limit_is_waited_for(world: World) -> None:
    await world.open()
    world.fault(CREATE, "rate_limited", 20)
    world.reply("the first")
    world.reply("the second")
    await world.until(lambda: creates(world))
    assert world.got() == []
    await world.until(lambda: len(world.got()) == 2, skipping=21)
    assert world.got() == ["the first", "the second"]


async def test_callbacks_before_the_answer_shuffled_and_doubled_change_nothing(world: World) -> None:
    await world.open()
    knobs = world.twilio.callbacks
    knobs.before_answer, knobs.copies, knobs.order = True, 3, "shuffled"
    posts = [world.reply(f"reply {number}") for number in range(4)]
    await world.until(lambda: all(world.marks(post) == ["ballot_box_with_check"] for post in posts))
    assert world.got() == [f"reply {number}" for number in range(4)]


async def test_a_late_report_of_sent_does_not_undo_delivered(world: World) -> None:
    await world.open()
    world.twilio.callbacks.order = "reversed"
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])
    await world.twilio.settled()
    await world.idle()
    assert world.marks(reply) == ["ballot_box_with_check"]


async def test_refused_credentials_raise_one_alarm_and_the_text_leaves_once_they_are_mended(world: World) -> None:
    await world.open()
    world.account.status = "suspended"
    world.reply("Yes, since noon")
    await world.until(lambda: alarms("credentials refused") == 1)
    await world.until(lambda: creates(world) > 2 and world.notes(), skipping=61)
    await world.until(lambda: not world.service_busy)
    assert sum("refuses our credentials" in note for note in world.notes()) == 1
    world.account.status = "active"
    await world.until(lambda: world.got() == ["Yes, since noon"], skipping=61)
    await world.until(lambda: alarms("credentials refused") == 0)
    world.twilio.violations.clear()


async def test_a_text_posted_five_times_at_once_is_shown_once(world: World) -> None:
    await world.open()
    await world.text("only once", copies=5)
    await world.until(lambda: "only once" in world.shown())
    await world.idle()
    assert world.shown().count("only once") == 1


async def test_an_answer_that_never_comes_is_looked_up(
    make_sqlite_world: MakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.pipeline.worker.CALL_SECONDS_LIMIT", 0.5)
    async with make_sqlite_world() as world:
        await world.start()
        await world.open()
        world.fault(CREATE, "hang")
        world.reply("Yes, since noon")
        world.reply("and tomorrow")
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await world.until(lambda: world.got() == ["Yes, since noon", "and tomorrow"], skipping=6)


async def test_an_old_report_of_a_failed_text_does_not_stop_the_next_try(world: World) -> None:
    await world.open()
    world.twilio.add_phone(world.phone.number, behaviour="undelivered")
    world.twilio.callbacks.order = "reversed"
    world.fault(CREATE, "delay", 0)
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["warning"])
    world.twilio.add_phone(world.phone.number)
    await world.press("again")
    await world.until(lambda: world.got() == ["Yes, since noon"])

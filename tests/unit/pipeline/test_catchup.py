"""Catching up: what was missed is taken in, whatever else fails."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from bridge.domain.people import ChatRef
from bridge.observability import ALARMS
from bridge.pipeline import catchup
from bridge.pipeline.catchup import FIRST_RETRY_SECONDS, OVERLAP
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import RawChatEvent
from bridge.ports.store import StoreUnavailable
from tests.pipeline.doubles import Phones, Rooms
from tests.unit.pipeline.able import AblePhones, AbleRooms
from tests.unit.pipeline.catchup_cases import LATE, OTHER, SOURCE, catching_up, kept
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, outside, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import LINE, NOW, ROOT, text


async def test_the_first_time_a_line_is_only_noted_and_then_what_is_missing_is_taken_in() -> None:
    store, phones = ScriptedStore(), AblePhones()
    catch_up, intake = catching_up(store, outside(phones))
    assert await catch_up.line(phones, "main", LINE) == 0
    assert phones.since is None
    assert store.script.seen == {SOURCE: NOW}
    await intake.listed("main", text(external_id="SM1"))
    phones.received = (text(external_id="SM1"), text(external_id="SM2"))
    assert await catch_up.line(phones, "main", LINE) == 1
    assert phones.since == NOW - OVERLAP
    assert kept(store) == ["SM1", "SM2"]


async def test_what_comes_by_the_door_waits_for_what_came_before(start: Start, pauses: list[float]) -> None:
    store, phones = ScriptedStore(Script(seen={SOURCE: NOW})), AblePhones()
    phones.received = (text(external_id="SM1"),)
    catch_up, intake = catching_up(store, outside(phones, platforms={}))
    catch_up.hold_back()
    passing = asyncio.ensure_future(intake.gates["main"].passed())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not passing.done()
    start(catch_up.run())
    await asyncio.wait_for(passing, 1)
    assert kept(store) == ["SM1"]


async def test_nobody_waits_for_a_provider_that_lists_no_texts() -> None:
    catch_up, intake = catching_up(ScriptedStore(), outside(Phones()))
    catch_up.hold_back()
    await asyncio.wait_for(intake.gates["main"].passed(), 1)


async def test_a_line_that_cannot_be_listed_opens_its_gate_raises_the_alarm_and_is_tried_again(
    start: Start, pauses: list[float]
) -> None:
    store, phones = ScriptedStore(Script(seen={SOURCE: NOW})), AblePhones()
    phones.received = SendDeferred("gone", 33.0)
    catch_up, intake = catching_up(store, outside(phones, platforms={}))
    start(catch_up.run())
    await until(lambda: pauses)
    assert pauses[0] == 33.0
    assert ALARMS.labels("catch-up fails", SOURCE)._value.get() == 1
    await asyncio.wait_for(intake.gates["main"].passed(), 1)
    phones.received = (text(external_id="SM2"),)
    await until(lambda: kept(store) == ["SM2"])
    await until(lambda: pauses[-1] == catchup.EVERY.total_seconds())
    assert ALARMS.labels("catch-up fails", SOURCE)._value.get() == 0


async def test_who_is_asked_to_be_slower_raises_no_alarm(start: Start, pauses: list[float]) -> None:
    store, phones = ScriptedStore(Script(seen={SOURCE: NOW})), AblePhones()
    phones.received = SendDeferred("busy", 33.0, whole_target=True)
    start(catching_up(store, outside(phones, platforms={}))[0].run())
    await until(lambda: pauses)
    assert (pauses[0], ALARMS.labels("catch-up fails", SOURCE)._value.get()) == (33.0, 0)


async def test_a_failure_without_a_wish_is_tried_again_soon(start: Start, pauses: list[float]) -> None:
    store, phones = ScriptedStore(Script(seen={SOURCE: NOW})), AblePhones()
    phones.received = CredentialsRejected("no")
    start(catching_up(store, outside(phones, platforms={}))[0].run())
    await until(lambda: pauses)
    assert pauses[0] == FIRST_RETRY_SECONDS


async def test_who_cannot_be_asked_is_not_waited_for() -> None:
    store = ScriptedStore()
    around = outside(Phones(), Rooms())
    catch_up, intake = catching_up(store, around)
    await catch_up.run()
    await asyncio.wait_for(intake.gates["main"].passed(), 1)
    assert store.script.seen == {}


async def test_a_thread_that_cannot_be_read_now_does_not_stop_the_others_but_is_told() -> None:
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(ROOT, NOW), (OTHER, NOW)]))
    rooms.replies = [SendOutcomeUnknown("lost"), [RawChatEvent("missed", b"1")]]
    catch_up, _ = catching_up(store, outside(rooms=rooms))
    with pytest.raises(SendOutcomeUnknown):
        await catch_up.threads("slack", rooms)
    assert kept(store) == ["missed"]


@pytest.mark.parametrize(
    "problem", [SendDeferred("busy", whole_target=True), CredentialsRejected("no"), StoreUnavailable("disk full")]
)
async def test_after_what_concerns_all_threads_no_more_are_read(problem: Exception) -> None:
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(ROOT, NOW), (OTHER, NOW)]))
    rooms.replies = [problem]
    catch_up, _ = catching_up(store, outside(rooms=rooms))
    with pytest.raises(type(problem)):
        await catch_up.threads("slack", rooms)
    assert rooms.reads == [(ROOT, NOW - OVERLAP)]


async def test_where_few_threads_may_be_read_a_minute_a_round_goes_on_where_it_was() -> None:
    """Slack lets about fifty be read; asked about the first fifty each time, it would never come to the others."""
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(root, NOW) for root in (ROOT, OTHER, LATE)]))
    limited = SendDeferred("busy", whole_target=True)
    catch_up, intake = catching_up(store, outside(rooms=rooms))
    door = intake.door("slack")

    async def attempt(*answers: list[RawChatEvent] | Exception) -> list[ChatRef]:
        rooms.reads.clear()
        rooms.replies = [*answers]
        with suppress(SendDeferred):
            await catch_up.threads("slack", rooms)
        return [root for root, _ in rooms.reads]

    assert await attempt([], limited) == [ROOT, OTHER]
    door.hurried.add(ROOT)
    assert await attempt([], [], limited) == [ROOT, OTHER, LATE], "who waits for one has it read again"
    assert await attempt([]) == [LATE]
    assert await attempt([], [], []) == [ROOT, OTHER, LATE], "the next round"
    assert await attempt([], limited) == [ROOT, OTHER]
    door.connected()
    assert await attempt([], [], []) == [ROOT, OTHER, LATE], "what was read before a new connection is read again"


@pytest.mark.parametrize(("reached", "alarmed"), [(None, 0), (NOW - timedelta(hours=1), 1)])
async def test_threads_that_are_left_out_are_told_of(reached: datetime | None, alarmed: int) -> None:
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(ROOT, NOW)], reached=reached))
    catch_up, _ = catching_up(store, outside(rooms=rooms))
    await catch_up.threads("slack", rooms)
    assert ALARMS.labels("threads left out of catch-up", "threads:slack")._value.get() == alarmed
    assert len(rooms.reads) == 1


async def test_a_thread_that_is_gone_is_passed_over() -> None:
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(ROOT, NOW), (OTHER, NOW + timedelta(hours=1))]))
    rooms.replies = [SendRejected("thread_not_found", "Gone."), [RawChatEvent("missed", b"1")]]
    catch_up, _ = catching_up(store, outside(rooms=rooms))
    await catch_up.threads("slack", rooms)
    assert kept(store) == ["missed"]


async def test_a_thread_is_read_again_from_where_it_is_complete_whatever_came_live_meanwhile() -> None:
    begun = NOW - timedelta(hours=5)
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(ROOT, begun)]))
    rooms.replies = [SendDeferred("busy"), [RawChatEvent("missed", b"1")]]
    catch_up, _ = catching_up(store, outside(rooms=rooms))
    with pytest.raises(SendDeferred):
        await catch_up.threads("slack", rooms)
    await catch_up.threads("slack", rooms)
    await catch_up.threads("slack", rooms)
    assert [since for _, since in rooms.reads] == [begun - OVERLAP, begun - OVERLAP, NOW - OVERLAP]
    assert kept(store) == ["missed"]

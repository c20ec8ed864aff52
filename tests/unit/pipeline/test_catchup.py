"""Catching up: what was missed is taken in, whatever else fails."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from bridge.domain.people import ChatRef
from bridge.observability import ALARMS
from bridge.pipeline import catchup
from bridge.pipeline.calls import Outside
from bridge.pipeline.catchup import FIRST_RETRY_SECONDS, OVERLAP, READ_AT_ONCE, CatchUp
from bridge.pipeline.intake import CLOCKS_APART, Intake
from bridge.pipeline.intake import LATE as LATE_KIND
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import AcceptChatEvents, RawChatEvent
from bridge.ports.provider import Provider
from bridge.ports.store import StoreUnavailable
from tests.pipeline.doubles import Phones, Rooms
from tests.unit.pipeline.able import AblePhones, AbleRooms
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, outside, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import LINE, NOW, ROOT, text

SOURCE = f"line:main/{LINE}"
OTHER = ChatRef("slack", "C1", "8.0")
LATE = ChatRef("slack", "C1", "9.0")


def catching_up(store: ScriptedStore, around: Outside) -> tuple[CatchUp, Intake]:
    """Catching up with what is around."""
    intake = Intake(store.port, around.providers)
    return CatchUp(store.port, intake, around, lambda: NOW), intake


def kept(store: ScriptedStore) -> list[str]:
    return [external_id for _, external_id in store.kept]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(catchup, "SOON_SECONDS", 0.0)


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


async def test_events_wait_until_the_threads_were_read(start: Start, at_once: None) -> None:
    rooms = AbleRooms()
    store = ScriptedStore(Script(threads=[(ROOT, NOW)]))
    rooms.replies = [SendDeferred("busy", whole_target=True), [RawChatEvent("missed", b"1")]]
    around = replace(outside(rooms=rooms), providers={"main": cast("Provider", Phones())})
    catch_up, intake = catching_up(store, around)
    live = intake.chat("slack")
    await live(())  # connected

    async def come_live() -> None:
        await live([RawChatEvent("live", b"2")])

    waiting = start(come_live())
    start(catch_up.run())
    await until(waiting.done)
    assert kept(store) == ["missed", "live"]
    assert rooms.reads == [(ROOT, NOW - OVERLAP)] * 2
    assert ALARMS.labels("catch-up fails", "threads:slack")._value.get() == 0


async def test_a_new_connection_has_the_threads_read_again_at_once(start: Start) -> None:
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(ROOT, NOW)]))
    catch_up, intake = catching_up(store, replace(outside(rooms=rooms), providers={"main": cast("Provider", Phones())}))
    start(catch_up.run())
    await until(lambda: len(rooms.reads) == 1)
    rooms.replies = [[RawChatEvent("missed", b"1")]]
    intake.door("slack").connected()
    await until(lambda: kept(store) == ["missed"])
    await asyncio.wait_for(intake.door("slack").gate.passed(), 1)


async def test_events_stay_behind_the_gate_when_the_connection_broke_while_reading(start: Start) -> None:
    class Breaking(AbleRooms):
        async def read_thread(self, root: ChatRef, *, since: object) -> list[RawChatEvent]:
            self.reads.append((root, NOW))
            if len(self.reads) == 1:
                door.connected()
            opened.append(door.gate.is_open)
            return []

    opened: list[bool] = []
    rooms, store = Breaking(), ScriptedStore(Script(threads=[(ROOT, NOW)]))
    catch_up, intake = catching_up(store, replace(outside(rooms=rooms), providers={"main": cast("Provider", Phones())}))
    door = intake.door("slack")
    start(catch_up.run())
    await until(lambda: len(rooms.reads) == 2)
    assert opened == [False, False]
    await until(lambda: door.gate.is_open)


async def test_what_comes_live_waits_for_its_own_thread_alone_and_that_is_read_first(start: Start) -> None:
    class Slow(AbleRooms):
        async def read_thread(self, root: ChatRef, *, since: datetime) -> list[RawChatEvent]:
            self.reads.append((root, since))
            await asks.wait() if root != LATE else None
            return [RawChatEvent(f"missed in {root.id}", b"1")]

    asks = asyncio.Event()
    others = [ChatRef("slack", "C1", f"{number}.5") for number in range(READ_AT_ONCE)]
    rooms, store = Slow(), ScriptedStore(Script(threads=[(root, NOW) for root in (*others, OTHER, ROOT, LATE)]))
    catch_up, intake = catching_up(store, replace(outside(rooms=rooms), providers={"main": cast("Provider", Phones())}))
    live = intake.chat("slack")
    await live(())  # connected
    start(catch_up.run())
    await until(lambda: len(rooms.reads) == READ_AT_ONCE)
    late = start(one(live, RawChatEvent("live", b"2", LATE)))
    elsewhere = start(one(live, RawChatEvent("in the room", b"3")))
    await one(live, RawChatEvent("button", b"4", ROOT, urgent=True))
    await until(lambda: LATE in intake.door("slack").hurried)
    assert kept(store) == ["button"]
    asks.set()
    await until(lambda: late.done() and elsewhere.done())
    assert [root for root, _ in rooms.reads][READ_AT_ONCE] == LATE
    assert kept(store).index(f"missed in {LATE.id}") < kept(store).index("live") < kept(store).index("in the room")
    assert intake.door("slack").hurried == set()


async def test_a_thread_read_before_the_connection_broke_holds_up_what_comes_after_it() -> None:
    store = ScriptedStore()
    _, intake = catching_up(store, outside())
    door = intake.door("slack")
    door.connected()
    door.was_read(ROOT, door.connections, NOW)
    await asyncio.wait_for(door.passed(RawChatEvent("a", b"1", ROOT)), 1)
    door.connected()
    door.was_read(ROOT, door.connections - 1, NOW)
    waiting = asyncio.ensure_future(door.passed(RawChatEvent("b", b"1", ROOT)))
    await asyncio.sleep(0)
    assert not waiting.done()
    door.was_read(ROOT, door.connections, NOW)
    await asyncio.wait_for(waiting, 1)


@pytest.mark.parametrize(
    ("thread", "posted", "kind"),
    [
        (ROOT, NOW - timedelta(minutes=1), LATE_KIND),
        (ROOT, NOW - CLOCKS_APART, "event"),
        (ROOT, None, "event"),
        (OTHER, NOW - timedelta(minutes=1), "event"),
        (None, NOW - timedelta(minutes=1), "event"),
    ],
)
async def test_a_post_that_comes_after_its_thread_was_read_without_it_is_late(
    thread: ChatRef | None, posted: datetime | None, kind: str
) -> None:
    rooms, store = AbleRooms(), ScriptedStore(Script(threads=[(ROOT, NOW), (OTHER, NOW)]))
    rooms.replies = [[], SendRejected("thread_not_found", "Gone.")]
    catch_up, intake = catching_up(store, outside(rooms=rooms))
    await catch_up.threads("slack", rooms)
    await one(intake.chat("slack"), RawChatEvent("x", b"1", thread, posted_at=posted))
    assert [draft.kind for draft in store.kept.values()] == [kind]


async def test_of_many_threads_the_last_read_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.pipeline.intake.THREADS_KNOWN", 1)
    door = catching_up(ScriptedStore(), outside())[1].door("slack")
    for root in (ROOT, OTHER):
        door.was_read(root, door.connections, NOW)
    posted = NOW - timedelta(minutes=1)
    late = [door.is_late(RawChatEvent("x", b"1", root, posted_at=posted)) for root in (ROOT, OTHER)]
    assert late == [False, True]


async def one(live: AcceptChatEvents, event: RawChatEvent) -> None:
    """An event comes live."""
    await live([event])


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

"""Catching up with threads: what was missed in them is taken in before what comes live."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from bridge.domain.people import ChatRef
from bridge.observability import ALARMS
from bridge.pipeline import catchup
from bridge.pipeline.catchup import OVERLAP, READ_AT_ONCE
from bridge.pipeline.intake import CLOCKS_APART
from bridge.pipeline.intake import LATE as LATE_KIND
from bridge.ports.errors import SendDeferred, SendRejected
from bridge.ports.platform import RawChatEvent
from bridge.ports.provider import Provider
from tests.pipeline.doubles import Phones
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.catchup_cases import LATE, OTHER, catching_up, kept, one
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, outside, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import NOW, ROOT


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once."""
    monkeypatch.setattr(catchup, "SOON_SECONDS", 0.0)


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

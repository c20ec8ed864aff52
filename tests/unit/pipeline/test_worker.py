"""One target's worker: what ended is written, what is due is claimed and carried out."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest

from bridge.observability import ALARMS
from bridge.pipeline import worker as module
from bridge.pipeline.pace import Pace
from bridge.pipeline.planner import Planner
from bridge.pipeline.worker import POLL_SECONDS, Worker
from bridge.ports.errors import CredentialsRejected, SendDeferred
from bridge.ports.provider import SendReceipt
from bridge.ports.rows import OutboxRow
from bridge.ports.store import StoreUnavailable, Unit
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, row, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.pipeline.working import LINE, MINUTE, Plans, T, ended, working
from tests.unit.rules.builders import NOW


async def test_due_rows_are_carried_out_as_slots_allow_and_written_down(start: Start) -> None:
    script = Script(rows=[row(key=key) for key in ("k1", "k2", "k3")])
    plans = Plans(k1=SendReceipt("SM1", 1), k2=SendReceipt("SM2", 1), k3=SendReceipt("SM3", 1))
    plans.free.clear()
    start(working(ScriptedStore(script), plans, slots=2).run())
    await until(lambda: len(plans.begun) == 2)
    assert [claimed.key for claimed in script.rows] == ["k3"]
    plans.free.set()
    await until(lambda: len(script.settled) == 3)
    assert {(one.row.key, one.status, one.row.attempts) for one in script.settled} == {
        (key, "done", 1) for key in ("k1", "k2", "k3")
    }


async def test_a_worker_with_no_slot_free_asks_nothing_of_the_store(start: Start) -> None:
    store, plans = ScriptedStore(Script(rows=[row(), row(key="k2")])), Plans()
    plans.free.clear()
    start(working(store, plans, slots=1).run())
    await until(lambda: plans.begun and store.waits)
    store.down = 1
    store.news.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert store.down
    store.down = 0
    plans.free.set()
    await until(lambda: len(store.script.settled) == 2)


async def test_new_rows_wake_the_worker(start: Start) -> None:
    store, plans = ScriptedStore(), Plans()
    start(working(store, plans).run())
    await until(lambda: store.waits)
    assert store.waits == [("outbox", POLL_SECONDS, LINE)]
    store.script.rows.append(row())
    store.news.set()
    await until(lambda: store.script.settled)
    assert plans.begun == ["k1"]


async def test_a_worker_that_is_stopped_finishes_the_calls_in_flight_first(start: Start) -> None:
    store, plans = ScriptedStore(Script(rows=[row()])), Plans(k1=SendReceipt("SM1", 1))
    plans.free.clear()
    task = start(working(store, plans).run())
    await until(lambda: plans.begun)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    plans.free.set()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert [settled.status for settled in store.script.settled] == ["done"]


class Slow(ScriptedStore):
    """Its first transaction takes until ``go``, and comes to what ``at_last`` says."""

    def __init__(self, rows: list[OutboxRow], at_last: Exception | None = None) -> None:
        super().__init__(Script(rows=rows))
        self.at_last = at_last
        self.turns = 0
        self.go = asyncio.Event()

    async def transact(self, work: Callable[[Unit], T], *, urgent: bool = False) -> T:
        self.turns += 1
        if self.turns > 1:
            return await super().transact(work)
        done = None if self.at_last else await super().transact(work)
        await self.go.wait()
        if self.at_last is not None:
            raise self.at_last
        return cast("T", done)


async def test_a_worker_stopped_in_the_middle_of_a_turn_makes_the_calls_it_began(start: Start) -> None:
    store, plans = Slow([row()]), Plans(k1=SendReceipt("SM1", 1))
    task = start(working(store, plans).run())
    await until(lambda: store.turns)
    task.cancel()
    await asyncio.sleep(0)
    store.go.set()
    await asyncio.gather(task, return_exceptions=True)
    assert plans.begun == ["k1"]
    assert [settled.status for settled in store.script.settled] == ["done"]


@pytest.mark.parametrize("ends", [True, False])
async def test_a_worker_stopped_in_the_middle_of_a_turn_writes_what_ended_all_the_same(
    start: Start, monkeypatch: pytest.MonkeyPatch, *, ends: bool
) -> None:
    monkeypatch.setattr(module, "TURN_SECONDS", 0.05)
    store = Slow([], StoreUnavailable("gone"))
    worker = working(store, Plans())
    worker._ended.append(ended("done"))
    task = start(worker.run())
    await until(lambda: store.turns)
    task.cancel()
    if ends:
        store.go.set()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert [settled.status for settled in store.script.settled] == ["done"]


async def test_a_worker_with_nothing_to_do_stops_at_once(start: Start) -> None:
    store = ScriptedStore()
    task = start(working(store, Plans()).run())
    await until(lambda: store.waits)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert store.script.settled == []


async def test_what_ended_while_the_database_was_away_is_written_when_it_is_back(
    start: Start, pauses: list[float]
) -> None:
    store = ScriptedStore(down=1)
    worker = working(store, Plans())
    worker._ended.append(ended("done"))
    start(worker.run())
    await until(lambda: store.script.settled)
    assert pauses[0] == 1.0
    assert [settled.status for settled in store.script.settled] == ["done"]


async def test_a_row_that_falls_due_is_carried_out_though_nobody_tells(start: Start) -> None:
    clock = [NOW]
    store, plans = ScriptedStore(Script(due=NOW + timedelta(milliseconds=2))), Plans()
    pace = Pace(None, 1)
    start(Worker(LINE, store.port, cast("Planner", plans), pace, lambda: clock[0], holder="here", slots=1).run())
    await until(lambda: store.waits)
    store.script.rows.append(row())
    clock[0] = NOW + timedelta(seconds=1)
    async with asyncio.timeout(3):
        await plans.called.wait()
    assert plans.begun == ["k1"]


async def test_a_refusal_for_the_whole_target_lets_nothing_go_until_it_passes(start: Start) -> None:
    store, plans = ScriptedStore(Script(rows=[row()], due=NOW)), Plans(k1=CredentialsRejected("no"))
    worker = working(store, plans)
    start(worker.run())
    await until(lambda: store.script.settled)
    assert worker._pace.opens_at(NOW) == NOW + MINUTE
    store.script.rows.append(row(key="k2"))
    store.news.set()
    await until(lambda: not store.news.is_set())
    assert plans.begun == ["k1"]
    assert worker._turn(store.script.unit, [], 0) == ([], NOW, False)


@pytest.mark.parametrize(("answer", "left"), [(None, 0), (SendDeferred("later"), 1)], ids=["done", "deferred"])
async def test_only_a_call_that_passes_clears_the_alarms_of_its_target(
    start: Start, answer: Exception | None, left: int
) -> None:
    target = f"room:slack/cleared{left}"
    gauge = ALARMS.labels("room unusable", target)
    gauge.set(1)
    store = ScriptedStore(Script(rows=[row("PostNote")]))
    start(working(store, Plans(k1=answer), target=target).run())
    await until(lambda: store.script.settled)
    assert gauge._value.get() == left

"""One target's worker: what ended is written, what is due is claimed and carried out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

import pytest

from bridge.domain.messages import Mark, Media, MessageStatus
from bridge.observability import ALARMS
from bridge.pipeline.calls import Answer, Call, Fetched, Planned, nothing, skip
from bridge.pipeline.enqueue import clear_mark
from bridge.pipeline.outcomes import Ending
from bridge.pipeline.pace import Pace
from bridge.pipeline.planner import Planner
from bridge.pipeline.worker import POLL_SECONDS, Worker
from bridge.ports.errors import CredentialsRejected, SendDeferred
from bridge.ports.provider import SendReceipt
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import StoreUnavailable, Unit
from tests.unit.pipeline.able import PICTURE
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, ScriptedStore, row, until
from tests.unit.rules.builders import NOW, REPLY, reply, state

T = TypeVar("T")
LINE = "line:front-desk"
SENDING = reply(status=MessageStatus.SENDING, hold=None, release_at=None)
MINUTE = timedelta(minutes=1)


class Plans:
    """Says what is done about a row: a call that answers, by its key, what the test wrote down, or waits for it."""

    def __init__(self, **answers: Answer | Exception) -> None:
        self.answers: dict[str, Answer | Exception] = dict(answers)
        self.begun: list[str] = []
        self.called = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()
        self.plan_as: Callable[[OutboxRow], Planned] = lambda claimed: Call(row=claimed, run=self.runner(claimed.key))

    def runner(self, key: str) -> Callable[[], Awaitable[Answer]]:
        async def run() -> Answer:
            self.begun.append(key)
            self.called.set()
            await self.free.wait()
            answer = self.answers.get(key)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return run

    def plan(self, _unit: Unit, claimed: OutboxRow, _now: datetime) -> Planned:
        return self.plan_as(claimed)


def working(store: ScriptedStore, plans: Plans, *, slots: int = 4, target: str = LINE) -> Worker:
    pace = Pace(None, 1)
    return Worker(target, store.port, cast("Planner", plans), pace, lambda: NOW, holder="here", slots=slots)


def ended(status: str = "pending", fetched: Fetched | None = None, **changed: object) -> Ending:
    settlement = Settlement(row=row(**changed), status=status, next_at=NOW)  # pyright: ignore[reportArgumentType] - one of them
    return Ending(settlement=settlement, fetched=fetched)


def write(script: Script, ending: Ending) -> None:
    working(ScriptedStore(), Plans())._write(script.unit, [ending], NOW)


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


async def test_a_worker_stopped_in_the_middle_of_a_turn_writes_what_ended_all_the_same(start: Start) -> None:
    class Slow(ScriptedStore):
        async def transact(self, work: Callable[[Unit], T], *, urgent: bool = False) -> T:
            self.turns += 1
            if self.turns == 1:
                await asyncio.Event().wait()
            return await super().transact(work)

        turns = 0

    store = Slow()
    worker = working(store, Plans())
    worker._ended.append(ended("done"))
    task = start(worker.run())
    await until(lambda: store.turns)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
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


def test_a_row_that_cannot_be_planned_fails_and_holds_up_no_other() -> None:
    script, plans = Script(rows=[row("Unknown", key="bad"), row("Unknown", key="old"), row()]), Plans()

    def plan(claimed: OutboxRow) -> Planned:
        if claimed.key == "bad":
            raise KeyError(claimed.kind)
        return skip(claimed) if claimed.key == "old" else Call(row=claimed, run=nothing)

    plans.plan_as = plan
    calls, _, more = working(ScriptedStore(), plans)._turn(script.unit, [], 3)
    assert [(call.row.key, call.row.status) for call in calls] == [("k1", "in_flight")]
    assert more
    assert [(one.row.key, one.status, one.problem) for one in script.settled] == [
        ("bad", "failed", "KeyError"),
        ("old", "skipped", None),
    ]
    assert ALARMS.labels("unforeseen error", "Unknown")._value.get() == 1


def test_a_database_that_is_gone_while_planning_fails_no_row() -> None:
    script, plans = Script(rows=[row()]), Plans()

    def plan(_claimed: OutboxRow) -> Planned:
        raise StoreUnavailable("gone")

    plans.plan_as = plan
    with pytest.raises(StoreUnavailable):
        working(ScriptedStore(), plans)._turn(script.unit, [], 1)
    assert script.settled == []


def test_a_transaction_that_broke_off_while_planning_blames_no_row() -> None:
    class Broken(Script):
        def savepoint(self, work: Callable[[], T]) -> T:
            raise RuntimeError("current transaction is aborted")

    script, plans = Broken(rows=[row()]), Plans()

    def plan(claimed: OutboxRow) -> Planned:
        raise KeyError(claimed.kind)

    plans.plan_as = plan
    with pytest.raises(KeyError):
        working(ScriptedStore(), plans)._turn(script.unit, [], 1)
    assert script.settled == []


def test_a_row_somebody_else_claimed_meanwhile_is_not_called_but_a_look_up_is() -> None:
    script, plans = Script(rows=[row(), row(key="k2", status="checking")], begins=False), Plans()
    calls, _, _ = working(ScriptedStore(), plans)._turn(script.unit, [], 4)
    assert [call.row.key for call in calls] == ["k2"]


def test_a_call_that_only_fetches_does_not_begin() -> None:
    script, plans = Script(rows=[row()], begins=False), Plans()
    plans.plan_as = lambda claimed: Call(row=claimed, run=nothing, begins=False)
    calls, _, _ = working(ScriptedStore(), plans)._turn(script.unit, [], 4)
    assert [call.row.status for call in calls] == ["preparing"]


async def test_a_look_up_that_finds_nothing_looks_again_or_lets_a_post_be_repeated() -> None:
    worker = working(ScriptedStore(), Plans())
    again = await worker._ending(Call(row=row(status="checking", attempted_at=NOW), run=nothing, find=nothing))
    assert again.settlement.status == "checking"
    gone = row("PostNote", status="checking", checks=9)
    repeated = await worker._ending(Call(row=gone, run=nothing, find=nothing))
    assert (repeated.settlement.status, repeated.settlement.row.status) == ("pending", "pending")
    assert repeated.settlement.next_at == NOW


def test_fetched_files_are_kept_and_refusals_noted() -> None:
    files = (Media("F0", "image/png"), Media("F1", "image/png"), Media("F2", "image/png"))
    script = Script(state=state(replace(SENDING, status=MessageStatus.QUEUED, media=files)))
    write(script, ended(fetched=Fetched({0: PICTURE, 2: "it is too large"})))
    assert script.media == {"m1/0": PICTURE}
    [message] = script.saved[0].messages
    assert [(kept.stored, kept.content_type, kept.size, kept.refused) for kept in message.media] == [
        ("m1/0", "image/jpeg", len(PICTURE.data), None),
        (None, "image/png", 0, None),
        (None, "image/png", 0, "it is too large"),
    ]


def test_files_of_a_message_that_is_no_more_are_dropped() -> None:
    script = Script(state=state())
    write(script, ended("done", Fetched({0: PICTURE}), kind="PostMedia"))
    assert (script.media, script.saved) == ({}, [])
    assert [settled.status for settled in script.settled] == ["done"]


def test_a_text_that_certainly_did_not_leave_can_be_stopped_again() -> None:
    script = Script(state=state(SENDING))
    write(script, ended())
    assert [message.status for saved in script.saved for message in saved.messages] == [MessageStatus.QUEUED]


@pytest.mark.parametrize("status", [MessageStatus.CANCELLED, MessageStatus.HELD])
def test_a_text_that_was_stopped_meanwhile_stays_so(status: MessageStatus) -> None:
    script = Script(state=state(reply(status=status)))
    write(script, ended())
    assert script.saved == []


def test_rows_that_follow_from_an_ending_are_enqueued_with_it() -> None:
    script = Script()
    follow = clear_mark(1042, REPLY, Mark.HELD)
    write(script, Ending(settlement=Settlement(row=row(), status="done"), then=(follow,)))
    assert script.enqueued == [follow]
    write(script, Ending(settlement=Settlement(row=row(), status="done")))
    assert script.enqueued == [follow]

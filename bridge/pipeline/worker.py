"""One target's worker: settles what ended, claims what is due, and carries it out."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, cast

from bridge.domain.decision import Decision
from bridge.domain.messages import MessageStatus
from bridge.observability import CALL_SECONDS, CALLS, alarm, log
from bridge.pipeline.calls import Call, Fetched, Planned
from bridge.pipeline.outcomes import Ending, failed, looked_up, succeeded
from bridge.pipeline.pace import Pace
from bridge.pipeline.planner import Planner
from bridge.ports.clock import Clock
from bridge.ports.provider import MediaContent
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import Store, StoreUnavailable, Unit

LEASE_SECONDS = 60.0
CALL_SECONDS_LIMIT = 45.0
TURN_SECONDS = 10.0
"""How long a stop waits for the transaction it meets."""
POLL_SECONDS = 5.0

Turned: TypeAlias = tuple[list[Call], datetime | None, bool]
"""Calls to make now, when something falls due next, and whether more may be due already: then nobody asks when."""


class Worker:
    """Carries out the rows of one target; several calls at once, one per lane."""

    def __init__(
        self, target: str, store: Store, planner: Planner, pace: Pace, clock: Clock, *, holder: str, slots: int
    ) -> None:
        """``holder``: names this process in leases; ``slots``: calls in flight at once."""
        self.target = target
        self._store = store
        self._planner = planner
        self._pace = pace
        self._clock = clock
        self._holder = holder
        self._slots = slots
        self._ended: list[Ending] = []
        self._running: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled; calls in flight are finished and written down first."""
        watch = asyncio.create_task(self._watch())
        try:
            while True:
                await self._round()
        except asyncio.CancelledError:
            await self._finish()
            raise
        finally:
            watch.cancel()

    async def _round(self) -> None:
        now = self._clock()
        free = self._pace.available(now, self._slots - len(self._running))
        ended, self._ended = self._ended, []
        self._changed.clear()
        if free <= 0 and not ended:
            await self._rest(now)
            return
        turn = asyncio.ensure_future(self._store.transact(lambda unit: self._turn(unit, ended, free)))
        try:
            calls, due, more = await asyncio.shield(turn)
        except asyncio.CancelledError:
            await self._last(turn, ended)
            raise
        except StoreUnavailable as problem:
            self._ended = ended + self._ended
            log().warning("database unavailable", where=self.target, error=str(problem))
            await asyncio.sleep(1.0)
            return
        self._begin(calls)
        if not more and not self._ended:
            await self._rest(due)

    def _begin(self, calls: Sequence[Call]) -> None:
        self._pace.take(len(calls))
        for call in calls:
            self._running.add(asyncio.create_task(self._carry_out(call)))

    async def _last(self, turn: asyncio.Future[Turned], ended: list[Ending]) -> None:
        """End a turn that a stop met: it may be committed all the same, and a call that it began must be made.

        A text begun and not sent could be told from one whose answer was lost by nobody.
        """
        await asyncio.wait({turn}, timeout=TURN_SECONDS)
        if not turn.done():
            turn.cancel()
            await asyncio.wait({turn})
        if turn.cancelled() or turn.exception() is not None:
            self._ended = ended + self._ended  # written once more: what was written already is fenced off
        else:
            self._begin(turn.result()[0])

    def _turn(self, unit: Unit, ended: Sequence[Ending], free: int) -> Turned:
        now = self._clock()
        self._write(unit, ended, now)
        if free <= 0:
            return [], unit.next_due(self.target), False
        rows = unit.claim(self.target, now, limit=free, lease=LEASE_SECONDS, holder=self._holder)
        calls: list[Call] = []
        at_once: list[Settlement] = []
        for row in rows:
            planned = self._plan(unit, row, now)
            if isinstance(planned, Call):
                calls.append(planned)
            else:
                at_once.append(planned)
        if at_once:
            unit.settle(at_once, now, holder=self._holder)
        begins = [call.row for call in calls if call.begins and call.row.status != "checking"]
        more = len(rows) == free
        due = None if more else unit.next_due(self.target)
        begun = {row.key: row for row in unit.begin(begins, now)} if begins else {}
        ours = [replace(call, row=begun.get(call.row.key, call.row)) for call in calls]
        return [call for call in ours if call.row.status != "preparing" or not call.begins], due, more

    def _plan(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """A row that cannot be planned is shown to an operator and holds up no other."""
        try:
            return self._planner.plan(unit, row, now)
        except StoreUnavailable:
            raise
        except Exception as problem:
            if not _lives(unit):
                raise
            log().error("row cannot be planned", kind=row.kind, key=row.key, error=type(problem).__name__)
            alarm("unforeseen error", row.kind, on=True)
            return Settlement(row=row, status="failed", problem=type(problem).__name__)

    def _write(self, unit: Unit, ended: Sequence[Ending], now: datetime) -> None:
        if not ended:
            return
        for ending in ended:
            row = ending.settlement.row
            if ending.fetched is not None:
                _keep_files(unit, row, ending.fetched, now)
            if row.kind == "SendText" and ending.settlement.status == "pending":
                _back_to_queue(unit, row, now)
        unit.settle([ending.settlement for ending in ended], now, holder=self._holder)
        for ending in ended:
            if ending.record is not None:
                row = ending.settlement.row
                unit.save(Decision(effects=(ending.record,)), now, conversation=row.conversation)
        if following := [draft for ending in ended for draft in ending.then]:
            unit.enqueue(following, now)

    async def _rest(self, due: datetime | None) -> None:
        """Wait for the end of a call, for new rows, or until something falls due and may go."""
        now = self._clock()
        seconds = POLL_SECONDS
        if due is not None and len(self._running) < self._slots:
            ready = max(due, self._pace.opens_at(now))
            seconds = min(seconds, max(0.001, (ready - now).total_seconds()))
        # Not wait_for: on Python 3.11 it swallows a cancellation that comes just as the event is set.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    async def _watch(self) -> None:
        """Notice new rows."""
        while True:
            await self._store.wait("outbox", POLL_SECONDS, target=self.target)
            self._changed.set()

    async def _carry_out(self, call: Call) -> None:
        started = time.perf_counter()
        ending = await self._ending(call)
        CALL_SECONDS.labels(call.row.kind).observe(time.perf_counter() - started)
        CALLS.labels(call.row.kind, ending.settlement.status).inc()
        if ending.rest_until is not None:
            self._pace.close_until(ending.rest_until)
        elif ending.settlement.status == "done":
            alarm("credentials refused", self.target, on=False)
            alarm("room unusable", self.target, on=False)
        self._ended.append(ending)
        self._changed.set()
        # Not when the task is done: the next turn may begin before that and would take its place for filled.
        self._running.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    async def _ending(self, call: Call) -> Ending:
        try:
            async with asyncio.timeout(CALL_SECONDS_LIMIT):
                if call.row.status == "checking" and call.find is not None:
                    ending = looked_up(call, await call.find(), self._clock())
                    if ending is not None:
                        return ending
                    return Ending(
                        settlement=Settlement(
                            row=replace(call.row, status="pending"), status="pending", next_at=self._clock()
                        )
                    )
                return succeeded(call, await call.run(), self._clock())
        except Exception as problem:  # noqa: BLE001 - every end of a call is sorted in one place
            return failed(call, problem, self._clock())

    async def _finish(self) -> None:
        if self._running:
            await asyncio.wait(self._running, timeout=CALL_SECONDS_LIMIT)
        ended, self._ended = self._ended, []
        if ended:
            await self._store.transact(lambda unit: self._write(unit, ended, self._clock()))


def _lives(unit: Unit) -> bool:
    """Whether the transaction can go on: a database that broke it off must be asked again, the row is not to blame."""
    try:
        unit.savepoint(lambda: None)
    except Exception:  # noqa: BLE001 - whatever it says now, the first error is the one that counts
        return False
    return True


def _keep_files(unit: Unit, row: OutboxRow, fetched: Fetched, now: datetime) -> None:
    message = unit.load_message(row.message or "").message
    if message is None:
        return
    media = list(message.media)
    for index, content in fetched.files.items():
        if isinstance(content, MediaContent):
            stored = unit.put_media(message.id, index, content, now)
            media[index] = replace(
                media[index], stored=stored, content_type=content.content_type, size=len(content.data)
            )
        else:
            media[index] = replace(media[index], refused=content)
    unit.save(Decision(messages=(replace(message, media=tuple(media)),)), now)


def _back_to_queue(unit: Unit, row: OutboxRow, now: datetime) -> None:
    """The text certainly did not leave: until it is tried again it can be stopped."""
    message = unit.load_message(row.message or "").message
    if message is not None and message.status is MessageStatus.SENDING:
        unit.save(Decision(messages=(replace(message, status=MessageStatus.QUEUED),)), now)

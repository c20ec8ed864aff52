"""The outbox against a model of a few lines, through crashes: order is kept, nothing is lost or done twice unseen."""

import asyncio
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bridge.ports.rows import OutboxRow, RowStatus, Settlement
from bridge.ports.store import Store, Unit
from bridge.store import open_store, upgrade
from tests.services.run import one_at_a_time, run_directory
from tests.store.builders import LEASE, NOW, call

T = TypeVar("T")
LANES = st.sampled_from(["a", "b", "c"])
ENDS = st.sampled_from(["done", "failed", "unknown", "skipped"])


def pattern() -> Path:
    """An empty database, made once per run."""
    file = run_directory() / "model.db"
    with one_at_a_time(run_directory(), "model"):
        if not file.exists():
            upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(autouse=True)
def _repeatable(repeatable_keys: None) -> None:
    """Which of the rows made in the same moment comes first is chance otherwise."""


class Outbox(RuleBasedStateMachine):
    """``waiting``: the model, what is still to do per lane, in order. ``begun``: calls made so far, by message."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(prefix="textbridge-model-"))
        shutil.copy(pattern(), self.directory / "a.db")
        self.loop = asyncio.new_event_loop()
        self.store: Store = self.loop.run_until_complete(
            open_store(f"sqlite:///{self.directory / 'a.db'}", lambda: self.now)
        )
        self.now = NOW
        self.count = 0
        self.waiting: dict[str, list[str]] = defaultdict(list)
        self.put_off: dict[str, Any] = {}
        self.begun: dict[str, int] = defaultdict(int)
        self.told: list[str] = []
        self.held: dict[str, list[OutboxRow]] = {"one": [], "two": []}

    def do(self, work: Callable[[Unit], T]) -> T:
        return self.loop.run_until_complete(self.store.transact(work))

    @initialize()
    def some(self) -> None:
        self.enqueue(["a", "b", "a"], 0)

    @rule(lanes=st.lists(LANES, min_size=1, max_size=5), delay=st.integers(0, 30))
    def enqueue(self, lanes: list[str], delay: int) -> None:
        at = self.now + timedelta(seconds=delay) if delay else None
        drafts = [call(lane, message=f"m{self.count + place}", at=at) for place, lane in enumerate(lanes)]
        self.count += len(drafts)
        self.do(lambda unit: unit.enqueue(drafts, self.now))
        for draft in drafts:
            self.waiting[draft.lane].append(str(draft.message))
            if at:
                self.put_off[str(draft.message)] = at

    @rule(holder=st.sampled_from(["one", "two"]), limit=st.integers(1, 4))
    def claim(self, holder: str, limit: int) -> None:
        rows = self.do(lambda unit: unit.claim("main", self.now, limit=limit, lease=LEASE, holder=holder))
        for row in rows:
            message = str(row.message)
            assert message == self.waiting[row.lane][0], "only the oldest of a lane may be claimed"
            assert self.put_off.get(message, self.now) <= self.now, "and not before its time"
            assert row.attempts == self.begun[message]
            if row.status == "preparing":
                assert not self.in_flight(message), "a begun call is looked up first"
        self.held[holder].extend(rows)

    @rule(holder=st.sampled_from(["one", "two"]))
    def begin(self, holder: str) -> None:
        rows = self.held[holder]
        begun = self.do(lambda unit: unit.begin([row for row in rows if row.status != "in_flight"], self.now))
        for row in begun:
            assert row.message == self.waiting[row.lane][0]
            self.begun[str(row.message)] += 1
            if str(row.message) in self.told:
                self.told.remove(str(row.message))
        now_flying = {row.key: row for row in begun}
        self.held[holder] = [now_flying.get(row.key, row) for row in rows]

    @precondition(lambda self: any(self.held.values()))
    @rule(
        holder=st.sampled_from(["one", "two"]),
        status=ENDS | st.just("pending"),
        delay=st.integers(0, 90),
        data=st.data(),
    )
    def settle(self, holder: str, status: RowStatus, delay: int, data: st.DataObject) -> None:
        if not self.held[holder]:
            return
        row = data.draw(st.sampled_from(self.held[holder]))
        self.held[holder].remove(row)
        at = self.now + timedelta(seconds=delay)
        result = Settlement(row=row, status=status, next_at=at)
        if not self.do(lambda unit: unit.settle([result], self.now, holder=holder)):
            return
        message = str(row.message)
        assert message == self.waiting[row.lane][0], "a stale result must not count"
        if status == "pending":
            self.put_off[message] = at
            self.told.append(message)
        else:
            self.waiting[row.lane].pop(0)

    @rule(seconds=st.sampled_from([1, 20, 61]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(holder=st.sampled_from(["one", "two"]))
    def crash(self, holder: str) -> None:
        self.held[holder] = []

    @rule(data=st.data(), delay=st.integers(0, 60))
    def reschedule(self, data: st.DataObject, delay: int) -> None:
        all_waiting = [message for lane in self.waiting.values() for message in lane]
        if not all_waiting:
            return
        message = data.draw(st.sampled_from(all_waiting))
        at = self.now + timedelta(seconds=delay)
        self.do(lambda unit: unit.reschedule(message, at))
        if not self.in_flight(message):
            self.put_off[message] = at

    def in_flight(self, message: str) -> bool:
        """Whether its call was begun and its end is not written yet; then the time to start is of no matter."""
        return self.begun[message] > 0 and message not in self.told

    @invariant()
    def a_target_with_work_is_due_some_time(self) -> None:
        due = self.do(lambda unit: unit.next_due("main"))
        assert (due is not None) == any(self.waiting.values())

    def teardown(self) -> None:
        """Nothing is lost: all that waits can be done, in order."""
        for _ in range(sum(len(lane) for lane in self.waiting.values()) + 2):
            self.now += timedelta(seconds=100)
            self.held = {"one": [], "two": []}
            self.claim("one", 4)
            self.begin("one")
            for row in list(self.held["one"]):
                done = Settlement(row=row, status="done")
                assert self.do(lambda unit, done=done: unit.settle([done], self.now, holder="one")) == 1
                assert self.waiting[row.lane].pop(0) == row.message
        assert not any(self.waiting.values())
        self.loop.run_until_complete(self.store.aclose())
        self.loop.close()
        shutil.rmtree(self.directory)


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)

"""The real processor, workers and store, moved on one transaction or one call at a time, and dropped at will."""

import asyncio
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import make_url

from bridge.domain.events import ChatEvent, ProviderEvent
from bridge.domain.people import ChatRef, RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.pipeline.calls import Call, Outside
from bridge.pipeline.in_force import InForce
from bridge.pipeline.intake import encode_request
from bridge.pipeline.pace import Pace
from bridge.pipeline.planner import Planner
from bridge.pipeline.processor import Processor
from bridge.pipeline.readers import readers
from bridge.pipeline.timers import Timers
from bridge.pipeline.worker import Worker
from bridge.ports.platform import Platform
from bridge.ports.provider import WebhookRequest
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store, Unit
from bridge.store.base import in_unit
from bridge.store.engine_sqlite import make_engine
from bridge.store.leases import release
from tests.pipeline.doubles import Phones, Rooms

T = TypeVar("T")
LINE, ROOM, HOLDER = "+15550001000", "C1", "here/0"
QUICK = ("PRAGMA journal_mode=MEMORY", "PRAGMA synchronous=OFF", "PRAGMA foreign_keys=ON")


@dataclass
class Running:
    """What a process holds in its memory: gone when it is killed."""

    workers: dict[str, Worker] = field(default_factory=dict[str, Worker])
    calls: list[tuple[Worker, Call]] = field(default_factory=list[tuple[Worker, Call]])


async def unread(work: Callable[[Unit], Any], /) -> Any:
    """Read nothing: no call of these tests asks the store on its own."""
    raise AssertionError(work)


class Bridging:
    """One installation through any number of processes."""

    def __init__(self, database: Path, undo: float, room: str = ROOM) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)
        self.phones = Phones()
        self.rooms: Any = Rooms()
        self.platforms: dict[str, Platform] = {"chat": self.rooms}
        line = LinePolicy(
            name="desk",
            account="main",
            address=LINE,
            rooms=(RoomRef("chat", room),),
            undo=timedelta(seconds=undo),
            stale_stop=False,  # it would hold replies for a person, and here nobody decides
        )
        self.in_force = InForce(Policy(lines={"desk": line}))
        self.outside = Outside(
            providers={"main": self.phones},
            platforms=self.platforms,
            in_force=self.in_force,
            media_link=lambda stored, _at: stored,
            media_life=timedelta(days=1),
            media_limit=1,
            read=unread,
        )
        self._engine = make_engine(make_url(f"sqlite:///{database}"), pragmas=QUICK)
        self._connection = self._engine.connect()
        self._loop = asyncio.new_event_loop()
        self.running = Running()

    def close(self) -> None:
        """Leave nothing open."""
        self._connection.close()
        self._engine.dispose()
        self._loop.close()

    def clock(self) -> datetime:
        """The time as the bridge sees it."""
        return self.now

    def transact(self, work: Callable[[Unit], T]) -> T:
        """One committed transaction."""
        with self._connection.begin():
            return in_unit(work, self._connection)[0]

    # the door

    def webhook(self, external_id: str, *events: ProviderEvent) -> None:
        """A provider's request is stored and answered."""
        body = encode_request(WebhookRequest("POST", "/", {}, pickle.dumps(events)))
        draft = InboxDraft("provider:main", external_id, "webhook", body)
        self.transact(lambda unit: unit.accept([draft], self.now))

    def chat(self, external_id: str, *events: ChatEvent) -> None:
        """A chat event is stored and acknowledged."""
        draft = InboxDraft("chat:chat", external_id, "event", pickle.dumps(events))
        self.transact(lambda unit: unit.accept([draft], self.now))

    def knows(self, ref: ChatRef) -> bool:
        """Whether the bridge has written down a post of its own."""
        return self.transact(lambda unit: unit.post(ref)) is not None

    # steps

    def process(self) -> None:
        """A batch of inbox rows, then due timers."""
        nothing = cast("Store", None)
        read = readers({"main": self.phones}, self.platforms)
        self.transact(Processor(nothing, read, self.in_force, self.clock).batch)
        self.transact(Timers(nothing, self.clock, self.in_force).fire)

    def turn(self) -> None:
        """Each worker writes down what ended and claims what is due."""
        targets = self.transact(lambda unit: unit.targets())
        wrote = {target for target, worker in self.running.workers.items() if worker._ended}
        for target in sorted({*targets, *wrote}):
            worker = self.running.workers.setdefault(target, self._worker(target))
            ended, worker._ended = worker._ended, []
            in_hand = sum(one is worker for one, _ in self.running.calls)
            found: Any = self.transact(lambda unit, one=worker, of=ended, n=in_hand: one._turn(unit, of, 4 - n))
            self.running.calls += [(worker, call) for call in found[0]]

    def call(self, which: int = 0, *, dies: bool = False) -> None:
        """One call of those begun is made; with ``dies`` the process ends before it is told the answer."""
        if self.running.calls:
            worker, call = self.running.calls.pop(which % len(self.running.calls))
            ending = self._loop.run_until_complete(worker._ending(call))
            worker._ended.append(ending)
        if dies:
            self.crash()

    def crash(self) -> None:
        """Everything in memory is gone; the next process takes over."""
        self.running = Running()
        self.transact(lambda unit: release(unit, HOLDER, self.now))

    def mend(self) -> None:
        """Nothing goes wrong from now on."""
        for troubles in (self.phones.troubles, self.rooms.troubles):
            troubles.pending.clear()

    def settle(self) -> None:
        """Without further trouble, until nothing moves any more."""
        self.mend()
        self.now += timedelta(days=2)  # past every moment that was named before a clock went back
        for _ in range(60):
            self.process()
            self.turn()
            while self.running.calls:
                self.call()
            self.turn()
            self.now += timedelta(seconds=40)
            if self.transact(lambda unit: not unit.next_inbox(1) and not unit.targets()):
                return
        raise AssertionError("it never comes to rest")

    def _worker(self, target: str) -> Worker:
        nothing = cast("Store", None)
        return Worker(target, nothing, Planner(self.outside), Pace(None, 1), self.clock, holder=HOLDER, slots=4)

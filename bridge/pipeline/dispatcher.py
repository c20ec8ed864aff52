"""A worker for each target that has something to do."""

import asyncio

from bridge.observability import log
from bridge.pipeline.calls import Outside
from bridge.pipeline.enqueue import ASSISTANT, LINE, ROOM, WEBHOOK, is_configured
from bridge.pipeline.pace import Pace
from bridge.pipeline.planner import Planner
from bridge.pipeline.worker import Worker
from bridge.ports.clock import Clock
from bridge.ports.store import Store, StoreUnavailable

POLL_SECONDS = 5.0
PAUSE_SECONDS = 0.02  # nearly always the target is known, and its worker, which is awake by then, goes first
SLOTS = 16
ASSISTANT_RATE, ASSISTANT_BURST = 5.0, 10


class Dispatcher:
    """Starts a worker for each target it sees, once."""

    def __init__(self, store: Store, outside: Outside, clock: Clock, *, holder: str) -> None:
        """``holder``: names this process in leases."""
        self._store = store
        self._outside = outside
        self._clock = clock
        self._holder = holder
        self._planner = Planner(outside)

    async def run(self) -> None:
        """Work until cancelled."""
        known: set[str] = set()
        async with asyncio.TaskGroup() as group:
            while True:
                for target in await self._targets():
                    if target not in known and self._configured(target):
                        known.add(target)
                        group.create_task(self._worker(target).run(), name=f"worker {target}")
                await self._store.wait("outbox", POLL_SECONDS)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _targets(self) -> list[str]:
        try:
            return list(await self._store.transact(lambda unit: unit.targets()))
        except StoreUnavailable as problem:
            log().warning("database unavailable", where="dispatcher", error=str(problem))
            await asyncio.sleep(1.0)
            return []

    def _configured(self, target: str) -> bool:
        """Rows for what is no longer configured wait until it is configured again; ``doctor`` shows them."""
        return is_configured(target, self._outside.policy.lines, self._outside.platforms, self._outside.webhooks)

    def _worker(self, target: str) -> Worker:
        return Worker(
            target, self._store, self._planner, self._pace(target), self._clock, holder=self._holder, slots=SLOTS
        )

    def _pace(self, target: str) -> Pace:
        kind, _, name = target.partition(":")
        if kind == ASSISTANT:
            return Pace(ASSISTANT_RATE, ASSISTANT_BURST)
        if kind == WEBHOOK:
            return Pace(None, SLOTS)
        if kind == LINE:
            provider = self._outside.providers[self._outside.policy.lines[name].account].capabilities
            return Pace(provider.rate, provider.burst)
        platform = self._outside.platforms[name.partition("/")[0]].capabilities
        if kind == ROOM:
            return Pace(platform.rate, platform.burst)
        return Pace(platform.edit_rate, platform.edit_burst)

"""How the service stands, as ``/health/ready`` and the gauges tell it."""

import asyncio
from collections.abc import Mapping

from bridge.pipeline.intake import Intake
from bridge.ports.clock import Clock
from bridge.ports.store import Store, StoreUnavailable, Unit
from bridge.store import inspect
from bridge.store.inspect import Overview
from bridge.store.migrate import head

PATIENCE_SECONDS = 2.5
"""A probe gives up after a few seconds, and is then told nothing."""


class Health:
    """Asks the database. One question is under way at a time, however many want to know."""

    def __init__(self, store: Store, intake: Intake, clock: Clock) -> None:
        """Nothing was asked yet."""
        self._store = store
        self._intake = intake
        self._clock = clock
        self._head = head()
        self._asked: asyncio.Task[Overview] | None = None

    async def look(self) -> Overview:
        """How things stand. Raises ``StoreUnavailable``, also when no answer comes in time."""
        if self._asked is None:
            self._asked = asyncio.create_task(self._ask(), name="health look-up")
            self._asked.add_done_callback(self._answered)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await asyncio.shield(self._asked)
        except TimeoutError as problem:
            raise StoreUnavailable("the database does not answer in time") from problem

    async def facts(self) -> tuple[bool, Mapping[str, object]]:
        """Whether texts and replies can be taken in and worked on, and what to show of it."""
        try:
            found = await self.look()
        except StoreUnavailable:
            return False, {"database": "cannot be written" if self._intake.refusing else "unavailable"}
        current = found.revision == self._head
        return current, {
            "database": "ok",
            "migrations": "current" if current else "of another version",
            "oldest_inbox_seconds": found.unhandled_age or 0.0,
            "oldest_outbox_seconds": found.unsettled_age or 0.0,
            "set_aside": found.set_aside,
            "failed": found.failed,
            "unknown": found.unknown,
        }

    async def aclose(self) -> None:
        """Ask no longer."""
        if self._asked is not None:
            self._asked.cancel()
            await asyncio.wait([self._asked])

    async def _ask(self) -> Overview:
        refusing = self._intake.refusing

        def work(unit: Unit) -> Overview:
            if refusing:  # a full disk can still be read
                inspect.try_writing(unit)
            return inspect.overview(unit, self._clock())

        found = await self._store.transact(work)
        if refusing:
            self._intake.note(stored=True)
        return found

    def _answered(self, asked: asyncio.Task[Overview]) -> None:
        self._asked = None
        if not asked.cancelled():
            asked.exception()  # whoever asked may have given up: nobody else looks at it

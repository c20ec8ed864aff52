"""The port's ``Store`` on either database."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from sqlalchemy import make_url

from bridge.ports.clock import Clock
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store, Unit
from bridge.store.arrivals import Identity, insert_new
from bridge.store.base import BaseStore, in_unit
from bridge.store.engine_sqlite import DatabaseThread, make_engine

T = TypeVar("T")


async def open_store(url: str, clock: Clock) -> Store:
    """Open a database whose tables are up to date (``migrate.upgrade``). Belongs to the running event loop.

    ``url``: ``sqlite:///file.db`` or ``postgresql://…`` as libpq reads it. ``clock``: stamps what ``accept`` stores.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return SqliteStore(url, clock)
    from bridge.store.engine_postgres import PostgresStore  # noqa: PLC0415 - asyncpg is slow to import

    return PostgresStore(url, clock)


class SqliteStore(BaseStore):
    """A file, and one process that writes it."""

    def __init__(self, url: str, clock: Clock) -> None:
        """Start the database's thread; it connects when there is something to do."""
        super().__init__(clock)
        self._thread = DatabaseThread(make_engine(make_url(url)))

    async def transact(self, work: Callable[[Unit], T], *, urgent: bool = False) -> T:
        """Run ``work`` in one transaction and commit; ``urgent`` jumps the queue. Raises ``StoreUnavailable``."""
        result, touched = await self._thread.run(partial(in_unit, work), urgent=urgent)
        self._wakeups.touch(touched)
        return result

    async def _accept_all(self, drafts: Sequence[InboxDraft]) -> set[Identity]:
        now = self._clock()
        new = await self._thread.run(lambda connection: insert_new(connection, drafts, now), urgent=True)
        self._wakeups.touch(("inbox",))
        return new

    async def aclose(self) -> None:
        """Finish and close."""
        await self._groups.finish()
        await self._thread.aclose()

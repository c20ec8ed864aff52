"""PostgreSQL over asyncpg: transactions on a pool, done again after a conflict or when the connection broke."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar, cast

import asyncpg
from sqlalchemy import Connection, NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bridge.ports.clock import Clock
from bridge.ports.rows import InboxDraft
from bridge.ports.store import StoreUnavailable, Unit
from bridge.store.announcements import Announcements
from bridge.store.arrivals import Identity, insert_new
from bridge.store.base import BaseStore, in_unit
from bridge.store.errors import Conflict, ConnectionLost, translated

T = TypeVar("T")
Connect: TypeAlias = Callable[[], Awaitable[Any]]

POOL = 8
ORDINARY = 6  # the rest of the pool is kept for urgent transactions
CONNECT_TIMEOUT = 5.0
COMMAND_TIMEOUT = 10.0  # seconds; an answer that never comes must not block for ever
CONFLICTS = 10
RECONNECTS = 3
SETTINGS = {
    "application_name": "textbridge",
    "default_transaction_isolation": "read committed",
    "idle_in_transaction_session_timeout": "30s",
    "jit": "off",
    # Every statement here is a look-up by index. Tables that fill and empty within seconds have no statistics to go by,
    # and a plan that reads all that waits because it once seemed little would stop everything.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    # A deadlock costs this long; PostgreSQL by itself looks for one only after a second.
    "lock_timeout": "300ms",
}

# What is acknowledged must survive the server, whatever is usual there. A stronger setting is left as it is.
WAIT_FOR_DISK = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)


def connector(url: str, *, settings: dict[str, str], command_timeout: float | None) -> Connect:
    """Opens connections to ``url``, which asyncpg reads as libpq would (``host=/socket/directory``, ``sslmode`` …)."""
    dsn = "postgresql://" + url.partition("://")[2]
    open_one = cast("Any", asyncpg).connect  # its annotations are incomplete

    async def connect() -> Any:
        connection = await open_one(
            dsn, timeout=CONNECT_TIMEOUT, command_timeout=command_timeout, server_settings=settings
        )
        try:
            await connection.execute(WAIT_FOR_DISK)
        except BaseException:
            connection.terminate()
            raise
        return connection

    return connect


def make_engine(connect: Connect, **pool: Any) -> AsyncEngine:
    """An engine over these connections."""
    return create_async_engine("postgresql+asyncpg://", async_creator=connect, hide_parameters=True, **pool)


async def run_once(url: str, work: Callable[[Connection], T]) -> T:
    """Do ``work`` in one transaction on a connection of its own, however long it takes."""
    engine = make_engine(connector(url, settings={}, command_timeout=None), poolclass=NullPool)
    async with engine.begin() as connection:
        return await connection.run_sync(work)


@dataclass(slots=True)
class _Progress:
    committing: bool = False


Touched: TypeAlias = Collection[str]
Attempt: TypeAlias = Callable[[Connection, _Progress], tuple[T, Touched]]
"""Does something and commits it; returns what it gave and whom to wake."""


def _transaction(work: Callable[[Unit], T], connection: Connection, progress: _Progress) -> tuple[T, Touched]:
    with connection.begin():
        result = in_unit(work, connection)
        progress.committing = True
    return result


def _insertion(
    drafts: Sequence[InboxDraft], now: datetime, connection: Connection, _progress: _Progress
) -> tuple[set[Identity], Touched]:
    """One statement, which commits by itself: one answer to wait for instead of three.

    It may be done again even when it was the answer that was lost: what is stored already is a repeat then.
    """
    connection.execution_options(isolation_level="AUTOCOMMIT")
    return insert_new(connection, drafts, now), ("inbox",)


class PostgresStore(BaseStore):
    """A database that several processes share."""

    def __init__(self, url: str, clock: Clock) -> None:
        """Start listening; the pool connects when there is something to do."""
        super().__init__(clock)
        connect = connector(url, settings=SETTINGS, command_timeout=COMMAND_TIMEOUT)
        self._engine = make_engine(connect, pool_size=POOL, max_overflow=0, pool_timeout=CONNECT_TIMEOUT)
        self._gate = asyncio.Semaphore(ORDINARY)
        self._announcements = Announcements(connect, self._wakeups.touch_all)
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def transact(self, work: Callable[[Unit], T], *, urgent: bool = False) -> T:
        """Run ``work`` in one transaction and commit. Raises ``StoreUnavailable``.

        ``work`` may run several times; only the last run counts. ``urgent`` does not wait for ordinary transactions.
        """
        if self._closed:
            raise StoreUnavailable("the store is closed")
        attempt: Attempt[T] = partial(_transaction, work)
        task = asyncio.create_task(self._until_done(attempt) if urgent else self._in_turn(attempt))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await task

    async def aclose(self) -> None:
        """Finish and close."""
        await self._groups.finish()
        self._closed = True
        if self._running:
            await asyncio.wait(self._running)
        await self._announcements.aclose()
        await self._engine.dispose()
        await asyncio.sleep(0)  # in which connections that were cut off are taken down

    async def _accept_all(self, drafts: Sequence[InboxDraft]) -> set[Identity]:
        if self._closed:
            raise StoreUnavailable("the store is closed")
        return await self._until_done(partial(_insertion, drafts, self._clock()))

    async def _in_turn(self, attempt: Attempt[T]) -> T:
        async with self._gate:
            return await self._until_done(attempt)

    async def _until_done(self, attempt: Attempt[T]) -> T:
        failures = 0
        while True:
            progress = _Progress()
            try:
                async with self._engine.connect() as connection:
                    result, touched = await connection.run_sync(attempt, progress)
            except Exception as error:
                unavailable = translated(error)
                if unavailable is None:
                    raise
                failures += 1
                if failures > _repeats(unavailable, progress):
                    raise unavailable from error
                await asyncio.sleep(random.uniform(0, 0.005 * 2**failures))  # noqa: S311 - spreads, hides nothing
            else:
                self._wakeups.touch(touched)
                self._announcements.announce(touched)
                return result


def _repeats(unavailable: StoreUnavailable, progress: _Progress) -> int:
    """How often the work may be done again: a commit whose answer was lost may have happened, so never after one."""
    if isinstance(unavailable, Conflict):
        return CONFLICTS
    return RECONNECTS if isinstance(unavailable, ConnectionLost) and not progress.committing else 0

"""SQLite: one thread owns the one connection and does whole transactions, so each costs a single hop."""

import asyncio
import itertools
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from bridge.ports.store import StoreUnavailable
from bridge.store.errors import translated

BUSY_TIMEOUT = 5.0  # seconds another process may hold the database
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL loses acknowledged rows at a power cut
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-16000",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA temp_store=MEMORY",
)
URGENT, ORDINARY, LAST = 0, 1, 2
WRITES, READS = "BEGIN IMMEDIATE", "BEGIN"


def make_engine(url: URL, *, pragmas: tuple[str, ...] = PRAGMAS, begin: str = WRITES) -> Engine:
    """An engine whose transactions begin as writers, so that none fails half way for want of the lock.

    With ``begin=READS`` they see the database as it is at their first look, and keep nobody from writing.
    """
    engine = create_engine(
        url,
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={
            "check_same_thread": False,
            "timeout": BUSY_TIMEOUT,
            "isolation_level": None,
            "cached_statements": 1000,  # every number of rows in a list is a statement of its own
        },
    )

    @event.listens_for(engine, "do_connect")
    def keep_private(*_how: object) -> None:
        _make_private(url.database)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            _patiently(connection, pragma)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _make_private(database: str | None) -> None:
    """Make the file where there is none, for its owner alone; SQLite gives those beside it the same permissions.

    One that exists is not opened: closing it would undo the locks SQLite has on it.
    """
    if database and database != ":memory:" and not database.startswith("file:"):
        with suppress(OSError):  # it is there, or SQLite says what is wrong with the path
            os.close(os.open(Path(database).resolve(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _patiently(connection: sqlite3.Connection, pragma: str) -> None:
    """Set it although others open the database too: SQLite does not wait by itself when the journal's mode changes."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            connection.execute(pragma).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


@dataclass(order=True, slots=True)
class _Job:
    rank: int
    number: int
    work: Callable[[Connection], Any] | None = field(compare=False)
    done: asyncio.Future[Any] = field(compare=False)


class DatabaseThread:
    """Does transactions one after the other; urgent ones first."""

    def __init__(self, engine: Engine) -> None:
        """Start the thread."""
        self._engine = engine
        self._connection: Connection | None = None
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="database", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], Any], *, urgent: bool) -> Any:
        """Do ``work`` in a transaction of its own, commit, and give what it returned."""
        if self._closed:
            raise StoreUnavailable("the store is closed")
        return await self._put(URGENT if urgent else ORDINARY, work)

    async def aclose(self) -> None:
        """Finish what was asked for and stop."""
        if not self._closed:
            self._closed = True
            await self._put(LAST, None)
            self._thread.join()

    def _put(self, rank: int, work: Callable[[Connection], Any] | None) -> asyncio.Future[Any]:
        done = self._loop.create_future()
        self._jobs.put(_Job(rank, next(self._numbers), work, done))
        return done

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            if job.work is None:
                self._disconnect()
                self._tell(job, None, None)
                return
            if job.done.cancelled():
                continue
            try:
                result = self._transact(job.work)
            except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
                self._tell(job, None, error)
            else:
                self._tell(job, result, None)

    def _transact(self, work: Callable[[Connection], Any]) -> Any:
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                return work(self._connection)
        except BaseException as error:
            unavailable = translated(error)
            if unavailable is not None:
                self._disconnect()
                raise unavailable from error
            raise

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):  # it may be what is broken
                connection.close()

    def _tell(self, job: _Job, result: Any, error: BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop was closed, so nobody waits any more
            self._loop.call_soon_threadsafe(_resolve, job.done, result, error)


def _resolve(done: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)

"""Tells the other processes on a PostgreSQL database that there are new rows, and hears it from them.

Announcements only save waiting: whoever misses one finds the rows when its time to wait is over. They go out at most
every few milliseconds and outside the transactions, because each NOTIFY holds one lock for the whole database until its
transaction has committed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, TypeAlias, get_args
from uuid import uuid4

import asyncpg

from bridge.ports.store import Topic

CHANNEL = "textbridge"
PAUSE = 0.01  # seconds between two announcements
RECONNECT = 1.0
PROBE = 30.0  # seconds after which a silent connection is asked whether it is still there
TOPICS: frozenset[Topic] = frozenset(get_args(Topic))
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

Connect: TypeAlias = Callable[[], Awaitable[Any]]
Heard: TypeAlias = Callable[[Iterable[Topic]], None]


class Announcements:
    """One connection that listens and tells. Belongs to one event loop."""

    def __init__(self, connect: Connect, heard: Heard) -> None:
        """Start both. ``heard``: told what others announced."""
        self._connect = connect
        self._heard = heard
        self._name = uuid4().hex
        self._connection: Any = None
        self._using = asyncio.Lock()
        self._pending: set[Topic] = set()
        self._wanted = asyncio.Event()
        self._tasks = (asyncio.create_task(self._listen()), asyncio.create_task(self._tell()))

    def announce(self, touched: Iterable[str]) -> None:
        """Tell the others soon; for which targets, they find out by themselves."""
        self._pending.update(TOPICS.intersection(touched))
        if self._pending:
            self._wanted.set()

    async def aclose(self) -> None:
        """Stop; what was not told yet the others find by themselves."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        if self._connection is not None:
            with suppress(*LOST):
                await self._connection.close(timeout=1)

    async def _listen(self) -> None:
        while True:
            lost = asyncio.Event()

            def on_end(_connection: object, lost: asyncio.Event = lost) -> None:
                lost.set()

            try:
                self._connection = connection = await self._connect()
                connection.add_termination_listener(on_end)
                await connection.add_listener(CHANNEL, self._on_notify)
                self._heard(TOPICS)  # something may have been told while nobody listened
                await self._until_lost(connection, lost)
            except LOST:
                connection, self._connection = self._connection, None
                if connection is not None:
                    connection.terminate()
                await asyncio.sleep(RECONNECT)

    async def _until_lost(self, connection: Any, lost: asyncio.Event) -> None:
        while not lost.is_set():
            try:
                async with asyncio.timeout(PROBE):
                    await lost.wait()
            except TimeoutError:
                async with self._using:
                    await connection.execute("SELECT 1")
        raise ConnectionResetError

    async def _tell(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            topics, self._pending = self._pending, set()
            connection, words = self._connection, f"{self._name}:{','.join(sorted(topics))}"
            if connection is not None:
                with suppress(*LOST):
                    async with self._using:
                        await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, words)
            await asyncio.sleep(PAUSE)

    def _on_notify(self, _connection: object, _process: int, _channel: str, payload: object) -> None:
        name, _, told = str(payload).partition(":")
        if name != self._name:
            self._heard(TOPICS.intersection(told.split(",")))

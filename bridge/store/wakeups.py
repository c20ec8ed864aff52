"""Who waits for rows learns of a commit at once; nothing here must survive, since everybody looks again anyway."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from weakref import WeakKeyDictionary

from bridge.ports.store import Topic


class Wakeups:
    """Counts commits per topic. Belongs to one event loop and is touched from it alone."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._versions: dict[Topic, int] = {}
        self._seen: WeakKeyDictionary[asyncio.Task[object], dict[Topic, int]] = WeakKeyDictionary()
        self._waiting: dict[Topic, set[asyncio.Future[None]]] = {}

    def touch(self, topics: Iterable[Topic]) -> None:
        """Rows of these topics were committed."""
        for topic in topics:
            self._versions[topic] = self._versions.get(topic, 0) + 1
            for waiter in self._waiting.pop(topic, ()):
                if not waiter.done():
                    waiter.set_result(None)

    async def wait(self, topic: Topic, timeout: float) -> None:  # noqa: ASYNC109 - the port's: reaching it is no error
        """Return when the topic was touched since this task last waited for it, or after ``timeout`` seconds.

        A task that never waited before returns at once.
        """
        task = asyncio.current_task()
        seen = {} if task is None else self._seen.setdefault(task, {})
        if seen.get(topic, -1) == self._versions.get(topic, 0):
            await self._touched(topic, timeout)
        seen[topic] = self._versions.get(topic, 0)

    async def _touched(self, topic: Topic, timeout: float) -> None:  # noqa: ASYNC109 - see wait
        waiter = asyncio.get_running_loop().create_future()
        waiters = self._waiting.setdefault(topic, set())
        waiters.add(waiter)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await waiter
        finally:
            waiters.discard(waiter)

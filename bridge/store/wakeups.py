"""Who waits for rows learns of a commit at once; nothing here must survive, since everybody looks again anyway."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from weakref import WeakKeyDictionary

from bridge.ports.store import Topic


def key(topic: Topic, target: str | None = None) -> str:
    """What is counted: a topic, or what a topic has for one target."""
    return topic if target is None else f"{topic}:{target}"


class Wakeups:
    """Counts commits per key. Belongs to one event loop and is touched from it alone."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._versions: dict[str, int] = {}
        self._seen: WeakKeyDictionary[asyncio.Task[object], dict[str, int]] = WeakKeyDictionary()
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}

    def touch(self, keys: Iterable[str]) -> None:
        """Rows of these keys were committed."""
        for one in keys:
            self._versions[one] = self._versions.get(one, 0) + 1
            for waiter in self._waiting.pop(one, ()):
                if not waiter.done():
                    waiter.set_result(None)

    def touch_all(self, topics: Iterable[Topic]) -> None:
        """Rows of these topics were committed elsewhere, for nobody knows which targets."""
        wanted: set[str] = set(topics)
        self.touch(wanted.union(one for one in self._versions if one.partition(":")[0] in wanted))

    async def wait(self, wanted: str, timeout: float) -> None:  # noqa: ASYNC109 - the port's: reaching it is no error
        """Return when the key was touched since this task last waited for it, or after ``timeout`` seconds.

        A task that never waited before returns at once.
        """
        task = asyncio.current_task()
        seen = {} if task is None else self._seen.setdefault(task, {})
        if seen.get(wanted, -1) == self._versions.setdefault(wanted, 0):
            await self._touched(wanted, timeout)
        seen[wanted] = self._versions[wanted]

    async def _touched(self, wanted: str, timeout: float) -> None:  # noqa: ASYNC109 - see wait
        waiter = asyncio.get_running_loop().create_future()
        waiters = self._waiting.setdefault(wanted, set())
        waiters.add(waiter)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await waiter
        finally:
            waiters.discard(waiter)

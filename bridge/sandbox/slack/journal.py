"""What happened in the pretend Slack: API calls, breaches of its rules, and a live feed of changes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a Web API method. ``arguments`` hold no token; ``at`` is sandbox time in epoch seconds."""

    at: float
    method: str
    arguments: Json
    answer: Json
    status: int


@dataclass(frozen=True, slots=True)
class Violation:
    """A call a strict Slack would refuse as malformed: a fault of the caller's program, never of circumstances."""

    method: str
    problem: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something a person looking at the screen would see change."""

    kind: str
    channel: str | None = None
    ts: str | None = None
    user: str | None = None
    data: Json = field(default_factory=dict[str, Any])


class Journal:
    """The newest API calls, oldest first."""

    def __init__(self, keep: int = 20_000) -> None:
        """Keep the newest ``keep`` calls."""
        self._calls: deque[Call] = deque(maxlen=keep)

    @property
    def calls(self) -> list[Call]:
        """Every call kept."""
        return list(self._calls)

    def of(self, method: str) -> list[Call]:
        """Calls of one method."""
        return [call for call in self._calls if call.method == method]

    def add(self, call: Call) -> None:
        """Note a call."""
        self._calls.append(call)

    def clear(self) -> None:
        """Forget every call."""
        self._calls.clear()


class Feed:
    """Hands every change to everyone who watches; a watcher that falls far behind loses the oldest changes."""

    def __init__(self, backlog: int = 10_000) -> None:
        """Keep up to ``backlog`` unread changes per watcher."""
        self._backlog = backlog
        self._watchers: set[asyncio.Queue[Change]] = set()

    def publish(self, change: Change) -> None:
        """Show a change to every watcher."""
        for queue in self._watchers:
            if queue.qsize() >= self._backlog:
                queue.get_nowait()
            queue.put_nowait(change)

    def subscribe(self) -> AsyncIterator[Change]:
        """Every change from this call on, without end."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._watchers.add(queue)
        return self._drain(queue)

    async def _drain(self, queue: asyncio.Queue[Change]) -> AsyncIterator[Change]:
        try:
            while True:
                yield await queue.get()
        finally:
            self._watchers.discard(queue)

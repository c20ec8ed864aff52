"""Processes under the sandbox, the bridge before all, that can be started, stopped and killed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, Protocol, TypeVar

from bridge.sandbox.clock import SandboxClock

Level = Literal["info", "warning", "error"]
Doing = Literal["starting", "stopping", "restarting"]


@dataclass(frozen=True, slots=True)
class StripRow:
    """One thing the bridge stored or sent. ``at`` is sandbox time; ``what`` a word or two, ``detail`` a sentence."""

    at: datetime
    what: str
    detail: str
    level: Level = "info"


class Process(Protocol):
    """What can be started and ended."""

    async def start(self) -> None:
        """Start it; returns once it is ready, or has failed to start."""
        ...

    async def kill(self) -> None:
        """End it at once (SIGKILL)."""
        ...

    async def stop(self) -> None:
        """Ask it to end (SIGTERM); returns when it has."""
        ...

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        ...


class Bridge(Process, Protocol):
    """What the page needs of the bridge; the command line, which knows the real one, provides it."""

    async def strip(self) -> Sequence[StripRow]:
        """The newest things it stored or sent, newest first; readable while it is stopped too."""
        ...


Kept = TypeVar("Kept", bound=Process)


class Keeper(Generic[Kept]):
    """Starts and stops a process one wish at a time, and remembers since when it runs."""

    def __init__(self, process: Kept, clock: SandboxClock) -> None:
        """Keep ``process``, which may be running already."""
        self.process = process
        self._clock = clock
        self._lock = asyncio.Lock()
        self._seen = process.running
        self._since = clock.now()
        self._restarts = 0
        self._doing: Doing | None = None
        self._changed: Callable[[], None] = lambda: None

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever the state is another."""
        self._changed = changed

    async def start(self) -> None:
        """Start it unless it runs."""
        if not self.process.running:
            await self._do("starting", self.process.start)

    async def stop(self) -> None:
        """Stop it in peace."""
        if self.process.running:
            await self._do("stopping", self.process.stop)

    async def restart(self) -> None:
        """Kill it in the middle of whatever it does, and start it again."""
        await self._do("restarting", self._kill_and_start)
        self._restarts += 1
        self._changed()

    def state(self) -> dict[str, Any]:
        """``running``, ``doing`` (or None), ``since`` (epoch seconds of sandbox time) and ``restarts``."""
        if self.process.running != self._seen:
            self._seen, self._since = self.process.running, self._clock.now()
        since = round(self._since.timestamp())
        return {"running": self._seen, "doing": self._doing, "since": since, "restarts": self._restarts}

    async def _kill_and_start(self) -> None:
        if self.process.running:
            await self.process.kill()
        await self.process.start()

    async def _do(self, doing: Doing, act: Callable[[], Awaitable[None]]) -> None:
        async with self._lock:
            self._doing = doing
            self._changed()
            try:
                await act()
            finally:
                self._doing = None
                self._since = self._clock.now()
                self._seen = self.process.running
                self._changed()

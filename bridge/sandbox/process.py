"""The bridge under the sandbox, as a process that can be started, stopped and killed."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

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


class Bridge(Protocol):
    """What the page needs of the process; the command line, which knows the real one, provides it."""

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

    async def strip(self) -> Sequence[StripRow]:
        """The newest things it stored or sent, newest first; readable while it is stopped too."""
        ...


class Keeper:
    """Starts and stops the bridge one wish at a time, and remembers since when it runs."""

    def __init__(self, bridge: Bridge, clock: SandboxClock) -> None:
        """Keep ``bridge``, which may be running already."""
        self.bridge = bridge
        self._clock = clock
        self._lock = asyncio.Lock()
        self._seen = bridge.running
        self._since = clock.now()
        self._restarts = 0
        self._doing: Doing | None = None
        self._changed: Callable[[], None] = lambda: None

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` whenever the state is another."""
        self._changed = changed

    async def start(self) -> None:
        """Start it unless it runs."""
        if not self.bridge.running:
            await self._do("starting", self.bridge.start)

    async def stop(self) -> None:
        """Stop it in peace."""
        if self.bridge.running:
            await self._do("stopping", self.bridge.stop)

    async def restart(self) -> None:
        """Kill it in the middle of whatever it does, and start it again."""
        await self._do("restarting", self._kill_and_start)
        self._restarts += 1
        self._changed()

    def state(self) -> dict[str, Any]:
        """``running``, ``doing`` (or None), ``since`` (epoch seconds of sandbox time) and ``restarts``."""
        if self.bridge.running != self._seen:
            self._seen, self._since = self.bridge.running, self._clock.now()
        since = round(self._since.timestamp())
        return {"running": self._seen, "doing": self._doing, "since": since, "restarts": self._restarts}

    async def _kill_and_start(self) -> None:
        if self.bridge.running:
            await self.bridge.kill()
        await self.bridge.start()

    async def _do(self, doing: Doing, act: Callable[[], Awaitable[None]]) -> None:
        async with self._lock:
            self._doing = doing
            self._changed()
            try:
                await act()
            finally:
                self._doing = None
                self._since = self._clock.now()
                self._seen = self.bridge.running
                self._changed()

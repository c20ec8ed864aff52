"""The sandbox's own time: real time plus an offset that only grows by hand."""

import asyncio
import time
from datetime import UTC, datetime


class SandboxClock:
    """Wall-clock time in UTC that can be moved forward; sleepers wake when it is moved past their due time."""

    def __init__(self, offset: float = 0.0) -> None:
        """Start ``offset`` seconds ahead of the machine's clock."""
        self._offset = offset
        self._moved = asyncio.Event()

    @property
    def offset(self) -> float:
        """Seconds this clock is ahead of the machine's clock."""
        return self._offset

    def timestamp(self) -> float:
        """Seconds since the epoch, in sandbox time."""
        return time.time() + self._offset

    def now(self) -> datetime:
        """The aware UTC datetime, in sandbox time."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def skip(self, seconds: float) -> None:
        """Move forward by ``seconds`` (may be negative, to rehearse a clock that jumps back)."""
        self._offset += seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def sleep(self, seconds: float) -> None:
        """Return once ``seconds`` of sandbox time have passed."""
        due = self.timestamp() + seconds
        while (left := due - self.timestamp()) > 0:
            moved = self._moved
            # Not wait_for: on Python 3.11 it swallows a cancellation that comes just as the clock is moved.
            try:
                async with asyncio.timeout(left):
                    await moved.wait()
            except TimeoutError:
                return

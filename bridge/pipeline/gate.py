"""Holds back what comes live until what came before it was taken in: order would suffer otherwise."""

import asyncio
from contextlib import suppress


class Gate:
    """Open unless somebody is catching up, and never closed to anybody for longer than ``patience`` seconds."""

    def __init__(self, patience: float) -> None:
        """Start open."""
        self._patience = patience
        self._missing: set[str] = set()
        self._open = asyncio.Event()
        self._open.set()

    def close(self, part: str) -> None:
        """``part`` is to be caught up first."""
        self._missing.add(part)
        self._open.clear()

    def open(self, part: str) -> None:
        """``part`` was caught up; the last one opens."""
        self._missing.discard(part)
        if not self._missing:
            self._open.set()

    async def passed(self) -> None:
        """Return once it is open, or after the patience a sender has."""
        if not self._open.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._open.wait()

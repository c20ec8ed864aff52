"""Holds back what comes live until what came before it was taken in: order would suffer otherwise."""

import asyncio
from collections.abc import Hashable
from contextlib import suppress


class Gate:
    """Open unless somebody is catching up, and never closed to anybody for longer than ``patience`` seconds."""

    def __init__(self, patience: float) -> None:
        """Start open."""
        self._patience = patience
        self._missing: set[str] = set()
        self._caught_up: set[Hashable] = set()
        self._news = asyncio.Event()

    @property
    def is_open(self) -> bool:
        """Whether everything was caught up."""
        return not self._missing

    def close(self, part: str) -> None:
        """``part`` is to be caught up first, all of it."""
        self._missing.add(part)
        self._caught_up.clear()

    def open(self, part: str) -> None:
        """``part`` was caught up; the last one opens."""
        self._missing.discard(part)
        self._tell()

    def let_through(self, thread: Hashable) -> None:
        """What belongs to ``thread`` need not wait for the rest."""
        self._caught_up.add(thread)
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def passed(self, thread: Hashable = None) -> None:
        """Return once it is open, for all or for this thread, or after the patience a sender has."""
        if self._is_open_for(thread):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while not self._is_open_for(thread):
                    await self._news.wait()

    def _is_open_for(self, thread: Hashable) -> bool:
        return self.is_open or thread in self._caught_up

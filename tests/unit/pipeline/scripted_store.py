"""A store whose transactions all work on one script."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from bridge.ports.rows import (
    InboxDraft,
)
from bridge.ports.store import Store, StoreUnavailable, Unit
from tests.unit.pipeline.scripted import Script

T = TypeVar("T")


@dataclass
class ScriptedStore:
    """``down``: transactions that fail from now on. ``waits``: (topic, seconds, target) of those that wait for ever."""

    script: Script = field(default_factory=Script)
    down: int = 0
    waits: list[tuple[str, float, str | None]] = field(default_factory=list[tuple[str, float, str | None]])
    kept: dict[tuple[str, str], InboxDraft] = field(default_factory=dict[tuple[str, str], InboxDraft])
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def port(self) -> Store:
        """The store as the pipeline knows it."""
        return cast("Store", self)

    def _reach(self) -> None:
        if self.down:
            self.down -= 1
            raise StoreUnavailable("disk full")

    async def transact(self, work: Callable[[Unit], T], *, urgent: bool = False) -> T:
        self._reach()
        return work(self.script.unit)

    async def accept(self, draft: InboxDraft) -> bool:
        self._reach()
        key = (draft.source, draft.external_id)
        new = key not in self.kept
        self.kept.setdefault(key, draft)
        return new

    async def wait(self, topic: str, timeout: float, *, target: str | None = None) -> None:  # noqa: ASYNC109 - the port's
        self.waits.append((topic, timeout, target))
        await self.news.wait()
        self.news.clear()

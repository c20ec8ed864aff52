"""Many requests, one commit: while one is under way, those that come meanwhile gather for the next.

Nobody waits for company: when none is under way, one request is a group of its own.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from bridge.ports.rows import InboxDraft
from bridge.ports.store import StoreUnavailable
from bridge.store.arrivals import identity

LIMIT = 500

Write: TypeAlias = Callable[[Sequence[InboxDraft]], Awaitable[set[tuple[str, str]]]]
"""Stores drafts in one transaction and returns the identities of those that were new."""


class GroupCommit:
    """Belongs to one event loop."""

    def __init__(self, write: Write) -> None:
        """Start with nobody waiting."""
        self._write = write
        self._waiting: deque[tuple[InboxDraft, asyncio.Future[bool]]] = deque()
        self._flushing: asyncio.Task[None] | None = None

    async def accept(self, draft: InboxDraft) -> bool:
        """Return after the commit: True when the draft was new. Raises what the write raised."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((draft, done))
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush())
        return await done

    async def finish(self) -> None:
        """Wait until everybody has an answer."""
        while self._flushing is not None:
            await asyncio.wait([self._flushing])

    async def _flush(self) -> None:
        try:
            while self._waiting:
                await self._commit([self._waiting.popleft() for _ in range(min(LIMIT, len(self._waiting)))])
        finally:
            self._flushing = None
            while self._waiting:  # only when this task was cancelled
                _fail([self._waiting.popleft()], StoreUnavailable("the store is closing"))

    async def _commit(self, group: list[tuple[InboxDraft, asyncio.Future[bool]]]) -> None:
        try:
            new = await self._write([draft for draft, _ in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, everybody in the group is told
            _fail(group, error)
        except asyncio.CancelledError:
            _fail(group, StoreUnavailable("the store is closing"))
            raise
        else:
            for draft, done in group:
                key = identity(draft)
                if not done.done():
                    done.set_result(key in new)
                new.discard(key)  # a repeat within the group is a repeat


def _fail(group: Sequence[tuple[InboxDraft, asyncio.Future[bool]]], error: Exception) -> None:
    for _, done in group:
        if not done.done():  # an error of its own each, since raising writes into it
            done.set_exception(StoreUnavailable(*error.args) if isinstance(error, StoreUnavailable) else error)

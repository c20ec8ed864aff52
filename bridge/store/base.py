"""What is alike on both databases: units, group commit and wake-ups."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from bridge.ports.clock import Clock
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Topic, Unit
from bridge.store.arrivals import Identity
from bridge.store.group_commit import GroupCommit
from bridge.store.unit import StoreUnit
from bridge.store.wakeups import Wakeups, key

T = TypeVar("T")


def in_unit(work: Callable[[Unit], T], connection: Connection) -> tuple[T, Collection[str]]:
    """Do ``work`` in a unit over a connection in a transaction; returns what it gave and whom to wake."""
    unit = StoreUnit(connection)
    result = work(unit)
    unit.finish()
    return result, unit.touched


class BaseStore:
    """A store without its transactions. Belongs to one event loop."""

    def __init__(self, clock: Clock) -> None:
        """Start with nothing in hand."""
        self._clock = clock
        self._wakeups = Wakeups()
        self._groups = GroupCommit(self._accept_all)

    async def transact(self, work: Callable[[Unit], T], *, urgent: bool = False) -> T:
        """Run ``work`` in one transaction and commit. Raises ``StoreUnavailable``."""
        raise NotImplementedError

    async def accept(self, draft: InboxDraft) -> bool:
        """Store one request or event; returns after the commit, shared with others. True when it was new."""
        return await self._groups.accept(draft)

    async def wait(
        self,
        topic: Topic,
        timeout: float,  # noqa: ASYNC109 - the port's: reaching it is no error
        *,
        target: str | None = None,
    ) -> None:
        """Return when rows of ``topic`` may have come since this task last waited, or after ``timeout`` seconds."""
        await self._wakeups.wait(key(topic, target), timeout)

    def wake(self) -> None:
        """Let everybody who waits look again: the clock was moved."""
        self._wakeups.touch_all(("inbox", "outbox", "timers"))

    async def _accept_all(self, drafts: Sequence[InboxDraft]) -> set[Identity]:
        """Store drafts together and commit; returns the identities of those that were new."""
        raise NotImplementedError

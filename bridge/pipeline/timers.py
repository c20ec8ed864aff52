"""Timers that fall due become inbox rows; what they mean is decided there."""

import asyncio

from bridge.domain.events import TimerFired
from bridge.observability import log
from bridge.ports.clock import Clock
from bridge.ports.rows import TimerRow
from bridge.ports.store import Store, StoreUnavailable, Unit

BATCH = 200
POLL_SECONDS = 5.0


class Timers:
    """Fires timers, oldest first."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Keep where timers are and what time it is."""
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Fire until cancelled."""
        while True:
            try:
                seconds = await self._store.transact(self._fire)
            except StoreUnavailable as problem:
                log().warning("database unavailable", where="timers", error=str(problem))
                await asyncio.sleep(1.0)
                continue
            if seconds > 0:
                await self._store.wait("timers", seconds)

    def _fire(self, unit: Unit) -> float:
        """Move due timers into the inbox; returns seconds until the next one."""
        now = self._clock()
        rows = unit.due_timers(now, BATCH)
        if rows:
            unit.tell([_fired(row) for row in rows], now)
            return 0.0
        due = unit.next_timer()
        return POLL_SECONDS if due is None else min(POLL_SECONDS, max(0.0, (due - now).total_seconds()))


def _fired(row: TimerRow) -> TimerFired:
    return TimerFired(
        external_id=f"timer:{row.id}:{row.due.isoformat()}",
        kind=row.kind,
        conversation=row.conversation,
        subject=row.subject,
    )

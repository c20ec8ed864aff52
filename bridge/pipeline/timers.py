"""Timers that fall due become inbox rows; what they mean is decided there."""

import asyncio

from bridge.domain.events import TimerFired
from bridge.domain.policy import Policy
from bridge.observability import log
from bridge.pipeline.in_force import InForce
from bridge.ports.clock import Clock
from bridge.ports.rows import TimerRow
from bridge.ports.store import Store, StoreUnavailable, Unit
from bridge.rules.digest import DIGEST_TIMER, digest_rooms, next_digest
from bridge.rules.timing import CLOCK_OF, CLOSING_TIMER

BATCH = 200
POLL_SECONDS = 5.0
AGAIN_SECONDS = 0.05
"""Between looks while another process takes what is due."""


class Timers:
    """Fires timers, oldest first."""

    def __init__(self, store: Store, clock: Clock, in_force: InForce) -> None:
        """Keep where timers are, what time it is, and what is to be watched."""
        self._store = store
        self._clock = clock
        self._in_force = in_force
        self._watched: Policy | None = None

    async def run(self) -> None:
        """Fire until cancelled; set what is to be watched first, and whenever the settings have changed."""
        while True:
            try:
                if (policy := self._in_force.policy) is not self._watched:
                    await self._store.transact(self.watch)
                    self._watched = policy
                seconds = await self._store.transact(self.fire)
            except StoreUnavailable as problem:
                log().warning("database unavailable", where="timers", error=str(problem))
                await asyncio.sleep(1.0)
                continue
            if seconds > 0:
                await self._store.wait("timers", seconds)

    def watch(self, unit: Unit) -> None:
        """Set the timers that the settings ask for and that no decision has set."""
        now, policy = self._clock(), self._in_force.policy
        lines = policy.lines.values()
        # where there are no times to keep any more, what was told of them is taken back
        if policy.sla or (self._watched is not None and self._watched.sla):
            for kind in CLOCK_OF:
                unit.watch(kind, [line.name for line in lines], now)
        for room in digest_rooms(policy):
            if (due := next_digest(room, policy, now)) is not None:
                unit.arm(DIGEST_TIMER, room, now, due)
        for line in lines:
            if line.close_after:
                unit.watch(CLOSING_TIMER, [line.name], now, latest=now + line.close_after)

    def fire(self, unit: Unit) -> float:
        """Move due timers into the inbox; returns seconds until the next one."""
        now = self._clock()
        rows = unit.due_timers(now, BATCH)
        if rows:
            unit.tell([_fired(row) for row in rows], now)
            return 0.0
        due = unit.next_timer()
        return POLL_SECONDS if due is None else min(POLL_SECONDS, max(AGAIN_SECONDS, (due - now).total_seconds()))


def _fired(row: TimerRow) -> TimerFired:
    return TimerFired(
        external_id=f"timer:{row.id}:{row.due.isoformat()}",
        kind=row.kind,
        conversation=row.conversation,
        subject=row.subject,
    )

"""What became of texts whose status callback never came: a callback that finds nobody at home is not repeated."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bridge.domain.policy import LinePolicy
from bridge.observability import log
from bridge.pipeline.calls import Outside
from bridge.pipeline.intake import Intake
from bridge.ports.clock import Clock
from bridge.ports.errors import CredentialsRejected, SendDeferred
from bridge.ports.provider import TellsDelivery
from bridge.ports.rows import LeftText
from bridge.ports.store import Store, StoreUnavailable, Unit

EVERY = timedelta(minutes=5)
AGES = (timedelta(minutes=1), timedelta(hours=1))
"""How long after it left a text is asked about, if nothing was reported: its way may be short or long."""
AT_MOST_AGO = timedelta(days=1)
"""Older texts are not asked about any more at start."""
AT_ONCE, ASKING = 200, 4
RETRY_SECONDS = 30.0


class Reports:
    """Asks a provider about texts that left and of which no end was reported: at these ages, and at each start."""

    def __init__(self, store: Store, intake: Intake, outside: Outside, clock: Clock) -> None:
        """``outside``: who can be asked."""
        self._store = store
        self._intake = intake
        self._outside = outside
        self._clock = clock

    async def run(self) -> None:
        """Ask until cancelled, every line on its own."""
        async with asyncio.TaskGroup() as group:
            for line in self._outside.policy.lines.values():
                provider = self._outside.providers[line.account]
                if isinstance(provider, TellsDelivery) and provider.capabilities.delivery_reports:
                    group.create_task(self._repeat(provider, line))

    async def _repeat(self, provider: TellsDelivery, line: LinePolicy) -> None:
        started = self._clock()
        asked = dict.fromkeys(AGES, started - max(AGES)) | {min(AGES): started - AT_MOST_AGO}
        while True:
            pause = EVERY.total_seconds()
            try:
                for age in AGES:
                    asked[age] = await self.line(provider, line, asked[age], self._clock() - age)
            except (SendDeferred, CredentialsRejected, StoreUnavailable) as problem:
                log().warning("delivery cannot be asked about", line=line.name, error=type(problem).__name__)
                wanted = problem.retry_after if isinstance(problem, SendDeferred) else None
                pause = max(RETRY_SECONDS, wanted or 0.0)
            await asyncio.sleep(pause)

    async def line(self, provider: TellsDelivery, line: LinePolicy, since: datetime, until: datetime) -> datetime:
        """Ask about the texts of a line that left in this time; returns until when that was done."""
        while True:
            found = await self._store.transact(partial(_unreported, line.name, since, until))
            await self._ask(provider, line.account, found)
            if len(found) < AT_ONCE:
                return max(since, until)
            since = found[-1].at

    async def _ask(self, provider: TellsDelivery, account: str, texts: Sequence[LeftText]) -> None:
        left, problems = deque(texts), list[Exception]()

        async def ask() -> None:
            while left and not problems:
                try:
                    text = left.popleft()
                    event = await provider.delivery(text.provider_id)
                    if event is not None:
                        await self._intake.reported(account, replace(event, message=text.message))
                except (SendDeferred, CredentialsRejected, StoreUnavailable) as problem:
                    problems.append(problem)

        async with asyncio.TaskGroup() as group:
            for _ in range(ASKING):
                group.create_task(ask())
        if problems:
            raise problems[0]


def _unreported(line: str, since: datetime, until: datetime, unit: Unit) -> Sequence[LeftText]:
    return unit.unreported(line, since, until, AT_ONCE)

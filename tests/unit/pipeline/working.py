"""A worker whose plans a test writes down."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar, cast

from bridge.domain.messages import MessageStatus
from bridge.pipeline.calls import Answer, Call, Fetched, Planned
from bridge.pipeline.outcomes import Ending
from bridge.pipeline.pace import Pace
from bridge.pipeline.planner import Planner
from bridge.pipeline.worker import Worker
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import Unit
from tests.unit.pipeline.scripted import Script, row
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import NOW, reply

T = TypeVar("T")
LINE = "line:front-desk"
SENDING = reply(status=MessageStatus.SENDING, hold=None, release_at=None)
MINUTE = timedelta(minutes=1)


class Plans:
    """Says what is done about a row: a call that answers, by its key, what the test wrote down, or waits for it."""

    def __init__(self, **answers: Answer | Exception) -> None:
        self.answers: dict[str, Answer | Exception] = dict(answers)
        self.begun: list[str] = []
        self.called = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()
        self.plan_as: Callable[[OutboxRow], Planned] = lambda claimed: Call(row=claimed, run=self.runner(claimed.key))

    def runner(self, key: str) -> Callable[[], Awaitable[Answer]]:
        async def run() -> Answer:
            self.begun.append(key)
            self.called.set()
            await self.free.wait()
            answer = self.answers.get(key)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return run

    def plan(self, _unit: Unit, claimed: OutboxRow, _now: datetime) -> Planned:
        return self.plan_as(claimed)


def working(store: ScriptedStore, plans: Plans, *, slots: int = 4, target: str = LINE) -> Worker:
    pace = Pace(None, 1)
    return Worker(target, store.port, cast("Planner", plans), pace, lambda: NOW, holder="here", slots=slots)


def ended(status: str = "pending", fetched: Fetched | None = None, **changed: object) -> Ending:
    settlement = Settlement(row=row(**changed), status=status, next_at=NOW)  # pyright: ignore[reportArgumentType] - one of them
    return Ending(settlement=settlement, fetched=fetched)


def write(script: Script, ending: Ending) -> None:
    working(ScriptedStore(), Plans())._write(script.unit, [ending], NOW)

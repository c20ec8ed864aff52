"""Timers under processes that are killed: each fires once, in order, whoever fires it."""

import asyncio
import sys
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from bridge.domain.effects import ArmTimer
from bridge.domain.events import TimerFired
from bridge.ports.store import Store, Unit
from tests.store.builders import known, later

ROOT = Path(__file__).parents[2]
ARMED, KILLS = 3_000, 2


async def fire(url: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.store.firing", url, cwd=ROOT)


async def fired(store: Store) -> list[str]:
    """Subjects of the timers that fired, in the order in which they are handled."""

    def rows(unit: Unit) -> list[str]:
        return [row.event.subject for row in unit.next_inbox(2 * ARMED) if isinstance(row.event, TimerFired)]

    return await store.transact(rows)


async def killed_on_the_way(store: Store, url: str, processes: int) -> None:
    """Let some processes fire, and kill one of them each time there was progress."""
    running = [await fire(url) for _ in range(processes)]
    seen = 0
    for _ in range(KILLS):
        async with asyncio.timeout(30):
            while (now := len(await fired(store))) <= seen and now < ARMED:  # noqa: ASYNC110 - another process does it
                await asyncio.sleep(0.001)
        seen = now
        victim = running.pop(0)
        if victim.returncode is None:
            victim.kill()
        await victim.wait()
        running.append(await fire(url))
    assert [await process.wait() for process in running] == [0] * processes


@pytest.mark.parametrize("processes", [1, 2])
async def test_each_timer_fires_once_and_in_order_whoever_is_killed(
    store: Store, migrated_url: str, processes: int
) -> None:
    # armed in another order than they are due in
    order = [(number * 7) % ARMED for number in range(ARMED)]
    armed = tuple(ArmTimer("held", f"{number:05}", later(number)) for number in order)
    await store.transact(lambda unit: unit.save(known(effects=armed), later(0)))
    await killed_on_the_way(store, migrated_url, processes)
    assert await fired(store) == [f"{number:05}" for number in range(ARMED)]
    assert await store.transact(lambda unit: unit.next_timer()) is None

"""Several processes on one database."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

import pytest

from bridge.ports.rows import Settlement
from bridge.ports.store import Store, Unit
from tests.store.builders import NOW, begin, call, claim, enqueue, settle, text_in

ROOT = Path(__file__).parents[2]
LANES, ROWS = 12, 15


async def drain(url: str, holder: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.store.claimer", url, holder, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode().splitlines()


async def test_four_processes_make_each_call_once(store: Store, migrated_url: str) -> None:
    await enqueue(store, *(call(f"lane{number % LANES}") for number in range(LANES * ROWS)))
    outputs = await asyncio.gather(*(drain(migrated_url, f"process {number}") for number in range(4)))
    made = Counter(line for output in outputs for line in output)
    assert made == {f"lane{lane} {seq} 1": 1 for lane in range(LANES) for seq in range(ROWS)}
    for output in outputs:
        for lane in range(LANES):
            own = [int(line.split()[1]) for line in output if line.startswith(f"lane{lane} ")]
            assert own == sorted(own)


async def test_lanes_touched_in_opposite_orders_do_not_block_each_other(
    store: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were they locked as they come, each of two transactions would soon wait for the other's second lane."""
    monkeypatch.setattr("bridge.store.engine_postgres.CONFLICTS", 0)  # which would be done again and go unnoticed
    lanes = [f"lane{number:02}" for number in range(60)]

    async def add(where: Store, order: list[str]) -> None:
        for _ in range(20):
            await where.transact(lambda unit: [unit.enqueue([call(lane)], NOW) for lane in order])

    async with asyncio.timeout(30):
        await asyncio.gather(add(store, lanes), add(other, lanes[::-1]), add(store, lanes[::-1]), add(other, lanes))
    rows = await claim(store, limit=100)
    assert sorted(row.lane for row in rows) == lanes


async def test_what_is_added_while_the_last_row_ends_is_not_forgotten(store: Store, other: Store) -> None:
    """The row that ends and the row that comes meet at the lane; whoever comes second must see the other."""
    rounds = 60
    await enqueue(store, call())
    ended = 0

    async def end_all() -> None:
        nonlocal ended
        while ended <= rounds:
            rows = await begin(store, await claim(store))
            ended += await settle(store, *(Settlement(row=row, status="done") for row in rows))
            await asyncio.sleep(0)

    async def add_one() -> None:
        for _ in range(rounds):
            await enqueue(other, call())

    async with asyncio.timeout(60):
        await asyncio.gather(end_all(), add_one())
    assert await store.transact(lambda unit: unit.next_due("main")) is None


async def test_only_one_process_handles_the_inbox_at_a_time(store: Store, other: Store) -> None:
    """Each row is handled once although both ask for rows at the same time."""
    for number in range(40):
        await store.accept(text_in(f"SM{number}"))
    seen: list[int] = []

    def two(unit: Unit) -> list[int]:
        rows = unit.next_inbox(2)
        unit.handled(rows, NOW)
        return [row.id for row in rows]

    async def handle(where: Store) -> None:
        for _ in range(60):
            seen.extend(await where.transact(two))

    await asyncio.gather(handle(store), handle(other))
    assert len(seen) == 40
    assert len(set(seen)) == 40

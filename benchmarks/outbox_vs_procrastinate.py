"""Our outbox on PostgreSQL against procrastinate with a lock per conversation, which keeps the same order."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from procrastinate import App, PsycopgConnector

from benchmarks._databases import postgresql, server
from benchmarks._drain import drain, fill, in_order, notes, opened
from benchmarks._processes import SERVER, pin
from benchmarks._result import insist, report, rounds, say

LANES, DEPTH, IN_FLIGHT = 200, 10, 16
MOST_SECONDS = 60.0  # of procrastinate; what it did until then is counted


async def procrastinate(app: App, first: int) -> tuple[float, Sequence[tuple[int, int]]]:
    """Jobs a second of one worker with as many in flight as ours."""
    done: list[tuple[int, int]] = []

    queue = f"round {first}"  # of its own: what an earlier round left is not worked at

    @app.task(name=f"call {first}", queue=queue)
    async def call(lane: int, number: int) -> None:
        done.append((lane, number))

    for number in range(DEPTH):
        for lane in range(LANES):
            await call.configure(lock=f"{first} {lane}").defer_async(lane=lane, number=number)
    started = time.perf_counter()
    worker = app.run_worker_async(
        queues=[queue], concurrency=IN_FLIGHT, wait=False, install_signal_handlers=False, listen_notify=False
    )
    with suppress(TimeoutError):
        async with asyncio.timeout(MOST_SECONDS):
            await worker
    return len(done) / (time.perf_counter() - started), done


def is_begun_in_order(jobs: Sequence[tuple[int, int]]) -> bool:
    """Whether each lane's jobs came one after the other from the first."""
    following: dict[int, int] = {}
    for lane, number in jobs:
        if number != following.get(lane, 0):
            return False
        following[lane] = number + 1
    return True


async def main(ours: str, theirs: str) -> None:
    """Run and report."""
    measured: list[tuple[float, float]] = []
    app = App(connector=PsycopgConnector(conninfo=theirs, max_size=IN_FLIGHT))
    async with app.open_async(), opened(ours) as store:
        await app.schema_manager.apply_schema_async()
        for number in range(rounds(3)):
            await fill(store, notes(1000 * number, LANES, DEPTH))
            rate, calls = await drain(store, LANES * DEPTH, ("note:chat",))
            insist(in_order(calls, LANES, DEPTH), "order or number of ours")
            floor, jobs = await procrastinate(app, number)
            insist(jobs and is_begun_in_order(jobs), "order of theirs")
            measured.append((rate, floor))
            say(f"round {number}: outbox {rate:.0f}/s, procrastinate {floor:.0f}/s, x {rate / floor:.1f}")
    report("outbox_vs_procrastinate", "jobs/s", measured)


if __name__ == "__main__":
    pin(0, SERVER)
    with server() as running, postgresql(running) as ours, running.database() as theirs:
        asyncio.run(main(ours, theirs))

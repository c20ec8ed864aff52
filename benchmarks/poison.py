"""One conversation waits for a retry with 50,000 calls behind it: what the others lose by it."""

import asyncio
from datetime import UTC, datetime, timedelta

from benchmarks._databases import sqlite
from benchmarks._drain import BLOCKED, drain, fill, in_order, notes, opened
from benchmarks._processes import SERVER, pin
from benchmarks._result import insist, report, rounds, say

LANES, DEPTH, BACKLOG = 100, 20, 50_000


async def main(healthy: str, blocked: str) -> None:
    """Run and report."""
    measured: list[tuple[float, float]] = []
    async with opened(healthy) as calm, opened(blocked) as ill:
        await fill(ill, notes(BLOCKED, 1, BACKLOG, datetime.now(UTC) + timedelta(hours=2)))
        for number in range(-1, rounds(9)):
            rates: list[float] = []
            for store in (ill, calm):
                await fill(store, notes(1000 + number * LANES, LANES, DEPTH))
                rate, calls = await drain(store, LANES * DEPTH, ("note:chat",))
                insist(in_order(calls, LANES, DEPTH), "order or number")
                rates.append(rate)
            if number >= 0:  # the first warms up
                measured.append((rates[0], rates[1]))
                ratio = rates[0] / rates[1]
                say(f"round {number}: blocked backlog {rates[0]:.0f}/s, none {rates[1]:.0f}/s, {ratio:.2f}")
    report("poison", "jobs/s", measured)


if __name__ == "__main__":
    pin(0, SERVER)
    with sqlite() as one, sqlite() as other:
        asyncio.run(main(one, other))

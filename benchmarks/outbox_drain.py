"""Calls a second through the real dispatcher and store, against the least an outbox can be.

Two kinds of calls: ones that need nothing read (the result: what the outbox costs) and texts that are read, planned and
recorded (printed above it).
"""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import _raw_lanes as raw
from benchmarks._databases import sqlite
from benchmarks._drain import drain, fill, in_order, notes, opened, record, texts
from benchmarks._processes import SERVER, pin
from benchmarks._result import insist, report, rounds, say

LANES, DEPTH = 100, 20


async def main(url: str, directory: Path) -> None:
    """Run and report."""
    measured: list[tuple[float, float]] = []
    async with opened(url) as store:
        for number in range(-1, rounds(7)):
            first = 10_000 + number * LANES
            await store.transact(lambda unit, first=first: record(unit, first, LANES, DEPTH))
            await fill(store, notes(first, LANES, DEPTH))
            rate, calls = await drain(store, LANES * DEPTH, ("note:chat",))
            insist(in_order(calls, LANES, DEPTH), "order or number of notes")
            with raw.prepare(directory / f"{number}.db", LANES, DEPTH) as bare:
                floor, calls = raw.drain(bare)
            insist(in_order(calls, LANES, DEPTH), "order or number of the floor's jobs")
            await fill(store, texts(first, LANES, DEPTH))
            text_rate, calls = await drain(store, LANES * DEPTH, ("room:chat/room",))
            insist(in_order(calls, LANES, DEPTH), "order or number of texts")
            if number >= 0:  # the first warms up
                measured.append((rate, floor))
                say(
                    f"round {number}: outbox {rate:.0f}/s, texts {text_rate:.0f}/s | raw loop {floor:.0f}/s |"
                    f" {rate / floor:.2f}, texts {text_rate / floor:.2f}"
                )
    report("outbox_drain", "jobs/s", measured)


if __name__ == "__main__":
    pin(0, SERVER)
    with sqlite() as url, TemporaryDirectory() as directory:
        asyncio.run(main(url, Path(directory)))

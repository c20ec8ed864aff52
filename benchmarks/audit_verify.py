"""``textbridge audit verify`` with 100,000 entries, from the command to its answer, and that it finds a changed one.

Floor: the same entries read by plain sqlite3 and each hashed once.
"""

import asyncio
import hashlib
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks._bridge import settings
from benchmarks._databases import sqlite
from benchmarks._drain import opened
from benchmarks._processes import ROOT
from benchmarks._result import insist, report, rounds, say
from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.ports.store import Unit

ENTRIES, BATCH = 100_000, 5_000
TAMPERED = 2


def write(unit: Unit, start: int) -> None:
    """Put acts on record as a busy team makes them."""
    for number in range(start, start + BATCH):
        act = Record("claimed", "slack:U0000000001", "reaction", f"m{number}", "from nobody to Ana")
        unit.save(Decision(effects=(act,)), datetime.now(UTC), conversation=1000 + number % 500)


async def fill(url: str) -> None:
    """Write all entries."""
    async with opened(url) as store:
        for start in range(0, ENTRIES, BATCH):
            await store.transact(partial(write, start=start))


def verify(config: Path) -> tuple[float, int]:
    """Seconds and exit code of the command."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "bridge", "--config", str(config), "audit", "verify"]
    done = subprocess.run(command, check=False, capture_output=True, cwd=ROOT)  # noqa: S603 - ours
    return time.perf_counter() - started, done.returncode


def read(path: Path) -> float:
    """Seconds to read and hash as much."""
    started = time.perf_counter()
    with sqlite3.connect(path) as connection:
        for row in connection.execute("SELECT * FROM audit ORDER BY id"):
            hashlib.sha256(str(row).encode()).hexdigest()
    return time.perf_counter() - started


if __name__ == "__main__":
    measured: list[tuple[float, float]] = []
    with ExitStack() as stack:
        url = stack.enter_context(sqlite())
        path = Path(url.removeprefix("sqlite:///"))
        config = Path(stack.enter_context(TemporaryDirectory())) / "textbridge.yaml"
        config.write_text(settings(url, 8080, 1))
        asyncio.run(fill(url))
        for number in range(-1, rounds()):
            took, code = verify(config)
            insist(code == 0, "the record is in order")
            floor = read(path)
            if number >= 0:  # the first warms up
                measured.append((took, floor))
                say(f"round {number}: {took:.2f} s, read and hashed in {floor:.2f} s")
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE audit SET actor = 'slack:U0000000002' WHERE id = ?", (ENTRIES - 1,))
        insist(verify(config)[1] == TAMPERED, "a changed entry is found")
    report("audit_verify", "s", measured)

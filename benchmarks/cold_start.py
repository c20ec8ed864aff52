"""Time until ``textbridge run`` takes requests, 100,000 calls pending, against a Python that imports its libraries.

Printed above the result: the same with an empty database, ``--help``, and memory at rest.
"""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks._bridge import settings
from benchmarks._databases import sqlite
from benchmarks._drain import filled, notes
from benchmarks._processes import ROOT, free_port, vendors
from benchmarks._result import insist, report, rounds, say

PENDING = 100_000
PATIENCE = 30.0
LIBRARIES = "import aiohttp, sqlalchemy"
# Installed software is compiled already. Here the first start, which is not counted, does it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
MEBIBYTE = 1024 * 1024


def timed(*arguments: str) -> float:
    """Seconds a Python takes from start to end."""
    started = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=ENVIRONMENT)  # noqa: S603 - ours
    return time.perf_counter() - started


def start(database: str, vendor_port: int, directory: Path) -> tuple[float, float]:
    """Seconds until ``run`` is ready, and MiB it then needs."""
    port = free_port()
    config = directory / "textbridge.yaml"
    config.write_text(settings(database, port, vendor_port))
    started = time.perf_counter()
    child = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-m", "bridge", "--config", str(config), "run"],
        cwd=ROOT,
        env=ENVIRONMENT,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _ready(port):
            insist(child.poll() is None and time.perf_counter() - started < PATIENCE, "it does not start")
            time.sleep(0.005)
        took = time.perf_counter() - started
        time.sleep(1.0)
        return took, psutil.Process(child.pid).memory_info().rss / MEBIBYTE
    finally:
        child.kill()
        child.wait()


def _ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    measured: list[tuple[float, float]] = []
    with ExitStack() as stack:
        directory = Path(stack.enter_context(TemporaryDirectory()))
        empty, full = stack.enter_context(sqlite()), stack.enter_context(sqlite())
        vendor_port = stack.enter_context(vendors())
        asyncio.run(filled(full, notes(10_000, 1000, PENDING // 1000, datetime.now(UTC) + timedelta(hours=2))))
        for number in range(-1, rounds()):
            pending, memory = start(full, vendor_port, directory)
            bare, small = start(empty, vendor_port, directory)
            libraries, words = timed("-c", LIBRARIES), timed("-m", "bridge", "--help")
            if number < 0:
                continue
            measured.append((pending, libraries))
            say(
                f"round {number}: ready in {pending:.2f} s with {PENDING} pending ({memory:.0f} MiB),"
                f" {bare:.2f} s without ({small:.0f} MiB), --help {words * 1000:.0f} ms, libraries {libraries:.2f} s"
            )
    report("cold_start", "s", measured)

"""Processes of a benchmark: each on cores of its own when there are enough, ended with the benchmark."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil

ENOUGH = 4
CLIENT, VENDORS, SERVER = (3,), (2,), (0, 1)
ROOT = Path(__file__).parent.parent


def pin(process: int, cores: tuple[int, ...]) -> None:
    """Keep a process on these cores."""
    if (os.cpu_count() or 1) >= ENOUGH:
        os.sched_setaffinity(process, cores)


def free_port() -> int:
    """A loopback port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(*arguments: str, cores: tuple[int, ...] = SERVER) -> Generator[psutil.Process]:
    """Run ``python -m …`` until the block is left; begins once it has printed a line."""
    child = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        pin(child.pid, cores)
        assert child.stdout is not None  # noqa: S101 - asked for
        if not child.stdout.readline():
            raise SystemExit(f"{arguments[0]} did not start")
        yield psutil.Process(child.pid)
    finally:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def vendors() -> Generator[int]:
    """Pretend vendors; yields their port."""
    port = free_port()
    with process("benchmarks._vendors", str(port), cores=VENDORS):
        yield port


def seen(port: int) -> list[tuple[float, str, int, str, str]]:
    """What the vendors saw since they were asked last."""
    found: list[Any] = get(port, "/seen")
    return [tuple(call) for call in found]


def get(port: int, path: str) -> Any:
    """JSON from a server of ours."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse().read()
    connection.close()
    return json.loads(answer)


@contextmanager
def bridge(database: str, vendor_port: int, *options: str) -> Generator[tuple[int, psutil.Process]]:
    """The real bridge on a database; yields its port and its process. Options: see ``_bridge``."""
    port = free_port()
    with process("benchmarks._bridge", database, str(port), str(vendor_port), *options) as child:
        yield port, child


@contextmanager
def floor(kind: str, vendor_port: int = 0) -> Generator[tuple[int, psutil.Process]]:
    """A floor of ``_floors``; yields its port and its process."""
    port = free_port()
    with process("benchmarks._floors", kind, str(port), str(vendor_port)) as child:
        yield port, child


def busy(child: psutil.Process) -> float:
    """Seconds of processor time a process has had: on a shared machine these move least."""
    times = child.cpu_times()
    return times.user + times.system

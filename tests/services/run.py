"""One directory for all workers of a test run, made and removed by the process that started the run.

It lies in memory where there is room: thousands of databases made on a disk cost more than the tests do with them.
Temporary files of the tests lie in it too.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import pytest

VARIABLE = "TEXTBRIDGE_TESTS_DIRECTORY"
PREFIX = "textbridge-tests-"
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes that must be free there; a run takes a tenth of them."""
IN_USE = "in-use.lock"

_held: list[TextIO] = []


def run_directory() -> Path:
    """Return the directory that the workers of this run share."""
    return Path(os.environ[VARIABLE])


@contextmanager
def one_at_a_time(directory: Path, what: str) -> Generator[None]:
    """Keep the other workers from doing the same until the block is left."""
    with (directory / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def begin(config: pytest.Config) -> None:
    """Make the directory; workers inherit its name."""
    if _is_worker(config):
        return
    place = MEMORY if _has_room(MEMORY) else Path(tempfile.gettempdir())
    sweep(place)
    directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    directory.chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
    _held.append((directory / IN_USE).open("w"))
    fcntl.flock(_held[-1], fcntl.LOCK_EX)
    os.environ[VARIABLE] = os.environ["TMPDIR"] = tempfile.tempdir = str(directory)


def end(config: pytest.Config) -> Path | None:
    """Return the directory to be cleared by `remove`, or None in a worker."""
    return None if _is_worker(config) or VARIABLE not in os.environ else Path(os.environ.pop(VARIABLE))


def remove(directory: Path) -> None:
    """Remove the directory with all in it."""
    shutil.rmtree(directory, ignore_errors=True)
    while _held:
        _held.pop().close()


def sweep(place: Path) -> None:
    """Remove what runs that were killed left in ``place``."""
    for left in place.glob(f"{PREFIX}*/{IN_USE}"):
        with suppress(OSError), left.open("r+") as lock:  # another run holds it, or swept it first
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)


def _has_room(place: Path) -> bool:
    try:
        found = os.statvfs(place)
    except OSError:
        return False
    usable = os.access(place, os.W_OK) and not found.f_flag & os.ST_NOEXEC  # PostgreSQL's programs are copied along
    return usable and found.f_bavail * found.f_frsize >= ROOM


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")

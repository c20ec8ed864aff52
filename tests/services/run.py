"""One directory for all workers of a test run, made and removed by the process that started the run."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

VARIABLE = "TEXTBRIDGE_TESTS_DIRECTORY"


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
    directory = Path(tempfile.mkdtemp(prefix="textbridge-tests-"))
    directory.chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
    os.environ[VARIABLE] = str(directory)


def end(config: pytest.Config) -> Path | None:
    """Return the directory to be cleared by `remove`, or None in a worker."""
    return None if _is_worker(config) or VARIABLE not in os.environ else Path(os.environ.pop(VARIABLE))


def remove(directory: Path) -> None:
    """Remove the directory with all in it."""
    shutil.rmtree(directory, ignore_errors=True)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")

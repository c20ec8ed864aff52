"""One process for one SQLite file: a lock that the system takes back when the process ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_SECONDS = 2.0
"""A predecessor that was just killed or told to stop may need a moment to be gone."""
LOOK_AGAIN_SECONDS = 0.05


class DatabaseInUse(Exception):
    """Another process serves this file."""


@contextmanager
def alone_on(file: Path) -> Generator[None]:
    """Be the only one to serve ``file`` while inside. Raises ``DatabaseInUse``, or ``OSError`` when it cannot be told.

    The lock is on a file of its own: closing the database's would undo the locks SQLite has on it.
    """
    whole = file.resolve()
    lock = os.open(whole.with_name(f"{whole.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(lock, "ab") as held:
        _take(held.fileno())
        yield


def _take(descriptor: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise DatabaseInUse from None
            time.sleep(LOOK_AGAIN_SECONDS)
        else:
            return

"""Runs Synapse on a leash: it ends when whoever started it is gone, and its clock is the sandbox's.

Started as a file, by the Python that has Synapse: ``python -P leashed.py LOCK OFFSET -c homeserver.yaml``. On standard
input come new offsets of the clock in seconds, a line each; the end of it ends Synapse.
"""

import fcntl
import os
import runpy
import signal
import sys
import threading
import time
from pathlib import Path

SECONDS_TO_END = 10.0
_machine_time = time.time
_offset = 0.0


def _sandbox_time() -> float:
    return _machine_time() + _offset


def _listen() -> None:
    global _offset  # noqa: PLW0603 - the clock is one for the whole process
    for line in sys.stdin:
        _offset = float(line)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_END)
    os._exit(1)


def main() -> None:
    """Wait until nobody else uses the same files, then be Synapse."""
    global _offset  # noqa: PLW0603 - as above
    _, lock, offset, *arguments = sys.argv
    _offset = float(offset)
    time.time = _sandbox_time  # before Twisted is imported, which keeps what it finds
    held = Path(lock).open("w", encoding="utf-8")  # noqa: SIM115 - held as long as this process is
    fcntl.flock(held, fcntl.LOCK_EX)
    threading.Thread(target=_listen, daemon=True).start()
    sys.argv = ["synapse.app.homeserver", *arguments]
    runpy.run_module("synapse.app.homeserver", run_name="__main__")


if __name__ == "__main__":
    main()

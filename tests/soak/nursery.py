"""Starts the bridge by forking: its modules are loaded once, each process is a real one all the same.

Reads a word per line and answers with one: ``start`` (its process id), ``kill`` and ``stop`` (how it ended), ``ask``
(to end, without waiting for that), ``alive``.
"""

import os
import signal
import sys

import alembic.command  # noqa: F401  # pyright: ignore[reportUnusedImport] - loaded for those to come

import bridge.app  # pyright: ignore[reportUnusedImport] - the same
import bridge.cli.run  # pyright: ignore[reportUnusedImport] - the same
import bridge.outside
from bridge.__main__ import main

SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGTERM}


def serve() -> None:
    """Obey until the input ends."""
    bridge.outside.settings_models()
    child = 0
    for line in sys.stdin:
        word = line.strip()
        if word == "start":
            child = os.fork()
            if not child:
                live()
            answer = child
        elif word == "alive":
            answer = int(os.waitpid(child, os.WNOHANG)[0] == 0)
        elif word == "ask":
            os.kill(child, signal.SIGTERM)
            answer = child
        else:
            os.kill(child, SIGNALS[word])
            answer = os.waitpid(child, 0)[1]
        os.write(1, f"{answer}\n".encode())
    if child:
        os.kill(child, signal.SIGKILL)


def live() -> None:
    """Be the bridge; what it writes goes where errors go."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        main()
    finally:
        os._exit(1)


if __name__ == "__main__":
    serve()

"""``textbridge run``."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bridge import app
from bridge.cli.failure import Failure
from bridge.cli.settings import read_config
from bridge.observability import configure_logs
from bridge.ports.clock import Clock
from bridge.ports.store import StoreUnavailable


def serve(config_path: Path, *, migrate: bool, clock_offset: Path | None) -> None:
    """Serve until stopped."""
    config = read_config(config_path)
    configure_logs(config.logging.level, config.logging.format)
    clock = app.system_clock if clock_offset is None else shifted_clock(clock_offset)
    try:
        run_loop(app.run(config, clock=clock, migrate=migrate))
    except OSError as problem:
        msg = (
            f"Cannot serve on {config.listen}: {os.strerror(problem.errno or 0)}. Change `listen` or stop what uses it."
        )
        raise Failure(msg) from problem
    except StoreUnavailable as problem:
        raise Failure(f"The database cannot be used: {problem}. `textbridge doctor` says more.") from problem


def run_loop(main: Coroutine[object, object, None]) -> None:
    """Run on uvloop where it is installed."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    try:
        import uvloop  # noqa: PLC0415 - absent on some systems

        factory = uvloop.new_event_loop
    except ImportError:
        pass
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main)


def shifted_clock(path: Path) -> Clock:
    """Return a clock ahead of the machine's by the seconds in a file, for rehearsals."""
    known: list[float] = [-1.0, 0.0]

    def now() -> datetime:
        changed = path.stat().st_mtime
        if changed != known[0]:
            known[:] = [changed, float(path.read_text() or 0)]
        return datetime.now(UTC) + timedelta(seconds=known[1])

    return now

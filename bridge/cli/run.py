"""``textbridge run``."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bridge import app
from bridge.cli.failure import Failure
from bridge.cli.opening import TOO_NEW, require_folder, unusable
from bridge.cli.settings import read_config
from bridge.observability import configure_logs
from bridge.ports.clock import Clock
from bridge.ports.store import StoreUnavailable
from bridge.store.migrate import DatabaseTooNew


def serve(config_path: Path, *, migrate: bool, clock_offset: Path | None) -> None:
    """Serve until stopped."""
    config = read_config(config_path)
    configure_logs(config.logging.level, config.logging.format)
    require_folder(config.database_url)
    clock = app.system_clock if clock_offset is None else shifted_clock(clock_offset)
    try:
        run_loop(app.run(config, clock=clock, migrate=migrate))
    except StoreUnavailable as problem:
        raise unusable(config.database_url, problem) from problem
    except DatabaseTooNew as problem:
        raise Failure(TOO_NEW) from problem
    except OSError as problem:
        # A host name that cannot be resolved has a number that is no errno.
        number = problem.errno or 0
        said = os.strerror(number) if number > 0 else problem.strerror
        raise Failure(f"Cannot serve on {config.listen}: {said}. Change `listen` or stop what uses it.") from problem


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

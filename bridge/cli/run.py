"""``textbridge run``."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from bridge import app
from bridge.cli.failure import Failure
from bridge.cli.opening import TOO_NEW, file_of, require_folder, revision_of, standing, unusable
from bridge.cli.settings import load_config, read_config
from bridge.config import Config
from bridge.observability import configure_logs
from bridge.ports.store import StoreUnavailable
from bridge.store.alone import DatabaseInUse, alone_on
from bridge.store.migrate import DatabaseTooNew, head

LOOK_AGAIN_SECONDS = 0.1


def serve(config_path: Path, *, migrate: bool, clock_offset: Path | None, leashed: bool) -> None:
    """Serve until stopped; ``leashed``: or until standard input ends, as it does when whoever holds it is killed."""
    if leashed:
        Thread(target=_end_with_input, daemon=True).start()
    config = read_config(config_path)
    configure_logs(config.logging.level, config.logging.format)
    require_folder(config.database_url)
    with ExitStack() as held:
        _be_alone(held, config.database_url)
        if not migrate:
            _require_tables(config.database_url)
        _serve(config, lambda: load_config(config_path), migrate=migrate, clock_offset=clock_offset)


def _require_tables(url: str) -> None:
    revision = revision_of(url)
    if revision != head():
        raise Failure(f"{standing(revision)} `textbridge db upgrade` brings them up to date.")


def _end_with_input() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def _be_alone(held: ExitStack, url: str) -> None:
    """A file is made for one process: what another puts into it would be noticed late."""
    file = file_of(url)
    if file is None:
        return
    try:
        held.enter_context(alone_on(file))
    except DatabaseInUse as problem:
        msg = f"Another `textbridge run` serves {file} already. Stop it first; several processes need PostgreSQL."
        raise Failure(msg) from problem
    except OSError as problem:
        raise unusable(url, problem) from problem


def _serve(config: Config, reread: Callable[[], Config], *, migrate: bool, clock_offset: Path | None) -> None:
    try:
        if clock_offset is None:
            run_loop(app.run(config, migrate=migrate, reread=reread))
        else:
            clock = ShiftedClock(clock_offset)
            run_loop(app.run(config, clock=clock.now, migrate=migrate, clock_moved=clock.moved, reread=reread))
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


class ShiftedClock:
    """A clock ahead of the machine's by the seconds in a file, for rehearsals."""

    def __init__(self, path: Path) -> None:
        """``path`` holds a number and is replaced as a whole when it changes."""
        self._path = path
        self._changed = -1
        self._ahead = timedelta()
        self.now()

    def now(self) -> datetime:
        """Return the present moment of the rehearsal."""
        changed = self._path.stat().st_mtime_ns
        if changed != self._changed:
            self._ahead = timedelta(seconds=float(self._path.read_text() or 0))
            self._changed = changed
        return datetime.now(UTC) + self._ahead

    async def moved(self) -> None:
        """Return once the file was replaced."""
        known = self._path.stat().st_mtime_ns
        while self._path.stat().st_mtime_ns == known:  # noqa: ASYNC110 - another process moves it
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

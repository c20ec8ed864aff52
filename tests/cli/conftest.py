"""The command line in this process."""

import logging
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
import structlog

from bridge.cli.main import start
from tests.cli.support import Outcome, config_text, write_config

Cli = Callable[..., Outcome]


class Terminal(StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def _own_logs() -> Iterator[None]:
    """``run`` sends logs to the standard error of that moment, which is gone after the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def cli(_own_logs: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command in a folder of its own; ``typed``: what somebody at a terminal answers."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, typed: str | None = None) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["textbridge", *arguments])
        monkeypatch.setattr(sys, "stdin", StringIO() if typed is None else Terminal(typed))
        capsys.readouterr()
        code: object = 0
        try:
            start()
        except SystemExit as end:
            code = end.code
        printed = capsys.readouterr()
        return Outcome(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> str:
    """A database with current tables and a configuration that names it, on SQLite and on PostgreSQL."""
    write_config(tmp_path, config_text(migrated_url))
    return migrated_url


@pytest.fixture
def sqlite(migrated_sqlite_url: str, tmp_path: Path) -> str:
    """The same on SQLite alone."""
    write_config(tmp_path, config_text(migrated_sqlite_url))
    return migrated_sqlite_url

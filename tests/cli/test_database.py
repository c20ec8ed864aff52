"""``textbridge db``."""

from pathlib import Path

import pytest

from bridge.store import current
from bridge.store.migrate import head
from tests.cli.conftest import Cli
from tests.cli.support import config_text, write_config


def test_upgrade_makes_the_tables_and_current_tells(cli: Cli, database_url: str, tmp_path: Path) -> None:
    write_config(tmp_path, config_text(database_url))
    before = cli("db", "current")
    assert (before.code, "no tables yet" in before.out, "db upgrade" in before.out) == (0, True, True)
    made = cli("db", "upgrade")
    assert (made.code, made.out) == (0, f"Done: revision {head()}.\n")
    assert current(database_url) == head()
    for again in (cli("db", "upgrade"), cli("db", "current")):
        assert (again.code, again.out) == (0, f"The tables are up to date (revision {head()}).\n")


def test_looking_makes_no_file(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, config_text("sqlite:///textbridge.db"))
    assert "no tables yet" in cli("db", "current").out
    assert cli("outbox", "list").code == 1
    assert cli("doctor", "--offline").code == 1
    assert not (tmp_path / "textbridge.db").exists()


def test_an_earlier_version_is_told(cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.store.migrate.head", lambda: "a later one")
    found = cli("db", "current")
    assert (found.code, "of an earlier version" in found.out) == (0, True)
    work = cli("outbox", "list")
    assert (work.code, "`textbridge db upgrade`" in work.err) == (1, True)
    looked = cli("doctor", "--offline")
    assert (looked.code, "of an earlier version" in looked.out) == (1, True)

"""Whatever is wrong is one or two sentences with the remedy on standard error, and never a traceback."""

import errno
import os
import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bridge.store import upgrade
from tests.cli.conftest import Cli
from tests.cli.support import SECRETS, Outcome, command, config_text, environment, process, write_config
from tests.services.network import free_port

COMMANDS = [("run",), ("db", "current"), ("db", "upgrade"), ("inbox", "list"), ("outbox", "list")]
LONGEST = 500


def assert_plain(outcome: Outcome, *words: str) -> None:
    """Check that somebody without the source knows what to do."""
    assert outcome.code not in {0, 70}
    assert "Traceback" not in outcome.err
    assert len(outcome.err) < LONGEST
    for word in words:
        assert word in outcome.err
    for secret in SECRETS:
        assert secret not in outcome.err + outcome.out


@pytest.mark.parametrize("arguments", COMMANDS)
def test_no_configuration(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert_plain(cli(*arguments), "textbridge.yaml", "textbridge init", "--config")


def test_the_configuration_is_named_by_a_variable(tmp_path: Path) -> None:
    assert_plain(process("db", "current", cwd=tmp_path, TEXTBRIDGE_CONFIG="nowhere.yaml"), "nowhere.yaml")


@pytest.mark.parametrize("name", ["folder", "x" * 300])
def test_a_configuration_that_cannot_be_read(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert_plain(cli("--config", name, "db", "current"), "cannot be read", "init" if name == "folder" else "long")


def test_a_configuration_nobody_may_read(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_path: Path) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    write_config(tmp_path, config_text("sqlite:///textbridge.db"))
    monkeypatch.setattr(Path, "read_bytes", refused)  # root may read everything
    assert_plain(cli("db", "current"), "cannot be read", "Permission denied")


def test_every_variable_that_is_missing_is_named(cli: Cli, tmp_path: Path) -> None:
    text = config_text("sqlite:///a.db").replace(SECRETS[0], "${NOT_SET_ONE}").replace(SECRETS[1], "${NOT_SET_TWO}")
    write_config(tmp_path, text)
    assert_plain(cli("outbox", "list"), "line 6", "NOT_SET_ONE", "line 8", "NOT_SET_TWO")


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_database_in_a_folder_that_is_not_there(cli: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_config(tmp_path, config_text(f"sqlite:///{tmp_path}/gone/textbridge.db"))
    assert_plain(cli(*arguments), f"{tmp_path}/gone", "does not exist")


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_file_that_is_no_database(cli: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "textbridge.db").write_bytes(b"something else entirely " * 400)
    write_config(tmp_path, config_text("sqlite:///textbridge.db"))
    assert_plain(cli(*arguments), "not a database", "restore a backup")


def test_a_damaged_database(cli: Cli, sqlite: str, tmp_path: Path) -> None:
    file = tmp_path / "textbridge.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\x55" * (len(whole) - 4096))
    assert_plain(cli("outbox", "list"), "malformed", "restore a backup")


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_database_of_a_later_version(cli: Cli, sqlite: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(tmp_path / "textbridge.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'later'")
        connection.commit()
    assert_plain(cli(*arguments), "later version", "Install that version")


def test_a_server_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, config_text("postgresql://me:database-password@127.0.0.1:9/name"))
    for arguments in COMMANDS:
        outcome = cli(*arguments)
        assert_plain(outcome, "no connection", "that the server runs")
        assert "database-password" not in outcome.err


def test_tables_that_are_not_there_and_shall_not_be_made(tmp_path: Path) -> None:
    write_config(tmp_path, config_text("sqlite:///textbridge.db"))
    assert_plain(process("run", "--no-migrate", cwd=tmp_path), "has no tables yet", "textbridge db upgrade")


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        write_config(tmp_path, config_text("sqlite:///textbridge.db", listen=listen))
        assert_plain(process("run", cwd=tmp_path), listen, "already in use", "listen")


@contextmanager
def serving(folder: Path, listen: str) -> Generator[subprocess.Popen[str]]:
    """``textbridge run`` on the folder's database, once it takes requests."""
    config = folder / f"{listen.rpartition(':')[2]}.yaml"
    config.write_text(config_text("sqlite:///textbridge.db", listen=listen), encoding="utf-8")
    with subprocess.Popen(
        command("--config", str(config), "run"), cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        try:
            assert any(" ready " in line for line in running.stderr), "it ended"
            yield running
        finally:
            running.kill()


def test_two_processes_on_one_file_are_one_too_many_but_a_killed_one_is_in_nobodys_way(tmp_path: Path) -> None:
    with serving(tmp_path, f"127.0.0.1:{free_port()}") as first:
        write_config(tmp_path, config_text("sqlite:///textbridge.db", listen=f"127.0.0.1:{free_port()}"))
        second = process("run", cwd=tmp_path)
        assert_plain(second, "Another `textbridge run` serves", "textbridge.db already", "Stop it first")
        assert first.poll() is None
        first.kill()
        with serving(tmp_path, f"127.0.0.1:{free_port()}") as third:
            assert third.poll() is None


def test_a_lock_that_cannot_be_made(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "textbridge.db.lock").mkdir()
    write_config(tmp_path, config_text("sqlite:///textbridge.db"))
    assert_plain(cli("run"), "textbridge.db.lock", "permissions")


def test_a_host_nobody_knows(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_arguments: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("bridge.app.run", refused)
    write_config(tmp_path, config_text("sqlite:///textbridge.db", listen="nowhere.invalid:80"))
    assert_plain(cli("run"), "nowhere.invalid:80", "not known")


def test_ctrl_c(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        api_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        upgrade(f"sqlite:///{tmp_path}/textbridge.db")
        write_config(tmp_path, config_text("sqlite:///textbridge.db", api_url=api_url))
        with subprocess.Popen(
            command("doctor"),
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as running:
            silent.settimeout(60)
            silent.accept()[0].close()
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=60)
    assert running.returncode not in {0, 70}
    assert "Traceback" not in out + err


def test_an_error_nobody_foresaw(cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise KeyError(SECRETS[0])

    monkeypatch.setattr("bridge.store.inspect.list_stuck", broken)
    outcome = cli("outbox", "list")
    assert outcome.code == 70
    assert re.fullmatch(r"Unexpected KeyError\. .*--debug.*\n", outcome.err)


def test_debug_shows_where(tmp_path: Path) -> None:
    assert "Traceback" in process("--debug", "db", "current", cwd=tmp_path).err


def test_a_terminal_without_unicode(tmp_path: Path) -> None:
    write_config(tmp_path, config_text(f"sqlite:///{tmp_path}/textbridge.db"))
    outcome = process("doctor", "--offline", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert outcome.code == 1
    assert "Traceback" not in outcome.err

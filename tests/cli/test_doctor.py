"""``textbridge doctor`` without a world outside: the file, the database, and how findings are told."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Engine, event

from bridge.cli import doctor
from bridge.config import Config
from bridge.domain.conversations import ChatPost
from bridge.domain.decision import Decision
from bridge.domain.messages import Mark, MessageStatus
from bridge.domain.people import ChatRef
from bridge.observability import log
from bridge.outside import capabilities
from bridge.ports.provider import Finding
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Unit
from tests.cli.conftest import Cli
from tests.cli.support import SECRETS, a_note, a_text, ask, config_text, process, write_config

LINE_OF_THE_FILE = "line 6: accounts.main.account_sid"


class Disk(NamedTuple):
    free: int


def findings(cli: Cli, *arguments: str) -> tuple[int, list[Finding]]:
    """The exit code and the findings, as JSON tells them."""
    outcome = cli("doctor", "--json", *arguments)
    found = json.loads(outcome.out)
    assert list(found) == ["findings"]
    assert all(list(one) == ["level", "check", "message", "remedy"] for one in found["findings"])
    assert all(one["remedy"] for one in found["findings"] if one["level"] != "ok")
    for secret in SECRETS:
        assert secret not in outcome.out + outcome.err
    return outcome.code, [Finding(**one) for one in found["findings"]]


def wrong(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.level != "ok"]


def test_all_is_well_offline(cli: Cli, sqlite: str) -> None:
    code, found = findings(cli, "--offline")
    assert (code, wrong(found)) == (0, [])
    assert found[0].check == "configuration"
    assert {"database", "disk", "inbox", "outbox", "public_url"} <= {finding.check for finding in found}
    said = " ".join(finding.message for finding in found)
    assert "http://127.0.0.1:9/webhooks/main" in said
    assert "1 a second and room" in said


def test_a_missing_configuration_is_told_apart_from_its_remedy(cli: Cli) -> None:
    code, [found] = findings(cli)
    assert (code, found.level) == (2, "error")
    assert found.message == "There is no configuration at textbridge.yaml."
    assert "`textbridge init`" in found.remedy


def test_offline_does_not_say_more_than_it_saw(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, config_text("postgresql://user:password@127.0.0.1:1/none"))
    said = cli("doctor", "--offline").out
    assert "was not looked at: --offline" in said
    assert said.endswith("Nothing is wrong as far as --offline looks: what is on the network was not asked.\n")


def test_for_people_it_is_grouped_with_signs_and_remedies(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, config_text("sqlite:///textbridge.db"))
    outcome = cli("doctor", "--offline")
    lines = outcome.out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "Configuration",
        "Database",
        "Account main (twilio)",
        "Public address",
        "Platform slack (slack)",
        "0 error(s), 1 warning(s).",
    ]
    warning = next(number for number, line in enumerate(lines) if line.startswith("  ! "))
    assert "does not exist yet" in lines[warning]
    assert "textbridge db upgrade" in lines[warning + 1]
    assert lines[1].startswith("  ✓ ")
    assert outcome.code == 1


def test_every_mistake_of_the_file_is_a_finding_with_its_line(cli: Cli, tmp_path: Path) -> None:
    text = config_text("sqlite:///textbridge.db").replace("AC" + "0" * 32, "AC1").replace("undo", "ondu")
    write_config(tmp_path, text.replace("lines:", "lyne: 1\nlines:"))
    code, found = findings(cli)
    assert code == 2
    assert found[0].message.startswith(LINE_OF_THE_FILE)
    assert found[1].message.startswith("line 9: lyne")
    assert "lines" in found[1].remedy
    assert "✗" in cli("doctor").out


def test_no_configuration_is_a_finding(cli: Cli) -> None:
    outcome = cli("doctor", "--json")
    found = json.loads(outcome.out)["findings"]
    assert (outcome.code, len(found), found[0]["level"]) == (2, 1, "error")
    assert "textbridge init" in found[0]["message"] + found[0]["remedy"]


@pytest.mark.parametrize(("free", "level"), [(50_000_000, "error"), (500_000_000, "warning"), (5_000_000_000, "ok")])
def test_disk_space(cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    def usage(_path: Path) -> Disk:
        return Disk(free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    _, found = findings(cli, "--offline")
    assert [finding.level for finding in found if finding.check == "disk"] == [level]


def test_a_database_that_other_users_can_read(cli: Cli, sqlite: str, tmp_path: Path) -> None:
    (tmp_path / "textbridge.db").chmod(0o640)
    code, found = findings(cli, "--offline")
    assert (code, len(wrong(found))) == (1, 1)
    assert "Other users of this machine can read" in wrong(found)[0].message
    assert "chmod 600" in wrong(found)[0].remedy


def test_a_database_that_can_be_read_and_not_written(cli: Cli, sqlite: str) -> None:
    file = sqlite.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM").close()
        pages = connection.execute("PRAGMA page_count").fetchone()[0]

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    event.listen(Engine, "connect", limit)
    try:
        code, found = findings(cli, "--offline")
    finally:
        event.remove(Engine, "connect", limit)
    assert (code, [one.message for one in wrong(found)]) == (2, ["It cannot be used: database or disk is full."])
    assert findings(cli, "--offline") == findings(cli, "--offline")
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM memory").fetchone() == (0,), "it left nothing behind"


def test_a_folder_that_cannot_be_written(
    cli: Cli, sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.access

    def access(path: Path, mode: int) -> bool:
        return path != tmp_path and real(path, mode)  # root may write anywhere

    monkeypatch.setattr("os.access", access)
    code, found = findings(cli, "--offline")
    assert (code, "cannot be written" in wrong(found)[0].message) == (2, True)


def test_a_folder_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, config_text("sqlite:///gone/textbridge.db"))
    code, found = findings(cli, "--offline")
    assert (code, [finding.message for finding in wrong(found)]) == (2, [f"The folder {tmp_path}/gone does not exist."])


def test_a_file_that_is_no_database(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "textbridge.db").write_bytes(b"something else entirely " * 400)
    write_config(tmp_path, config_text("sqlite:///textbridge.db"))
    code, found = findings(cli, "--offline")
    assert (code, "not a database" in wrong(found)[0].message, "backup" in wrong(found)[0].remedy) == (2, True, True)


def test_a_database_of_a_later_version(cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def later(_url: str) -> str:
        return "later"

    monkeypatch.setattr("bridge.store.migrate.current", later)
    code, found = findings(cli, "--offline")
    assert (code, "later version" in wrong(found)[0].message) == (2, True)


def test_a_server_is_left_alone_offline(cli: Cli, tmp_path: Path) -> None:
    write_config(tmp_path, config_text("postgresql://me:secret-password@127.0.0.1:9/name"))
    assert findings(cli, "--offline")[0] == 0
    code, found = findings(cli)
    database = [finding for finding in found if finding.check == "database"]
    assert (code, database[0].level, "runs" in database[0].remedy) == (2, "error", True)
    assert not [finding for finding in found if "secret-password" in f"{finding}"]


def test_a_server_that_may_lose_what_it_acknowledged(cli: Cli, migrated_postgresql_url: str, tmp_path: Path) -> None:
    write_config(tmp_path, config_text(migrated_postgresql_url))
    _, found = findings(cli)
    assert [finding.level for finding in found if "fsync is off" in finding.message] == ["error"]
    assert "outbox" in {finding.check for finding in found}


def test_what_is_late_or_stuck(cli: Cli, sqlite: str) -> None:
    past = datetime.now(UTC) - timedelta(hours=3)
    ask(sqlite, lambda unit: unit.accept([InboxDraft("provider:main", "SM1", "webhook", b"")], past))
    ask(sqlite, lambda unit: unit.accept([InboxDraft("provider:main", "SM2", "webhook", b"", "no")], past))
    a_text(sqlite, "unknown", MessageStatus.UNKNOWN)
    a_note(sqlite, "failed")
    code, found = findings(cli, "--offline")
    told = [finding.message for finding in wrong(found)]
    assert code == 1
    assert told == [
        "1 row(s) to handle, the oldest 3 h old.",
        "1 row(s) could not be handled and were set aside.",
        "1 call(s) failed, and the outcome of 1 is unknown.",
    ]


def test_calls_that_are_overdue_and_calls_for_nobody(cli: Cli, sqlite: str) -> None:
    a_text(sqlite, "pending", MessageStatus.QUEUED, made=timedelta(minutes=-20))
    a_note(sqlite, "pending")
    write = config_text(sqlite).replace("front-desk", "back-office").replace("slack:", "chat:")
    write_config(Path.cwd(), write.replace("platform: slack", "platform: chat"))
    code, found = findings(cli, "--offline")
    told = [finding.message for finding in wrong(found)]
    assert code == 1
    assert "one should have been made 20 min ago" in told[0]
    assert told[1:] == [
        "1 call(s) wait for line:front-desk, which is not in the configuration any more.",
        "1 call(s) wait for room:slack/C1, which is not in the configuration any more.",
    ]


def test_a_room_too_busy_to_be_read_wholly(cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.store.catching_up.POSTS_A_THREAD", 1)
    monkeypatch.setattr("bridge.cli.checks.database.THREADS_AT_MOST", 2)

    def busy(unit: Unit) -> None:
        for number in range(3):
            ref = ChatRef("slack", "C1", f"{number}.0")
            posted = ChatPost(ref=ref, conversation=1001, role="comment", message=None, mark=Mark.NONE)
            unit.save(Decision(posts=(posted,)), datetime.now(UTC) - timedelta(hours=3 - number))

    ask(sqlite, busy)
    _, found = findings(cli, "--offline")
    [told] = [finding for finding in wrong(found) if "catch-up" in finding.check]
    assert told.message == "After an outage, only threads used in the last 2 h are read."


def test_a_provider_that_cannot_list_is_told(cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    providers, platforms = capabilities()
    poorer = {name: replace(can, lists_inbound=False) for name, can in providers.items()}
    monkeypatch.setattr("bridge.cli.checks.outside.capabilities", lambda: (poorer, platforms))
    code, found = findings(cli, "--offline")
    assert (code, ["cannot list" in finding.message for finding in wrong(found)]) == (1, [True])


def test_what_is_logged_meanwhile_is_not_among_what_is_printed(
    cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = doctor.read_config

    def read_and_log(path: Path) -> Config:
        log().debug("of no interest")
        log().warning("something odd")
        return read(path)

    monkeypatch.setattr(doctor, "read_config", read_and_log)
    outcome = cli("doctor", "--offline", "--json")
    assert json.loads(outcome.out)["findings"]
    assert "something odd" in outcome.err
    assert "of no interest" not in outcome.out + outcome.err


def test_an_address_on_the_internet_is_encrypted(cli: Cli, tmp_path: Path, sqlite: str) -> None:
    text = config_text(sqlite).replace("public_url: http://127.0.0.1:9", "public_url: https://sms.example.org")
    write_config(tmp_path, text)
    _, found = findings(cli, "--offline")
    assert "https://sms.example.org is encrypted." in [finding.message for finding in found]


def test_as_a_process(tmp_path: Path) -> None:
    outcome = process("doctor", "--offline", "--json", cwd=tmp_path)
    assert (outcome.code, json.loads(outcome.out)["findings"][0]["level"]) == (2, "error")

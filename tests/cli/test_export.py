"""``textbridge export consent``."""

import csv
import errno
import io
import json
import os
from pathlib import Path

import pytest

from bridge.cli import exporting
from bridge.domain.consent import ConsentEntry, ConsentKind
from bridge.domain.keeping import NoteConsent
from tests.cli.conftest import Cli
from tests.cli.support import ask
from tests.store.builders import NOW, known

SAID = 'stop "now",\nplease ✋'


def noted(database: str, *words: str) -> None:
    """Write entries of the ledger."""
    entries = [
        ConsentEntry(
            kind=ConsentKind.OPT_OUT,
            contact="c1",
            address="+15550100200",
            line="desk",
            account="main",
            scope="everything",
            source="keyword",
            conversation=1001,
            words=said,
            person="slack:U1",
        )
        for said in words
    ]
    ask(database, lambda unit: unit.save(known(effects=tuple(NoteConsent(entry) for entry in entries)), NOW))


def test_the_ledger_as_a_table(cli: Cli, database: str) -> None:
    noted(database, SAID, "=SUM(A1)", "")
    found = cli("export", "consent", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(found.out)))
    assert found.code == 0
    assert [row["words"] for row in rows] == [SAID, "'=SUM(A1)", ""]
    assert (rows[0]["at"], rows[0]["kind"], rows[0]["address"]) == (NOW.isoformat(), "opt_out", "+15550100200")
    assert (rows[0]["scope"], rows[0]["person"], rows[0]["message"]) == ("everything", "slack:U1", "")


def test_the_ledger_as_json_in_a_file_of_its_owner(cli: Cli, database: str, tmp_path: Path) -> None:
    file = tmp_path / "consent.json"
    empty = cli("export", "consent", "--format", "json", "--out", str(file))
    assert (empty.code, json.loads(file.read_text())) == (0, [])
    noted(database, SAID, "again")
    found = cli("export", "consent", "--format", "json", "--out", str(file))
    assert found.out.startswith("Wrote 2 entries to")
    assert [one["words"] for one in json.loads(file.read_text())] == [SAID, "again"]
    assert file.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob(".consent*")) == []


@pytest.mark.parametrize("wrong", [("--format", "xml"), ("--out", "/nowhere/at/all.csv")])
def test_what_cannot_be_written_is_said(cli: Cli, database: str, wrong: tuple[str, str]) -> None:
    noted(database, "stop")
    found = cli("export", "consent", *wrong)
    assert found.code != 0
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("target", "error", "said"),
    [
        (("--out", "consent.csv"), errno.ENOSPC, "cannot be written: No space left on device."),
        ((), errno.ENOSPC, "The output cannot be written: No space left on device."),
        ((), errno.EPIPE, ""),
    ],
)
def test_what_takes_no_more_is_not_held_against_the_database(
    cli: Cli, database: str, monkeypatch: pytest.MonkeyPatch, target: tuple[str, ...], error: int, said: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(error, os.strerror(error))

    noted(database, "stop")
    monkeypatch.setitem(exporting.WRITERS, "csv", full)
    found = cli("export", "consent", "--format", "csv", *target)
    assert found.code != 0
    assert said in found.err
    assert "database" not in found.err

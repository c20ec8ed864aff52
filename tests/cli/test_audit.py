"""``textbridge audit``."""

import pytest
from sqlalchemy import text

from bridge.domain.effects import Record
from bridge.store.inspect import connection_of
from tests.cli.conftest import Cli
from tests.cli.support import ask
from tests.store.builders import NOW, known

ADDED = """
    INSERT INTO audit
    SELECT 6, at, act, actor, surface, conversation, message, detail, hash, 'x' FROM audit WHERE id = 5
"""
IN_FRONT = """
    INSERT INTO audit
    SELECT -5, at, act, actor, surface, conversation, message, detail, prev_hash, hash FROM audit WHERE id = 1
"""
# Each entry with the number of the other, as if the second had come first.
SWAPPED = (
    "UPDATE audit SET id = -1 WHERE id = 2",
    "UPDATE audit SET id = 2 WHERE id = 3",
    "UPDATE audit SET id = 3 WHERE id = -1",
)


def recorded(database: str) -> None:
    names = ("claimed", "labelled", "replied", "sent", "closed")
    acts = tuple(Record(act, "slack:U1", "thread", "m1") for act in names)
    ask(database, lambda unit: unit.save(known(effects=acts), NOW))


def test_a_record_that_was_taken_away_is_said_to_be_missing(cli: Cli, database: str) -> None:
    ask(database, lambda unit: connection_of(unit).execute(text("DROP TABLE audit")).close())
    found = cli("audit", "verify")
    assert (found.code, found.out) == (1, "")
    assert found.err.startswith("The database lacks the table audit. ")
    assert "restore a backup" in found.err


def test_an_untouched_record_is_in_order(cli: Cli, database: str) -> None:
    empty = cli("audit", "verify")
    assert (empty.code, empty.out) == (0, "The record is in order: 0 entries.\n")
    recorded(database)
    found = cli("audit", "verify")
    assert (found.code, found.out) == (0, "The record is in order: 5 entries.\n")


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        (("UPDATE audit SET actor = 'slack:U2' WHERE id = 3",), "entry 3 was changed"),
        (("DELETE FROM audit WHERE id = 3",), "entry 3 is missing"),
        ((ADDED,), "entry 6 was changed"),
        (SWAPPED, "entry 2 does not follow the one before it"),
        (("DELETE FROM audit WHERE id > 3",), "entry 4 and later ones are missing"),
        ((IN_FRONT,), "entry -5 was added in front of the first"),
    ],
    ids=["edited", "deleted", "inserted", "reordered", "truncated", "in front"],
)
def test_tampering_is_found(cli: Cli, database: str, tampering: tuple[str, ...], said: str) -> None:
    recorded(database)
    for statement in tampering:
        ask(database, lambda unit, statement=statement: connection_of(unit).execute(text(statement)).close())
    found = cli("audit", "verify")
    assert found.code == 2
    assert f"tampered with: {said}" in found.out


@pytest.mark.parametrize(
    "value",
    ["at = 'never'", "at = -9223372036854775807", "detail = CAST('mine' AS BLOB)", "actor = CAST(x'ff41' AS TEXT)"],
    ids=["words for a time", "no such time", "a blob for words", "no UTF-8"],
)
def test_what_sqlite_lets_anybody_write_is_a_change_as_well(cli: Cli, sqlite: str, value: str) -> None:
    recorded(sqlite)
    ask(sqlite, lambda unit: connection_of(unit).execute(text(f"UPDATE audit SET {value} WHERE id = 3")).close())
    found = cli("audit", "verify")
    assert (found.code, "tampered with: entry 3 was changed. 2 before" in found.out) == (2, True)


def test_a_database_that_cannot_be_read_is_no_tampering(cli: Cli, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.store.migrate.head", lambda: "a later one")
    found = cli("audit", "verify")
    assert (found.code, "`textbridge db upgrade`" in found.err) == (1, True)

"""The tables made step by step are those the code describes, on both databases."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bridge.ports.store import StoreUnavailable
from bridge.store import current, is_current, upgrade
from bridge.store.indexes import metadata
from bridge.store.migrate import SCRIPTS, DatabaseTooNew, _config, _connected, head

T = TypeVar("T")
ROOT = Path(__file__).parents[2]


def on(url: str, work: Callable[[Connection], T]) -> T:
    return _connected(url, work)


def execute(statement: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(text(statement)).close()


def everything(connection: Connection) -> dict[str, str]:
    """All tables and indexes as the database itself describes them, line breaks and quotes around names apart.

    SQLite quotes the name of a table that was made anew to change it.
    """
    if connection.dialect.name == "sqlite":
        statement = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"
    else:
        statement = """
            SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL
            SELECT table_name || '.' || column_name,
                   concat_ws(' ', data_type, is_nullable, collation_name, column_default)
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL
            SELECT relname || ' options', array_to_string(reloptions, ',') FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
        """
    return {name: " ".join(sql.replace('"', "").split()) for name, sql in connection.execute(text(statement))}


def test_an_empty_database_is_made_current(database_url: str) -> None:
    assert current(database_url) is None
    assert not is_current(database_url)
    upgrade(database_url)
    assert current(database_url) == head()
    assert is_current(database_url)
    upgrade(database_url)
    assert is_current(database_url)


def test_no_change_of_the_tables_lacks_its_revision(migrated_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert on(migrated_url, differences) == []


def test_the_revisions_make_exactly_what_the_code_describes(migrated_url: str) -> None:
    """Conditions of indexes, collations and storage options too, which the comparison above does not see."""

    def make_anew(connection: Connection) -> dict[str, str]:
        metadata.drop_all(connection)
        metadata.create_all(connection)
        return everything(connection)

    migrated = on(migrated_url, everything)
    assert migrated == on(migrated_url, make_anew)
    assert len(migrated) > len(metadata.tables)


def test_conversations_of_the_first_version_keep_what_they_hold(database_url: str) -> None:
    def first_version(connection: Connection) -> None:
        command.upgrade(_config(connection), "0001")
        connection.execute(text("INSERT INTO contacts (id, address) VALUES ('c1', '+15550100200')"))
        connection.execute(
            text(
                "INSERT INTO conversations (number, line, contact, status, created_at, labels, opted_out)"
                " SELECT 1001, 'front-desk', 'c1', 'open', received, '[]', opted_out"
                f" FROM (SELECT {moment} AS received, {false} AS opted_out) AS made"
            )
        )

    postgres = database_url.startswith("postgresql")
    moment, false = ("now()", "false") if postgres else ("0", "0")
    on(database_url, first_version)
    upgrade(database_url)
    statement = text("SELECT number, line, team, watchers, blocked FROM conversations")
    rows = on(database_url, lambda connection: [tuple(row) for row in connection.execute(statement)])
    assert rows == [(1001, "front-desk", None, "[]", False)]


def test_going_back_is_refused(migrated_url: str) -> None:
    def back(connection: Connection) -> None:
        command.downgrade(_config(connection), "base")

    with pytest.raises(NotImplementedError, match="backup"):
        on(migrated_url, back)
    assert is_current(migrated_url)


def test_a_database_of_a_later_version_is_left_alone(migrated_url: str) -> None:
    on(migrated_url, execute("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_current(migrated_url)
    with pytest.raises(DatabaseTooNew, match="later version"):
        upgrade(migrated_url)
    assert current(migrated_url) == "9999"


def test_an_upgrade_that_fails_leaves_nothing_behind(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    on(database_url, execute("CREATE TABLE timers (id INTEGER)"))
    with pytest.raises(Exception, match="timers"):
        upgrade(database_url)
    assert current(database_url) is None
    on(database_url, execute("DROP TABLE timers"))
    upgrade(database_url)
    assert is_current(database_url)


def test_processes_that_upgrade_at_once_do_it_once(database_url: str) -> None:
    program = "import sys; from bridge.store import upgrade; upgrade(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", program, database_url], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    errors = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, errors
    assert is_current(database_url)


def test_a_server_that_does_not_answer_is_said_plainly(sqlite_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="no connection"):
        upgrade("postgresql://postgres@127.0.0.1:1/nothing")
    with pytest.raises(StoreUnavailable):
        upgrade(sqlite_url.replace("textbridge.db", "missing/textbridge.db"))


def test_alembic_is_imported_only_to_migrate() -> None:
    """It is slow to import, and so is asyncpg, which an installation on SQLite never needs."""
    program = "import sys, bridge.store; print(sorted({'alembic', 'asyncpg'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_revision_needed_is_the_last_of_the_chain() -> None:
    assert head() == ScriptDirectory(str(SCRIPTS)).get_current_head()

"""Fill an empty database from a backup, whichever database that was made from."""

import gzip
import json
import zlib
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from sqlalchemy import Connection, column, func, insert, select, table, update
from sqlalchemy.sql.expression import TableClause

from bridge.store import migrate
from bridge.store.backup import FORMAT, FORMAT_VERSION, KINDS, at_once
from bridge.store.schema import inbox, outbox, timers
from bridge.store.types import EPOCH, MICROSECOND

_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, ValueError, LookupError, TypeError)
_NONE = "it is no backup of Textbridge"
_CUT = "it is not whole"
_DAMAGED = "it is damaged, cut off, or no backup of Textbridge"


# The service went on after the backup: what waited then was likely done. As calls whose answer was lost they are looked
# up first, and a text that is not found is a person's to decide.
MAY_HAVE_BEEN_MADE = (
    update(outbox)
    .where(outbox.c.settled_at.is_(None), outbox.c.status.in_(("pending", "preparing")))
    .values(
        status="in_flight",
        attempts=outbox.c.attempts + 1,
        attempted_at=func.coalesce(outbox.c.attempted_at, outbox.c.created_at),
    )
)


class BackupUnusable(Exception):
    """The file is no backup, is not whole, or is of a later version; says which in a sentence."""


class NotEmpty(Exception):
    """The database has tables already, and nothing was written."""


@dataclass(slots=True)
class _Waiting:
    """Rows of one table that are still to be written."""

    into: TableClause
    kinds: dict[str, str]
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def restore(url: str, file: Path, told: Callable[[int], None]) -> int:
    """Make the tables, fill them from ``file``, bring them up to date; returns how many rows. All of it or nothing.

    ``told`` hears the number of rows so far. Blocks. Raises ``BackupUnusable``, ``NotEmpty``, ``StoreUnavailable``, and
    ``OSError`` for the file.
    """
    try:
        with gzip.open(file, "rt", encoding="ascii") as lines:
            revision = _revision(lines)  # before the database is opened, which a wrong file must leave alone
            return migrate.in_transaction(url, lambda connection: _whole(connection, revision, lines, told))
    except _BROKEN:
        raise BackupUnusable(_DAMAGED) from None


def _revision(lines: IO[str]) -> str:
    head: dict[str, Any] = _parsed(lines.readline())
    if head["format"] != FORMAT:
        raise BackupUnusable(_NONE)
    revision: str = head["revision"]
    if head["version"] != FORMAT_VERSION or not migrate.is_known(revision):
        raise BackupUnusable("it was made by a later version of Textbridge: install that version")
    return revision


def _whole(connection: Connection, revision: str, lines: IO[str], told: Callable[[int], None]) -> int:
    try:
        return _read(connection, revision, lines, told)
    except gzip.BadGzipFile:  # an OSError, which would be taken for the database's
        raise BackupUnusable(_DAMAGED) from None


def _read(connection: Connection, revision: str, lines: IO[str], told: Callable[[int], None]) -> int:
    if migrate.has_tables(connection):
        raise NotEmpty
    migrate.upgrade_to(connection, revision)
    rows = _fill(connection, lines, told)
    _count_on(connection)
    migrate.upgrade_to(connection, "head")
    connection.execute(MAY_HAVE_BEEN_MADE)
    return rows


def _parsed(line: str) -> Any:
    if not line.endswith("\n"):
        raise BackupUnusable(_CUT)
    return json.loads(line)


def _fill(connection: Connection, lines: IO[str], told: Callable[[int], None]) -> int:
    waiting: _Waiting | None = None
    rows = 0
    while True:
        value = _parsed(lines.readline())
        if not isinstance(value, list):
            _flush(connection, waiting)
            if "rows" in value:
                break
            waiting = _begun(value)
            continue
        if waiting is None:
            raise BackupUnusable(_NONE)
        waiting.rows.append(_row(waiting.kinds, cast("list[Any]", value)))
        rows += 1
        if len(waiting.rows) >= at_once(waiting.kinds):
            _flush(connection, waiting)
            told(rows)
    if value["rows"] != rows or lines.read(1):  # reading to the end checks the sum over all
        raise BackupUnusable(_CUT)
    return rows


def _begun(head: dict[str, Any]) -> _Waiting:
    kinds: dict[str, str] = head["columns"]
    return _Waiting(table(head["table"], *(column(name, KINDS[kind]) for name, kind in kinds.items())), kinds)


def _row(kinds: dict[str, str], values: list[Any]) -> dict[str, Any]:
    return {name: _read_value(kind, value) for (name, kind), value in zip(kinds.items(), values, strict=True)}


def _read_value(kind: str, value: Any) -> Any:
    if value is None or kind not in ("moment", "bytes"):
        return value
    return EPOCH + value * MICROSECOND if kind == "moment" else b64decode(value)


def _flush(connection: Connection, waiting: _Waiting | None) -> None:
    if waiting is not None and waiting.rows:
        connection.execute(insert(waiting.into), waiting.rows)
        waiting.rows.clear()


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL give out numbers behind those that came with the rows; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for numbered in (inbox, timers):
        last = connection.execute(select(func.max(numbered.c.id))).scalar()
        if last is not None:
            sequence = func.pg_get_serial_sequence(numbered.name, "id")
            connection.execute(select(func.setval(sequence, last)))

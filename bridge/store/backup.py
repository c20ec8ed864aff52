"""A copy of the whole database in one file, the same from SQLite and from PostgreSQL.

The file is JSON lines in gzip: what it is; each table, its name and the kinds of its columns, with a list a row behind
it; at the end how many rows there were. restore.py reads it.
"""

import gzip
import json
import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, LargeBinary, Table, Text, select, type_coerce
from sqlalchemy.types import TypeEngine

from bridge.store import migrate
from bridge.store.indexes import metadata
from bridge.store.types import EPOCH, MICROSECOND, Moment

FORMAT = "textbridge-backup"
FORMAT_VERSION = 1
KINDS: dict[str, TypeEngine[Any]] = {
    "number": BigInteger(),
    "truth": Boolean(),
    "moment": Moment(),
    "bytes": LargeBinary(),
    "words": Text(),
}
AT_ONCE = 500
AT_ONCE_WITH_BYTES = 4  # files of some 20 MiB each


def backup(url: str, file: Path, now: datetime, told: Callable[[int], None]) -> int:
    """Write everything of one moment to ``file``, also while the service runs; returns how many rows.

    ``told`` hears the number of rows so far. The file appears when it is whole, readable by its owner only. Blocks.
    Raises ``StoreUnavailable``, and ``OSError`` for the file.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with gzip.open(raw, "wt", encoding="ascii", compresslevel=6, newline="\n") as out:
                rows = migrate.of_one_moment(url, lambda connection: _write(connection, out, now, told))
            raw.flush()
            os.fsync(raw.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return rows


def _write(connection: Connection, out: IO[str], now: datetime, told: Callable[[int], None]) -> int:
    _line(out, {"format": FORMAT, "version": FORMAT_VERSION, "revision": migrate.head(), "at": now.isoformat()})
    rows = 0
    for table in metadata.sorted_tables:
        kinds = {column.name: kind_of(column) for column in table.columns}
        _line(out, {"table": table.name, "columns": kinds})
        for row in _rows(connection, table, kinds):
            _line(out, row)
            rows += 1
            if rows % AT_ONCE == 0:
                told(rows)
    _line(out, {"rows": rows})
    return rows


def _line(out: IO[str], value: object) -> None:
    out.write(json.dumps(value, separators=(",", ":")) + "\n")


def _rows(connection: Connection, table: Table, kinds: dict[str, str]) -> Iterator[list[object]]:
    asked = select(*(type_coerce(column, KINDS[kinds[column.name]]) for column in table.columns))
    found = connection.execute(
        asked.order_by(*table.primary_key.columns), execution_options={"yield_per": at_once(kinds)}
    )
    for row in found:
        yield [_written(kind, value) for kind, value in zip(kinds.values(), row, strict=True)]


def at_once(kinds: dict[str, str]) -> int:
    """Return how many rows of a table are held in memory."""
    return AT_ONCE_WITH_BYTES if "bytes" in kinds.values() else AT_ONCE


def kind_of(column: Column[Any]) -> str:
    """Return what a column holds, whatever the database calls it."""
    match column.type:
        case Moment():
            return "moment"
        case LargeBinary():
            return "bytes"
        case Boolean():
            return "truth"
        case Integer():
            return "number"
        case _:
            return "words"


def _written(kind: str, value: Any) -> object:
    if value is None or kind not in ("moment", "bytes"):
        return value
    return (value - EPOCH) // MICROSECOND if kind == "moment" else b64encode(value).decode("ascii")

"""``textbridge export consent`` and ``export audit``: records as tables, for people and other programs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from bridge.cli.failure import Failure
from bridge.cli.opening import in_portions
from bridge.cli.output import say
from bridge.cli.settings import read_config
from bridge.cli.writing import json_array, opened, spreadsheet
from bridge.store import audit as record
from bridge.store import consent as ledger
from bridge.store.inspect import connection_of

Row: TypeAlias = Mapping[Any, Any]
Writer: TypeAlias = Callable[[TextIO, Sequence[str], Iterable[Mapping[str, object]]], int]
COLUMNS = (
    *("at", "kind", "address", "line", "account", "scope", "source", "words", "person", "conversation", "message"),
    "contact",
)
"""Of the ledger of consent, in this order."""
SPOKEN = ("words", "detail")


def consent(config_path: Path, *, form: str, out: Path | None) -> None:
    """Write the whole ledger of consent, oldest first, to ``out`` or standard output. Raises ``Failure``."""
    writer, config = _writer(form), read_config(config_path)
    rows = in_portions(config, lambda unit, after: ledger.page(connection_of(unit), after), _id)
    _write(writer, out, COLUMNS, rows)


def audit(config_path: Path, *, form: str, out: Path | None) -> None:
    """Write the whole record of acts, oldest first, with the hashes that chain it. Raises ``Failure``."""
    writer, config = _writer(form), read_config(config_path)
    rows = in_portions(config, lambda unit, after: record.page(connection_of(unit), after), _id)
    _write(writer, out, record.NAMES, rows)


def _writer(form: str) -> Writer:
    if form not in WRITERS:
        raise Failure(f"--format takes {', '.join(WRITERS)}.")
    return WRITERS[form]


def _write(writer: Writer, out: Path | None, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with opened(out) as stream:
        count = writer(stream, columns, ({name: _plain(row[name]) for name in columns} for row in rows))
        stream.flush()
    if out is not None:
        say(f"Wrote {count} {'entry' if count == 1 else 'entries'} to {out}. It holds what people wrote: keep it safe.")


def _id(row: Row) -> int:
    return row["id"]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _csv(stream: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    return spreadsheet(stream, columns, rows, SPOKEN)


def _json(stream: TextIO, _columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> int:
    count = json_array(stream, rows)
    stream.write("\n")
    return count


WRITERS: dict[str, Writer] = {"csv": _csv, "json": _json}

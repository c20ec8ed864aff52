"""``textbridge export``: records for people and other programs."""

import contextlib
import csv
import json
import os
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import TextIO

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database
from bridge.cli.output import say
from bridge.cli.settings import read_config
from bridge.domain.consent import Consented
from bridge.store import consent as ledger
from bridge.store.inspect import connection_of

COLUMNS = (
    *("at", "kind", "address", "line", "account", "scope", "source", "words", "person", "conversation", "message"),
    "contact",
)
"""Of the ledger of consent, in this order."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def consent(config_path: Path, *, form: str, out: Path | None) -> None:
    """Write the whole ledger of consent, oldest first, to ``out`` or standard output. Raises ``Failure``."""
    if form not in WRITERS:
        raise Failure(f"--format takes {', '.join(WRITERS)}.")
    config = read_config(config_path)
    with _opened(out) as stream:
        try:
            count = in_database(config, lambda unit: _written(form, stream, ledger.everything(connection_of(unit))))
        except _Unwritable as failed:
            raise failed.problem from None
    if out is not None:
        say(f"Wrote {count} {'entry' if count == 1 else 'entries'} to {out}. It holds what people wrote: keep it safe.")


class _Unwritable(Exception):
    """What was written to does not take it; not an ``OSError`` itself, which would be held against the database."""

    def __init__(self, problem: OSError) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _written(form: str, stream: TextIO, entries: Iterable[Consented]) -> int:
    try:
        count = WRITERS[form](stream, entries)
        stream.flush()
    except OSError as problem:
        raise _Unwritable(problem) from None
    return count


def _row(one: Consented) -> dict[str, object]:
    found: dict[str, object] = {"at": one.at.isoformat()}
    return found | {name: getattr(one.entry, name) for name in COLUMNS if name != "at"}


def _csv(stream: TextIO, entries: Iterable[Consented]) -> int:
    """A word that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets write it."""
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for count, one in enumerate(entries, 1):  # noqa: B007 - how many there were
        row = _row(one)
        words = str(row["words"])
        writer.writerow(row | {"words": f"'{words}" if words.startswith(_FORMULA) else words})
    return count


def _json(stream: TextIO, entries: Iterable[Consented]) -> int:
    """An array, an entry a line."""
    count = 0
    stream.write("[")
    for count, one in enumerate(entries, 1):
        stream.write(",\n" if count > 1 else "\n")
        stream.write(json.dumps(_row(one), ensure_ascii=False))
    stream.write("\n]\n")
    return count


WRITERS: dict[str, Callable[[TextIO, Iterable[Consented]], int]] = {"csv": _csv, "json": _json}


@contextlib.contextmanager
def _opened(out: Path | None) -> Generator[TextIO]:
    """A file that is there as a whole or not at all, readable by its owner only; or standard output."""
    if out is None:
        try:
            yield sys.stdout
        except BrokenPipeError:
            raise  # whoever read has seen enough
        except OSError as problem:
            raise Failure(f"The output cannot be written: {problem.strerror}.") from None
        return
    try:
        handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
    except OSError as problem:
        raise Failure(f"{out} cannot be written: {problem.strerror}.") from None
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
        fresh.replace(out)
    except OSError as problem:
        raise Failure(f"{out} cannot be written: {problem.strerror}.") from None
    finally:
        fresh.unlink(missing_ok=True)

"""Files that commands write: whole or not at all, for their owner's eyes only."""

import contextlib
import csv
import json
import os
import sys
import tempfile
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from bridge.cli.failure import Failure

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextlib.contextmanager
def opened(out: Path | None) -> Generator[TextIO]:
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


def spreadsheet(
    stream: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, object]], spoken: Collection[str]
) -> int:
    """Write rows as CSV; returns how many. ``spoken``: columns that hold what people wrote.

    A word there that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets write it.
    """
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - how many there were
        writer.writerow({name: _harmless(value) if name in spoken else value for name, value in row.items()})
    return count


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def json_array(stream: TextIO, rows: Iterable[Mapping[str, object]]) -> int:
    """Write rows as an array, a row a line; returns how many."""
    count = 0
    stream.write("[")
    for count, row in enumerate(rows, 1):
        stream.write(",\n" if count > 1 else "\n")
        stream.write(json.dumps(row, ensure_ascii=False))
    stream.write("\n]")
    return count

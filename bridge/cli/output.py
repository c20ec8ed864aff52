"""How results look on a terminal and in a pipe."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH_OF_A_PIPE = 200  # columns; nothing is cut for a program that reads
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def console(*, stderr: bool = False) -> Console:
    """Return where to print; what is printed is never read as markup."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else WIDTH_OF_A_PIPE
    return Console(stderr=stderr, width=width, markup=False, highlight=False, emoji=False)


def say(line: str) -> None:
    """Print one line as it is, however long."""
    console().print(plain(line), soft_wrap=True)


def plain(text: str) -> str:
    """Return a text without what could steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def age(seconds: float) -> str:
    """Write a span as people say it: ``12 s``, ``5 min``, ``3 h``, ``2 d``."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], *, whole: int = 1) -> None:
    """Print a table; the first ``whole`` columns are never broken, so that they can be copied."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for index, name in enumerate(columns):
        made.add_column(name, no_wrap=index < whole, overflow="fold")
    for row in rows:
        made.add_row(*(Text(plain(cell)) for cell in row))
    console().print(made)

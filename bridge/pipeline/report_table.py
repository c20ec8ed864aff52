"""A report as a table: for people in words, for programs in seconds."""

from collections.abc import Mapping, Sequence

from bridge.domain.reports import Asked, Figures, Report, Strand, Times
from bridge.ports.store import Unit
from bridge.rules.report_words import BY as GROUPINGS
from bridge.rules.report_words import span, title
from bridge.rules.reporting import LOOK_BACK

__all__ = ["GROUPINGS", "HEADS", "KEYS", "cells", "read_at_once", "title", "values"]

HEADS = ("", "texts", "replies", "failed", "segments", "first reply", "9 of 10", "further replies", "9 of 10")
KEYS = ("name", "texts", "replies", "failed", "segments", "first", "first_slow", "further", "further_slow")
"""What programs call the columns."""
_MOST = 1_000_000


def read_at_once(unit: Unit, asked: Asked) -> Sequence[Strand]:
    """Return what was said, in one transaction: for a process of its own, which nobody waits for."""
    return unit.strands(asked.lines, asked.since - LOOK_BACK, after=0, limit=_MOST)


def cells(made: Report, names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the rows and the sum as people read them."""
    return [
        (*(_counted(one) for one in _counts(row, names)), *_spans(row.first), *_spans(row.reply))
        for row in (*made.rows, made.total)
    ]


def values(made: Report, names: Mapping[str, str]) -> list[tuple[str | int | None, ...]]:
    """Return the rows and the sum as programs read them; times in seconds, None where there are none."""
    return [(*_counts(row, names), *_seconds(row.first), *_seconds(row.reply)) for row in (*made.rows, made.total)]


def _counts(row: Figures, names: Mapping[str, str]) -> tuple[str | int, ...]:
    return (names.get(row.name, row.name), row.texts, row.replies, row.failed, row.segments)


def _counted(value: str | int) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def _spans(times: Times) -> tuple[str, str]:
    return (span(times.middle), span(times.slow)) if times.count else ("-", "-")


def _seconds(times: Times) -> tuple[int | None, int | None]:
    if not times.count:
        return (None, None)
    return (round(times.middle.total_seconds()), round(times.slow.total_seconds()))

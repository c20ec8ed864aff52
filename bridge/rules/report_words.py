"""Reports in words: how they are asked for, and how they are put."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bridge.domain.cards import Note
from bridge.domain.reports import Figures, Grouping, Report, Times

COMMAND = "report"
LONGEST_DAYS = 366
ROWS = 25
"""Rows told in chat at most."""
SENT = Note("The report comes as a direct message.")
NO_DIRECT = Note("Reports come as direct messages, which this platform cannot send.")
NO_LINE = Note("This room is no line's. Ask for a report in a line's room.")
HOW = Note("Write `report`, `report 30d` (up to 366 days), and how to group it: `by person`, `by line` or `by day`.")
BY: dict[str, Grouping] = {"person": "person", "line": "line", "day": "day"}
_ASKED = re.compile(rf"(?:(\d{{1,3}})\s?d(?:ays?)?)?\s*(?:by\s+({'|'.join(BY)}))?")
_DAYS = 7
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many days, up to now, and grouped by what."""

    days: int
    by: Grouping


def read(argument: str) -> Wanted | None:
    """Read ``30d by line``, each part optional; None when it says something else."""
    found = _ASKED.fullmatch(" ".join(argument.casefold().split()))
    if found is None:
        return None
    days = int(found[1] or _DAYS)
    return Wanted(days, BY[found[2] or "person"]) if 0 < days <= LONGEST_DAYS else None


def title(report: Report) -> str:
    """Return what the report is about: ``Last 7 days, front-desk``."""
    days = round((report.asked.until - report.asked.since) / timedelta(days=1))
    return f"{'Last day' if days == 1 else f'Last {days} days'}, {', '.join(report.asked.lines)}"


def told(report: Report, names: Mapping[str, str]) -> Note:
    """Return the report as a table in words. ``names``: what to call each row, by its name."""
    total = report.total
    counts = f"{_many(total.texts, 'text')}, {_replies(total)}, {report.waiting} waiting for a reply now"
    lines = [f"{title(report)}: {counts}.", *(f"All: {times}." for times in _times(total))]
    for place, row in enumerate(report.rows[:ROWS], 1):
        texts = [] if report.asked.by == "person" else [_many(row.texts, "text")]
        lines.append(f"{place}. {names.get(row.name, row.name)}: {', '.join([*texts, _replies(row), *_times(row)])}")
    if len(report.rows) > ROWS:
        lines.append(f"… and {len(report.rows) - ROWS} more: `textbridge report` has all of them.")
    return Note("\n".join(lines))


def span(took: timedelta) -> str:
    """Return a span as short as it stays clear: ``45 s``, ``6 min``, ``1 h 20 min``, ``2 d 3 h``."""
    whole = round(took.total_seconds())
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    big, small, size = ("h", "min", _HOUR) if whole < _DAY else ("d", "h", _DAY)
    rest = whole % size // (_MINUTE if size == _HOUR else _HOUR)
    return f"{whole // size} {big}" + (f" {rest} {small}" if rest else "")


def _replies(row: Figures) -> str:
    failed = f" ({row.failed} failed)" if row.failed else ""
    return f"{_many(row.replies, 'reply', 'replies')}{failed} in {_many(row.segments, 'segment')}"


def _times(row: Figures) -> list[str]:
    kinds = (("first reply", row.first), ("further replies", row.reply))
    return [f"{kind} within {_within(times)}" for kind, times in kinds if times.count]


def _within(times: Times) -> str:
    return f"{span(times.middle)} for half, {span(times.slow)} for nine of ten"


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"

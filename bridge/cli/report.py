"""``textbridge report``: who answered how much, and how fast in business hours."""

import asyncio
import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from bridge.app import direct_platforms, system_clock
from bridge.cli.failure import Failure
from bridge.cli.opening import in_database
from bridge.cli.output import say, table
from bridge.cli.settings import read_config
from bridge.config.policy import policy_of
from bridge.config.values import parse_duration
from bridge.domain.reports import Asked, Figures, Report, Times
from bridge.pipeline.charts import draw
from bridge.pipeline.report_calls import figures, names_of
from bridge.rules.report_words import BY, span, title
from bridge.rules.reporting import LOOK_BACK

HEADS = ("", "texts", "replies", "failed", "segments", "first reply", "9 of 10", "further replies", "9 of 10")
KEYS = ("name", "texts", "replies", "failed", "segments", "first", "first_slow", "further", "further_slow")
"""Of CSV and JSON; times in seconds."""
_DAY = timedelta(days=1)
MOST = 1_000_000
"""Conversations read; nobody waits for this process."""


def show(config_path: Path, *, since: str, by: str, lines: Sequence[str], form: str, picture: Path | None) -> None:
    """Print the report, and draw it into ``picture``. Raises ``Failure``."""
    config = read_config(config_path)
    policy = policy_of(config, {}, direct_platforms(config))
    unknown = [name for name in lines if name not in policy.lines]
    if unknown:
        raise Failure(f"There is no line {unknown[0]}. Lines: {', '.join(policy.lines)}.")
    if by not in BY or form not in PRINTED:
        raise Failure(f"--by takes {', '.join(BY)}; --format takes {', '.join(PRINTED)}.")
    now = system_clock()
    asked = Asked(now - _span(since), now, BY[by], tuple(lines or policy.lines))
    strands = in_database(config, lambda unit: unit.strands(asked.lines, asked.since - LOOK_BACK, after=0, limit=MOST))
    made = figures(strands, asked, policy)
    names = names_of(made, policy)
    PRINTED[form](made, names)
    if picture is not None:
        drawn = asyncio.run(draw(made, names))
        try:
            picture.write_bytes(drawn)
        except OSError as problem:
            raise Failure(f"{picture} cannot be written: {problem.strerror}.") from None


def _span(since: str) -> timedelta:
    try:
        return max(parse_duration(since), _DAY)
    except ValueError:
        raise Failure("--since must be a duration: 1d, 30d.") from None


def _table(made: Report, names: Mapping[str, str]) -> None:
    say(f"{title(made)}. Times in business hours; {made.waiting} waiting for a reply now.")
    table(HEADS, [_cells(row, names) for row in (*made.rows, made.total)])


def _cells(row: Figures, names: Mapping[str, str]) -> tuple[str, ...]:
    counts = (row.texts, row.replies, row.failed, row.segments)
    return (names.get(row.name, row.name), *(f"{count:,}" for count in counts), *_times(row.first), *_times(row.reply))


def _times(times: Times) -> tuple[str, str]:
    return (span(times.middle), span(times.slow)) if times.count else ("-", "-")


def _entries(made: Report, names: Mapping[str, str]) -> list[dict[str, object]]:
    return [dict(zip(KEYS, _values(row, names), strict=True)) for row in (*made.rows, made.total)]


def _values(row: Figures, names: Mapping[str, str]) -> tuple[object, ...]:
    seconds = [
        round(at.total_seconds()) if times.count else None
        for times in (row.first, row.reply)
        for at in (times.middle, times.slow)
    ]
    return (names.get(row.name, row.name), row.texts, row.replies, row.failed, row.segments, *seconds)


def _csv(made: Report, names: Mapping[str, str]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(KEYS)
    writer.writerows(_values(row, names) for row in (*made.rows, made.total))


def _json(made: Report, names: Mapping[str, str]) -> None:
    period = {"since": made.asked.since.isoformat(), "until": made.asked.until.isoformat(), "by": made.asked.by}
    days = [{"day": day.isoformat(), "texts": texts, "replies": replies} for day, texts, replies in made.days]
    rows = _entries(made, names)
    json.dump({**period, "lines": made.asked.lines, "waiting": made.waiting, "rows": rows, "days": days}, sys.stdout)
    sys.stdout.write("\n")


PRINTED: dict[str, Callable[[Report, Mapping[str, str]], None]] = {"table": _table, "csv": _csv, "json": _json}

"""``textbridge report``: who answered how much, and how fast in business hours."""

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database
from bridge.cli.output import say, table
from bridge.cli.settings import read_config
from bridge.config.policy import policy_of
from bridge.config.values import parse_duration
from bridge.domain.reports import Asked, Report
from bridge.outside import direct_platforms, system_clock
from bridge.pipeline.charts import draw
from bridge.pipeline.report_calls import figures, names_of
from bridge.pipeline.report_table import GROUPINGS, HEADS, KEYS, cells, read_at_once, title, values

_DAY = timedelta(days=1)


def show(config_path: Path, *, since: str, by: str, lines: Sequence[str], form: str, picture: Path | None) -> None:
    """Print the report, and draw it into ``picture``. Raises ``Failure``."""
    config = read_config(config_path)
    policy = policy_of(config, {}, direct_platforms(config))
    unknown = [name for name in lines if name not in policy.lines]
    if unknown:
        raise Failure(f"There is no line {unknown[0]}. Lines: {', '.join(policy.lines)}.")
    if by not in GROUPINGS or form not in PRINTED:
        raise Failure(f"--by takes {', '.join(GROUPINGS)}; --format takes {', '.join(PRINTED)}.")
    now = system_clock()
    asked = Asked(now - _span(since), now, GROUPINGS[by], tuple(lines or policy.lines))
    made = figures(in_database(config, lambda unit: read_at_once(unit, asked)), asked, policy)
    names = names_of(made, policy)
    PRINTED[form](made, names)
    if picture is not None:
        _save(picture, draw(made, names))


def _span(since: str) -> timedelta:
    try:
        return max(parse_duration(since), _DAY)
    except ValueError:
        raise Failure("--since must be a duration: 1d, 30d.") from None


def _save(picture: Path, drawn: bytes) -> None:
    try:
        picture.write_bytes(drawn)
    except OSError as problem:
        raise Failure(f"{picture} cannot be written: {problem.strerror}.") from None


def _table(made: Report, names: Mapping[str, str]) -> None:
    say(f"{title(made)}. Times in business hours; {made.waiting} waiting for a reply now.")
    table(HEADS, cells(made, names))


def _csv(made: Report, names: Mapping[str, str]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(KEYS)
    writer.writerows(values(made, names))


def _json(made: Report, names: Mapping[str, str]) -> None:
    period = {"since": made.asked.since.isoformat(), "until": made.asked.until.isoformat(), "by": made.asked.by}
    days = [{"day": day.isoformat(), "texts": texts, "replies": replies} for day, texts, replies in made.days]
    rows = [dict(zip(KEYS, row, strict=True)) for row in values(made, names)]
    json.dump({**period, "lines": made.asked.lines, "waiting": made.waiting, "rows": rows, "days": days}, sys.stdout)
    sys.stdout.write("\n")


PRINTED: dict[str, Callable[[Report, Mapping[str, str]], None]] = {"table": _table, "csv": _csv, "json": _json}

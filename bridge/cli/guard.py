"""``textbridge guard``: what the send guard held, and what people decided."""

from datetime import timedelta
from pathlib import Path

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database
from bridge.cli.output import say, table
from bridge.cli.settings import read_config
from bridge.config.values import parse_duration
from bridge.outside import system_clock
from bridge.pipeline.guard_report import CheckTally, tally
from bridge.store.guarded import held_and_decided

MEANING = {
    "mentions": "a teammate, team or room is mentioned",
    "broadcast": "@here and its kin",
    "secrets": "keys, tokens, passwords, card and social security numbers",
    "code": "blocks of code",
    "hosts": "links to private hosts",
    "placeholders": "placeholders nobody filled in",
    "words": "the line's own word list",
    "remarks": "a comment or command further on",
}


def report(config_path: Path, since: str | None) -> None:
    """Print the table; ``since`` is a duration like ``30d``, None: everything on record."""
    start = None if since is None else system_clock() - _span(since)
    config = read_config(config_path)
    found = tally(in_database(config, lambda unit: held_and_decided(unit, start)))
    cells = [_row(line) for line in found]
    table(("check", "held", "sent anyway", "kept internal", "stopped", "undecided", "looks for"), cells)
    if any(line.held for line in found):
        say("A check whose replies are nearly all sent anyway can be tuned or switched off: lines.NAME.guard")


def _row(line: CheckTally) -> tuple[str, ...]:
    counts = (line.held, line.sent, line.kept, line.stopped, line.undecided)
    return (line.check, *(str(count) if count else "-" for count in counts), MEANING[line.check])


def _span(since: str) -> timedelta:
    try:
        return parse_duration(since)
    except ValueError:
        raise Failure("--since must be a duration: 12h, 30d.") from None

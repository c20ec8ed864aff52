"""``textbridge rules``: whether the rules are right, and what changed ones would have done."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bridge.cli.failure import Failure
from bridge.cli.opening import in_database
from bridge.cli.output import console, say, table
from bridge.cli.settings import read_config
from bridge.config import Config
from bridge.config.policy import policy_of
from bridge.config.reloading import read_back
from bridge.config.rule_hints import hints
from bridge.config.values import parse_duration
from bridge.domain.past import Difference, Past, Rehearsal
from bridge.domain.policy import Policy
from bridge.outside import build_languages, direct_platforms, system_clock
from bridge.pipeline.rehearsing import read_pasts, rehearse
from bridge.ports.store import Unit
from bridge.service import IN_FORCE, SETTINGS

NOTHING = "nothing"


def check(config_path: Path) -> None:
    """Say that the configuration is right, and what looks like a slip. Raises ``Failure`` with every mistake."""
    config = read_config(config_path)
    count = len(config.rules)
    say(f"{config_path}: {count} {'rule' if count == 1 else 'rules'}, nothing wrong.")
    for hint in hints(config.rules):
        say(f"  {hint}")


def test(config_path: Path, since: str, against: Path | None, *, as_json: bool) -> None:
    """Tell what the rules of the file would have done otherwise. Nothing is sent or written. Raises ``Failure``."""
    config, now = read_config(config_path), system_clock()
    try:
        begin = now - parse_duration(since)
    except ValueError:
        raise Failure("--since must be a duration: 12h, 30d.") from None
    with console(stderr=True).status("Reading what was texted …"):
        text, pasts = in_database(config, lambda unit: _read(unit, begin))
        before = _before(config, text, against)
        found = rehearse(pasts, _policy(before), _policy(config), now, build_languages())
    if as_json:
        _print_json(found, since)
    else:
        _print_table(found, since)


def _read(unit: Unit, begin: datetime) -> tuple[str | None, Sequence[Past]]:
    return unit.remembered(SETTINGS, IN_FORCE), read_pasts(unit, begin)


def _before(config: Config, text: str | None, against: Path | None) -> Config:
    """The settings to compare with: those of a file, else those the service runs with, else none."""
    if against is not None:
        return read_config(against)
    running = read_back(text, config) if text is not None else None
    return running or config.model_copy(update={"rules": ()})


def _policy(config: Config) -> Policy:
    return policy_of(config, {}, direct_platforms(config))


def _print_table(found: Rehearsal, since: str) -> None:
    count = len(found.differences)
    where = f"{_many(found.texts, 'text')} in {_many(found.conversations, 'conversation')}"
    say(f"{where} since {since} ago; {count} would go otherwise.")
    if found.differences:
        table(("when", "for", "text", "in force", "changed"), [_cells(one) for one in found.differences], whole=2)
    changed = [(name, str(before), str(after)) for name, before, after in found.counts if before != after]
    if changed:
        table(("rule", "in force", "changed"), changed)
    say(
        "Nothing was sent or written. What people did is taken as it was; who was away, and what contacts agreed to, "
        "is not known."
    )


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _cells(one: Difference) -> tuple[str, ...]:
    return f"{one.at:%Y-%m-%d %H:%M}", f"#{one.number}", one.about, _did(one.before), _did(one.after)


def _did(done: Sequence[tuple[str, str]]) -> str:
    return " · ".join(f"{rule}: {words}" for rule, words in done) or NOTHING


def _print_json(found: Rehearsal, since: str) -> None:
    differences = [
        {
            "at": one.at.isoformat(),
            "conversation": one.number,
            "text": one.about,
            "before": [{"rule": rule, "did": words} for rule, words in one.before],
            "after": [{"rule": rule, "did": words} for rule, words in one.after],
        }
        for one in found.differences
    ]
    rules = [{"rule": name, "before": before, "after": after} for name, before, after in found.counts]
    told = {"since": since, "texts": found.texts, "conversations": found.conversations}
    json.dump({**told, "differences": differences, "rules": rules}, sys.stdout)
    sys.stdout.write("\n")

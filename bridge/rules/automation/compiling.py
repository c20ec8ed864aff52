"""Rules made ready to be asked, once for each configuration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bridge.domain.automation import Automation, Rule, Trigger, Unanswered, Wanted
from bridge.rules.automation.conditions import Test, patterns_in, test_of
from bridge.rules.automation.texts import Patterns
from bridge.rules.automation.wanting import together, wanted_by


@dataclass(frozen=True, slots=True)
class Compiled:
    """Rules with their conditions as functions.

    ``by_trigger``: places of the rules asked for each; ``waits``: how long ``no_reply`` rules wait; ``wanted``: which
    facts the rules of each trigger ask.
    """

    rules: tuple[Rule, ...]
    tests: tuple[Test, ...]
    patterns: Patterns
    by_trigger: Mapping[Trigger, Sequence[int]]
    waits: tuple[Unanswered, ...]
    wanted: Mapping[Trigger, Wanted]

    def asked(self, triggers: Iterable[Trigger]) -> list[int]:
        """Return the places of the rules that are asked, in order."""
        return sorted({place for trigger in triggers for place in self.by_trigger.get(trigger, ())})


@lru_cache(maxsize=8)
def compiled(automation: Automation) -> Compiled:
    """Return what is made once of a set of rules."""
    by_trigger: dict[Trigger, list[int]] = {}
    for place, rule in enumerate(automation.rules):
        for trigger in rule.on:
            by_trigger.setdefault(trigger, []).append(place)
    by_rule = [wanted_by(rule) for rule in automation.rules]
    return Compiled(
        rules=automation.rules,
        tests=tuple(test_of(rule.condition) for rule in automation.rules),
        patterns=Patterns([pattern for rule in automation.rules for pattern in patterns_in(rule.condition)]),
        by_trigger=by_trigger,
        waits=tuple(dict.fromkeys(rule.after for rule in automation.rules if rule.after is not None)),
        wanted={trigger: together(by_rule[place] for place in places) for trigger, places in by_trigger.items()},
    )

"""What in rules is allowed and yet looks like a slip."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from bridge.config.rules import Condition, Rule


def hints(rules: Sequence[Rule]) -> list[str]:
    """Return a sentence for each label that is asked for nearly as a rule writes it, and for rules that do nothing."""
    written = {label.removeprefix("-") for rule in rules for action in rule.do for label in action.label or ()}
    found: list[str] = []
    for rule in rules:
        for label in dict.fromkeys(_labels(rule.if_)):
            near = get_close_matches(label, written, n=1, cutoff=0.7) if label not in written else []
            found += [f'{rule.name}: no rule sets the label "{label}"; did you mean "{one}"?' for one in near]
        if not rule.do and not rule.stop:
            found.append(f"{rule.name}: does nothing.")
    return found


def _labels(condition: Condition) -> Iterator[str]:
    yield from condition.label or ()
    for inner in (*(condition.all_ or ()), *(condition.any_ or ()), *(condition.none_ or ())):
        yield from _labels(inner)

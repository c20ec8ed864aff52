"""What in rules is allowed and yet looks like a slip."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from bridge.config.rule_conditions import Condition
from bridge.config.rules import NoReply, Rule

_TOLD = frozenset(("message_received", "conversation_opened", "conversation_reopened", "categorized"))
"""What a text brings about."""


def hints(rules: Sequence[Rule]) -> list[str]:
    """Return a sentence for each label asked for nearly as a rule writes it, and each rule that can do nothing."""
    written = {label.removeprefix("-") for rule in rules for action in rule.do for label in action.label or ()}
    found: list[str] = []
    for rule in rules:
        for label in dict.fromkeys(_labels(rule.if_)):
            near = get_close_matches(label, written, n=1, cutoff=0.7) if label not in written else []
            found += [f'{rule.name}: no rule sets the label "{label}"; did you mean "{one}"?' for one in near]
        happens = () if isinstance(rule.on, NoReply) else (rule.on,) if isinstance(rule.on, str) else rule.on
        if not _TOLD.intersection(happens) and (asked := _of_text(rule.if_)):
            found.append(f"{rule.name}: asks for {asked}, and no text comes with what it is on.")
        if not rule.do and not rule.stop:
            found.append(f"{rule.name}: does nothing.")
    return found


def _labels(condition: Condition) -> Iterator[str]:
    yield from condition.label or ()
    for inner in (*(condition.all_ or ()), *(condition.any_ or ()), *(condition.none_ or ())):
        yield from _labels(inner)


def _of_text(condition: Condition) -> str:
    """Return a condition on the text without which the rule never acts, empty where there is none."""
    asked = {"text": condition.text, "keyword": condition.keyword, "language": condition.language}
    own = next((name for name, value in asked.items() if value is not None), "")
    return own or next((found for inner in condition.all_ or () if (found := _of_text(inner))), "")

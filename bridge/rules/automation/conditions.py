"""What must hold for a rule to act, as functions made once from the operator's conditions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bridge.domain.automation import Facts
from bridge.domain.conditions import (
    All,
    AnyOf,
    AssignedTo,
    Condition,
    Consents,
    During,
    FirstTime,
    FromAreaCode,
    FromNumber,
    FromRegion,
    HasWord,
    InCategory,
    InLanguage,
    InZone,
    Labelled,
    Named,
    NoneOf,
    OfKind,
    OfTeam,
    OnLine,
    Says,
    Waiting,
)
from bridge.domain.conversations import Conversation
from bridge.domain.people import Contact
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules.assisting import Sorted
from bridge.rules.automation.contacts import consent_of, is_in, kind_of
from bridge.rules.automation.numbers import origin_of
from bridge.rules.automation.texts import compiled, keywords
from bridge.rules.hours import is_open
from bridge.rules.people import name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What conditions look at.

    ``asked``: the conversation by which the contact is texted; ``line``: as the conversation has it; ``found``:
    patterns that fit the text; ``words``: see ``keywords``; ``media``: whether there are files; ``category``: what the
    assistant says the text is about.
    """

    conversation: Conversation
    asked: Conversation
    contact: Contact
    line: LinePolicy | None
    policy: Policy
    facts: Facts
    now: datetime
    found: frozenset[str] = frozenset()
    words: str = ""
    media: bool = False
    category: Sorted | None = None


Test: TypeAlias = Callable[[Seen], bool]


def test_of(condition: Condition) -> Test:  # noqa: C901, PLR0911, PLR0912 - one line a condition
    """Return the function that tells whether a condition holds."""
    match condition:
        case All(of):
            return _all_of(_tests(of))
        case AnyOf(of):
            return _any_of(_tests(of))
        case NoneOf(of):
            some = _any_of(_tests(of))
            return lambda seen: not some(seen)
        case OnLine(names):
            return lambda seen: seen.conversation.line in names
        case FromNumber(addresses):
            return lambda seen: seen.contact.address in addresses
        case FromAreaCode(codes):
            return lambda seen: _begins(origin_of(seen.contact.address).national, codes)
        case FromRegion(regions):
            return lambda seen: not origin_of(seen.contact.address).regions.isdisjoint(regions)
        case Says(patterns):
            wanted = frozenset(patterns)
            return lambda seen: not wanted.isdisjoint(seen.found)
        case HasWord(words):
            return _holds(tuple(phrase for phrase in map(keywords, words) if phrase.strip()))
        case InLanguage(codes):
            return lambda seen: seen.facts.language in codes
        case InCategory():
            return lambda seen: _is_about(seen, condition)
        case During(opened):
            return lambda seen: _is_open(seen) is opened
        case Labelled(labels):
            known = frozenset(labels)
            return lambda seen: not known.isdisjoint(seen.conversation.labels)
        case Named():
            return _named(condition)
        case InZone(names):
            return lambda seen: is_in(seen.contact, names)
        case OfKind(kinds):
            return lambda seen: kind_of(seen.contact.address) in kinds
        case Consents(statuses):
            return lambda seen: consent_of(seen.asked) in statuses
        case FirstTime(wanted_first):
            return lambda seen: seen.facts.first_time is wanted_first
        case AssignedTo():
            return lambda seen: _is_assigned(seen, condition)
        case OfTeam(names):
            return lambda seen: _team(seen) in names
        case Waiting(at_least):
            return lambda seen: _waits(seen) and seen.now - (seen.conversation.waiting_since or seen.now) >= at_least
        case _:
            return lambda seen: seen.media is condition.wanted


# Loops, as ``all`` and ``any`` over a generator take twice as long, and each text asks a thousand of these.
def _all_of(tests: tuple[Test, ...]) -> Test:
    def holds(seen: Seen) -> bool:
        for test in tests:  # noqa: SIM110 - see above
            if not test(seen):
                return False
        return True

    return holds


def _any_of(tests: tuple[Test, ...]) -> Test:
    def holds(seen: Seen) -> bool:
        for test in tests:  # noqa: SIM110 - see above
            if test(seen):
                return True
        return False

    return holds


def _holds(phrases: tuple[str, ...]) -> Test:
    def holds(seen: Seen) -> bool:
        words = seen.words
        for phrase in phrases:  # noqa: SIM110 - see above
            if phrase in words:
                return True
        return False

    return holds


def patterns_in(condition: Condition) -> Iterator[str]:
    """Return every pattern of a condition that is looked for in the text."""
    if isinstance(condition, All | AnyOf | NoneOf):
        for inner in condition.of:
            yield from patterns_in(inner)
    elif isinstance(condition, Says):
        yield from condition.patterns


def _tests(conditions: tuple[Condition, ...]) -> tuple[Test, ...]:
    """The cheap ones need no order of their own: none takes longer than some millionths of a second."""
    return tuple(map(test_of, conditions))


def _named(condition: Named) -> Test:
    if condition.pattern is None:
        return lambda seen: (seen.contact.name is not None) is condition.known
    pattern = compiled(condition.pattern)
    return lambda seen: bool(seen.contact.name and pattern.search(seen.contact.name))


def _begins(national: str, codes: tuple[str, ...]) -> bool:
    """As dialled abroad, or at home with the 0 that leads there in many countries."""
    return bool(national) and (national.startswith(codes) or f"0{national}".startswith(codes))


def _is_about(seen: Seen, wanted: InCategory) -> bool:
    found, assistant = seen.category, seen.policy.assistant
    if found is None or assistant is None or found.category not in wanted.names:
        return False
    return found.confidence >= (assistant.min_confidence if wanted.at_least is None else wanted.at_least)


def _is_open(seen: Seen) -> bool:
    hours = seen.line.hours if seen.line else None
    return hours is None or is_open(hours, seen.now)


def _is_assigned(seen: Seen, wanted: AssignedTo) -> bool:
    assignee = seen.conversation.assignee
    if assignee is None:
        return wanted.nobody
    return wanted.anybody or name_of(assignee, seen.policy) in wanted.names


def _team(seen: Seen) -> str | None:
    return seen.conversation.team or (seen.line.team if seen.line else None)


def _waits(seen: Seen) -> bool:
    return seen.conversation.waiting_since is not None and seen.conversation.answer_held_until is None

"""Which facts the operator's rules ask for, so that only those are read."""

from collections.abc import Iterable
from datetime import timedelta

from bridge.domain.automation import Answer, AssignTeam, Rule, Wanted
from bridge.domain.conditions import All, AnyOf, Condition, FirstTime, InLanguage, NoneOf

AN_HOUR = timedelta(hours=1)
"""How far back automatic texts are counted at least."""


def wanted_by(rule: Rule) -> Wanted:
    """Return what one rule asks."""
    teams = [action for action in rule.actions if isinstance(action, AssignTeam)]
    answers = [action.again_after for action in rule.actions if isinstance(action, Answer)]
    return Wanted(
        turns=bool(teams),
        loads=any(action.by == "least_busy" for action in teams),
        last_assignee=any(action.by == "sticky" for action in teams),
        first_time=_asks(rule.condition, FirstTime),
        language=_asks(rule.condition, InLanguage),
        automatic=max(AN_HOUR, *answers) if answers else timedelta(),
    )


def together(wanted: Iterable[Wanted]) -> Wanted:
    """Return what several rules ask."""
    every = list(wanted)
    return Wanted(
        turns=any(one.turns for one in every),
        loads=any(one.loads for one in every),
        last_assignee=any(one.last_assignee for one in every),
        first_time=any(one.first_time for one in every),
        language=any(one.language for one in every),
        automatic=max((one.automatic for one in every), default=timedelta()),
    )


def _asks(condition: Condition, kind: type[FirstTime | InLanguage]) -> bool:
    if isinstance(condition, All | AnyOf | NoneOf):
        return any(_asks(one, kind) for one in condition.of)
    return isinstance(condition, kind)

"""Which member of a team gets a conversation."""

from collections.abc import Sequence

from bridge.domain.automation import Strategy
from bridge.domain.identity import identify
from bridge.domain.people import Person, Team, Teammate
from bridge.rules.automation.run import Run
from bridge.rules.people import is_same, keys_of
from bridge.rules.permission import refusal


def choose(run: Run, team: Team, by: Strategy) -> Teammate | None:
    """Return who of those that are there and may text is next, None when nobody is."""
    there = _there(run, team)
    if not there:
        return None
    match by:
        case "random":
            return there[int(identify("choice", run.cause, run.rule.name), 16) % len(there)]
        case "least_busy":
            return min(there, key=lambda mate: _load(run, mate))
        case "sticky":
            return _last(run, there) or there[0]
        case _:
            return there[0]


def person_of(mate: Teammate, run: Run) -> Person:
    """Return a teammate on a platform the conversation is shown on, else on any of theirs."""
    ids = dict(mate.ids)
    platforms = (*(thread.platform for thread in run.threads), *ids)
    platform = next(one for one in platforms if one in ids)
    return Person(platform, ids[platform])


def is_member(key: str | None, team: Team, run: Run) -> bool:
    """Tell whether somebody is in a team, and there."""
    return any(is_same(key, person_of(mate, run), run.policy) for mate in _there(run, team))


def _there(run: Run, team: Team) -> list[Teammate]:
    """Members in the order of their turns, who is next first."""
    mates = {mate.name: mate for mate in run.policy.teammates}
    last = dict(run.facts.turns).get(team.name)
    start = team.members.index(last) + 1 if last in team.members else 0
    order = (*team.members[start:], *team.members[:start])
    return [mates[name] for name in order if name in mates and _may_have(run, mates[name])]


def _may_have(run: Run, mate: Teammate) -> bool:
    person = person_of(mate, run)
    gone = {absence.person for absence in run.before.away}
    return refusal(person, run.line, run.policy) is None and gone.isdisjoint(keys_of(person, run.policy))


def _load(run: Run, mate: Teammate) -> int:
    keys = keys_of(Person(*mate.ids[0]), run.policy)
    return sum(count for key, count in run.facts.loads if key in keys)


def _last(run: Run, there: Sequence[Teammate]) -> Teammate | None:
    last = run.facts.last_assignee
    return next((mate for mate in there if is_same(last, Person(*mate.ids[0]), run.policy)), None)

"""Whom the ladder of an SLA policy calls."""

from collections.abc import Iterable, Iterator

from bridge.domain.conversations import Conversation, State
from bridge.domain.people import Person, Teammate, person_of
from bridge.domain.policy import Policy
from bridge.rules.people import keys_of, teammate_of

ASSIGNEE, TEAM, MANAGER, HAND_BACK = "assignee", "team", "manager", "hand back"


def people_on(
    names: Iterable[str], state: State, conversation: Conversation, platform: str, policy: Policy
) -> tuple[Person, ...]:
    """Return the people some steps call, each as known on a platform where they are; not who is away."""
    gone = {one.person for one in state.away}
    found = dict.fromkeys(person for name in names for person in _people(name, conversation, platform, policy))
    return tuple(person for person in found if gone.isdisjoint(keys_of(person, policy)))


def _people(name: str, conversation: Conversation, platform: str, policy: Policy) -> Iterator[Person]:
    if name == ASSIGNEE:
        if conversation.assignee is not None:
            yield _person(conversation.assignee, platform, policy)
    elif name == MANAGER:
        yield from (_on(mate, platform) for mate in _managers(conversation, policy))
    else:
        yield from (_on(mate, platform) for mate in policy.teammates if mate.name == name)


def _person(key: str, platform: str, policy: Policy) -> Person:
    mate = teammate_of(person_of(key), policy)
    return person_of(key) if mate is None else _on(mate, platform)


def _on(mate: Teammate, platform: str) -> Person:
    ids = dict(mate.ids)
    return Person(platform, ids[platform]) if platform in ids else Person(*mate.ids[0])


def _managers(conversation: Conversation, policy: Policy) -> list[Teammate]:
    """Those of the team, or all where it has none."""
    managers = [mate for mate in policy.teammates if mate.role == "manager"]
    line = policy.lines.get(conversation.line)
    team = policy.teams.get(conversation.team or (line.team if line is not None else None) or "")
    return [mate for mate in managers if team is not None and mate.name in team.members] or managers

"""Who may text the contact."""

from dataclasses import replace

from bridge.domain.cards import Note
from bridge.domain.conversations import State
from bridge.domain.people import Person, Teammate
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import wording
from bridge.rules.people import is_same, teammate_of
from bridge.rules.threads import line_of


def refusal(person: Person, line: LinePolicy | None, policy: Policy) -> Note | None:
    """Return what to tell a person who may not act on this line, None for one who may."""
    return _refusal(person, teammate_of(person, policy), line, policy)


def may_text(mate: Teammate, line: LinePolicy | None, policy: Policy) -> bool:
    """Tell whether a teammate may act on this line, on one of the platforms at least."""
    return any(_refusal(Person(*one), mate, line, policy) is None for one in mate.ids)


def _refusal(person: Person, known: Teammate | None, line: LinePolicy | None, policy: Policy) -> Note | None:
    if is_outsider(person, policy) or person.bot:
        return wording.OUTSIDER
    if known is not None and known.role == "observer":
        return wording.OBSERVER
    if line is not None and line.personal is not None and (known is None or known.name != line.personal):
        return wording.PERSONAL
    if known is None and (line is None or line.may_reply == "teammates"):
        return wording.NOT_TEAMMATE
    return None


def is_outsider(person: Person, policy: Policy) -> bool:
    """Tell whether somebody is a guest or of another organisation, be it only by what is known of a configured name."""
    return person.outsider or person.key in policy.outsiders


def is_manager(person: Person, policy: Policy) -> bool:
    """Tell whether somebody is a manager by the configuration."""
    mate = teammate_of(person, policy)
    return mate is not None and mate.role == "manager"


def not_allowed(refused: Note) -> Note:
    """Return what to tell somebody who gives a command, in place of what is said about a text. Says who may."""
    if refused == wording.OBSERVER:
        return wording.OBSERVER_ACTS
    if refused == wording.OUTSIDER:
        return wording.OUTSIDER_ACTS
    return replace(refused, text=wording.MAY_NOT_ACT)


def is_others(person: Person, room: str, state: State, policy: Policy) -> bool:
    """Tell whether a conversation belongs to teams that somebody outside its rooms is in none of, while in another.

    Managers, its assignee, and teammates of no team at all may act on it from any room.
    """
    conversation, mate = state.conversation, teammate_of(person, policy)
    if conversation is None or mate is None or mate.role == "manager" or is_same(conversation.assignee, person, policy):
        return False
    line = line_of(conversation, policy)
    rooms = {(thread.platform, thread.room) for thread in state.threads}
    rooms |= {(one.platform, one.room) for one in (line.rooms if line else ())}
    own = {team.name for team in policy.teams.values() if mate.name in team.members}
    wanted = {name for name in (conversation.team, line.team if line else None) if name is not None}
    return (person.platform, room) not in rooms and bool(wanted) and bool(own) and not own & wanted


def may_see(person: Person, room: str, state: State, policy: Policy) -> bool:
    """Tell whether somebody in this room may know of a conversation: it is shown there, or they are a teammate.

    Strangers to its rooms are not even told that there is one.
    """
    if state.conversation is None:
        return False
    line = line_of(state.conversation, policy)
    if line is not None and line.personal is not None and refusal(person, line, policy) is not None:
        return False
    rooms = {(thread.platform, thread.room) for thread in state.threads}
    rooms |= {(one.platform, one.room) for one in (line.rooms if line else ())}
    return (person.platform, room) in rooms or teammate_of(person, policy) is not None

"""Who may text the contact."""

from bridge.domain.cards import Note
from bridge.domain.conversations import State
from bridge.domain.people import Person
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import wording
from bridge.rules.people import teammate_of
from bridge.rules.threads import line_of


def refusal(person: Person, line: LinePolicy | None, policy: Policy) -> Note | None:
    """Return what to tell a person who may not act on this line, None for one who may."""
    if person.outsider or person.bot:
        return wording.OUTSIDER
    known = next((mate for mate in policy.teammates if (person.platform, person.id) in mate.ids), None)
    if known is not None and known.role == "observer":
        return wording.OBSERVER
    if line is not None and line.personal is not None and (known is None or known.name != line.personal):
        return wording.PERSONAL
    if known is None and (line is None or line.may_reply == "teammates"):
        return wording.NOT_TEAMMATE
    return None


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

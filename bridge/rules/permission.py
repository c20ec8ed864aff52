"""Who may text the contact."""

from bridge.domain.cards import Note
from bridge.domain.people import Person
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import wording


def refusal(person: Person, line: LinePolicy | None, policy: Policy) -> Note | None:
    """Return what to tell a person who may not act on this line, None for one who may."""
    if person.outsider or person.bot:
        return wording.OUTSIDER
    known = next((mate for mate in policy.teammates if (person.platform, person.id) in mate.ids), None)
    if known is not None and known.role == "observer":
        return wording.OBSERVER
    if known is None and (line is None or line.may_reply == "teammates"):
        return wording.NOT_TEAMMATE
    return None

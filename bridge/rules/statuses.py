"""What people say of themselves on a platform counts as `!away` and `!back`, and yields to these words."""

from bridge.domain.conversations import Absence, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import Record
from bridge.domain.events import StatusChanged
from bridge.domain.keeping import EndAbsence, SaveAbsence
from bridge.domain.policy import Policy
from bridge.rules import absence_words as words
from bridge.rules.people import keys_of, teammate_of

SURFACE = "status"


def status_changed(state: State, event: StatusChanged, policy: Policy) -> Decision:
    """Note that somebody is away, or is no longer, where that is news; ``state`` says who is away."""
    if policy.teammates and teammate_of(event.person, policy) is None:
        return NOTHING
    keys = keys_of(event.person, policy)
    known = {one for one in state.away if one.by_status and one.person in keys}
    if event.away:
        now = tuple(Absence(key, event.until, by_status=True) for key in keys)
        detail = event.until.isoformat() if event.until is not None else ""
        record = Record(words.AWAY, event.person.key, SURFACE, None, detail)
        return NOTHING if set(now) == known else Decision(effects=(*map(SaveAbsence, now), record))
    ended = tuple(EndAbsence(key, by_status=True) for key in keys)
    return Decision(effects=(*ended, Record(words.BACK, event.person.key, SURFACE))) if known else NOTHING

"""The end of the contact's night: what was held for it leaves, in the order it was written."""

from datetime import datetime

from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.messages import Hold
from bridge.domain.policy import Policy
from bridge.rules.held_until import whose_time_has_come
from bridge.rules.reply_acts import let_go


def night_over(state: State, policy: Policy, now: datetime) -> Decision:
    """Let a text go whose night is over; whether it may leave is asked once more just before its call."""
    found = whose_time_has_come(state, Hold.QUIET, policy, now)
    return NOTHING if found is None else let_go(*found, "sent_in_the_morning")

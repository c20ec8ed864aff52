"""The end of the contact's night: what was held for it leaves, in the order it was written."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.messages import Hold, Message, Purpose
from bridge.domain.policy import Policy
from bridge.rules import later_words
from bridge.rules.act import Act, also, plan_over
from bridge.rules.held_until import is_late, whose_time_has_come
from bridge.rules.holding import hold
from bridge.rules.renewing import dropped, renewed
from bridge.rules.reply_acts import let_go


def night_over(state: State, policy: Policy, now: datetime) -> Decision:
    """Let a text go whose night is over; whether it may leave is asked once more just before its call.

    An automatic one says what is true by then, or nothing.
    """
    found = whose_time_has_come(state, Hold.QUIET, policy, now)
    if found is None:
        return NOTHING
    act, message = found
    fresh = renewed(state, message, policy, now)
    if isinstance(fresh, str):
        return dropped(state, message, fresh)
    if is_late(message, now):
        asked = hold(act, message, Hold.GUARD, (later_words.LATE_REASON,))
        return also(asked, *plan_over(state, message.id, later_words.ASKED))
    return let_go(_telling(act, fresh), fresh, LEAVES)


LEAVES = "sent_in_the_morning"


def _telling(act: Act, message: Message) -> Act:
    """What the thread was told of an automatic text stays, but for when it leaves."""
    if message.purpose is not Purpose.AUTOMATIC:
        return act
    return replace(
        act, state=replace(act.state, notes=tuple(one for one in act.state.plans if one.message == message.id))
    )

"""A text that is sent again and again: the next of it is planned when one leaves."""

from dataclasses import replace

from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer
from bridge.domain.identity import identify
from bridge.domain.messages import Hold, Message, MessageStatus
from bridge.rules.act import Act
from bridge.rules.planning import next_time

LATER_TIMER = "later"


def going_on(act: Act, message: Message, decision: Decision) -> Decision:
    """Return the decision that lets a text go, with the next of its series planned if there is none yet."""
    at = next_time(act, message.plan)
    if at is None or any(other.hold is Hold.LATER for other in series_of(act.state, message)):
        return decision
    fresh = replace(
        message,
        id=identify("later", message.id, at.isoformat()),
        created_at=act.now,
        origin=None,
        status=MessageStatus.HELD,
        hold=Hold.LATER,
        release_at=at,
    )
    more = (ArmTimer(LATER_TIMER, fresh.id, at), act.record("planned", fresh.id, at.isoformat()))
    return replace(decision, messages=(*decision.messages, fresh), effects=(*decision.effects, *more))


def series_of(state: State, message: Message) -> list[Message]:
    """Return the others of its series that have not left."""
    if message.plan is None:
        return []
    series = (message.plan, message.body, message.author)
    found = (one for one in state.pending if (one.plan, one.body, one.author) == series)
    return [one for one in found if one.id != message.id]

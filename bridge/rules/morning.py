"""The end of the contact's night: what was held for it leaves, in the order it was written."""

from datetime import datetime

from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.messages import Hold, MessageStatus
from bridge.domain.people import person_of
from bridge.domain.policy import Policy
from bridge.rules.act import Act, nearest
from bridge.rules.reply_acts import let_go
from bridge.rules.threads import line_of


def night_over(state: State, policy: Policy, now: datetime) -> Decision:
    """Let a text go whose night is over; whether it may leave is asked once more just before its call."""
    message, conversation = state.message, state.conversation
    if message is None or conversation is None or message.status is not MessageStatus.HELD:
        return NOTHING
    if message.hold is not Hold.QUIET or message.release_at is None or message.release_at > now:
        return NOTHING
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    act = Act(
        state=state,
        actor=person_of(message.author or ""),
        surface="timer",
        room=thread.room if thread else "",
        thread=thread.root if thread else None,
        line=line_of(conversation, policy),
        policy=policy,
        now=now,
    )
    return let_go(act, message, "sent_in_the_morning")

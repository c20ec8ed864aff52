"""What was held until a time: when it has come, its writer acts once more."""

from datetime import datetime, timedelta

from bridge.domain.conversations import State
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.people import person_of
from bridge.domain.policy import Policy
from bridge.rules.act import Act, nearest
from bridge.rules.threads import line_of

LATE = timedelta(days=1)
"""What was to leave longer ago may not be true any more."""


def is_late(message: Message, now: datetime) -> bool:
    """Tell whether a text that was to leave once, as a person wrote it, did not for so long that one must be asked."""
    at = message.release_at
    written = message.plan is None and message.purpose is not Purpose.AUTOMATIC
    return written and at is not None and now - at > LATE


def whose_time_has_come(state: State, hold: Hold, policy: Policy, now: datetime) -> tuple[Act, Message] | None:
    """Return the text a timer was set for and its writer's act, None when it is held so no more, or not so long."""
    message, conversation = state.message, state.conversation
    if message is None or conversation is None or message.status is not MessageStatus.HELD:
        return None
    if message.hold is not hold or message.release_at is None or message.release_at > now:
        return None
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
    return act, message

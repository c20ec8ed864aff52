"""The bot's one mark on a teammate's message."""

from collections.abc import Sequence
from dataclasses import replace

from bridge.domain.conversations import ChatPost
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, SetMark
from bridge.domain.messages import Hold, Mark, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef

_MARKS = {
    MessageStatus.HELD: Mark.HELD,
    MessageStatus.QUEUED: Mark.HELD,
    MessageStatus.SENDING: Mark.HELD,
    MessageStatus.ACCEPTED: Mark.ACCEPTED,
    MessageStatus.SENT: Mark.ACCEPTED,
    MessageStatus.DELIVERED: Mark.DELIVERED,
    MessageStatus.READ: Mark.DELIVERED,
    MessageStatus.FAILED: Mark.FAILED,
    MessageStatus.UNKNOWN: Mark.FAILED,
    MessageStatus.KEPT: Mark.KEPT,
    MessageStatus.CANCELLED: Mark.KEPT,  # stopped: it stayed inside
}

HELD_FOR_A_PERSON = (Hold.CONFIRM, Hold.GUARD, Hold.LENGTH, Hold.STALE)


def mark_of(message: Message) -> Mark:
    """Return the mark that says where the message stands."""
    return _MARKS.get(message.status, Mark.NONE)


def written(message: Message, *effects: Effect) -> Decision:
    """Save a message and bring the mark on its chat message up to date, then do ``effects``."""
    if message.origin is None:
        return Decision(messages=(message,), effects=effects)
    mark = mark_of(message)
    role = "comment" if message.kind is MessageKind.COMMENT else "reply"
    post = ChatPost(ref=message.origin, conversation=message.conversation, role=role, message=message.id, mark=mark)
    return Decision(messages=(message,), posts=(post,), effects=(SetMark(message.origin, mark), *effects))


def shown_as_kept(ref: ChatRef, conversation: int, decision: Decision) -> Decision:
    """Return the decision with 🔒 on what is not even a comment: it never leaves, whatever is done to it."""
    post = ChatPost(ref=ref, conversation=conversation, role="comment", mark=Mark.KEPT)
    return replace(decision, posts=(post,), effects=(SetMark(ref, Mark.KEPT), *decision.effects))


def undecided(pending: Sequence[Message]) -> int:
    """Return how many of these replies wait for a person."""
    return sum(message.status is MessageStatus.HELD and message.hold in HELD_FOR_A_PERSON for message in pending)

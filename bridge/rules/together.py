"""Teammates who write in the same thread at the same time."""

from datetime import datetime, timedelta

from bridge.domain.cards import INSERT, Note
from bridge.domain.conversations import ConversationStatus, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import PostNote
from bridge.domain.events import WritingTogether

STALE = timedelta(seconds=30)
"""What was seen longer ago helps nobody any more."""


def writing_together(state: State, event: WritingTogether, now: datetime) -> Decision:
    """Tell them of each other before both have answered."""
    thread = next((one for one in state.threads if one.root == event.thread), None)
    conversation = state.conversation
    if thread is None or conversation is None or conversation.status is ConversationStatus.CLOSED:
        return NOTHING
    if now - event.at > STALE:
        return NOTHING
    names = " and ".join([INSERT] * len(event.people))
    return Decision(effects=(PostNote(thread.id, Note(f"✍️ {names} are writing here.", inserts=event.people)),))

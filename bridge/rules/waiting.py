"""Texts that no person sends at this moment, while it is not known whether the contact wants texts at all."""

from collections.abc import Sequence
from dataclasses import replace

from bridge.domain.cards import Button, Note
from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, PostNote, Record, SendText
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.rules import consent_words as words
from bridge.rules.act import nearest
from bridge.rules.marking import written

_WAIT = (Purpose.PROACTIVE, Purpose.AUTOMATIC, Purpose.SCHEDULED)


def must_wait(texted: Conversation | None, message: Message) -> bool:
    """Tell whether a text waits until somebody says whether the contact refused all texts."""
    return texted is not None and texted.consent.doubt is not None and message.purpose in _WAIT


def hold_in_doubt(state: State, message: Message) -> Decision:
    """Keep a text until that is known, and tell the thread."""
    held = replace(message, status=MessageStatus.HELD, hold=Hold.CONSENT, reasons=(), release_at=None)
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    note = Note(words.HELD_IN_DOUBT, buttons=(Button("undo", "Cancel", message.id),))
    told = () if thread is None else (PostNote(thread.id, note, message.id),)
    return written(held, *told, Record("held_in_doubt", "bridge", "timer", message.id))


def let_through(pending: Sequence[Message]) -> tuple[tuple[Message, ...], tuple[Effect, ...]]:
    """Return the texts that waited for this on their way, oldest first; the last look refuses what may not be sent."""
    messages = tuple(
        replace(one, status=MessageStatus.QUEUED, hold=None, ticket=one.ticket + 1)
        for one in pending
        if one.hold is Hold.CONSENT and one.status is MessageStatus.HELD
    )
    return messages, tuple(SendText(one.id, one.ticket) for one in messages)

"""Texts that no person sends at this moment, while it is not known whether the contact wants texts at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Button, Note
from bridge.domain.consent import ConsentKind
from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, PostNote, Record, SendText
from bridge.domain.identity import identify
from bridge.domain.keeping import NoteConsent
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus, Purpose
from bridge.domain.policy import Policy
from bridge.rules import consent_words as words
from bridge.rules import segments
from bridge.rules.act import nearest, plan_over
from bridge.rules.consent import Change, entry_of
from bridge.rules.marking import written
from bridge.rules.quiet import texted
from bridge.rules.renewing import dropped, renewed

_WAIT = (Purpose.PROACTIVE, Purpose.AUTOMATIC, Purpose.SCHEDULED)
_ABOUT_CONSENT = (Purpose.REQUEST, Purpose.CONFIRMATION)


def wait_for_consent(state: State, message: Message) -> Decision | None:
    """Return what is decided instead of sending a text, None when consent does not stand in its way.

    Changes the message alone: conversations are changed where events are decided, one after the other.
    """
    conversation, _ = texted(state, message)
    if conversation is None or message.purpose in _ABOUT_CONSENT:
        return None
    if conversation.consent.doubt is not None and message.purpose in _WAIT:
        return _held(state, message, words.HELD_IN_DOUBT)
    return _held(state, message, words.HELD_FOR_YES) if _unasked(conversation, message) else None


def ask_first(state: State, message: Message, policy: Policy, now: datetime) -> Decision | None:
    """Hold a text and ask the contact whether they want it; None: they were asked, or need not be."""
    conversation, contact = texted(state, message)
    if conversation is None or contact is None or not _unasked(conversation, message):
        return None
    if conversation.consent.asking != "due":
        return None
    asked = replace(conversation, consent=replace(conversation.consent, asking="asked", told=True))
    held, request = _held(state, message, words.HELD_FOR_YES), _request(message, policy.consent.request, now)
    change = Change(source="bridge", actor="bridge", surface="timer", now=now, words=request.body, message=request.id)
    entry = NoteConsent(entry_of(ConsentKind.ASKED, asked, contact, policy, change))
    return _asking(state, asked, held, request, entry)


def _unasked(conversation: Conversation, message: Message) -> bool:
    """Tell whether a text needs a consent that is not there yet; who has written is answered without."""
    return conversation.consent.asking != "" and (message.purpose in _WAIT or conversation.last_inbound_at is None)


def _request(held: Message, words_asked: str, now: datetime) -> Message:
    """The text that asks the contact first."""
    body = segments.gsm_friendly(words_asked)
    return Message(
        id=identify("request", held.id),
        conversation=held.conversation,
        kind=MessageKind.REPLY,
        body=body,
        status=MessageStatus.QUEUED,
        created_at=now,
        segments=segments.count(body).number,
        ticket=1,
        via=held.via,
        purpose=Purpose.REQUEST,
    )


def _asking(state: State, asked: Conversation, held: Decision, request: Message, entry: NoteConsent) -> Decision:
    mine = state.conversation is not None and state.conversation.number == asked.number
    effects: tuple[Effect, ...] = (
        *held.effects,
        *(PostNote(one.id, words.confirmed(request.body)) for one in state.threads),
        SendText(request.id, 1),
        entry,
        Record("consent_asked", "bridge", "timer", request.id, conversation=asked.number),
    )
    own, others = (asked, ()) if mine else (None, (asked,))
    return replace(held, conversation=own, others=others, messages=(*held.messages, request), effects=effects)


def _held(state: State, message: Message, why: str) -> Decision:
    """Keep a text until it is known whether the contact wants it, and tell the thread."""
    held = replace(message, status=MessageStatus.HELD, hold=Hold.CONSENT, reasons=(), release_at=None)
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    note = Note(why, buttons=(Button("undo", "Cancel", message.id),))
    told = () if thread is None else (PostNote(thread.id, note, message.id),)
    return written(held, *told, Record("held_for_consent", "bridge", "timer", message.id))


def let_through(
    state: State, pending: Sequence[Message], policy: Policy, now: datetime
) -> tuple[tuple[Message, ...], tuple[Effect, ...]]:
    """Return the texts that waited for this on their way, oldest first; the last look refuses what may not be sent."""
    decided = [
        _through(state, one, policy, now)
        for one in pending
        if one.hold is Hold.CONSENT and one.status is MessageStatus.HELD
    ]
    messages = tuple(message for one in decided for message in one.messages)
    sends = (SendText(one.id, one.ticket) for one in messages if one.status is MessageStatus.QUEUED)
    return messages, (*(effect for one in decided for effect in one.effects), *sends)


def _through(state: State, message: Message, policy: Policy, now: datetime) -> Decision:
    fresh = renewed(state, message, policy, now)
    if isinstance(fresh, str):
        return dropped(state, message, fresh)
    queued = replace(fresh, status=MessageStatus.QUEUED, hold=None, ticket=fresh.ticket + 1)
    return Decision(messages=(queued,), effects=plan_over(state, queued.id, words.let_through(queued)))

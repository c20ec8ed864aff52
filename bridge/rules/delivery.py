"""What became of a text: the provider's answers and callbacks, in whatever order they come."""

from dataclasses import replace
from datetime import datetime, timedelta

from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import Effect, PostNote, Record, UpdateCard, UpdateNote
from bridge.domain.events import DeliveryReported, SendSettled
from bridge.domain.messages import Message, MessageKind, MessageStatus, Purpose
from bridge.domain.policy import Policy
from bridge.rules import wording
from bridge.rules.act import also, nearest
from bridge.rules.consent import refused_by_contact
from bridge.rules.first_texts import told_by
from bridge.rules.marking import written

_RANK = {
    MessageStatus.HELD: 0,
    MessageStatus.QUEUED: 0,
    MessageStatus.SENDING: 1,
    MessageStatus.UNKNOWN: 1,
    MessageStatus.ACCEPTED: 2,
    MessageStatus.SENT: 3,
    MessageStatus.FAILED: 4,
    MessageStatus.CANCELLED: 4,
    MessageStatus.DELIVERED: 5,
    MessageStatus.READ: 6,
}


def further(before: MessageStatus, after: MessageStatus) -> bool:
    """Tell whether ``after`` is news: status only moves forward, and a late delivery outdoes a failure."""
    return _RANK.get(after, 0) > _RANK.get(before, 0)


def send_settled(state: State, event: SendSettled, policy: Policy, now: datetime) -> Decision:
    """The provider took the text, refused it, or nobody knows."""
    message = state.message
    if message is None or message.kind is not MessageKind.REPLY:
        return NOTHING
    if event.outcome == "accepted":
        return told_by(state, _accepted(state, message, event, now), message, policy.consent)
    if event.outcome == "credentials":
        return Decision(effects=(*_say(state, message, wording.CREDENTIALS), _record("send_waits", message, "")))
    if message.status is not MessageStatus.SENDING:
        return NOTHING
    if event.outcome == "rejected":
        refused = _failed(
            state,
            replace(message, error_code=event.code, settled_at=now),
            event.code,
            event.reason,
            again=not event.opted_out,
        )
        return refused_by_contact(state, refused, message.id, policy, now) if event.opted_out else refused
    lost = replace(message, status=MessageStatus.UNKNOWN, settled_at=now)
    note = wording.outcome_unknown(message.id)
    return written(lost, *_say(state, message, note), _record("outcome_unknown", message, ""))


def _accepted(state: State, message: Message, event: SendSettled, now: datetime) -> Decision:
    status = MessageStatus.ACCEPTED if further(message.status, MessageStatus.ACCEPTED) else message.status
    taken = replace(
        message,
        status=status,
        provider_id=message.provider_id or event.provider_id,
        segments=event.segments or message.segments,
        settled_at=message.settled_at or now,
    )
    told: tuple[Effect, ...] = ()
    if event.linked:
        told = _say(state, message, wording.went_as_link(event.linked, timedelta(seconds=event.link_seconds)))
    return _left(state, written(taken, *told, _record("sent", message, event.provider_id or "")), now)


def delivery_reported(state: State, event: DeliveryReported, policy: Policy, now: datetime) -> Decision:
    """A status callback moves the text forward, never back."""
    message = state.message
    if message is None or message.kind is not MessageKind.REPLY or not further(message.status, event.status):
        return NOTHING
    known = replace(message, provider_id=message.provider_id or event.provider_id, settled_at=message.settled_at or now)
    if event.status is MessageStatus.FAILED:
        failed = _failed(
            state,
            replace(known, error_code=event.error_code),
            event.error_code,
            event.reason,
            again=not event.opted_out,
        )
        return refused_by_contact(state, failed, message.id, policy, now) if event.opted_out else failed
    reported = written(
        replace(known, status=event.status), _record(f"reported_{event.status.value}", message, event.provider_id)
    )
    if message.status is MessageStatus.UNKNOWN:
        resolved = tuple(UpdateNote(post.ref, wording.ARRIVED) for post in state.notes)
        reported = also(reported, *resolved)
    return _left(state, reported, now)


def _left(state: State, decision: Decision, now: datetime) -> Decision:
    """Nobody waits any more once a reply has left."""
    conversation = state.conversation
    if not all(map(_answers, decision.messages)):
        return decision  # nobody has answered yet
    if conversation is None or (conversation.waiting_since is None and conversation.last_outbound_at is not None):
        return decision
    answered: Conversation = replace(conversation, waiting_since=None, last_outbound_at=now)
    cards = tuple(UpdateCard(thread.id) for thread in state.threads)
    return replace(also(decision, *cards), conversation=answered)


def _answers(message: Message) -> bool:
    """Tell whether somebody has answered with a text: a rule, a plan and a question about consent answer nobody."""
    return message.automatic is None and message.plan is None and message.purpose is not Purpose.REQUEST


def _failed(state: State, message: Message, code: str | None, reason: str, *, again: bool) -> Decision:
    failed = replace(message, status=MessageStatus.FAILED)
    note = wording.failed(message.id, reason, again=again)
    return written(failed, *_say(state, message, note), _record("failed", message, code or ""))


def _say(state: State, message: Message, note: Note) -> tuple[Effect, ...]:
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    return () if thread is None else (PostNote(thread.id, note, message.id),)


def refuse(state: State, message: Message, code: str, reason: str, now: datetime, *, again: bool = True) -> Decision:
    """Refuse a text ourselves, before its call, the way a provider would. ``again``: sending it again may help."""
    return _failed(state, replace(message, error_code=code, settled_at=now), code, reason, again=again)


def _record(act: str, message: Message, detail: str) -> Record:
    return Record(act, "bridge", "provider", message.id, detail)

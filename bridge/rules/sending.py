"""The last look at a reply, in the transaction just before its call."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.policy import Policy
from bridge.rules import owning_words, wording
from bridge.rules.act import also
from bridge.rules.answer_held import to_look_again
from bridge.rules.consent import why_out
from bridge.rules.delivery import refuse
from bridge.rules.first_texts import as_sent
from bridge.rules.quiet import held_until, hold_for_night, texted
from bridge.rules.waiting import wait_for_consent

CONFIRMED_WITHIN = timedelta(minutes=5)
"""Later than that, a text to who opted out is no confirmation any more (47 CFR 64.1200(a)(12))."""


@dataclass(frozen=True, slots=True)
class Go:
    """Send this; the message is now ``sending``."""

    message: Message


@dataclass(frozen=True, slots=True)
class FetchFirst:
    """Send nothing yet: its files must be fetched first."""

    message: Message


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Not by this row: it was stopped, changed, refused, or held for the night; the decision tells the thread."""

    decision: Decision


Verdict: TypeAlias = Go | FetchFirst | Wait | Drop


def before_send(state: State, ticket: int, policy: Policy, now: datetime) -> Verdict:
    """Tell whether the reply may leave now. ``ticket``: the one its outbox row was made with."""
    message = state.message
    if message is None or message.ticket != ticket or not _due_to_leave(message):
        return Drop(Decision())
    if message.release_at is not None and message.release_at > now:
        return Wait(message.release_at)
    if (against := _against(state, message, policy, now)) is not None:
        return Drop(against)
    if any(medium.stored is None for medium in message.media):
        return FetchFirst(message)
    message = as_sent(state, message, policy.consent)
    return Go(replace(message, status=MessageStatus.SENDING, hold=None, release_at=None))


def _against(state: State, message: Message, policy: Policy, now: datetime) -> Decision | None:
    """Return what is decided instead of sending it."""
    if (why := _forbidden(state, policy)) is not None and not _may_confirm(state, message, now):
        return refuse(state, message, *why, now, again=False)
    refused = next((medium.refused for medium in message.media if medium.refused), None)
    if refused is not None:
        return refuse(state, message, "media", wording.MEDIA_NOT_SENT.format(reason=refused.rstrip(".")), now)
    if (waits := wait_for_consent(state, message)) is not None:
        return waits
    until = held_until(state, message, policy, now)
    if until is None:
        return None
    return also(hold_for_night(state, message, until, policy, now), *to_look_again(state, now))


def _may_confirm(state: State, message: Message, now: datetime) -> bool:
    """Tell whether this is the one text that may follow an opt-out, and comes within the minutes it has."""
    known, _ = texted(state, message)
    since = known.consent.since if known is not None else None
    timely = since is not None and now - since <= CONFIRMED_WITHIN
    return message.purpose is Purpose.CONFIRMATION and timely


def _forbidden(state: State, policy: Policy) -> tuple[str, str] | None:
    conversation = state.conversation
    return forbidden(state.via.conversation if state.via is not None else conversation, conversation, policy)


def forbidden(texted: Conversation | None, written_in: Conversation | None, policy: Policy) -> tuple[str, str] | None:
    """Return code and reason why nobody may be texted; None: they may.

    Consent is the address's that is texted; a block holds for the whole conversation.
    """
    if texted is not None and texted.opted_out:
        return "opted_out", why_out(texted, policy)
    blocked = any(one is not None and one.blocked for one in (texted, written_in))
    return ("blocked", owning_words.BLOCKED) if blocked else None


def _due_to_leave(message: Message) -> bool:
    if message.status is MessageStatus.HELD:
        return message.hold is Hold.UNDO
    return message.status is MessageStatus.QUEUED

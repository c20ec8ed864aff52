"""Replies that have not left when the contact writes again."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Effect, PostNote, Record, Reschedule, UpdateCard
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import owning_words, quiet_words, wording
from bridge.rules.act import nearest, plan_over
from bridge.rules.quiet import QUIET_TIMER
from bridge.rules.reply_acts import HELD_TIMER


def overtaken(state: State, line: LinePolicy, policy: Policy, now: datetime) -> Decision:
    """Hold the replies that are in their undo window, or wait for the contact's morning, until somebody decides.

    Their writers could not know what the contact just wrote.

    The mark on them stays as it is: held.
    """
    messages: list[Message] = []
    effects: list[Effect] = []
    for message in state.pending if line.stale_stop else ():
        if _can_be_stopped(message, now):
            messages.append(replace(message, hold=Hold.STALE, reasons=(owning_words.WROTE_AGAIN,), release_at=None))
            effects += _asking(state, message, policy, now)
    return Decision(messages=tuple(messages), effects=tuple(effects))


def _can_be_stopped(message: Message, now: datetime) -> bool:
    on_its_way = message.status is MessageStatus.HELD and message.hold in (Hold.UNDO, Hold.QUIET)
    # those leave whatever the contact writes, but for a question about consent that they have answered
    written = message.purpose not in (Purpose.AUTOMATIC, Purpose.REQUEST) and message.plan is None
    return written and on_its_way and message.release_at is not None and message.release_at > now


def _asking(state: State, message: Message, policy: Policy, now: datetime) -> list[Effect]:
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    question = wording.stale_question(message.id, message.body, (owning_words.WROTE_AGAIN,))
    return [
        *([] if thread is None else [PostNote(thread.id, question, message.id)]),
        *plan_over(state, message.id, quiet_words.OVERTAKEN),
        Reschedule(message.id, now),
        *((DisarmTimer(QUIET_TIMER, message.id),) if message.hold is Hold.QUIET else ()),
        ArmTimer(HELD_TIMER, message.id, now + policy.held_reminder),
        *(UpdateCard(one.id) for one in state.threads),
        Record("held", "bridge", "provider", message.id, owning_words.WROTE_AGAIN),
    ]

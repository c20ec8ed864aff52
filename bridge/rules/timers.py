"""Timers that fell due, decided against what is true now."""

from collections.abc import Callable
from datetime import datetime

from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import PostNote, Record
from bridge.domain.events import TimerFired
from bridge.domain.messages import MessageStatus
from bridge.domain.policy import Policy
from bridge.rules import wording
from bridge.rules.act import SNOOZE_TIMER, nearest
from bridge.rules.answer_held import ANSWER_TIMER, look_again
from bridge.rules.digest import DIGEST_TIMER, digest_due
from bridge.rules.hearing import DOUBT_TIMER
from bridge.rules.later import later_due
from bridge.rules.marking import HELD_FOR_A_PERSON
from bridge.rules.morning import night_over
from bridge.rules.quiet import QUIET_TIMER
from bridge.rules.reminding import REMIND_TIMER, reminder_due
from bridge.rules.revoking import still_in_doubt
from bridge.rules.series import LATER_TIMER
from bridge.rules.sla import time_passed
from bridge.rules.snoozing import snooze_over
from bridge.rules.timing import CLOCK_OF, CLOSING_TIMER, stayed_quiet

_DUE: dict[str, Callable[[State, Policy, datetime], Decision]] = {
    SNOOZE_TIMER: snooze_over,
    LATER_TIMER: later_due,
    QUIET_TIMER: night_over,
    CLOSING_TIMER: stayed_quiet,
    DOUBT_TIMER: still_in_doubt,
    ANSWER_TIMER: look_again,
}
"""What is decided on the state alone."""


def timer_fired(state: State, event: TimerFired, policy: Policy, now: datetime) -> Decision:
    """Decide what a timer was set for; it says nothing when nothing is due any more."""
    if event.kind in _DUE:
        return _DUE[event.kind](state, policy, now)
    if event.kind == REMIND_TIMER:
        return reminder_due(state, event, policy, now)
    if event.kind == DIGEST_TIMER:
        return digest_due(state, event, policy, now)
    if event.kind in CLOCK_OF:
        return time_passed(state, CLOCK_OF[event.kind], policy, now)
    return _still_held(state, event)


def _still_held(state: State, event: TimerFired) -> Decision:
    """Remind the thread of a reply that is still held; say nothing when it no longer is."""
    message = state.message
    if message is None or message.status is not MessageStatus.HELD or message.hold not in HELD_FOR_A_PERSON:
        return NOTHING
    thread = nearest(state.threads, message.origin.room if message.origin else None)
    if thread is None:
        return NOTHING
    return Decision(
        effects=(
            PostNote(thread.id, wording.still_held(message.id, message.body, message.reasons), message.id),
            Record("reminded", "bridge", "timer", message.id, event.kind),
        )
    )

"""The texts of a conversation that are to leave later: listed, and cancelled."""

from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import DisarmTimer, Effect, PostNote
from bridge.domain.messages import Hold, Message
from bridge.rules import later_words as words
from bridge.rules import wording
from bridge.rules.act import Act, also, joined, plan_over
from bridge.rules.marking import written
from bridge.rules.reply_acts import stopped, time_of
from bridge.rules.series import LATER_TIMER


def planned(state: State) -> list[Message]:
    """Return them, the next first."""
    found = [message for message in state.pending if message.hold is Hold.LATER and message.release_at is not None]
    return sorted(found, key=lambda message: (message.release_at, message.id))


def is_about_planned(argument: str) -> bool:
    """Tell whether what stands behind ``!later`` asks for the list, or cancels."""
    first = argument.strip().partition(" ")[0].casefold()
    return first in ("", *words.OFF)


def look_over(act: Act, argument: str) -> Decision:
    """List what is planned; with ``off`` cancel it all, with ``off 2`` the second of the list."""
    there = planned(act.state)
    first, _, number = argument.strip().partition(" ")
    if not there:
        return act.tell(words.HOW if not first else words.NONE)
    if not first:
        return act.tell(words.listed([(one.id, time_of(act, one).at, one.plan, one.body) for one in there]))
    if number.strip() and not (number.strip().isdecimal() and 0 < int(number) <= len(there)):
        return act.tell(words.WHICH)
    return _cancelled(act, [there[int(number) - 1]] if number.strip() else there)


def _cancelled(act: Act, messages: list[Message]) -> Decision:
    decision, thread = Decision(), act.view()
    for message in messages:
        effects: tuple[Effect, ...] = (
            DisarmTimer(LATER_TIMER, message.id),
            *plan_over(act.state, message.id, wording.decided("Cancelled", act.actor)),
            *((PostNote(thread.id, words.cancelled(message.body, act.actor)),) if thread is not None else ()),
            act.record("undone", message.id),
        )
        one = written(stopped(message), *effects)
        decision = joined(decision, one)
    return also(decision, *act.told(words.CANCELLED))

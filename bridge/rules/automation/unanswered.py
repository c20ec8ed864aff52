"""Rules for a contact whom nobody answers: when they are asked, counted in business hours or by the clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bridge.domain.automation import Unanswered
from bridge.domain.conversations import Conversation, State
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer
from bridge.domain.events import Event, TimerFired
from bridge.domain.policy import Policy
from bridge.rules.automation.compiling import compiled
from bridge.rules.automation.happened import RULE_TIMER
from bridge.rules.clocks import hours_of, runs
from bridge.rules.hours import after_working

TO_LEAVE = timedelta(minutes=2)
"""What an answer that was held takes to reach the provider; until then nobody is told that there is none."""


def subject(number: int, wait: Unanswered) -> str:
    """Return what the timer of rules that wait so long is set for."""
    return f"{number}:{round(wait.time.total_seconds())}{':any' if wait.any_hours else ''}"


def overdue(state: State, event: TimerFired, policy: Policy, now: datetime) -> list[int]:
    """Return places of the rules for somebody who waits as long as the timer was set for; none if nobody does now."""
    rules, conversation = compiled(policy.automation), state.conversation
    if conversation is None or not runs(conversation):
        return []
    return [
        place
        for place in rules.by_trigger.get("no_reply", ())
        if (wait := rules.rules[place].after) is not None
        and subject(conversation.number, wait) == event.subject
        and (due := _due(conversation, wait, policy)) is not None
        and due <= now
    ]


def timers(state: State, event: Event, decision: Decision, policy: Policy, now: datetime) -> Iterator[ArmTimer]:
    """Yield the timers that a decision sets for somebody who waits for the team."""
    waits, conversation = compiled(policy.automation).waits, decision.conversation or state.conversation
    if not waits or conversation is None or not runs(conversation):
        return
    fired = event.subject if isinstance(event, TimerFired) and event.kind == RULE_TIMER else None
    for wait in waits:
        about = subject(conversation.number, wait)
        first = now if about == fired else _anew(state.conversation, conversation, wait, policy, now)
        due = _due(conversation, wait, policy) if first is not None else None
        if first is None or due is None or (about == fired and due <= now):
            continue  # what fired is set again only where it was too early: the hours have changed since
        yield ArmTimer(RULE_TIMER, about, max(first, due))


def _anew(
    before: Conversation | None, after: Conversation, wait: Unanswered, policy: Policy, now: datetime
) -> datetime | None:
    """Return when the timer may fire that is to be set, None: what there is stays, or has fired."""
    if before is None or before.number != after.number:
        return now
    if not runs(before) or before.waiting_since != after.waiting_since:
        return _taken_up(before, after, wait, policy, now)
    if hours_of(before, policy) == hours_of(after, policy):
        return None
    earlier = _due(before, wait, policy)
    return now if earlier is None or earlier > now else None


def _taken_up(
    before: Conversation, after: Conversation, wait: Unanswered, policy: Policy, now: datetime
) -> datetime | None:
    """The same where nobody waited until now. What was long due is not said again at once: it is counted anew."""
    if before.answer_held_until is not None:
        return now + TO_LEAVE
    due = _due(after, wait, policy)
    return now if due is None or due > now else _after(now, after, wait, policy)


def _due(conversation: Conversation, wait: Unanswered, policy: Policy) -> datetime | None:
    """Return when somebody has waited so long, None: they do not wait, or business hours never last so long."""
    since = conversation.waiting_since
    return _after(since, conversation, wait, policy) if since is not None else None


def _after(since: datetime, conversation: Conversation, wait: Unanswered, policy: Policy) -> datetime | None:
    return after_working(None if wait.any_hours else hours_of(conversation, policy), since, wait.time)

"""Times to keep: warned of before they end, told when they are missed, and taken up a ladder of people."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, State, Thread, ThreadState
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import Effect, PostNote, Record, UpdateCard
from bridge.domain.policy import Policy
from bridge.rules import sla_words as words
from bridge.rules.clocks import (
    Kind,
    Moment,
    clock_of,
    hours_of,
    moments_of,
    reached,
    runs,
    sla_of,
    spent,
    target_of,
    ticked,
)
from bridge.rules.ladder import ASSIGNEE, HAND_BACK, TEAM, people_on
from bridge.rules.ringing import calls_room
from bridge.rules.threads import line_of


@dataclass(frozen=True, slots=True)
class _News:
    """What has come since it was last told. ``at``: when the time ends or ended; ``missed``: whether it is over.

    ``first``: whether it was not missed before. ``notify``: whom it is told, in the words of ``SlaStep``.
    """

    what: words.What
    at: datetime
    missed: bool
    first: bool
    notify: tuple[str, ...]


def time_passed(state: State, kind: Kind, policy: Policy, now: datetime) -> Decision:
    """Tell what has come of a time to keep; of several moments that passed unnoticed, the last that is still true."""
    if state.conversation is None:
        return NOTHING
    conversation = ticked(state.conversation, state.conversation, policy, now)
    sla = sla_of(conversation, policy)
    target = target_of(kind, conversation, sla) if sla is not None else None
    if sla is None or target is None or not runs(conversation):
        return Decision(conversation=conversation)
    moments, told = moments_of(target, sla), clock_of(kind, conversation.clocks).told
    counted = spent(kind, conversation.clocks, hours_of(conversation, policy), now)
    passed = sum(moment.after <= counted for moment in moments)
    if passed <= told:
        return Decision(conversation=conversation)
    news = _news(conversation, kind, target, moments[told:passed], policy)
    after = _told(conversation, kind, passed, news)
    record = Record("sla_missed" if news.missed else "sla_warned", "bridge", "timer", detail=news.what)
    return Decision(conversation=after, effects=(*_saying(state, conversation, news, policy), record))


def _news(
    conversation: Conversation, kind: Kind, target: timedelta, moments: tuple[Moment, ...], policy: Policy
) -> _News:
    sla, at = sla_of(conversation, policy), reached(kind, conversation.clocks, hours_of(conversation, policy), target)
    missed = moments[-1].after >= target
    steps = {step.notify for step in sla.ladder} if sla is not None else set[str]()
    notify = tuple(dict.fromkeys(name for moment in moments for name in moment.notify))
    return _News(
        what=words.what(kind, first=conversation.last_outbound_at is None),
        at=at or conversation.created_at,
        missed=missed,
        first=any(moment.after == target for moment in moments),
        notify=notify if missed else tuple(steps & {ASSIGNEE}),
    )


def _told(conversation: Conversation, kind: Kind, passed: int, news: _News) -> Conversation:
    clocks = conversation.clocks
    clock = replace(clock_of(kind, clocks), told=passed)
    clocks = replace(clocks, response=clock) if kind == "response" else replace(clocks, resolution=clock)
    after = replace(conversation, clocks=clocks)
    if news.missed:
        after = replace(after, breached_at=conversation.breached_at or news.at)
    return replace(after, assignee=None) if HAND_BACK in news.notify else after


def _saying(state: State, conversation: Conversation, news: _News, policy: Policy) -> Iterator[Effect]:
    for thread in state.threads:
        if thread.state in (ThreadState.OPEN, ThreadState.OPENING) and not _said_already(conversation, news):
            yield PostNote(thread.id, _note(state, conversation, thread, news, policy))
        yield UpdateCard(thread.id)
    if HAND_BACK in news.notify and conversation.assignee is not None:
        yield Record("unassigned", "bridge", "timer", detail=conversation.assignee)


def _said_already(conversation: Conversation, news: _News) -> bool:
    """Tell whether a further step is only the assignee's, and there is none: the same words again would help nobody."""
    further = news.missed and not news.first
    return further and conversation.assignee is None and {ASSIGNEE, HAND_BACK}.issuperset(news.notify)


def _note(state: State, conversation: Conversation, thread: Thread, news: _News, policy: Policy) -> Note:
    called = people_on(news.notify, state, conversation, thread.platform, policy)
    if not news.missed:
        return words.due(news.what, news.at, called)
    handed_back = HAND_BACK in news.notify and conversation.assignee is not None
    note = words.missed(news.what, news.at, called, handed_back=handed_back)
    line = line_of(conversation, policy)
    rings = handed_back and line is not None and calls_room(replace(conversation, assignee=None), line, policy)
    return replace(note, everyone=TEAM in news.notify or rings, bump=news.first)

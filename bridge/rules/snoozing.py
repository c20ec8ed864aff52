"""Snooze: out of sight until a time, or until the contact writes."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, ConversationStatus, State, Thread, ThreadState
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, OpenForm, PostNote, Record
from bridge.domain.events import FormSubmitted
from bridge.domain.people import person_of
from bridge.domain.policy import LinePolicy, Policy
from bridge.rules import snooze_words as words
from bridge.rules.act import SNOOZE_TIMER, Act, also, opened
from bridge.rules.hours import next_opening
from bridge.rules.ringing import calls_room, present
from bridge.rules.threads import line_of
from bridge.rules.when import When, read, read_all


def snooze(act: Act) -> Decision:
    """Put the conversation away until the time in the argument; a button asks for one."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    if act.surface == "button" and act.trigger:
        return Decision(effects=(OpenForm(act.actor, act.trigger, words.form(conversation.number)),))
    until = _until(act)
    if isinstance(until, Note):
        return _asked_again(act, conversation, until) if act.surface == "form" and act.trigger else act.tell(until)
    if conversation.status is ConversationStatus.SNOOZED and conversation.snoozed_until == until:
        return Decision(effects=act.told(words.snoozed(until)))
    asleep = replace(conversation, status=ConversationStatus.SNOOZED, closed_at=None, snoozed_until=until)
    subject = str(conversation.number)
    timer = DisarmTimer(SNOOZE_TIMER, subject) if until is None else ArmTimer(SNOOZE_TIMER, subject, until)
    record = act.record("snoozed", detail=until.isoformat() if until else words.UNTIL_THEY_WRITE)
    return Decision(conversation=asleep, effects=(*act.cards(), timer, record, *act.told(words.snoozed(until))))


def _asked_again(act: Act, conversation: Conversation, why: Note) -> Decision:
    form = words.form(conversation.number, act.argument, why.text)
    return Decision(effects=(OpenForm(act.actor, act.trigger, form),))


def _until(act: Act) -> datetime | Note | None:
    said = act.argument.strip()
    meant = said.casefold().removeprefix("until ")
    if meant in words.UNTIL_REPLY:
        return None
    if said and meant not in words.UNTIL_OPENING:
        found = read_all(said, act.now, act.zone)
        return found if isinstance(found, datetime) else Note(found.why)
    opening = next_opening(act.line.hours, act.now) if act.line is not None and act.line.hours is not None else None
    return opening or _tomorrow(act)


def _tomorrow(act: Act) -> datetime:
    found = read("tomorrow", act.now, act.zone)
    assert isinstance(found, When)  # noqa: S101 - tomorrow always comes
    return found.at


def chosen(event: FormSubmitted) -> str:
    """Return the time a form was sent with: one's own words go before the choice."""
    given = dict(event.values)
    return given.get(words.OWN) or given.get(words.CHOICE, "")


def wake(act: Act) -> Decision:
    """Take a snoozed conversation up again."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    if conversation.status is not ConversationStatus.SNOOZED:
        return Decision(effects=act.told(words.NOT_SNOOZED))
    return also(opened(act.state, conversation, NOTHING), act.record("woken"), *act.told(words.AWAKE))


def snooze_over(state: State, policy: Policy, now: datetime) -> Decision:
    """Take the conversation up again when its time has come, and tell who has it."""
    conversation = state.conversation
    if conversation is None or conversation.status is not ConversationStatus.SNOOZED:
        return NOTHING
    if conversation.snoozed_until is None or conversation.snoozed_until > now:
        return NOTHING
    line = line_of(conversation, policy)
    notes = tuple(
        PostNote(one.id, _waking(present(conversation, state.away), line, policy)) for one in _shown(state.threads)
    )
    return also(opened(state, conversation, NOTHING), *notes, Record("woken", "bridge", "timer"))


def _waking(conversation: Conversation, line: LinePolicy | None, policy: Policy) -> Note:
    if conversation.blocked:
        return words.over(None)
    if conversation.assignee is None:
        everyone = line is not None and calls_room(conversation, line, policy)
        return replace(words.over(None), everyone=everyone, bump=True)
    quiet = line is not None and line.ping == "nobody"
    return replace(words.over(person_of(conversation.assignee)), bump=True, quiet=quiet)


def _shown(threads: tuple[Thread, ...]) -> list[Thread]:
    return [thread for thread in threads if thread.state in (ThreadState.OPEN, ThreadState.OPENING)]

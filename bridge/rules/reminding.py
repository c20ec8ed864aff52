"""Reminders: what somebody wants to be told of a conversation, and when."""

from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import Reminder, State, Thread, ThreadState
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Effect, PostNote, Record, TellRoom
from bridge.domain.events import ButtonPressed, Event, TimerFired
from bridge.domain.identity import identify
from bridge.domain.keeping import DropReminder, SaveReminder
from bridge.domain.people import Person, direct_room, person_of
from bridge.domain.policy import Policy
from bridge.rules import remind_words as words
from bridge.rules.act import Act
from bridge.rules.addresses import shown
from bridge.rules.commands import Command, command_of
from bridge.rules.people import is_same
from bridge.rules.when import NoTime, When, read

REMIND_TIMER = "reminder"
WORDS_AT_MOST = 500
REMINDERS_AT_MOST = 20


def wants_reminders(event: Event) -> bool:
    """Tell whether an event is decided on the reminders of its conversation."""
    match event:
        case TimerFired():
            return event.kind == REMIND_TIMER
        case ButtonPressed():
            return event.action == words.FORGET
        case _:
            command = command_of(event)
            return isinstance(command, Command) and command.name == words.REMIND


def remind(act: Act) -> Decision:
    """Remind the actor at a time; without one tell what is set, and with ``off`` forget it."""
    conversation, said = act.state.conversation, act.argument.strip()
    if conversation is None:
        return NOTHING
    mine = _mine(act)
    if said.casefold() in words.OFF:
        return _forget(act, mine)
    if not said:
        return act.tell(words.listed(mine) if mine else words.HOW)
    found = read(said, act.now, act.zone)
    if isinstance(found, NoTime):
        return act.tell(Note(found.why))
    return _set(act, conversation.number, found, mine)


def _set(act: Act, number: int, found: When, mine: list[Reminder]) -> Decision:
    note = found.rest[:WORDS_AT_MOST]
    same = next((one for one in mine if (one.due, one.words) == (found.at, note)), None)
    if same is not None:
        return act.tell(words.set_for(same))
    if len(mine) >= REMINDERS_AT_MOST:
        return act.tell(words.TOO_MANY)
    reminder = Reminder(
        id=identify("reminder", act.actor.key, act.cause or act.now.isoformat()),
        conversation=number,
        person=act.actor.key,
        words=note,
        due=found.at,
        created_at=act.now,
    )
    record = act.record("reminder_set", detail=found.at.isoformat())
    timer = ArmTimer(REMIND_TIMER, reminder.id, reminder.due)
    return Decision(effects=(SaveReminder(reminder), timer, record, act.private(words.set_for(reminder))))


def forget(act: Act) -> Decision:
    """Take back the reminder a button names."""
    _, _, wanted = act.argument.partition(" ")
    found = [reminder for reminder in _mine(act) if reminder.id == wanted]
    return _forget(act, found) if found else act.tell(words.GONE)


def _mine(act: Act) -> list[Reminder]:
    return [one for one in act.state.reminders if is_same(one.person, act.actor, act.policy)]


def _forget(act: Act, reminders: list[Reminder]) -> Decision:
    if not reminders:
        return act.tell(words.NONE)
    dropped: list[Effect] = []
    for reminder in reminders:
        dropped += [DropReminder(reminder.id), DisarmTimer(REMIND_TIMER, reminder.id)]
    return Decision(
        effects=(*dropped, act.record("reminder_taken_back"), act.private(words.taken_back(len(reminders))))
    )


def reminder_due(state: State, event: TimerFired, policy: Policy, now: datetime) -> Decision:
    """Tell the person, directly where the platform can; nothing when it was taken back."""
    found = next((one for one in state.reminders if one.id == event.subject and one.due <= now), None)
    if found is None:
        return NOTHING
    person = person_of(found.person)
    record = Record("reminder_told", "bridge", "timer", detail=found.person)
    return Decision(effects=(*_telling(state, person, found, policy), DropReminder(found.id), record))


def _telling(state: State, person: Person, found: Reminder, policy: Policy) -> tuple[Effect, ...]:
    thread = _shown_to(state, person)
    if person.platform in policy.direct:
        contact = state.contact
        name = (contact.name or shown(contact.address)) if contact is not None else ""
        link = thread.root if thread is not None else None
        return (TellRoom(direct_room(person), words.due(found.conversation, name, found.words), link),)
    return () if thread is None else (PostNote(thread.id, words.due_in_thread(person, found.words)),)


def _shown_to(state: State, person: Person) -> Thread | None:
    """A thread on the person's platform, one that is still in use before others."""
    there = [thread for thread in state.threads if thread.platform == person.platform]
    going_on = [thread for thread in there if thread.state in (ThreadState.OPEN, ThreadState.OPENING)]
    return next(iter([*going_on, *there]), None)

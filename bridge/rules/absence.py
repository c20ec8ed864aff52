"""Teammates who are away: not called, and asked to give back what is theirs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import Absence, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Effect, UpdateCard
from bridge.domain.events import (
    ButtonPressed,
    CommandGiven,
    Event,
    FormSubmitted,
    StatusChanged,
    TextReceived,
    TimerFired,
)
from bridge.domain.keeping import EndAbsence, SaveAbsence
from bridge.domain.people import Person
from bridge.domain.policy import Policy
from bridge.rules import absence_words as words
from bridge.rules import wording
from bridge.rules.act import Act, in_room
from bridge.rules.addresses import shown
from bridge.rules.commands import Command, command_of
from bridge.rules.owning_words import ASSIGN
from bridge.rules.people import keys_of
from bridge.rules.when import NoTime, read_all

AT_MOST = 100
"""Conversations given back at once."""


def who_asks(event: Event) -> Person | None:
    """Return whose conversations an event is decided on, None when it is about nobody's."""
    if isinstance(event, ButtonPressed):
        return event.author if event.action == words.GIVE_BACK else None
    command = command_of(event)
    asks = isinstance(command, Command) and command.name == words.AWAY
    return getattr(event, "author", None) if asks else None


def heeds_absence(event: Event, state: State) -> bool:
    """Tell whether an event is decided on who is away."""
    conversation = state.conversation
    if isinstance(event, TimerFired):
        return conversation is not None
    if isinstance(event, StatusChanged):
        return True
    if isinstance(event, TextReceived):
        return conversation is not None and bool(conversation.assignee or conversation.watchers)
    if isinstance(event, FormSubmitted):
        return event.form == ASSIGN
    if isinstance(event, ButtonPressed):
        return event.action == ASSIGN
    command = command_of(event)
    return isinstance(command, Command) and command.name in (ASSIGN, words.AWAY, words.BACK)


def absence_of(key: str | None, away: Sequence[Absence]) -> Absence | None:
    """Return the absence of the person with this ``Person.key``, None for somebody who is there."""
    return next((one for one in away if one.person == key), None)


def go_away(act: Act) -> Decision:
    """Call the actor no more until a time, or until they are back; offer to give back what is theirs."""
    said = act.argument.strip()
    first, _, rest = said.partition(" ")
    asked = rest if first.casefold() == words.UNTIL else said
    until = read_all(asked, act.now, act.zone) if asked else None
    if isinstance(until, NoTime):
        return act.tell(Note(until.why))
    mine = [(one.conversation.number, one.contact.name or shown(one.contact.address)) for one in act.state.mine]
    away = tuple(Absence(key, until) for key in keys_of(act.actor, act.policy))
    note = words.away(until, mine, more=len(mine) >= AT_MOST)
    if set(away) <= set(act.state.away):
        return act.tell(note)
    record = act.record("away", detail=until.isoformat() if until is not None else "")
    return Decision(effects=(*(SaveAbsence(one) for one in away), record, act.private(note)))


def come_back(act: Act) -> Decision:
    """Call the actor again."""
    keys = keys_of(act.actor, act.policy)
    if not any(one.person in keys for one in act.state.away):
        return act.tell(words.NOT_AWAY)
    return Decision(effects=(*(EndAbsence(key) for key in keys), act.record("back"), act.private(words.BACK_NOTE)))


def give_back(act: Act) -> Decision:
    """Make every open conversation of the actor nobody's."""
    mine = act.state.mine
    if not mine:
        return act.tell(words.NOTHING_TO_GIVE)
    effects: list[Effect] = [UpdateCard(thread.id) for one in mine for thread in one.threads]
    for one in mine:
        entry = act.record("unassigned", detail=one.conversation.assignee or "")
        effects.append(replace(entry, conversation=one.conversation.number))
    numbers = [one.conversation.number for one in mine]
    return Decision(
        others=tuple(replace(one.conversation, assignee=None) for one in mine),
        effects=(*effects, act.private(words.given_back(numbers))),
    )


PERSONAL = {words.AWAY: go_away, words.BACK: come_back}
"""Words about who says them, which need no conversation."""


def personal_command(state: State, event: CommandGiven, policy: Policy, now: datetime) -> Decision:
    """Decide ``/sms away 2h`` and ``/sms back``."""
    verb, _, argument = event.words.partition(" ")
    act = in_room(state, event, argument, policy, now)
    refused = may_not(event.author)
    return act.tell(refused) if refused is not None else PERSONAL[verb.casefold()](act)


def may_not(person: Person) -> Note | None:
    """Return what to tell somebody who is no teammate at all."""
    return replace(wording.OUTSIDER, text=wording.MAY_NOT_ACT) if person.outsider or person.bot else None

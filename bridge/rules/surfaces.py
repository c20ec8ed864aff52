"""Buttons, reactions and room commands: other ways to the same actions."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import AnswerPrivately
from bridge.domain.events import ButtonPressed, CommandGiven, ReactionChanged
from bridge.domain.messages import MessageKind
from bridge.domain.people import ChatRef
from bridge.domain.policy import Policy
from bridge.rules import commands, room_words, wording
from bridge.rules.absence import PERSONAL, give_back, may_not, personal_command
from bridge.rules.absence_words import GIVE_BACK
from bridge.rules.act import Act, in_room
from bridge.rules.actions import ACTIONS, OF_MESSAGES, REACTIONS, REACTIONS_REMOVED
from bridge.rules.beginning import begun_by, conversation_begun
from bridge.rules.canned import COMMAND
from bridge.rules.canned_commands import canned_command
from bridge.rules.canned_forms import canned_action
from bridge.rules.cards import MORE
from bridge.rules.consent_words import NOT_REVOKED, REVOKED
from bridge.rules.later import later_action
from bridge.rules.later_words import LATER
from bridge.rules.owning_words import erased
from bridge.rules.permission import refusal
from bridge.rules.queueing import COMMAND as QUEUE
from bridge.rules.queueing import SEARCH, queue_command, report_command, search_command
from bridge.rules.remind_words import FORGET
from bridge.rules.reminding import forget
from bridge.rules.report_words import COMMAND as REPORT
from bridge.rules.revoking import not_revoked, revoked
from bridge.rules.room_commands import room_command
from bridge.rules.threads import line_of

ANSWERS = {REVOKED: revoked, NOT_REVOKED: not_revoked}
BUTTONS = {**ACTIONS, COMMAND: canned_action, LATER: later_action, FORGET: forget, GIVE_BACK: give_back, **ANSWERS}
"""Every action a button, menu or shortcut can stand for."""


def button_pressed(state: State, event: ButtonPressed, policy: Policy, now: datetime) -> Decision:
    """Carry out what a button or a message's menu stands for; what an earlier version offered does nothing."""
    more = event.action == MORE
    action = BUTTONS.get(event.value if more else event.action)
    if action is None:
        return NOTHING
    act = Act(
        state=state,
        actor=event.author,
        surface=event.surface,
        room=event.ref.room,
        thread=event.thread or _root(state, event.ref),
        line=line_of(state.conversation, policy),
        policy=policy,
        now=now,
        handle=event.handle,
        pressed=event.ref,
        argument="" if more or (event.surface == "button" and event.action in OF_MESSAGES) else event.value,
        people=(event.chosen,) if event.chosen is not None else (),
        cause=event.external_id,
        trigger=event.trigger,
    )
    if event.action == GIVE_BACK:
        strange = may_not(event.author)
        return give_back(act) if strange is None else act.tell(strange)
    if state.conversation is None:
        return act.tell(wording.NO_CONVERSATION)
    if state.conversation.erased_at is not None:  # an App Home of before, or an answer to one person alone
        return act.tell(erased(state.conversation.number))
    refused = refusal(event.author, act.line, policy)
    return action(act) if refused is None else act.tell(replace(refused, text=wording.MAY_NOT_ACT))


def _root(state: State, ref: ChatRef) -> ChatRef | None:
    """The card itself, when that is what was pressed: its thread is the place to answer in."""
    return next((thread.root for thread in state.threads if thread.root == ref), None)


def reaction_changed(state: State, event: ReactionChanged, policy: Policy, now: datetime) -> Decision:
    """Carry out what a reaction means on this message; most reactions mean nothing."""
    name = (REACTIONS if event.added else REACTIONS_REMOVED).get(event.name)
    message = state.message
    if name is None or state.conversation is None or event.author.bot:
        return NOTHING
    if name in OF_MESSAGES and (message is None or message.kind is MessageKind.INBOUND):
        return NOTHING
    act = Act(
        state=state,
        actor=event.author,
        surface="reaction",
        room=event.ref.room,
        thread=next((thread.root for thread in state.threads if thread.room == event.ref.room), None),
        line=line_of(state.conversation, policy),
        policy=policy,
        now=now,
    )
    refused = refusal(event.author, act.line, policy)
    return ACTIONS[name](act) if refused is None else act.tell(replace(refused, text=wording.MAY_NOT_ACT))


def command_given(state: State, event: CommandGiven, policy: Policy, now: datetime) -> Decision:
    """Answer ``/sms`` in a room: canned responses are made here, everything else is done in threads."""
    if begun_by(event):
        return conversation_begun(state, event, policy, now)
    if event.number is not None:
        return room_command(state, event, policy, now)
    word, _, argument = event.words.partition(" ")
    verb = word.casefold()
    if verb == COMMAND:
        return _canned(state, event, argument, policy, now)
    if verb in PERSONAL:
        return personal_command(state, event, policy, now)
    return _shown(event, verb, argument.strip(), policy)


def _shown(event: CommandGiven, verb: str, argument: str, policy: Policy) -> Decision:
    """Show what was asked for to one person alone."""
    if verb == QUEUE:
        return queue_command(event, argument)
    if verb == SEARCH:
        return search_command(event, argument)
    if verb == REPORT:
        return report_command(event, argument, policy)
    note = room_words.numbered(verb, argument) if verb.isdecimal() else _room_answer(verb)
    return Decision(effects=(AnswerPrivately(event.author, event.room, None, note, event.handle),))


def _room_answer(verb: str) -> Note:
    """Say what to write instead of a verb that does nothing in a room."""
    if verb in ("", "help"):
        return room_words.HELP
    known = commands.parse(f"!{verb}")
    if isinstance(known, commands.Command):
        return room_words.only_in_thread(known.name)
    return room_words.unknown(verb, commands.nearest_room_word(verb))


def _canned(state: State, event: CommandGiven, argument: str, policy: Policy, now: datetime) -> Decision:
    act = in_room(state, event, argument, policy, now)
    refused = refusal(event.author, act.line, policy)
    return canned_command(act, argument) if refused is None else act.tell(replace(refused, text=wording.MAY_NOT_ACT))

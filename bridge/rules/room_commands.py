"""Words given in a room with a conversation's number, and forms filled in."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.events import CommandGiven, FormSubmitted
from bridge.domain.policy import Policy
from bridge.rules import commands, mentions, owning_words, room_words, wording
from bridge.rules.act import Act, nearest
from bridge.rules.actions import ACTIONS, run_command
from bridge.rules.beginning import begun_by, conversation_begun
from bridge.rules.canned import COMMAND
from bridge.rules.canned_forms import FORMS, canned_action, submitted
from bridge.rules.later import later_action
from bridge.rules.later_words import LATER
from bridge.rules.permission import is_others, may_see, refusal
from bridge.rules.snooze_words import SNOOZE
from bridge.rules.snoozing import chosen
from bridge.rules.threads import line_of


def room_command(state: State, event: CommandGiven, policy: Policy, now: datetime) -> Decision:
    """Carry out ``#1042 assign @ana``: the words of a thread, given in the room or by a configured teammate."""
    act = Act(
        state=state,
        actor=event.author,
        surface="command",
        room=event.room,
        thread=None,
        line=line_of(state.conversation, policy),
        policy=policy,
        now=now,
        handle=event.handle,
        people=mentions.typed_people(event),
        cause=event.external_id,
        trigger=event.trigger,
    )
    against = _against(act)
    if against is not None:
        return act.tell(against)
    command = commands.parse("!" + event.words.removeprefix("!"))
    if isinstance(command, commands.Command) and command.name == COMMAND:
        return canned_action(replace(act, argument=command.argument))
    if isinstance(command, commands.Command) and command.name == LATER:
        return later_action(replace(act, argument=command.argument))
    if isinstance(command, commands.Unknown) and event.words:
        return act.tell(room_words.unknown_command(command.word, command.nearest))
    return act.tell(wording.HELP) if command is None or not event.words else run_command(act, command)


def _against(act: Act) -> Note | None:
    """Return why somebody may not act on a conversation by its number, None when they may."""
    own = act.state.conversation
    if own is None or not may_see(act.actor, act.room, act.state, act.policy):
        return owning_words.NOT_HERE
    if own.erased_at is not None:
        return owning_words.erased(own.number)
    refused = refusal(act.actor, act.line, act.policy)
    if refused is not None:
        return replace(refused, text=wording.MAY_NOT_ACT)
    return owning_words.others(own.number, own.line) if is_others(act.actor, act.room, act.state, act.policy) else None


def _answer(event: FormSubmitted) -> str:
    if event.form == SNOOZE:
        return chosen(event)
    return event.values[0][1] if event.values else ""


def form_submitted(state: State, event: FormSubmitted, policy: Policy, now: datetime) -> Decision:
    """Carry out what a form was opened for; its first answer is what the action is about."""
    if begun_by(event):
        return conversation_begun(state, event, policy, now)
    action = ACTIONS.get(event.form)
    if (action is None and event.form not in FORMS) or state.conversation is None:
        return NOTHING
    thread = nearest([one for one in state.threads if one.platform == event.platform], None)
    act = Act(
        state=state,
        actor=event.author,
        surface="form",
        room=thread.room if thread else "",
        thread=thread.root if thread else None,
        line=line_of(state.conversation, policy),
        policy=policy,
        now=now,
        argument=_answer(event),
        people=tuple(person for _, person in event.people),
        cause=event.external_id,
        trigger=event.trigger,
    )
    if state.conversation.erased_at is not None:  # while the form was open
        return act.tell(owning_words.erased(state.conversation.number))
    refused = refusal(event.author, act.line, policy)
    if refused is not None:
        return act.tell(replace(refused, text=wording.MAY_NOT_ACT))
    return submitted(act, event) if action is None else action(act)

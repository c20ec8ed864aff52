"""Buttons, reactions and room commands: other ways to the same actions."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import State
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import AnswerPrivately
from bridge.domain.events import ButtonPressed, CommandGiven, ReactionChanged
from bridge.domain.messages import MessageKind
from bridge.domain.people import ChatRef
from bridge.domain.policy import Policy
from bridge.rules import wording
from bridge.rules.act import Act
from bridge.rules.actions import ACTIONS, REACTIONS, REACTIONS_REMOVED
from bridge.rules.commands import AVAILABLE
from bridge.rules.permission import refusal


def button_pressed(state: State, event: ButtonPressed, policy: Policy, now: datetime) -> Decision:
    """Carry out what a button or a message's menu stands for; what an earlier version offered does nothing."""
    action = ACTIONS.get(event.action)
    if action is None and event.action not in wording.MENU_TO_COME:
        return NOTHING
    act = Act(
        state=state,
        actor=event.author,
        surface="button",
        room=event.ref.room,
        thread=event.thread or _root(state, event.ref),
        line=policy.lines.get(state.conversation.line) if state.conversation else None,
        policy=policy,
        now=now,
        handle=event.handle,
        pressed=event.ref,
    )
    if state.conversation is None:
        return act.tell(wording.NO_CONVERSATION)
    if action is None:
        return act.tell(wording.menu_not_yet(event.action))
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
    if name not in ("close", "reopen") and (message is None or message.kind is MessageKind.INBOUND):
        return NOTHING
    act = Act(
        state=state,
        actor=event.author,
        surface="reaction",
        room=event.ref.room,
        thread=next((thread.root for thread in state.threads if thread.room == event.ref.room), None),
        line=policy.lines.get(state.conversation.line),
        policy=policy,
        now=now,
    )
    refused = refusal(event.author, act.line, policy)
    return ACTIONS[name](act) if refused is None else act.tell(replace(refused, text=wording.MAY_NOT_ACT))


def command_given(event: CommandGiven) -> Decision:
    """Answer ``/sms`` in a room; threads are where the work is done in this version."""
    words = event.text.split()
    if words and words[0].startswith("#"):  # the number of a conversation
        del words[0]
    verb = words[0].casefold() if words else "help"
    note = wording.ROOM_HELP if verb == "help" else wording.room_not_yet(verb, in_thread=verb in AVAILABLE)
    return Decision(effects=(AnswerPrivately(event.author, event.room, None, note, event.handle),))

"""What a teammate can do to a message or a conversation: the same from words, buttons and reactions."""

from collections.abc import Callable
from dataclasses import replace

from bridge.domain.cards import Note
from bridge.domain.conversations import ConversationStatus
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import Effect, PostNote
from bridge.domain.messages import Message, MessageStatus
from bridge.rules import (
    absence,
    absence_words,
    asking,
    assistant_words,
    consenting,
    helping,
    merging,
    merging_words,
    ownership,
    owning_words,
    placing,
    quiet_words,
    recording,
    remind_words,
    reminding,
    share_words,
    sharing,
    snooze_words,
    snoozing,
    splitting,
    wording,
)
from bridge.rules.act import Act, also, disarmed, opened
from bridge.rules.commands import Command, Unknown
from bridge.rules.marking import HELD_FOR_A_PERSON, undecided
from bridge.rules.merged import home, home_thread
from bridge.rules.reply_acts import CAN_REPEAT, again, keep, send, undo
from bridge.rules.wording import AGAIN, CLOSE, KEEP, REOPEN, SEND, UNDO


def close(act: Act) -> Decision:
    """End the conversation until the contact writes again."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    if conversation.status is ConversationStatus.CLOSED:
        return Decision(effects=act.told(wording.CLOSED_ALREADY))
    closed = replace(
        conversation, status=ConversationStatus.CLOSED, closed_at=act.now, waiting_since=None, snoozed_until=None
    )
    held = undecided(act.state.pending)
    told = (act.private(wording.closed_with_held(held)),) if held else act.told(wording.CLOSED)
    return Decision(conversation=closed, effects=(*act.cards(), *disarmed(conversation), act.record("closed"), *told))


def reopen(act: Act) -> Decision:
    """Take up a closed or snoozed conversation."""
    conversation = act.state.conversation
    if conversation is None:
        return NOTHING
    if conversation.status is ConversationStatus.OPEN:
        return Decision(effects=act.told(wording.OPEN_ALREADY))
    return also(opened(act.state, conversation, NOTHING), act.record("reopened"), *act.told(wording.REOPENED))


_ALL: dict[str, Callable[[Act], Decision]] = {
    UNDO: undo,
    SEND: send,
    KEEP: keep,
    AGAIN: again,
    CLOSE: close,
    REOPEN: reopen,
    snooze_words.SNOOZE: snoozing.snooze,
    snooze_words.WAKE: snoozing.wake,
    owning_words.ASSIGN: ownership.assign,
    owning_words.CLAIM: ownership.claim,
    owning_words.UNASSIGN: ownership.unassign,
    owning_words.TEAM: ownership.hand_over,
    owning_words.WATCH: ownership.watch,
    owning_words.UNWATCH: ownership.unwatch,
    owning_words.LABEL: recording.label,
    owning_words.NAME: recording.name,
    quiet_words.ZONE: placing.zone,
    owning_words.BLOCK: recording.block,
    owning_words.UNBLOCK: recording.unblock,
    owning_words.OPT_OUT: consenting.opt_out,
    owning_words.OPT_IN: consenting.opt_in,
    owning_words.COMMENT: recording.comment,
    owning_words.HISTORY: recording.history,
    owning_words.WHY: recording.why,
    owning_words.HELP: helping.help_on,
    remind_words.REMIND: reminding.remind,
    absence_words.AWAY: absence.go_away,
    absence_words.BACK: absence.come_back,
    merging_words.MERGE: merging.merge,
    merging_words.UNMERGE: merging.unmerge,
    merging_words.SPLIT: splitting.split,
    share_words.SHARE: sharing.share,
    assistant_words.DRAFT_COMMAND: asking.draft,
    assistant_words.SUMMARY_COMMAND: asking.summary,
}

OF_MESSAGES = frozenset({UNDO, SEND, KEEP, AGAIN})
"""Actions on one message; the others are about the whole conversation."""

_WHILE_MERGED = OF_MESSAGES | {
    *(merging_words.MERGE, merging_words.UNMERGE, absence_words.AWAY, absence_words.BACK),
    *(owning_words.OPT_OUT, owning_words.OPT_IN, owning_words.COMMENT),
    *(owning_words.HISTORY, owning_words.WHY, owning_words.HELP),
}


def _where_it_lives(action: Callable[[Act], Decision]) -> Callable[[Act], Decision]:
    """Refuse an action on a conversation that goes on in another, and say where."""

    def checked(act: Act) -> Decision:
        goal = home(act.state)
        if goal is None:
            return action(act)
        thread = home_thread(act.state, act.actor.platform)
        told = act.private(merging_words.goes_on(goal.conversation.number))
        return Decision(effects=(replace(told, link=thread.root if thread else None),))

    return checked


ACTIONS: dict[str, Callable[[Act], Decision]] = {
    name: action if name in _WHILE_MERGED else _where_it_lives(action) for name, action in _ALL.items()
}
"""Every action by its name, as buttons carry it."""

REACTIONS = {
    "x": UNDO,
    "incoming_envelope": SEND,
    "repeat": AGAIN,
    "white_check_mark": CLOSE,
    "eyes": owning_words.CLAIM,
    "zzz": snooze_words.SNOOZE,
}
"""What a reaction means when it is added."""

REACTIONS_REMOVED = {"white_check_mark": REOPEN, "eyes": owning_words.UNASSIGN, "zzz": snooze_words.WAKE}
"""What taking a reaction back means."""


def run_command(act: Act, command: Command | Unknown) -> Decision:
    """Carry out a ``!word`` other than ``!send``; nothing that begins with one is ever texted as it stands."""
    if isinstance(command, Unknown) and command.like_marker:
        return act.tell(wording.no_marker(command.word, act.policy.comment_markers))
    if isinstance(command, Unknown):
        return act.tell(wording.unknown_command(command.word, command.nearest))
    if command.name in (UNDO, AGAIN):
        newest = replace(act.state, message=_newest(act, command.name))
        done = ACTIONS[command.name](replace(act, state=newest))
        said = act.private(wording.decided("Stopped" if command.name == UNDO else "Sent again", act.actor))
        return also(done, said) if done.messages else done
    if command.name in (CLOSE, REOPEN, snooze_words.WAKE) and command.argument:
        return act.tell(wording.stands_alone(command.name, command.argument))
    if command.name in ACTIONS and command.name not in OF_MESSAGES:
        return ACTIONS[command.name](replace(act, argument=command.argument))
    return act.tell(wording.only_in_thread(command.name))


def _newest(act: Act, name: str) -> Message | None:
    """The newest reply on its way, or the newest that did not arrive. What a question is about is decided there."""
    wanted = (MessageStatus.HELD, MessageStatus.QUEUED) if name == UNDO else CAN_REPEAT
    found = [
        message for message in act.state.pending if message.status in wanted and message.hold not in HELD_FOR_A_PERSON
    ]
    return found[-1] if found else None


def say(act: Act, note: Note, message: str | None = None) -> tuple[Effect, ...]:
    """Return the effect that says something in the thread acted in."""
    thread = act.view()
    return () if thread is None else (PostNote(thread.id, note, message),)

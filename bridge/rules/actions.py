"""What a teammate can do to a message or a conversation: the same from words, buttons and reactions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import ConversationStatus
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Effect, PostNote, Reschedule, SendText, UpdateNote
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus, Purpose
from bridge.rules import (
    absence,
    absence_words,
    asking,
    assistant_words,
    consent_words,
    consenting,
    helping,
    later_words,
    merging,
    merging_words,
    ownership,
    owning_words,
    placing,
    quiet_words,
    recording,
    remind_words,
    reminding,
    segments,
    share_words,
    sharing,
    snooze_words,
    snoozing,
    splitting,
    wording,
)
from bridge.rules.act import Act, also, disarmed, opened, reopened
from bridge.rules.commands import Command, Unknown
from bridge.rules.marking import HELD_FOR_A_PERSON, undecided, written
from bridge.rules.merged import home, home_thread
from bridge.rules.ownership import responded
from bridge.rules.permission import is_manager
from bridge.rules.quiet import QUIET_TIMER
from bridge.rules.waiting import ask_first
from bridge.rules.wording import AGAIN, CLOSE, KEEP, REOPEN, SEND, UNDO

HELD_TIMER = "held"
LATER_TIMER = "later"

_CAN_REPEAT = (MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.CANCELLED)


def undo(act: Act) -> Decision:
    """Stop a held reply."""
    message = act.state.message
    if message is None:
        return act.tell(wording.NOTHING_TO_UNDO)
    if message.status is MessageStatus.CANCELLED:
        return NOTHING
    if message.status not in (MessageStatus.HELD, MessageStatus.QUEUED):
        return act.tell(wording.TOO_LATE if message.kind is MessageKind.REPLY else wording.NOTHING_TO_UNDO)
    return cancel(act, message, "undone")


def cancel(act: Act, message: Message, verb: str) -> Decision:
    """Stop a reply that has not left; its outbox row is skipped as soon as it is looked at."""
    return written(stopped(message), *stopping(act, message, verb))


def stopped(message: Message) -> Message:
    """Return a reply that will not leave."""
    return replace(message, status=MessageStatus.CANCELLED, hold=None, release_at=None)


def stopping(act: Act, message: Message, verb: str) -> tuple[Effect, ...]:
    """Return what stopping a reply takes, besides the message itself."""
    return (
        Reschedule(message.id, act.now),
        *disarming(message),
        *answered(act, wording.decided("Stopped", act.actor)),
        act.record(verb, message.id),
    )


def disarming(message: Message) -> tuple[Effect, ...]:
    """Return the effects that forget what a held reply waits for."""
    return (DisarmTimer(_TIMERS.get(message.hold, HELD_TIMER), message.id),)


_TIMERS: dict[Hold | None, str] = {Hold.LATER: LATER_TIMER, Hold.QUIET: QUIET_TIMER}


def send(act: Act) -> Decision:
    """Let a held reply leave now; on a line where only explicit sends leave, a comment too."""
    message = act.state.message
    if message is None or not _may_leave(act, message):
        return act.tell(wording.NOTHING_TO_SEND)
    if message.hold is Hold.UNDO:
        early = replace(message, release_at=act.now)
        return Decision(
            messages=(early,), effects=(Reschedule(message.id, act.now), act.record("sent_early", message.id))
        )
    if message.hold is Hold.QUIET:
        return _at_night(act, message)
    if message.hold in HELD_FOR_A_PERSON and message.release_at is not None and message.release_at > act.now:
        return planned(act, message, message.release_at)
    return let_go(act, _by_hand(message), "released")


def _by_hand(message: Message) -> Message:
    """Return a text that was to leave later as one that a person sends now."""
    return replace(message, purpose=Purpose.REPLY) if message.purpose is Purpose.SCHEDULED else message


def _at_night(act: Act, message: Message) -> Decision:
    """Send what is held for the contact's night all the same, in the name of who says so, where that is allowed."""
    quiet = act.line.quiet if act.line is not None else None
    if quiet is not None and quiet.override == "nobody":
        return act.tell(quiet_words.NOT_AT_NIGHT)
    if quiet is not None and quiet.override == "managers" and not is_manager(act.actor, act.policy):
        return act.tell(quiet_words.MANAGERS_AT_NIGHT)
    return let_go(act, replace(message, overrode=act.actor.key), "sent_at_night")


def planned(act: Act, message: Message, at: datetime) -> Decision:
    """Let a reply that was held leave at the time it was written for; what it was held for is decided."""
    approved = replace(message, status=MessageStatus.HELD, hold=Hold.LATER)
    effects: tuple[Effect, ...] = (
        ArmTimer(LATER_TIMER, message.id, at),
        *disarming(message),
        *answered(act, later_words.planned(message.id, at, message.plan)),
        act.record("planned", message.id, at.isoformat()),
    )
    return written(approved, *effects)


def _may_leave(act: Act, message: Message) -> bool:
    if message.status is MessageStatus.HELD:
        return True
    explicit = act.line is not None and act.line.reply_mode == "explicit"
    return explicit and message.status is MessageStatus.KEPT and bool(message.body or message.media)


def let_go(act: Act, message: Message, verb: str) -> Decision:
    """Queue a reply for sending, with a ticket that voids every earlier one."""
    if (asking := ask_first(act.state, message, act.policy, act.now)) is not None:
        told = answered(act, Note(consent_words.HELD_FOR_YES))
        return also(asking, *disarming(message), *told, act.record(verb, message.id))
    ticket = message.ticket + 1
    queued = replace(
        message,
        kind=MessageKind.REPLY,
        status=MessageStatus.QUEUED,
        hold=None,
        release_at=None,
        ticket=ticket,
        error_code=None,
        segments=segments.count(message.body).number,
    )
    effects: tuple[Effect, ...] = (
        SendText(message.id, ticket),
        *disarming(message),
        *answered(act, wording.sent(message.body if message.origin is None else "", act.actor)),
        act.record(verb, message.id),
    )
    return responded(act, reopened(act.state, written(queued, *effects)), message)


def keep(act: Act) -> Decision:
    """Turn a reply that has not left into a comment; its outbox row is skipped as soon as it is looked at."""
    message = act.state.message
    if message is None or message.kind is not MessageKind.REPLY:
        return act.tell(wording.NOTHING_TO_KEEP)
    if message.status not in (MessageStatus.HELD, MessageStatus.QUEUED):
        return act.tell(wording.NOTHING_TO_KEEP if message.status is MessageStatus.CANCELLED else wording.TOO_LATE)
    kept = replace(message, kind=MessageKind.COMMENT, status=MessageStatus.KEPT, hold=None, release_at=None, segments=0)
    effects: tuple[Effect, ...] = (
        Reschedule(message.id, act.now),
        *disarming(message),
        *answered(act, wording.decided("Kept internal", act.actor)),
        act.record("kept_internal", message.id),
    )
    return written(kept, *effects)


def again(act: Act) -> Decision:
    """Send a text that failed, or whose fate nobody knows, once more: a person took that decision."""
    message = act.state.message
    if message is None or message.kind is not MessageKind.REPLY or message.status not in _CAN_REPEAT:
        return act.tell(wording.NOTHING_AGAIN)
    return let_go(act, _by_hand(replace(message, provider_id=None, settled_at=None)), "sent_again")


def close(act: Act) -> Decision:
    """End the conversation until the contact writes again."""
    conversation = act.state.conversation
    if conversation is None or conversation.status is ConversationStatus.CLOSED:
        return NOTHING
    closed = replace(
        conversation, status=ConversationStatus.CLOSED, closed_at=act.now, waiting_since=None, snoozed_until=None
    )
    held = undecided(act.state.pending)
    told = (act.private(wording.closed_with_held(held)),) if held else ()
    return Decision(conversation=closed, effects=(*act.cards(), *disarmed(conversation), act.record("closed"), *told))


def reopen(act: Act) -> Decision:
    """Take up a closed or snoozed conversation."""
    conversation = act.state.conversation
    if conversation is None or conversation.status is ConversationStatus.OPEN:
        return NOTHING
    return also(opened(act.state, conversation, NOTHING), act.record("reopened"))


def answered(act: Act, note: Note) -> tuple[Effect, ...]:
    """Replace the questions about a message by what was decided; a private one is answered where it was pressed."""
    asked: tuple[Effect, ...] = tuple(UpdateNote(post.ref, note) for post in act.state.notes)
    if act.state.message is not None and act.state.message.hold in HELD_FOR_A_PERSON:
        asked = (*asked, *act.cards())
    if act.handle and not any(post.ref == act.pressed for post in act.state.notes):
        return (*asked, act.private(note))
    return asked


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
    if command.name in ACTIONS and command.name not in OF_MESSAGES:
        return ACTIONS[command.name](replace(act, argument=command.argument))
    return act.tell(wording.only_in_thread(command.name))


def _newest(act: Act, name: str) -> Message | None:
    """The newest reply on its way, or the newest that did not arrive. What a question is about is decided there."""
    wanted = (MessageStatus.HELD, MessageStatus.QUEUED) if name == UNDO else _CAN_REPEAT
    found = [
        message for message in act.state.pending if message.status in wanted and message.hold not in HELD_FOR_A_PERSON
    ]
    return found[-1] if found else None


def say(act: Act, note: Note, message: str | None = None) -> tuple[Effect, ...]:
    """Return the effect that says something in the thread acted in."""
    thread = act.view()
    return () if thread is None else (PostNote(thread.id, note, message),)

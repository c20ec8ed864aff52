"""What a teammate can do to one reply: stop it, let it go, keep it inside, send it again."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Effect, Reschedule, SendText, UpdateNote
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus, Purpose
from bridge.rules import consent_words, later_words, quiet_words, segments, wording
from bridge.rules.act import Act, also, reopened
from bridge.rules.later_words import Departure
from bridge.rules.marking import HELD_FOR_A_PERSON, written
from bridge.rules.ownership import responded
from bridge.rules.permission import is_manager
from bridge.rules.quiet import QUIET_TIMER, held_until, leaves_at, texted
from bridge.rules.sending import forbidden
from bridge.rules.series import LATER_TIMER, going_on
from bridge.rules.waiting import ask_first, wait_for_consent

HELD_TIMER = "held"
CAN_REPEAT = (MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.CANCELLED)
_TIMERS: dict[Hold | None, str] = {Hold.LATER: LATER_TIMER, Hold.QUIET: QUIET_TIMER}


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
    return going_on(act, message, let_go(act, _by_hand(message), "released"))


def planned(act: Act, message: Message, at: datetime) -> Decision:
    """Let a reply that was held leave at the time it was written for; what it was held for is decided."""
    approved = replace(message, status=MessageStatus.HELD, hold=Hold.LATER)
    effects: tuple[Effect, ...] = (
        ArmTimer(LATER_TIMER, message.id, at),
        *disarming(message),
        *answered(act, later_words.planned(message.id, time_of(act, approved), message.plan)),
        act.record("planned", message.id, at.isoformat()),
    )
    return written(approved, *effects)


def time_of(act: Act, message: Message) -> Departure:
    """Return when a planned text leaves: at its time, or when the contact's night is over in which that lies."""
    at = message.release_at or act.now
    leaves = leaves_at(act.state, message, act.policy, at)
    return Departure(leaves, at_night=leaves != at)


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
        *answered(act, _left(act, queued)),
        act.record(verb, message.id),
    )
    return responded(act, reopened(act.state, written(queued, *effects)), message)


def _left(act: Act, message: Message) -> Note:
    """Say what was decided; not that it is sent, where it is known that the last look will refuse or hold it."""
    to, _ = texted(act.state, message)
    stays = (
        forbidden(to, act.state.conversation, act.policy) is not None
        or wait_for_consent(act.state, message) is not None
        or held_until(act.state, message, act.policy, act.now) is not None
    )
    if stays:
        return wording.decided("Let go", act.actor)
    return wording.sent(message.body if message.origin is None else "", act.actor)


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
    if message is None or message.kind is not MessageKind.REPLY or message.status not in CAN_REPEAT:
        return act.tell(wording.NOTHING_AGAIN)
    return let_go(act, _by_hand(replace(message, provider_id=None, settled_at=None)), "sent_again")


def answered(act: Act, note: Note) -> tuple[Effect, ...]:
    """Replace the questions about a message by what was decided; a private one is answered where it was pressed."""
    asked: tuple[Effect, ...] = tuple(UpdateNote(post.ref, note) for post in act.state.notes)
    if act.state.message is not None and act.state.message.hold in HELD_FOR_A_PERSON:
        asked = (*asked, *act.cards())
    if act.handle and not any(post.ref == act.pressed for post in act.state.notes):
        return (*asked, act.private(note))
    return asked


def _by_hand(message: Message) -> Message:
    """Return a text that was to leave later as one that a person sends now, and that answers like any reply."""
    return replace(message, purpose=Purpose.REPLY, plan=None) if message.purpose is Purpose.SCHEDULED else message


def _at_night(act: Act, message: Message) -> Decision:
    """Send what is held for the contact's night all the same, in the name of who says so, where that is allowed."""
    quiet = act.line.quiet if act.line is not None else None
    if quiet is not None and quiet.override == "nobody":
        return act.tell(quiet_words.NOT_AT_NIGHT)
    if quiet is not None and quiet.override == "managers" and not is_manager(act.actor, act.policy):
        return act.tell(quiet_words.MANAGERS_AT_NIGHT)
    return let_go(act, replace(message, overrode=act.actor.key), "sent_at_night")

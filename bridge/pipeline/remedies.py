"""What an operator does about calls that are stuck; on record like every other act."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.decision import Decision
from bridge.domain.effects import DisarmTimer, Record, SendText, UpdateNote
from bridge.domain.messages import Hold, Message, MessageStatus
from bridge.pipeline.calls import apply
from bridge.ports.store import Unit
from bridge.rules.act import reopened
from bridge.rules.marking import written
from bridge.rules.reply_acts import HELD_TIMER, stopped

OPERATOR, SURFACE = "operator", "cli"
SENT_AGAIN = Note("Sent again by the operator.")
STOPPED = Note("Stopped by the operator.")


def send_again(unit: Unit, message_id: str, now: datetime) -> bool:
    """Queue a reply once more with a new ticket; False when it neither failed nor is of unknown outcome (any more)."""
    state = unit.load_message(message_id)
    message = state.message
    if message is None or message.status not in (MessageStatus.FAILED, MessageStatus.UNKNOWN):
        return False
    queued = replace(
        message,
        status=MessageStatus.QUEUED,
        hold=None,
        release_at=None,
        ticket=message.ticket + 1,
        error_code=None,
        provider_id=None,
        settled_at=None,
    )
    decision = written(
        queued,
        SendText(message.id, queued.ticket),
        *(UpdateNote(post.ref, SENT_AGAIN) for post in state.notes),
        Record("sent_again", OPERATOR, SURFACE, message.id),
    )
    apply(unit, state, reopened(state, decision), now)
    return True


def stop(unit: Unit, message_id: str, ticket: int, now: datetime) -> bool:
    """Cancel a reply that has not left; False when it has, or was let go again with a newer ticket."""
    state = unit.load_message(message_id)
    message = state.message
    if message is None or message.ticket != ticket or not _waits(message):
        return False
    decision = written(
        stopped(message),
        DisarmTimer(HELD_TIMER, message.id),
        *(UpdateNote(post.ref, STOPPED) for post in state.notes),
        Record("dropped", OPERATOR, SURFACE, message.id),
    )
    apply(unit, state, decision, now)
    return True


def on_record(
    unit: Unit,
    act: str,
    now: datetime,
    *,
    conversation: int | None = None,
    message: str | None = None,
    detail: str = "",
) -> None:
    """Put an operator's act on record that changes no message. ``detail`` holds no message body."""
    record = Record(act, OPERATOR, SURFACE, message, detail)
    unit.save(Decision(effects=(record,)), now, conversation=conversation)


def _waits(message: Message) -> bool:
    if message.status is MessageStatus.HELD:
        return message.hold is Hold.UNDO
    return message.status is MessageStatus.QUEUED

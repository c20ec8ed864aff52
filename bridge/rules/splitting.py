"""Splitting a conversation: from one message on it goes on under a new number, in a thread of its own."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import Conversation, ConversationStatus, Thread
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import CarryWords, Effect, OpenThread, PostNote, UpdateCard
from bridge.rules import merging_words as words
from bridge.rules.act import Act, disarmed
from bridge.rules.merged import on_platform, succeeded
from bridge.rules.threads import ensure_threads, line_of


def split(act: Act) -> Decision:
    """Close the conversation and begin another with the same contact; ``fresh_number`` must be there.

    What was said since the message it was asked for on (else since the oldest text nobody answered) is repeated there.
    """
    own = act.state.conversation
    if own is None:
        return NOTHING
    line = line_of(own, act.policy)
    if line is None:
        return act.tell(words.NO_LINE)
    if own.status is ConversationStatus.CLOSED:
        return act.tell(words.NOTHING_TO_SPLIT)
    if act.state.fresh_number is None:
        raise ValueError("a new conversation needs a number")
    begun = replace(
        own,
        number=act.state.fresh_number,
        status=ConversationStatus.OPEN,
        created_at=act.now,
        snoozed_until=None,
    )
    fresh, changed = succeeded(act.state, begun)
    left = next((one for one in changed if one.number == own.number), own)
    closed = replace(left, status=ConversationStatus.CLOSED, closed_at=act.now, waiting_since=None, snoozed_until=None)
    threads, _ = ensure_threads(act.state, fresh, line, act.cause, act.now)
    return Decision(
        conversation=closed,
        others=(*(one for one in changed if one.number != own.number), fresh),
        threads=threads,
        effects=(
            *(effect for thread in threads for effect in _begun(act, thread, own, _since(act, own))),
            *(effect for thread in act.state.threads for effect in _ended(act, thread, fresh, threads)),
            *disarmed(own),
            act.record("split", detail=f"#{fresh.number}"),
            replace(act.record("split_from", detail=f"#{own.number}"), conversation=fresh.number),
            *act.told(words.split(fresh.number)),
        ),
    )


def _since(act: Act, own: Conversation) -> datetime | None:
    message = act.state.message
    return own.waiting_since if message is None or message.conversation != own.number else message.created_at


def _begun(act: Act, thread: Thread, own: Conversation, since: datetime | None) -> tuple[Effect, ...]:
    before = on_platform(act.state.threads, thread.platform)
    note = PostNote(thread.id, words.split_from(own.number, act.actor), link=before.id if before else None)
    carried = (CarryWords(thread.id, own.number, since),) if since is not None else ()
    return (OpenThread(thread.id), note, *carried)


def _ended(act: Act, thread: Thread, fresh: Conversation, threads: tuple[Thread, ...]) -> tuple[Effect, ...]:
    after = on_platform(threads, thread.platform)
    note = PostNote(thread.id, words.split_off(fresh.number, act.actor), link=after.id if after else None)
    return (note, UpdateCard(thread.id))

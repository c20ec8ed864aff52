"""One conversation in several rooms: what is written in one of them is told in the others, with its author."""

from collections.abc import Iterator
from dataclasses import replace

from bridge.domain.cards import INSERT, Note
from bridge.domain.conversations import State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import PostNote
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, RoomRef, person_of
from bridge.domain.policy import Policy
from bridge.rules import wording
from bridge.rules.act import also
from bridge.rules.marking import HELD_FOR_A_PERSON
from bridge.rules.threads import line_of

WORDS_AT_MOST = 2_500
_SHOWN = (ThreadState.OPENING, ThreadState.OPEN)
_ON_ITS_WAY = (MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN)
_LEFT = (MessageStatus.ACCEPTED, MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ)


def echoed(state: State, decision: Decision, policy: Policy) -> Decision:
    """Return the decision with what the conversation's other rooms must be told of it.

    A comment is told when it is written, a reply when it has left, and one that waits for a person with the question:
    whoever answers it first, in whichever room, has answered it.
    """
    threads = _current(state, policy)
    echoes = (_echoes(state, threads, decision, message) for message in decision.messages)
    return also(decision, *(effect for several in echoes for effect in several))


def _current(state: State, policy: Policy) -> tuple[Thread, ...]:
    """The threads things are shown in; one in a room that another took the place of is not a room of its own."""
    shown = tuple(thread for thread in state.threads if thread.state in _SHOWN)
    line = line_of(state.conversation, policy)
    rooms = line.rooms if line is not None else ()
    settled = {thread.platform for thread in shown if RoomRef(thread.platform, thread.room) in rooms}
    return tuple(
        thread for thread in shown if thread.platform not in settled or RoomRef(thread.platform, thread.room) in rooms
    )


def _echoes(state: State, threads: tuple[Thread, ...], decision: Decision, message: Message) -> Iterator[PostNote]:
    before = state.message if state.message is not None and state.message.id == message.id else None
    note = _note(before, message)
    if note is None:
        return
    known = _places(message.origin) if message.origin is not None else _told(state, decision, message)
    for thread in threads:
        if (thread.platform, thread.room) not in known:
            yield PostNote(thread.id, note, message.id if note.buttons else None)


def _places(*refs: ChatRef) -> set[tuple[str, str]]:
    return {(ref.platform, ref.room) for ref in refs}


def _told(state: State, decision: Decision, message: Message) -> set[tuple[str, str]]:
    """Where a reply is told of that no chat message says: one given by form, or to be sent later from a menu."""
    about = {one.thread for one in decision.effects if isinstance(one, PostNote) and one.message == message.id}
    here = {(thread.platform, thread.room) for thread in state.threads if thread.id in about}
    return here | _places(*(post.ref for post in state.notes))


def _note(before: Message | None, message: Message) -> Note | None:
    if message.author is None:
        return None
    author = (person_of(message.author),)
    words = message.body.replace(INSERT, "")[:WORDS_AT_MOST] or wording.EMPTY_MEDIA
    if message.kind is MessageKind.COMMENT:
        is_new = before is None or before.kind is not MessageKind.COMMENT
        return Note(f"🔒 {INSERT}: {words}", inserts=author, quiet=True) if is_new else None
    if message.status in _LEFT:
        has_left = before is not None and before.status in _ON_ITS_WAY
        return Note(f"{INSERT} replied: {words}", inserts=author, quiet=True) if has_left else None
    if message.hold in HELD_FOR_A_PERSON and (before is None or before.hold not in HELD_FOR_A_PERSON):
        return replace(wording.question_elsewhere(message.id, words, message.reasons), inserts=author, quiet=True)
    return None

"""A conversation goes on in other rooms: a thread there, and one left behind, each with a link to the other."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import CarryComments, CarryWords, Effect, OpenThread, PostNote, UpdateCard
from bridge.domain.policy import Policy
from bridge.rules.threads import ensure_threads, line_of


def moved(
    state: State, conversation: Conversation, policy: Policy, *, cause: str, now: datetime, notes: tuple[Note, Note]
) -> Decision:
    """Return the conversation with threads where it is shown now. ``notes``: for the old thread and for the new.

    The old thread still takes replies.
    """
    line = line_of(conversation, policy)
    live, fresh = ensure_threads(state, conversation, line, cause, now) if line else ((), ())
    left = [thread for thread in state.threads if thread.id not in {one.id for one in live}] if live else []
    before = {thread.id: thread for thread in state.threads}
    live = tuple(_linked_back(one, before, left) for one in live)
    leaving, arriving = notes
    return Decision(
        conversation=conversation,
        threads=(
            *fresh,
            *(one for one in live if one not in fresh and one not in state.threads),
            *map(_left, left),
        ),
        effects=(
            *(effect for one in live for effect in _arriving(state, one, arriving, left, is_new=one in fresh)),
            *(effect for one in left for effect in _leaving(one, leaving, live)),
        ),
    )


def _left(thread: Thread) -> Thread:
    # without a card there is nothing anybody could reply to
    return replace(thread, state=ThreadState.LOST if thread.root is None else ThreadState.MOVED)


def _linked_back(thread: Thread, before: dict[str, Thread], left: list[Thread]) -> Thread:
    """Return a thread that is taken up again with a link to the one the conversation comes from."""
    known, source = before.get(thread.id), _source(thread, left)
    if known is None or known.state is not ThreadState.MOVED or source is None:
        return thread
    return replace(thread, earlier=source.root)


def _source(thread: Thread, left: list[Thread]) -> Thread | None:
    """The thread left right now, which people of the other thread can open."""
    going_on = (one for one in left if one.state is not ThreadState.MOVED and one.root is not None)
    return next((one for one in going_on if one.platform == thread.platform), None)


def _arriving(state: State, thread: Thread, said: Note, left: list[Thread], *, is_new: bool) -> tuple[Effect, ...]:
    if is_new:
        note = PostNote(thread.id, said)
        return (OpenThread(thread.id), note, *_unanswered(state, thread), CarryComments(thread.id))
    source = _source(thread, left)
    note = PostNote(thread.id, said, link=source.id if source is not None else None)
    if thread in state.threads:
        return (UpdateCard(thread.id), note)
    again = CarryWords(thread.id, thread.conversation, None), CarryComments(thread.id, back=True)
    return (UpdateCard(thread.id), note, *again)


def _unanswered(state: State, thread: Thread) -> tuple[Effect, ...]:
    """What the contact waits for, else the last that was said: the people there have not read it."""
    own = state.conversation
    since = (own.waiting_since or own.last_inbound_at) if own is not None else None
    return (CarryWords(thread.id, thread.conversation, since),) if since is not None else ()


def _leaving(thread: Thread, said: Note, live: tuple[Thread, ...]) -> tuple[Effect, ...]:
    if thread.root is None:
        return ()
    after = next((one for one in live if one.platform == thread.platform), live[0])
    return (
        () if thread.state is ThreadState.MOVED else (PostNote(thread.id, said, link=after.id), UpdateCard(thread.id))
    )

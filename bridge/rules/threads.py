"""Threads are views: which ones a conversation needs, and what becomes of them when a room or card goes."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.cards import Note
from bridge.domain.conversations import Conversation, State, Thread, ThreadState
from bridge.domain.decision import NOTHING, Decision
from bridge.domain.effects import OpenThread, PostNote, Record
from bridge.domain.events import PostSettled
from bridge.domain.identity import identify
from bridge.domain.people import RoomRef, room_of
from bridge.domain.policy import LinePolicy, Policy


def new_thread(conversation: Conversation, room: RoomRef, cause: str, now: datetime, earlier: Thread | None) -> Thread:
    """Return a thread still to be opened; ``cause`` is the event's id."""
    return Thread(
        id=identify("thread", conversation.number, room.platform, room.room, cause),
        conversation=conversation.number,
        platform=room.platform,
        room=room.room,
        state=ThreadState.OPENING,
        created_at=now,
        earlier=earlier.root if earlier else None,
    )


def line_of(conversation: Conversation | None, policy: Policy) -> LinePolicy | None:
    """Return a conversation's line as it is for this one; None when the line is gone.

    With the rooms and hours of the team it was handed over to, or the rooms it was shared with: then it is nobody's own
    any more.
    """
    line = policy.lines.get(conversation.line) if conversation else None
    if line is None or conversation is None:
        return line
    if conversation.shared:
        return replace(line, rooms=tuple(policy.now(room_of(key)) for key in conversation.shared), personal=None)
    if conversation.team is None or (conversation.team == line.team and line.personal is None):
        return line
    team = policy.teams.get(conversation.team)
    if team is None:
        return line
    if team.hours is not None:
        line = replace(line, hours=team.hours, zone=team.hours.zone)
    return replace(line, rooms=team.rooms, personal=None) if team.rooms else line


def ensure_threads(
    state: State, conversation: Conversation, line: LinePolicy, cause: str, now: datetime
) -> tuple[tuple[Thread, ...], tuple[Thread, ...]]:
    """Return (threads to show things in, those of them that are new): one per room of the line.

    A thread the conversation was moved away from is taken up again.
    """
    live: list[Thread] = []
    fresh: list[Thread] = []
    for room in line.rooms:
        thread = _live_in(state, conversation, room)
        if thread is not None and thread.state is ThreadState.MOVED:
            thread = replace(thread, state=ThreadState.OPEN)
        if thread is None:
            earlier = next((known for known in reversed(state.threads) if known.root is not None), None)
            thread = new_thread(conversation, room, cause, now, earlier)
            fresh.append(thread)
        live.append(thread)
    return tuple(live), tuple(fresh)


def _live_in(state: State, conversation: Conversation, room: RoomRef) -> Thread | None:
    for thread in state.threads:
        here = (thread.platform, thread.room) == (room.platform, room.room)
        if here and thread.conversation == conversation.number and thread.state is not ThreadState.LOST:
            return thread
    return None


def follows(thread: Thread, lost: str) -> bool:
    """Tell whether a thread was made to follow the lost one of this id."""
    return thread.id == identify("thread", thread.conversation, thread.platform, thread.room, _after(lost))


def _after(lost: str) -> str:
    return f"after {lost}"


def replace_lost(state: State, thread: Thread, line: LinePolicy | None, *, now: datetime) -> Decision:
    """Give up a thread whose card or room is gone and go on in a new one: same room, else one the line has now.

    What still waits to be posted goes there by itself. A thread that nothing can follow stays the place to post in.
    """
    conversation = state.conversation
    room = _room_after(state, thread, line)
    lost = replace(thread, state=ThreadState.LOST)
    record = Record("thread_lost", "bridge", thread.platform, detail=thread.id)
    if conversation is None or thread.state is ThreadState.LOST:
        return NOTHING
    if thread.state is ThreadState.MOVED or conversation.merged is not None:
        return Decision(threads=(lost,), effects=(record,))
    if room is None:
        return Decision(threads=(lost,), effects=(record,)) if _shown_elsewhere(state, thread, line) else NOTHING
    follower = new_thread(conversation, room, _after(thread.id), now, thread)
    return Decision(threads=(lost, follower), effects=(OpenThread(follower.id), record))


def _shown_elsewhere(state: State, thread: Thread, line: LinePolicy | None) -> bool:
    others = (known for known in state.threads if known.id != thread.id and known.state is not ThreadState.LOST)
    return line is not None and any(RoomRef(known.platform, known.room) in line.rooms for known in others)


def _room_after(state: State, thread: Thread, line: LinePolicy | None) -> RoomRef | None:
    same = RoomRef(thread.platform, thread.room)
    rooms = line.rooms if line is not None else ()
    if same in rooms:
        return same
    shown = {RoomRef(known.platform, known.room) for known in state.threads if known.state is not ThreadState.LOST}
    return next((room for room in rooms if room not in shown), None)


def post_settled(state: State, event: PostSettled, policy: Policy, now: datetime) -> Decision:
    """A post was refused for good: open another thread when the thread is gone, else say so or put it on record."""
    thread = next((known for known in state.threads if known.id == event.thread), None)
    conversation = state.conversation
    if conversation is None or thread is None:
        return NOTHING
    if event.gone:
        return replace_lost(state, thread, line_of(conversation, policy), now=now)
    record = Record("post_refused", "bridge", thread.platform, event.message, event.code)
    if event.reason:
        return Decision(effects=(PostNote(thread.id, Note(event.reason), event.message), record))
    return Decision(effects=(record,))

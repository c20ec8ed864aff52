"""Where a row's post goes: its thread, or the one that follows it."""

from collections.abc import Callable, Sequence

from bridge.domain.conversations import Thread, ThreadState
from bridge.domain.people import RoomRef
from bridge.domain.policy import LinePolicy
from bridge.ports.rows import OutboxRow
from bridge.rules.threads import follows


def own_thread(threads: Sequence[Thread], row: OutboxRow) -> Thread | None:
    """The thread the row was made for."""
    return next((thread for thread in threads if thread.id == row.payload["thread"]), None)


def live_thread(threads: Sequence[Thread], row: OutboxRow, line: LinePolicy | None) -> Thread | None:
    """The thread the row was made for, else the one that follows it; None when nobody misses the post."""
    wanted, where = str(row.payload["thread"]), row.target.partition(":")[2]
    live = [thread for thread in threads if thread.state is not ThreadState.LOST]
    ways: tuple[Callable[[Thread], bool], ...] = (
        lambda thread: thread.id == wanted,
        lambda thread: f"{thread.platform}/{thread.room}" == where,
        lambda thread: follows(thread, wanted),
        lambda thread: line is not None and line.rooms == (room_of(thread),),
    )
    return next((thread for fits in ways for thread in live if fits(thread)), None)


def has_left(line: LinePolicy | None, thread: Thread) -> bool:
    """Whether the line is shown in other rooms now than the thread's."""
    moved = thread.state is ThreadState.MOVED
    return line is not None and not moved and room_of(thread) not in line.rooms


def is_replaced(line: LinePolicy | None, threads: Sequence[Thread], thread: Thread) -> bool:
    """Whether the conversation has a thread in a room that took the place of this one's, which may take nothing."""
    if line is None or not has_left(line, thread):
        return False
    others = [one for one in threads if (one.conversation, one.platform) == (thread.conversation, thread.platform)]
    live = (ThreadState.OPEN, ThreadState.OPENING)
    return any(other.state in live and room_of(other) in line.rooms for other in others)


def room_of(thread: Thread) -> RoomRef:
    """The room a thread is in."""
    return RoomRef(thread.platform, thread.room)

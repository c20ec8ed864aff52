"""Threads that must be read before what comes live in them counts: what stands there was not all taken in."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, text

from bridge.domain.conversations import ThreadState
from bridge.domain.people import ChatRef
from bridge.store.schema import lanes, outbox, threads
from bridge.store.side_schema import memory
from bridge.store.statements import upsert
from bridge.store.types import dump

OF_PLATFORM = memory.c.source == bindparam("of")
THIS = OF_PLATFORM & (memory.c.name == bindparam("called"))
IS_UNREAD = select(memory.c.name).where(THIS)
READ = delete(memory).where(THIS)
UNREAD = select(memory.c.name).where(OF_PLATFORM).order_by(memory.c.name)
BEGUN = select(threads.c.created_at).where(threads.c.root == bindparam("wanted"))
# A card that may stand already is what the head of a lane of its room is about; of lanes that wait there is an index.
CARD_ON_ITS_WAY = (
    select(threads.c.id)
    .select_from(lanes)
    .join(outbox, (outbox.c.lane == lanes.c.key) & (outbox.c.seq == lanes.c.head_seq))
    .join(threads, threads.c.conversation == outbox.c.conversation)
    .where(
        lanes.c.target == bindparam("to"),
        text("lanes.due_at IS NOT NULL"),
        outbox.c.attempted_at.is_not(None),
        threads.c.platform == bindparam("on"),
        threads.c.room == bindparam("at"),
        threads.c.state == ThreadState.OPENING,
        threads.c.root.is_(None),
    )
    .limit(1)
)


def may_be_ours(connection: Connection, thread: ChatRef, target: str) -> bool:
    """Whether a thread hangs from a card of ours, or may: one may stand in its room and is not written down yet."""
    wanted = {"to": target, "on": thread.platform, "at": thread.room}
    if connection.execute(CARD_ON_ITS_WAY, wanted).first() is not None:
        return True
    return _begun(connection, thread) is not None  # on PostgreSQL it may have been written down just now


def set_unread(connection: Connection, threads: Sequence[ChatRef]) -> None:
    """Have threads read first."""
    upsert(connection, memory, [{"source": _source(one.platform), "name": _name(one), "words": ""} for one in threads])


def is_unread(connection: Connection, thread: ChatRef) -> bool:
    """Whether a thread must be read first."""
    return connection.execute(IS_UNREAD, {"of": _source(thread.platform), "called": _name(thread)}).first() is not None


def set_read(connection: Connection, thread: ChatRef) -> None:
    """A thread was read, or is none of ours."""
    connection.execute(READ, {"of": _source(thread.platform), "called": _name(thread)})


def unread_threads(connection: Connection, platform: str) -> Sequence[tuple[ChatRef, datetime | None]]:
    """Threads to read first and when they began; None: no card of ours that is known."""
    found = connection.execute(UNREAD, {"of": _source(platform)}).scalars()
    roots = [ChatRef(platform, *json.loads(name)) for name in found.all()]
    return [(root, _begun(connection, root)) for root in roots]


def _begun(connection: Connection, root: ChatRef) -> datetime | None:
    return connection.execute(BEGUN, {"wanted": root}).scalar()


def _source(platform: str) -> str:
    return f"unread:{platform}"


def _name(thread: ChatRef) -> str:
    return dump([thread.room, thread.id])

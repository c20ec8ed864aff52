"""How far each source is known to be complete, and the threads in which something may have been missed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, text

from bridge.domain.conversations import ThreadState
from bridge.domain.people import RoomRef, room_of
from bridge.ports.rows import LeftText, ThreadsInUse
from bridge.store.schema import chat_posts, conversations, messages, threads
from bridge.store.side_schema import cursors, memory
from bridge.store.statements import upsert

ROOMS = "rooms"
"""Under which it is remembered which rooms took the place of which."""
ALL_REMEMBERED = select(memory.c.name, memory.c.words).where(memory.c.source == bindparam("wanted"))
REMEMBERED = select(memory.c.words).where(memory.c.source == bindparam("wanted"), memory.c.name == bindparam("called"))
SEEN = select(cursors.c.seen_until).where(cursors.c.source == bindparam("wanted"))

POSTS_A_THREAD = 25  # that many posts for each thread wanted are looked at, so that a busy week costs no more
LATEST = (
    select(chat_posts.c.conversation, chat_posts.c.room, chat_posts.c.created_at)
    .where(chat_posts.c.platform == bindparam("on"), chat_posts.c.created_at >= bindparam("since"))
    .order_by(chat_posts.c.created_at.desc())
    .limit(bindparam("posts"))
    .subquery("latest")
)
LOOKED_AT = select(func.count(), func.min(LATEST.c.created_at)).select_from(LATEST)
ACTIVE = (
    select(LATEST.c.conversation, LATEST.c.room, func.max(LATEST.c.created_at).label("last_at"))
    .group_by(LATEST.c.conversation, LATEST.c.room)
    .subquery("active")
)
OPEN_THREADS = (
    select(threads.c.root, threads.c.created_at, ACTIVE.c.last_at)
    .join(ACTIVE, (ACTIVE.c.conversation == threads.c.conversation) & (ACTIVE.c.room == threads.c.room))
    .where(threads.c.platform == bindparam("on"), threads.c.state == ThreadState.OPEN, threads.c.root.is_not(None))
    .order_by(ACTIVE.c.last_at.desc(), threads.c.id)
    .limit(bindparam("limit"))
)

UNREPORTED = (
    select(messages.c.id, messages.c.provider_id, messages.c.settled_at)
    .join(conversations, conversations.c.number == messages.c.conversation)
    .where(
        # written out, so that the partial index is seen to fit
        text("messages.kind = 'reply' AND messages.status IN ('accepted', 'sent')"),
        messages.c.provider_id.is_not(None),
        messages.c.settled_at > bindparam("since"),
        messages.c.settled_at <= bindparam("until"),
        conversations.c.line == bindparam("of_line"),
    )
    .order_by(messages.c.settled_at)
    .limit(bindparam("limit"))
)


def remembered(connection: Connection, source: str, name: str) -> str | None:
    """What was last kept for a source under a name."""
    return connection.execute(REMEMBERED, {"wanted": source, "called": name}).scalar()


def remember(connection: Connection, source: str, words: Mapping[str, str]) -> None:
    """Keep words for a source."""
    upsert(connection, memory, [{"source": source, "name": name, "words": word} for name, word in words.items()])


def followed_rooms(connection: Connection) -> Mapping[RoomRef, RoomRef]:
    """Rooms that took the place of others, by those."""
    rows = connection.execute(ALL_REMEMBERED, {"wanted": ROOMS})
    return {room_of(row.name): room_of(row.words) for row in rows}


def seen_until(connection: Connection, source: str) -> datetime | None:
    """How far a source is known to be complete."""
    return connection.execute(SEEN, {"wanted": source}).scalar()


def set_seen_until(connection: Connection, source: str, at: datetime) -> None:
    """Note how far a source is complete."""
    upsert(connection, cursors, [{"source": source, "seen_until": at}])


def open_threads(connection: Connection, platform: str, since: datetime, limit: int) -> ThreadsInUse:
    """Threads in use since then, as far as they are among the ``limit`` used last and the posts looked at."""
    wanted = {"on": platform, "since": since, "limit": limit, "posts": limit * POSTS_A_THREAD}
    rows = connection.execute(OPEN_THREADS, wanted).all()
    posts, first = connection.execute(LOOKED_AT, wanted).one()
    reached = [since]
    if posts == wanted["posts"]:
        reached.append(first)
    if len(rows) == limit:
        reached.append(rows[-1].last_at)
    return ThreadsInUse([(row.root, row.created_at) for row in rows], max(reached))


def unreported(connection: Connection, line: str, since: datetime, until: datetime, limit: int) -> Sequence[LeftText]:
    """Texts of a line that left after ``since``, of which no end is known, oldest first."""
    found = connection.execute(UNREPORTED, {"of_line": line, "since": since, "until": until, "limit": limit})
    return [LeftText(row.id, row.provider_id, row.settled_at) for row in found]

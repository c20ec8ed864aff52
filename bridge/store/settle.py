"""How calls ended, and all that follows from it, written together.

Each kind of writing is one statement for the whole batch, in the order lanes, outbox, inbox, threads, posts.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, select, update

from bridge.domain.conversations import ThreadState
from bridge.domain.messages import Mark
from bridge.ports.rows import Settlement
from bridge.store import inbox, lanes
from bridge.store.among import among
from bridge.store.arrivals import insert_new
from bridge.store.outbox import held
from bridge.store.schema import chat_posts, outbox, threads
from bridge.store.schema import lanes as lane_rows
from bridge.store.statements import upsert

ENDS = frozenset({"done", "failed", "unknown", "skipped"})
STUCK = frozenset({"failed", "unknown"})

SETTLE = (
    update(outbox)
    .where(among(outbox.c.key, "keys"))
    .values({name: bindparam(name) for name in ("status", "problem", "not_before", "settled_at", "stuck_at")})
)
# A statement of its own, after the lock: what was enqueued while we waited for it is seen only by a new statement.
FOLLOWERS = (
    select(outbox.c.lane, outbox.c.not_before)
    .join(lane_rows, (lane_rows.c.key == outbox.c.lane) & (outbox.c.seq == lane_rows.c.head_seq + 1))
    .where(among(lane_rows.c.key, "keys"))
)
ROOT = (
    update(threads)
    .where(threads.c.id == bindparam("thread"))
    .values(
        root=bindparam("new_root"),
        state=case((threads.c.state == ThreadState.OPENING, ThreadState.OPEN), else_=threads.c.state),
    )
)
SHOWN = (
    update(chat_posts)
    .where(
        chat_posts.c.platform == bindparam("on"),
        chat_posts.c.room == bindparam("at"),
        chat_posts.c.ref == bindparam("id"),
    )
    .values(shown=bindparam("now_shown"))
)
DIGEST = update(threads).where(threads.c.id == bindparam("thread")).values(digest=bindparam("new_digest"))


def settle(
    connection: Connection, settlements: Sequence[Settlement], now: datetime, holder: str
) -> tuple[Sequence[Settlement], bool]:
    """Write results; returns those written (not those whose lease was lost), and whether more waits behind them."""
    locked = held(connection, [one.row for one in settlements])
    mine = {key: lane for key, lane in locked.items() if lane.holder == holder}
    valid = [one for one in settlements if one.row.lane in mine and one.row.token == mine[one.row.lane].token]
    if not valid:
        return [], False
    _note_results(connection, valid, now)
    moves = _moves(connection, valid, mine, now)
    lanes.move(connection, moves)
    insert_new(connection, inbox.own([one.event for one in valid if one.event is not None]), now)
    _note_roots(connection, valid)
    _note_posts(connection, valid, now)
    return valid, any(due is not None and due <= now for _, _, due in moves)


def _note_results(connection: Connection, valid: Sequence[Settlement], now: datetime) -> None:
    """Most end alike."""
    alike: dict[tuple[str, str | None, datetime | None], list[str]] = {}
    for one in valid:
        not_before = one.row.not_before if one.status in ENDS else one.next_at
        alike.setdefault((one.status, one.problem, not_before), []).append(one.row.key)
    for (status, problem, not_before), keys in alike.items():
        result = {"status": status, "problem": problem, "not_before": not_before}
        result["settled_at"] = now if status in ENDS else None
        result["stuck_at"] = now if status in STUCK else None
        connection.execute(SETTLE, {"keys": keys, **result})


def _moves(
    connection: Connection, valid: Sequence[Settlement], mine: dict[str, lanes.Lane], now: datetime
) -> list[tuple[str, int, datetime | None]]:
    ended = [mine[one.row.lane] for one in valid if one.status in ENDS]
    followed = [lane.key for lane in ended if lane.next_seq > lane.head_seq + 1]
    next_at: dict[str, datetime | None] = {}
    if followed:
        next_at = {row.lane: row.not_before for row in connection.execute(FOLLOWERS, {"keys": followed})}
    moves: list[tuple[str, int, datetime | None]] = [
        (one.row.lane, 0, one.next_at or now) for one in valid if one.status not in ENDS
    ]
    for lane in ended:
        waits = lane.next_seq > lane.head_seq + 1
        moves.append((lane.key, 1, (next_at.get(lane.key) or now) if waits else None))
    return moves


def _note_roots(connection: Connection, valid: Sequence[Settlement]) -> None:
    roots = [{"thread": one.root_of, "new_root": one.posted} for one in valid if one.root_of and one.posted]
    if roots:
        connection.execute(ROOT, roots)
    digests = [{"thread": one.digest[0], "new_digest": one.digest[1]} for one in valid if one.digest]
    if digests:
        connection.execute(DIGEST, digests)


def _note_posts(connection: Connection, valid: Sequence[Settlement], now: datetime) -> None:
    posts = [
        {
            "platform": one.posted.platform,
            "room": one.posted.room,
            "ref": one.posted.id,
            "conversation": one.row.conversation,
            "role": one.role,
            "message": one.row.message,
            "mark": Mark.NONE,
            "shown": Mark.NONE,
            "created_at": now,
            "posted_at": one.posted_at,
        }
        for one in valid
        if one.posted and one.role
    ]
    upsert(connection, chat_posts, posts, only=("conversation", "role", "message", "posted_at"))
    shown = [
        {"on": ref.platform, "at": ref.room, "id": ref.id, "now_shown": mark}
        for ref, mark in (one.shown for one in valid if one.shown)
    ]
    if shown:
        connection.execute(SHOWN, shown)

"""Calls to the outside: rows of a lane are done one after the other; lanes.py says which may be claimed."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, func, insert, select, update

from bridge.domain.effects import SendText
from bridge.ports.rows import OutboxDraft, OutboxRow
from bridge.store import lanes
from bridge.store.among import among, one_of
from bridge.store.mapping import OUTBOX, read_outbox
from bridge.store.schema import lanes as lane_rows
from bridge.store.schema import outbox
from bridge.store.statements import Values
from bridge.store.types import EPOCH

IS_HEAD = (lane_rows.c.key == outbox.c.lane) & (lane_rows.c.head_seq == outbox.c.seq)
LOOKS_UP = one_of(outbox.c.status, "in_flight", "checking")

NOT_NOW = outbox.c.settled_at.is_not(None) | (outbox.c.not_before > bindparam("now"))

# Finds rows by their primary key alone: a condition that an index over all waiting rows fulfils invites reading them.
TAKE_HEADS = (
    update(outbox)
    .where(IS_HEAD, among(lane_rows.c.key, "lanes"))
    .values(
        status=case((NOT_NOW, outbox.c.status), (LOOKS_UP, "checking"), else_="preparing"),
        checks=outbox.c.checks + case((NOT_NOW, 0), (LOOKS_UP, 1), else_=0),
    )
    .returning(*(outbox.c[name] for name in OUTBOX), outbox.c.settled_at)
)
FIRST_WAITING = (
    select(outbox.c.seq, outbox.c.not_before)
    .where(outbox.c.lane == bindparam("lane"), outbox.c.seq >= bindparam("head"), outbox.c.settled_at.is_(None))
    .order_by(outbox.c.seq)
    .limit(1)
)
BEGIN = (
    update(outbox)
    .where(among(outbox.c.key, "keys"), one_of(outbox.c.status, "preparing", "checking"))
    .values(
        status="in_flight",
        attempts=outbox.c.attempts + 1,
        attempted_at=func.coalesce(outbox.c.attempted_at, bindparam("now", type_=outbox.c.attempted_at.type)),
    )
    .returning(outbox.c.key)
)
WAITING_TEXTS = select(outbox.c.lane, outbox.c.seq, outbox.c.target).where(
    outbox.c.message == bindparam("about"),
    outbox.c.settled_at.is_(None),
    outbox.c.kind == SendText.__name__,
    one_of(outbox.c.status, "pending", "preparing"),
)
POSTPONE = (
    update(outbox)
    .where(outbox.c.lane == bindparam("in_lane"), outbox.c.seq == bindparam("at_seq"))
    .values(not_before=bindparam("at"))
)


def new_key(now: datetime) -> str:
    """A key unique for ever that sorts by time."""
    return f"{(now - EPOCH) // timedelta(milliseconds=1):012x}{secrets.token_hex(10)}"


def enqueue(connection: Connection, drafts: Sequence[tuple[OutboxDraft, datetime]]) -> None:
    """Add rows, made at their times, at the end of their lanes, in this order."""
    by_lane: dict[str, list[tuple[OutboxDraft, datetime]]] = {}
    for draft, now in drafts:
        by_lane.setdefault(draft.lane, []).append((draft, now))
    if not by_lane:
        return
    wanted: list[tuple[str, str, int, datetime]] = []
    for key, own in by_lane.items():
        first, made = own[0]
        wanted.append((key, first.target, len(own), first.not_before or made))
    start = lanes.allocate(connection, wanted)
    rows = [
        _row(draft, start[key] + place, now) for key, own in by_lane.items() for place, (draft, now) in enumerate(own)
    ]
    connection.execute(insert(outbox), rows)


def _row(draft: OutboxDraft, seq: int, now: datetime) -> Values:
    return {
        "lane": draft.lane,
        "seq": seq,
        "key": new_key(now),
        "target": draft.target,
        "kind": draft.kind,
        "conversation": draft.conversation,
        "message": draft.message,
        "payload": draft.payload,
        "status": "pending",
        "attempts": 0,
        "checks": 0,
        "created_at": now,
        "not_before": draft.not_before,
    }


def claim(
    connection: Connection, target: str, now: datetime, *, limit: int, lease: float, holder: str
) -> Sequence[OutboxRow]:
    """Take the heads of due lanes. One whose call had begun is ``checking`` now, any other ``preparing``."""
    tokens = lanes.claim(connection, target, now, now + timedelta(seconds=lease), limit=limit, holder=holder)
    if not tokens:
        return []
    found = connection.execute(TAKE_HEADS, {"lanes": list(tokens), "now": now})
    heads = [read_outbox(row, tokens[row.lane]) for row in found if _may_start(row, now)]
    if len(heads) < len(tokens):
        _give_back(connection, tokens.keys() - {row.lane for row in heads}, now)
    return sorted(heads, key=lambda row: row.key)


def _may_start(row: Row[Any], now: datetime) -> bool:
    return row.settled_at is None and (row.not_before is None or row.not_before <= now)


def _give_back(connection: Connection, keys: set[str], now: datetime) -> None:
    """Lanes whose head was dropped by an operator, or moved while its holder died."""
    pass_on(connection, lanes.lock(connection, list(keys)).values(), now)


def pass_on(connection: Connection, locked: Iterable[lanes.Lane], now: datetime) -> None:
    """Let the first row of each lane that still waits have its turn."""
    moves: list[tuple[str, int, datetime | None]] = []
    for lane in locked:
        found = connection.execute(FIRST_WAITING, {"lane": lane.key, "head": lane.head_seq}).first()
        seq, due = (lane.next_seq, None) if found is None else (found[0], found[1] or now)
        moves.append((lane.key, seq - lane.head_seq, due))
    lanes.move(connection, moves)


def held(connection: Connection, rows: Sequence[OutboxRow]) -> dict[str, lanes.Lane]:
    """Lock the rows' lanes; returns those still leased by a claim that gave one of the rows."""
    given = {(row.lane, row.token, row.seq) for row in rows}
    locked = lanes.lock(connection, list({row.lane for row in rows}))
    return {
        key: lane
        for key, lane in locked.items()
        if lane.holder is not None and (key, lane.token, lane.head_seq) in given
    }


def begin(
    connection: Connection, rows: Sequence[OutboxRow], now: datetime, leased: Mapping[str, int]
) -> Sequence[OutboxRow]:
    """Note that calls start now; rows whose lease was lost are left out.

    ``leased``: tokens of the lanes that this very transaction claimed, so that nobody can have them.
    """
    locked = held(connection, [row for row in rows if leased.get(row.lane) != row.token])
    tokens = {**leased, **{key: lane.token for key, lane in locked.items()}}
    ours = [row for row in rows if tokens.get(row.lane) == row.token]
    if not ours:
        return []
    begun = set(connection.execute(BEGIN, {"keys": [row.key for row in ours], "now": now}).scalars())
    return [
        replace(row, status="in_flight", attempts=row.attempts + 1, attempted_at=row.attempted_at or now)
        for row in ours
        if row.key in begun
    ]


def reschedule(connection: Connection, message: str, at: datetime) -> set[str]:
    """Move the waiting text of a message to ``at``; returns its target, if there was one."""
    waiting = connection.execute(WAITING_TEXTS, {"about": message}).all()
    locked = lanes.lock(connection, [row.lane for row in waiting])
    for row in sorted(waiting, key=lambda one: (one.lane, one.seq)):
        connection.execute(POSTPONE, {"in_lane": row.lane, "at_seq": row.seq, "at": at})
        lane = locked[row.lane]
        if lane.holder is None and lane.head_seq == row.seq:
            lanes.set_due(connection, lane.key, at)
    return {row.target for row in waiting}

"""A lane is a row: what it says decides what may be claimed, never a look at the rows waiting in it.

So a claim costs the same whatever waits. Whoever changes the outbox locks the lane's row first, several in the order of
their keys; numbers are given out under that lock, since the order of ids is not the order of commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, case, literal, select, text, update
from sqlalchemy.sql.dml import ReturningInsert

from bridge.store.among import among
from bridge.store.schema import lanes
from bridge.store.statements import Values, insert_into


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane as locked by this transaction."""

    key: str
    head_seq: int
    next_seq: int
    token: int
    holder: str | None


LOCK = (
    select(lanes.c.key, lanes.c.head_seq, lanes.c.next_seq, lanes.c.token, lanes.c.holder)
    .where(among(lanes.c.key, "keys"))
    .order_by(lanes.c.key)
    .with_for_update()
)
MOVE = (
    update(lanes)
    .where(among(lanes.c.key, "keys"))
    .values(head_seq=lanes.c.head_seq + bindparam("steps"), due_at=bindparam("due"), holder=None)
)
SET_DUE = update(lanes).where(lanes.c.key == bindparam("lane")).values(due_at=bindparam("due"))
NEXT_DUE = (
    select(lanes.c.due_at)
    .where(lanes.c.target == bindparam("wanted"), lanes.c.due_at.is_not(None))
    .order_by(lanes.c.due_at)
    .limit(1)
)
# Steps from target to target along the index: plain DISTINCT would read every lane that has work.
TARGETS = text(
    """
    WITH RECURSIVE found(target) AS (
        SELECT (SELECT target FROM lanes WHERE due_at IS NOT NULL ORDER BY target LIMIT 1)
        UNION ALL
        SELECT (SELECT lanes.target FROM lanes
                WHERE lanes.due_at IS NOT NULL AND lanes.target > found.target ORDER BY lanes.target LIMIT 1)
        FROM found WHERE found.target IS NOT NULL
    )
    SELECT target FROM found WHERE target IS NOT NULL
    """
)


@cache
def _allocate(dialect: str) -> ReturningInsert[Any, Any]:
    statement = insert_into(dialect, lanes)
    empty = lanes.c.head_seq == lanes.c.next_seq
    return statement.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "next_seq": lanes.c.next_seq + statement.excluded.next_seq,
            "due_at": case((empty, statement.excluded.due_at), else_=lanes.c.due_at),
        },
    ).returning(lanes.c.key, lanes.c.next_seq)


def allocate(connection: Connection, wanted: Sequence[tuple[str, str, int, datetime]]) -> dict[str, int]:
    """Take numbers at the end of lanes. ``wanted``: (lane, target, how many, when the first of them is due).

    Returns the first number per lane. Lanes that are not there yet are made.
    """
    rows: list[Values] = [
        {"key": key, "target": target, "head_seq": 0, "next_seq": count, "due_at": due, "token": 0}
        for key, target, count, due in sorted(wanted)
    ]
    found = connection.execute(_allocate(connection.dialect.name), rows)
    ends = {row.key: row.next_seq for row in found}
    return {key: ends[key] - count for key, _, count, _ in wanted}


def lock(connection: Connection, keys: Sequence[str]) -> dict[str, Lane]:
    """Lock lanes, in the order of their keys."""
    if not keys:
        return {}
    found = connection.execute(LOCK, {"keys": sorted(set(keys))})
    return {row[0]: Lane(*row) for row in found}


@cache
def _claim() -> Any:
    # A CTE, not a subquery: PostgreSQL may run a subquery again for each row and so take more than the limit.
    due = (
        select(lanes.c.key)
        .where(lanes.c.target == bindparam("wanted"), lanes.c.due_at <= bindparam("now"))
        .order_by(lanes.c.due_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed: Update = (
        update(lanes)
        .where(lanes.c.key.in_(select(due.c.key)))
        .values(due_at=bindparam("lease_end"), token=lanes.c.token + literal(1), holder=bindparam("taker"))
    )
    return claimed.returning(lanes.c.key, lanes.c.token)


def claim(
    connection: Connection, target: str, now: datetime, lease_end: datetime, *, limit: int, holder: str
) -> dict[str, int]:
    """Lease due lanes; returns the token of each."""
    values = {"wanted": target, "now": now, "limit": limit, "lease_end": lease_end, "taker": holder}
    return {row.key: row.token for row in connection.execute(_claim(), values)}


def move(connection: Connection, moves: Sequence[tuple[str, int, datetime | None]]) -> None:
    """End leases. ``moves``: (lane, steps to the row whose turn it is, when that is due; None: nothing waits)."""
    alike: dict[tuple[int, datetime | None], list[str]] = {}
    for key, steps, due in moves:
        alike.setdefault((steps, due), []).append(key)
    for (steps, due), keys in alike.items():
        connection.execute(MOVE, {"keys": keys, "steps": steps, "due": due})


def set_due(connection: Connection, key: str, due: datetime) -> None:
    """Change when a lane nobody holds may be claimed."""
    connection.execute(SET_DUE, {"lane": key, "due": due})


def next_due(connection: Connection, target: str) -> datetime | None:
    """When the next lane of a target may be claimed."""
    return connection.execute(NEXT_DUE, {"wanted": target}).scalar()


def targets(connection: Connection) -> Sequence[str]:
    """Targets that have work."""
    return connection.execute(TARGETS).scalars().all()

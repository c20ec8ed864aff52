"""Timers: rows that wake a conversation when they fall due."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, delete, func, literal, select, text

from bridge.domain.conversations import ConversationStatus
from bridge.domain.effects import ArmTimer, DisarmTimer
from bridge.ports.rows import TimerRow
from bridge.store.mapping import TIMER, read
from bridge.store.schema import conversations, timers
from bridge.store.statements import Insert, insert_into

# Any number, as long as nobody else in the database uses it: those who take timers do so one after the other, in order.
LOCK = text("SELECT pg_try_advisory_xact_lock(7478200118)")
DISARM = delete(timers).where(timers.c.kind == bindparam("of_kind"), timers.c.subject == bindparam("about"))
NEXT = select(func.min(timers.c.due))
NOBODY_WAITS = conversations.c.waiting_since.is_(None) | conversations.c.opted_out | conversations.c.blocked
"""Who may not be texted waits for nothing."""


@cache
def _arm(dialect: str) -> Insert:
    statement = insert_into(dialect, timers)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["kind", "subject"], set_={"due": new.due, "conversation": new.conversation}
    )


@cache
def _take_due() -> Any:
    due = (
        select(timers.c.id)
        .where(timers.c.due <= bindparam("now"))
        .order_by(timers.c.due, timers.c.id)
        .limit(bindparam("limit"))
        .cte("fallen_due")
    )
    return delete(timers).where(timers.c.id.in_(select(due.c.id))).returning(timers)


def change(connection: Connection, conversation: int, effect: ArmTimer | DisarmTimer) -> None:
    """Set or forget one timer."""
    if isinstance(effect, DisarmTimer):
        connection.execute(DISARM, {"of_kind": effect.kind, "about": effect.subject})
        return
    about = conversation if effect.conversation is None else effect.conversation
    row = {"kind": effect.kind, "subject": effect.subject, "conversation": about, "due": effect.due}
    connection.execute(_arm(connection.dialect.name), row)


def arm(connection: Connection, kind: str, subject: str, now: datetime, due: datetime) -> None:
    """Set a timer of no conversation; one that is overdue stays as it is."""
    statement = insert_into(connection.dialect.name, timers).values(kind=kind, subject=subject, conversation=0, due=due)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "subject"], set_={"due": statement.excluded.due}, where=timers.c.due > now
        )
    )


def watch(connection: Connection, kind: str, lines: Sequence[str], now: datetime, *, latest: datetime | None) -> None:
    """Set a timer for each open conversation of these lines, due now.

    Of those somebody waits in, in the place of one there is; with ``latest``: of the others, where there is none or one
    that is due later than that.
    """
    statement = insert_into(connection.dialect.name, timers).from_select(
        ["kind", "subject", "conversation", "due"],
        select(
            literal(kind, timers.c.kind.type),
            cast(conversations.c.number, Text),
            conversations.c.number,
            literal(now, timers.c.due.type),
        ).where(
            conversations.c.line.in_(lines),
            conversations.c.status == ConversationStatus.OPEN,
            conversations.c.waiting_since.is_not(None) if latest is None else NOBODY_WAITS,
        ),
    )
    replaced = None if latest is None else timers.c.due > latest
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "subject"], set_={"due": statement.excluded.due}, where=replaced
        )
    )


def take_due(connection: Connection, now: datetime, limit: int) -> Sequence[TimerRow]:
    """Remove timers that fell due; oldest first. None while another process takes some."""
    if connection.dialect.name == "postgresql" and not connection.execute(LOCK).scalar_one():
        return []
    found = connection.execute(_take_due(), {"now": now, "limit": limit}).mappings()
    return sorted((read(TimerRow, TIMER, row) for row in found), key=lambda timer: (timer.due, timer.id))


def next_timer(connection: Connection) -> datetime | None:
    """When the next one falls due."""
    return connection.execute(NEXT).scalar()

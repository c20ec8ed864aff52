"""What operators see and mend: how late things are, what is stuck, and the remedies. Works inside ``Store.transact``.

Nothing here returns a body, a payload or a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy
from sqlalchemy import ColumnElement, Connection, Executable, bindparam, delete, func, insert, select, text, update

from bridge.ports.rows import OutboxDraft
from bridge.ports.store import Unit
from bridge.store import audit, lanes
from bridge.store.migrate import VERSIONS
from bridge.store.outbox import pass_on
from bridge.store.schema import inbox, metadata, outbox
from bridge.store.side_schema import memory
from bridge.store.unit import StoreUnit

UNHANDLED = inbox.c.handled_at.is_(None) & inbox.c.problem.is_(None)
SET_ASIDE = inbox.c.handled_at.is_(None) & inbox.c.problem.is_not(None)
UNSETTLED = outbox.c.settled_at.is_(None)
STUCK = outbox.c.stuck_at.is_not(None)
REVISION = text(f"SELECT version_num FROM {VERSIONS}")  # noqa: S608 - a constant
TRIAL, TRIAL_LENGTH = "trial", 16_384

INBOX = (
    inbox.c.id,
    inbox.c.source,
    inbox.c.external_id,
    inbox.c.kind,
    inbox.c.received_at,
    inbox.c.handled_at,
    inbox.c.problem,
)
OUTBOX = (
    outbox.c.key,
    outbox.c.target,
    outbox.c.kind,
    outbox.c.conversation,
    outbox.c.message,
    outbox.c.status,
    outbox.c.attempts,
    outbox.c.created_at,
    outbox.c.not_before,
    outbox.c.settled_at,
    outbox.c.stuck_at,
    outbox.c.problem,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How things stand. Ages in seconds, None when there is nothing; ``overdue``: the longest a lane is due already.

    ``set_aside``: requests that could not be read; ``stuck``: calls that failed or whose outcome is unknown.
    ``revision``: of the tables.
    """

    unhandled: int
    unhandled_age: float | None
    set_aside: int
    unsettled: int
    unsettled_age: float | None
    overdue: float | None
    failed: int
    unknown: int
    revision: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """A row of the inbox as shown to an operator."""

    id: int
    source: str
    external_id: str
    kind: str
    received_at: datetime
    handled_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLine:
    """A row of the outbox as shown to an operator. ``stuck_at``: set while somebody should look at it."""

    key: str
    target: str
    kind: str
    conversation: int
    message: str | None
    status: str
    attempts: int
    created_at: datetime
    not_before: datetime | None
    settled_at: datetime | None
    stuck_at: datetime | None
    problem: str | None


def connection_of(unit: Unit) -> Connection:
    """The connection under a unit of this package."""
    assert isinstance(unit, StoreUnit)  # noqa: S101 - there is no other
    return unit.connection


def overview(unit: Unit, now: datetime) -> Overview:
    """Counts and ages for ``doctor``, health and metrics."""
    connection = connection_of(unit)
    due = [at for at in (lanes.next_due(connection, target) for target in lanes.targets(connection)) if at is not None]
    counted = connection.execute(select(outbox.c.status, func.count()).where(STUCK).group_by(outbox.c.status))
    stuck = {row[0]: row[1] for row in counted}
    # Not min(): the oldest row is the first of a small index, which min() over another column would read whole.
    oldest_in = connection.execute(select(inbox.c.received_at).where(UNHANDLED).order_by(inbox.c.id).limit(1)).scalar()
    oldest_out = connection.execute(
        select(outbox.c.created_at).where(UNSETTLED).order_by(outbox.c.key).limit(1)
    ).scalar()
    return Overview(
        unhandled=_count(connection, UNHANDLED),
        unhandled_age=_age(oldest_in, now),
        set_aside=_count(connection, SET_ASIDE),
        unsettled=_count(connection, UNSETTLED),
        unsettled_age=_age(oldest_out, now),
        overdue=_age(min(due), now) if due and min(due) <= now else None,
        failed=stuck.get("failed", 0),
        unknown=stuck.get("unknown", 0),
        revision=connection.execute(REVISION).scalar(),
    )


def missing_tables(unit: Unit) -> tuple[str, ...]:
    """Names of this version's tables that are not there, in alphabetical order."""
    there = sqlalchemy.inspect(connection_of(unit)).get_table_names()
    return tuple(f"the table {name}" for name in sorted(set(metadata.tables) - set(there)))


def try_writing(unit: Unit) -> None:
    """Write about as much as a request takes, and take it back: on a full disk this fails, or the commit does."""
    connection = connection_of(unit)
    connection.execute(insert(memory), {"source": TRIAL, "name": TRIAL, "words": "x" * TRIAL_LENGTH})
    connection.execute(delete(memory).where(memory.c.source == TRIAL))


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(condition)).scalar_one()


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else max(0.0, (now - since).total_seconds())


def _inbox_lines(connection: Connection, statement: Executable) -> list[InboxLine]:
    return [InboxLine(**row) for row in connection.execute(statement).mappings()]


def _outbox_lines(connection: Connection, statement: Executable) -> list[OutboxLine]:
    return [OutboxLine(**row) for row in connection.execute(statement).mappings()]


def list_set_aside(unit: Unit, limit: int = 100) -> list[InboxLine]:
    """Requests and events that could not be handled, oldest first."""
    statement = select(*INBOX).where(SET_ASIDE).order_by(inbox.c.id).limit(limit)
    return _inbox_lines(connection_of(unit), statement)


def list_unhandled(unit: Unit, limit: int = 100) -> list[InboxLine]:
    """Requests and events that wait for their turn, oldest first."""
    statement = select(*INBOX).where(UNHANDLED).order_by(inbox.c.id).limit(limit)
    return _inbox_lines(connection_of(unit), statement)


def recent_inbox(unit: Unit, limit: int = 20) -> list[InboxLine]:
    """What came last, newest first."""
    return _inbox_lines(connection_of(unit), select(*INBOX).order_by(inbox.c.id.desc()).limit(limit))


def replay(unit: Unit, ids: Sequence[int] | None = None) -> int:
    """Handle rows set aside once more, all of them without ``ids``; returns how many."""
    statement = update(inbox).where(SET_ASIDE).values(problem=None)
    if ids is not None:
        statement = statement.where(inbox.c.id.in_(ids))
    done = connection_of(unit).execute(statement).rowcount
    assert isinstance(unit, StoreUnit)  # noqa: S101 - there is no other
    unit.touched["inbox"] = None
    return done


def list_stuck(unit: Unit, limit: int = 100) -> list[OutboxLine]:
    """Calls that failed or whose outcome nobody knows, oldest first."""
    statement = select(*OUTBOX).where(STUCK).order_by(outbox.c.stuck_at).limit(limit)
    return _outbox_lines(connection_of(unit), statement)


def list_unsettled(unit: Unit, limit: int = 100) -> list[OutboxLine]:
    """Calls still to make or under way, oldest first."""
    statement = select(*OUTBOX).where(UNSETTLED).order_by(outbox.c.key).limit(limit)
    return _outbox_lines(connection_of(unit), statement)


def recent_outbox(unit: Unit, limit: int = 20) -> list[OutboxLine]:
    """The calls asked for last, newest first."""
    return _outbox_lines(connection_of(unit), select(*OUTBOX).order_by(outbox.c.key.desc()).limit(limit))


def find_calls(unit: Unit, keys: Sequence[str]) -> list[OutboxLine]:
    """The calls with these keys, oldest first; keys nobody knows are left out."""
    statement = select(*OUTBOX).where(outbox.c.key.in_(keys)).order_by(outbox.c.key)
    return _outbox_lines(connection_of(unit), statement)


def text_ticket(unit: Unit, key: str) -> int | None:
    """The ticket a text's row was made with; None for other calls."""
    payload: dict[str, int] | None
    payload = connection_of(unit).execute(select(outbox.c.payload).where(outbox.c.key == key)).scalar()
    return None if payload is None else payload.get("ticket")


def waiting_by_target(unit: Unit) -> dict[str, int]:
    """How many calls wait for each target that has any."""
    statement = select(outbox.c.target, func.count()).where(UNSETTLED).group_by(outbox.c.target)
    return {row[0]: row[1] for row in connection_of(unit).execute(statement)}


def dismiss(unit: Unit, keys: Sequence[str]) -> int:
    """Note that calls which failed or are unknown need no attention any more; returns how many."""
    return _dismiss(connection_of(unit), keys)


def retry(unit: Unit, keys: Sequence[str], now: datetime) -> int:
    """Ask once more for calls that failed or whose outcome is unknown, as new rows at the end of their lanes."""
    connection = connection_of(unit)
    found = connection.execute(select(outbox).where(STUCK, outbox.c.key.in_(keys)).order_by(outbox.c.key)).all()
    drafts = [
        OutboxDraft(
            lane=row.lane,
            target=row.target,
            kind=row.kind,
            conversation=row.conversation,
            message=row.message,
            payload=row.payload,
        )
        for row in found
    ]
    unit.enqueue(drafts, now)
    _dismiss(connection, [row.key for row in found])
    return len(found)


def drop(unit: Unit, keys: Sequence[str], now: datetime) -> int:
    """Give up calls: those that wait are skipped, those that failed or are unknown need no attention any more.

    A call under way is left alone. Returns how many were dropped.
    """
    connection = connection_of(unit)
    dismissed = _dismiss(connection, keys)
    waiting = connection.execute(select(outbox.c.lane).where(UNSETTLED, outbox.c.key.in_(keys)).distinct()).scalars()
    locked = lanes.lock(connection, list(waiting))
    leased = [lane.key for lane in locked.values() if lane.holder is not None]
    statement = (
        update(outbox)
        .where(UNSETTLED, outbox.c.key.in_(keys), outbox.c.lane.not_in(leased))
        .values(status="skipped", settled_at=now, problem="dropped by an operator")
    )
    skipped = connection.execute(statement).rowcount
    pass_on(connection, [lane for lane in locked.values() if lane.holder is None], now)
    return dismissed + skipped


def _dismiss(connection: Connection, keys: Sequence[str]) -> int:
    statement = update(outbox).where(STUCK, outbox.c.key == bindparam("wanted")).values(stuck_at=None)
    return sum(connection.execute(statement, {"wanted": key}).rowcount for key in keys)


def verify_audit(unit: Unit) -> audit.AuditReport:
    """Check the chain of the audit log."""
    return audit.verify(connection_of(unit))


def unsafe_settings(unit: Unit) -> list[str]:
    """Settings of the database server under which an acknowledged text may be lost."""
    connection = connection_of(unit)
    if connection.dialect.name != "postgresql":
        return []
    names = ("fsync", "full_page_writes", "synchronous_commit")
    shown = {name: connection.execute(text(f"SHOW {name}")).scalar_one() for name in names}
    return [f"{name} is off" for name, value in shown.items() if value == "off"]

"""Requests and events on their way to the rules."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, text, update

from bridge.domain.events import OwnEvent
from bridge.ports.rows import InboxDraft, InboxRow
from bridge.store.among import among
from bridge.store.arrivals import insert_new
from bridge.store.codec import OWN, encode, kind_of
from bridge.store.mapping import read_inbox
from bridge.store.schema import inbox

# Any number, as long as nobody else in the database uses it.
PROCESSOR_LOCK = text("SELECT pg_try_advisory_xact_lock(7478200117)")
PROCESSORS_END = text("SELECT pg_advisory_xact_lock(7478200117)")

NEXT = (
    select(inbox)
    .where(inbox.c.handled_at.is_(None), inbox.c.problem.is_(None))
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
)
HANDLED = (
    update(inbox).where(among(inbox.c.id, "ids")).values(handled_at=bindparam("now"), attempts=inbox.c.attempts + 1)
)
FORGET = delete(inbox).where(inbox.c.id == bindparam("row"))
DROP_WAITING = delete(inbox).where(
    inbox.c.source == bindparam("of"),
    among(inbox.c.external_id, "ids"),
    inbox.c.handled_at.is_(None),
    inbox.c.problem.is_(None),
)
SET_ASIDE = (
    update(inbox).where(inbox.c.id == bindparam("row")).values(problem=bindparam("why"), attempts=inbox.c.attempts + 1)
)


def own(events: Sequence[OwnEvent]) -> list[InboxDraft]:
    """Events of our own as drafts."""
    return [InboxDraft(OWN, event.external_id, kind_of(event), encode(event)) for event in events]


def next_inbox(connection: Connection, limit: int) -> Sequence[InboxRow]:
    """The oldest rows to handle; none while another process handles some."""
    if connection.dialect.name == "postgresql" and not connection.execute(PROCESSOR_LOCK).scalar_one():
        return []
    return [read_inbox(row) for row in connection.execute(NEXT, {"limit": limit})]


def forget(connection: Connection, row: InboxRow) -> None:
    """Drop a row as if it had never come; should it come again, it is new."""
    connection.execute(FORGET, {"row": row.id})


def accept_in_order(connection: Connection, drafts: Sequence[InboxDraft], now: datetime) -> int:
    """Store drafts of one source one after the other, those too that wait already; returns how many were stored."""
    if not drafts:
        return 0
    if connection.dialect.name == "postgresql":
        connection.execute(PROCESSORS_END)  # it may have one of them in hand
        insert_new(connection, drafts, now)  # waits for the end of those that are being stored at this moment
    connection.execute(DROP_WAITING, {"of": drafts[0].source, "ids": [draft.external_id for draft in drafts]})
    return len(insert_new(connection, drafts, now))


def handled(connection: Connection, rows: Sequence[InboxRow], now: datetime) -> None:
    """Mark rows handled."""
    if rows:
        connection.execute(HANDLED, {"ids": [row.id for row in rows], "now": now})


def set_aside(connection: Connection, row: InboxRow, problem: str) -> None:
    """Keep a row out of the way until somebody replays it."""
    connection.execute(SET_ASIDE, {"row": row.id, "why": problem or "unknown"})

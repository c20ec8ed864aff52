"""Leases that a process left behind when it was killed."""

from datetime import datetime

from sqlalchemy import bindparam, update

from bridge.ports.store import Unit
from bridge.store.inspect import connection_of
from bridge.store.schema import lanes

RELEASE = (
    update(lanes)
    .where(lanes.c.due_at.is_not(None), lanes.c.holder == bindparam("whose"))
    .values(due_at=bindparam("now"), holder=None)
)


def release(unit: Unit, holder: str, now: datetime) -> int:
    """Give back what ``holder`` leased, so that nobody waits for the leases to end; returns how many lanes.

    For a process that knows its predecessor of the same name to be dead. A call of that one which had begun is looked
    up, not repeated.
    """
    return connection_of(unit).execute(RELEASE, {"whose": holder, "now": now}).rowcount

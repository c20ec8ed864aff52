"""Old rows that nobody needs any more, in portions small enough not to be in anybody's way."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from bridge.ports.store import Unit
from bridge.store.inspect import connection_of
from bridge.store.schema import inbox, outbox
from bridge.store.side_schema import counters
from bridge.store.statements import upsert
from bridge.store.types import EPOCH

COUNTER = "inbox_pruned"

PRUNED_UNTIL = select(counters.c.value).where(counters.c.name == COUNTER)
# Looks at the next few rows only: no index has the time, so looking for an old one further on would read them all.
NEXT_INBOX = (
    select(inbox.c.id, inbox.c.received_at)
    .where(inbox.c.id > bindparam("after"))
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
    .subquery("next")
)
OLD_INBOX = select(NEXT_INBOX.c.id).where(NEXT_INBOX.c.received_at < bindparam("before")).order_by(NEXT_INBOX.c.id)
FORGET_BODIES = (
    update(inbox)
    .where(inbox.c.id > bindparam("after"), inbox.c.id <= bindparam("until"), inbox.c.handled_at.is_not(None))
    .values(body=b"")
)
OLD_OUTBOX = (
    select(outbox.c.key)
    .where(outbox.c.key < bindparam("before"), outbox.c.settled_at.is_not(None), outbox.c.stuck_at.is_(None))
    .order_by(outbox.c.key)
    .limit(bindparam("limit"))
)


def prune(unit: Unit, before: datetime, limit: int = 1000) -> int:
    """Empty handled requests and delete finished calls from before then; returns how many rows, 0 when all is done.

    A handled row keeps its identity for ever, so that a repeat is still known as one; finished calls go altogether.
    """
    connection = connection_of(unit)
    after = connection.execute(PRUNED_UNTIL).scalar() or 0
    ids = connection.execute(OLD_INBOX, {"after": after, "before": before, "limit": limit}).scalars().all()
    if ids:
        connection.execute(FORGET_BODIES, {"after": after, "until": ids[-1]})
        upsert(connection, counters, [{"name": COUNTER, "value": ids[-1], "hash": None}])
    first_kept = f"{(before - EPOCH) // timedelta(milliseconds=1):012x}"
    keys = connection.execute(OLD_OUTBOX, {"before": first_kept, "limit": limit}).scalars().all()
    if keys:
        connection.execute(delete(outbox).where(outbox.c.key.in_(keys)))
    return len(ids) + len(keys)

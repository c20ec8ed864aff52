"""What the record says of replies that were held and of what people decided. Works inside ``Store.transact``."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from bridge.ports.store import Unit
from bridge.store.inspect import connection_of
from bridge.store.side_schema import audit

DECIDED = ("released", "kept_internal", "undone", "deleted_in_time")


def held_and_decided(unit: Unit, since: datetime | None) -> Sequence[tuple[str, str, str]]:
    """(message, act, detail) of every hold since then and of every decision about a reply, in order."""
    wanted = audit.c.act.in_(("held", *DECIDED)) & audit.c.message.is_not(None)
    if since is not None:
        wanted &= audit.c.at >= since
    statement = select(audit.c.message, audit.c.act, audit.c.detail).where(wanted).order_by(audit.c.id)
    return [(row[0], row[1], row[2]) for row in connection_of(unit).execute(statement)]

"""Who is away: by a word to us, and by what they say of themselves on a platform."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Table, bindparam, delete, literal, or_, select, union_all

from bridge.domain.conversations import Absence
from bridge.domain.keeping import EndAbsence, SaveAbsence
from bridge.store.side_schema import absences, statuses
from bridge.store.statements import upsert

END = {table.name: delete(table).where(table.c.person == bindparam("who")) for table in (absences, statuses)}
OVER = {
    table.name: delete(table).where(table.c.until <= bindparam("now", type_=table.c.until.type))
    for table in (absences, statuses)
}
AWAY = union_all(
    *(
        select(table.c.person, table.c.until, literal(table is statuses).label("by_status")).where(
            or_(table.c.until.is_(None), table.c.until > bindparam("now", type_=table.c.until.type))
        )
        for table in (absences, statuses)
    )
).order_by("person", "by_status")


def change(connection: Connection, effect: SaveAbsence | EndAbsence, now: datetime) -> None:
    """Note an absence, or its end; those that are over are forgotten."""
    if isinstance(effect, EndAbsence):
        for table in (statuses,) if effect.by_status else (absences, statuses):
            connection.execute(END[table.name], {"who": effect.person})
        return
    table: Table = statuses if effect.absence.by_status else absences
    connection.execute(OVER[table.name], {"now": now})
    upsert(connection, table, [{"person": effect.absence.person, "until": effect.absence.until}])


def now_away(connection: Connection, now: datetime) -> Sequence[Absence]:
    """Who is away now; twice where both say so, the word to us first."""
    return [Absence(row.person, row.until, bool(row.by_status)) for row in connection.execute(AWAY, {"now": now})]

"""Who is away."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select

from bridge.domain.conversations import Absence
from bridge.domain.keeping import EndAbsence, SaveAbsence
from bridge.store.schema import absences
from bridge.store.statements import upsert

END = delete(absences).where(absences.c.person == bindparam("who"))
OVER = delete(absences).where(absences.c.until <= bindparam("now", type_=absences.c.until.type))
AWAY = (
    select(absences)
    .where(or_(absences.c.until.is_(None), absences.c.until > bindparam("now", type_=absences.c.until.type)))
    .order_by(absences.c.person)
)


def change(connection: Connection, effect: SaveAbsence | EndAbsence, now: datetime) -> None:
    """Note an absence, or its end; those that are over are forgotten."""
    if isinstance(effect, EndAbsence):
        connection.execute(END, {"who": effect.person})
        return
    connection.execute(OVER, {"now": now})
    upsert(connection, absences, [{"person": effect.absence.person, "until": effect.absence.until}])


def now_away(connection: Connection, now: datetime) -> Sequence[Absence]:
    """Who is away now."""
    return [Absence(row.person, row.until) for row in connection.execute(AWAY, {"now": now})]

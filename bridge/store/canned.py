"""Canned responses made in the chat, and how often those of the configuration were used."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, or_, select

from bridge.domain.canned import Canned
from bridge.domain.keeping import CountUse, RemoveCanned, SaveCanned
from bridge.store.side_schema import canned
from bridge.store.statements import Insert, insert_into, upsert

OURS = ("text", "created_by", "updated_at")


def named(connection: Connection, names: Sequence[str]) -> tuple[Canned, ...]:
    """What is stored under these names, everybody's and every team's."""
    found = connection.execute(select(canned).where(canned.c.name.in_(names)).order_by(canned.c.name, canned.c.team))
    return tuple(_read(row) for row in found.mappings())


def find(connection: Connection, teams: Sequence[str], words: str, limit: int) -> tuple[Canned, ...]:
    """What everybody and these teams may use, most used first; ``words``: part of the name or text, capitals or not.

    Rows that only count the uses of the configuration's own come along whatever ``words`` are.
    """
    part = words.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    like = f"%{part}%"
    matches = or_(
        canned.c.text.is_(None),
        canned.c.name.like(like, escape="\\"),
        func.lower(canned.c.text).like(like, escape="\\"),
    )
    statement = (
        select(canned)
        .where(canned.c.team.in_(("", *teams)), matches)
        .order_by(canned.c.uses.desc(), canned.c.name, canned.c.team)
        .limit(limit)
    )
    return tuple(_read(row) for row in connection.execute(statement).mappings())


def change(connection: Connection, effect: SaveCanned | RemoveCanned | CountUse) -> None:
    """Carry out what was decided about a canned response."""
    match effect:
        case SaveCanned(made):
            row = {name: getattr(made, name) for name in ("name", "team", *OURS)} | {"uses": made.uses}
            upsert(connection, canned, [row], only=OURS)
        case RemoveCanned(name, team):
            connection.execute(delete(canned).where(canned.c.name == name, canned.c.team == team))
        case CountUse(name, team):
            row = {"name": name, "team": team, "text": None, "created_by": "", "updated_at": None, "uses": 1}
            connection.execute(_count(connection.dialect.name), [row])


@cache
def _count(dialect: str) -> Insert:
    statement: Any = insert_into(dialect, canned)
    counted: Insert = statement.on_conflict_do_update(index_elements=["name", "team"], set_={"uses": canned.c.uses + 1})
    return counted


def _read(row: RowMapping) -> Canned:
    return Canned(
        name=row["name"],
        team=row["team"],
        text=row["text"],
        created_by=row["created_by"],
        updated_at=row["updated_at"],
        uses=row["uses"],
    )

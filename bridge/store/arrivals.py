"""The one insert that every text and event waits for: many rows in one statement, written for each driver by hand.

SQLAlchemy would bind and convert each value of each row by itself and, on PostgreSQL, prepare a statement for every
number of rows: twice the time of the whole insert.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Connection

from bridge.ports.rows import InboxDraft
from bridge.store.types import EPOCH, MICROSECOND, clean

Identity: TypeAlias = tuple[str, str]
"""Source and external id, as they are stored."""

AT_ONCE = 50
"""Rows in one statement on SQLite, which keeps a compiled statement for each number of them."""
SQLITE = "INSERT INTO inbox (received_at, attempts, source, external_id, kind, body, problem) VALUES "
SQLITE_LAST = "SELECT source, external_id FROM inbox ORDER BY id DESC LIMIT ?"
POSTGRESQL = """
    INSERT INTO inbox (received_at, attempts, source, external_id, kind, body, problem)
    SELECT $1::timestamptz, 0, source, external_id, kind, body, problem
    FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[])
        AS arriving(source, external_id, kind, body, problem)
    ON CONFLICT DO NOTHING RETURNING source, external_id
"""


def identity(draft: InboxDraft) -> Identity:
    """What makes a repeat a repeat, as it is stored."""
    return clean(draft.source), clean(draft.external_id)


def insert_new(connection: Connection, drafts: Sequence[InboxDraft], now: datetime) -> set[Identity]:
    """Store drafts; returns the identities of those that were not there yet."""
    if not drafts:
        return set()
    rows = [(*identity(one), one.kind, one.body, one.problem and clean(one.problem)) for one in drafts]
    if connection.dialect.name == "postgresql":
        columns = (list(column) for column in zip(*rows, strict=True))
        found = connection.exec_driver_sql(POSTGRESQL, (now, *columns))
        return {(row[0], row[1]) for row in found}
    return _insert_sqlite(connection, rows, (now - EPOCH) // MICROSECOND)


def _insert_sqlite(connection: Connection, rows: Sequence[tuple[Any, ...]], now: int) -> set[Identity]:
    stored = 0
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        values = tuple(value for row in part for value in (now, *row))
        stored += connection.exec_driver_sql(_sqlite(len(part)), values).rowcount
    if stored == len(rows):  # nearly always
        return {(row[0], row[1]) for row in rows}
    # Ids only grow and nobody else writes meanwhile: the last ones are ours.
    return {(row[0], row[1]) for row in connection.exec_driver_sql(SQLITE_LAST, (stored,))}


@cache
def _sqlite(count: int) -> str:
    return SQLITE + ",".join(["(?, 0, ?, ?, ?, ?, ?)"] * count) + " ON CONFLICT DO NOTHING"

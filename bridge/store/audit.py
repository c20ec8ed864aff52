"""The record of acts: each entry seals the one before it, and a counter seals the last.

An entry's hash is SHA-256 over the hash before it, a line feed, and the entry as JSON (sorted keys, no spaces, ASCII).
Changing, removing, adding or swapping entries breaks the chain; removing the last ones contradicts the counter.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select
from sqlalchemy.exc import DBAPIError

from bridge.domain.effects import Record, Recorded
from bridge.store.side_schema import audit, counters
from bridge.store.statements import Values, upsert
from bridge.store.types import clean, dump

COUNTER = "audit"
NO_HASH = ""
PAGE = 1000

LAST = select(counters.c.value, counters.c.hash).where(counters.c.name == COUNTER).with_for_update()
ENTRIES = select(audit).where(audit.c.id > bindparam("after")).order_by(audit.c.id).limit(PAGE)
NAMES = [column.name for column in audit.c]
NUMBERS = ENTRIES.with_only_columns(audit.c.id)
ENTRY = select(audit).where(audit.c.id == bindparam("wanted"))
IN_FRONT = select(audit.c.id).where(audit.c.id < 1).order_by(audit.c.id).limit(1)
UNREADABLE = (TypeError, ValueError, OverflowError, DBAPIError)
"""What a value that the bridge did not write may cause: a blob for words, words for a time, no UTF-8."""

OF_CONVERSATION = (
    select(audit).where(audit.c.conversation == bindparam("of")).order_by(audit.c.id.desc()).limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An act to put on record. ``conversation``: whose, unless the act says."""

    at: datetime
    conversation: int | None
    record: Record


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Result of a check: how many entries are in order, and what is wrong with the next."""

    entries: int
    problem: str | None = None


def page(connection: Connection, after: int) -> Sequence[RowMapping]:
    """The next entries of the whole record, oldest first, as they are stored."""
    return connection.execute(ENTRIES, {"after": after}).mappings().all()


def sealed(previous: str, row: Mapping[Any, Any]) -> str:
    """The hash of an entry that follows one with the hash ``previous``."""
    entry = {
        "id": row["id"],
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "act": row["act"],
        "actor": row["actor"],
        "surface": row["surface"],
        "conversation": row["conversation"],
        "message": row["message"],
        "detail": row["detail"],
    }
    return hashlib.sha256(f"{previous}\n{dump(entry)}".encode()).hexdigest()


def append(connection: Connection, entries: Sequence[Entry]) -> None:
    """Write entries at the end of the chain."""
    if not entries:
        return
    last = connection.execute(LAST).first()
    number, previous = (0, NO_HASH) if last is None else (last[0], last[1] or NO_HASH)
    rows: list[Values] = []
    for entry in entries:
        number += 1
        row: Values = {
            "id": number,
            "at": entry.at,
            "act": clean(entry.record.act),
            "actor": clean(entry.record.actor),
            "surface": clean(entry.record.surface),
            "conversation": entry.conversation if entry.record.conversation is None else entry.record.conversation,
            "message": None if entry.record.message is None else clean(entry.record.message),
            "detail": clean(entry.record.detail),
            "prev_hash": previous,
        }
        previous = row["hash"] = sealed(previous, row)
        rows.append(row)
    connection.execute(insert(audit), rows)
    upsert(connection, counters, [{"name": COUNTER, "value": number, "hash": previous}])


def newest(connection: Connection, conversation: int, limit: int) -> list[Recorded]:
    """The entries of a conversation, newest first."""
    rows = connection.execute(OF_CONVERSATION, {"of": conversation, "most": limit}).mappings()
    return [
        Recorded(row["at"], Record(row["act"], row["actor"], row["surface"], row["message"], row["detail"]))
        for row in rows
    ]


def verify(connection: Connection) -> AuditReport:
    """Check the whole chain, a page at a time. Raises DBAPIError when the database cannot be read at all."""
    if (early := connection.execute(IN_FRONT).scalar()) is not None:
        return AuditReport(0, f"entry {early} was added in front of the first")
    number, previous = 0, NO_HASH
    while page := list(_page(connection, number)):
        for found, row in page:
            problem = _wrong(found, row, number, previous)
            if row is None or problem is not None:
                return AuditReport(number, problem)
            number, previous = found, row["hash"]
    last = connection.execute(LAST).first()
    expected, seal = (0, NO_HASH) if last is None else (last[0], last[1] or NO_HASH)
    if expected > number:
        return AuditReport(number, f"entry {number + 1} and later ones are missing")
    if (expected, seal) != (number, previous):
        return AuditReport(number, f"entry {number} is not the one recorded as the last")
    return AuditReport(number)


def _page(connection: Connection, after: int) -> Iterator[tuple[int, Mapping[Any, Any] | None]]:
    """The next entries with their numbers; None for one that holds what the bridge cannot have written."""
    try:
        rows = connection.execute(ENTRIES, {"after": after}).all()
    except UNREADABLE:
        for number in connection.execute(NUMBERS, {"after": after}).scalars().all():
            yield number, _entry(connection, number)
    else:
        # a plain dictionary is read several times as fast as a row
        yield from ((row[0], dict(zip(NAMES, row, strict=True))) for row in rows)


def _entry(connection: Connection, number: int) -> Mapping[Any, Any] | None:
    try:
        return connection.execute(ENTRY, {"wanted": number}).mappings().one()
    except UNREADABLE:
        return None


def _wrong(found: int, row: Mapping[Any, Any] | None, before: int, previous: str) -> str | None:
    """What is wrong with the entry that follows ``before``, whose hash is ``previous``."""
    if found != before + 1:
        return f"entry {before + 1} is missing"
    if row is not None and row["prev_hash"] != previous:
        return f"entry {found} does not follow the one before it"
    return None if row is not None and _is_whole(previous, row) else f"entry {found} was changed"


def _is_whole(previous: str, row: Mapping[Any, Any]) -> bool:
    """Whether an entry is as it was sealed."""
    try:
        return bool(row["hash"] == sealed(previous, row))
    except UNREADABLE:
        return False

"""The queue: what waits, by section. Each question is answered from an index, whatever else the tables hold."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, literal, select, text, union_all

from bridge.domain.conversations import ConversationStatus, ThreadState
from bridge.domain.messages import Hold, MessageStatus
from bridge.domain.people import ChatRef
from bridge.domain.queue import COUNTED, MOST, PAGE, SECTIONS, QueueEntry, Section
from bridge.store.schema import contacts, conversations, messages, threads

OPEN = conversations.c.status == ConversationStatus.OPEN
# Word for word the condition of the index: SQLite uses it for nothing else.
ATTENTION = text("messages.kind = 'reply' AND messages.status IN ('held', 'failed', 'unknown')")
FOR_A_PERSON = (Hold.CONFIRM, Hold.GUARD, Hold.LENGTH, Hold.STALE)


def counts(connection: Connection, lines: Sequence[str], person: str) -> list[tuple[Section, int]]:
    """How many conversations each section holds, counted up to ``COUNTED``."""
    parts = [
        select(literal(section).label("section"), func.count().label("many")).select_from(
            select(_numbers(section, lines, person, COUNTED).c.number).limit(COUNTED).subquery()
        )
        for section in SECTIONS
    ]
    found = {row.section: row.many for row in connection.execute(union_all(*parts))}
    return [(section, found[section]) for section in SECTIONS]


def page(
    connection: Connection, lines: Sequence[str], person: str, section: Section, *, offset: int, platform: str
) -> list[QueueEntry]:
    """One page of a section and one entry more if there is a next; names and addresses as stored."""
    last = min(offset + PAGE + 1, MOST)
    numbers = _numbers(section, lines, person, last)
    # NULLs last on both databases
    order = (numbers.c.since.is_(None), numbers.c.since, numbers.c.number)
    found = connection.execute(
        select(numbers.c.number, numbers.c.since).order_by(*order).offset(offset).limit(PAGE + 1)
    ).all()
    shown = _details(connection, [row.number for row in found], platform)
    return [replace(shown[row.number], since=row.since) for row in found]


def _numbers(section: Section, lines: Sequence[str], person: str, most: int) -> Any:
    """(number, since) of the first conversations of a section, each line's taken from its index."""
    parts = [_of_line(section, line, person).limit(most).subquery() for line in lines]
    return union_all(*(select(part.c.number, part.c.since) for part in parts)).subquery()


def _of_line(section: Section, line: str, person: str) -> Select[Any, Any]:
    number, since = conversations.c.number, conversations.c.waiting_since
    here = conversations.c.line == line
    match section:
        case "mine":
            asked = select(number, since.label("since")).where(here, OPEN, conversations.c.assignee == person)
            return asked.order_by(since.is_(None), since, number)
        case "unassigned":
            asked = select(number, conversations.c.created_at.label("since"))
            return asked.where(here, OPEN, conversations.c.assignee.is_(None)).order_by(number)
        case "waiting":
            return select(number, since.label("since")).where(here, OPEN, since.is_not(None)).order_by(since, number)
        case "snoozed":
            snoozed = conversations.c.status == ConversationStatus.SNOOZED
            return select(number, conversations.c.created_at.label("since")).where(here, snoozed).order_by(number)
        case "held":
            wanted = (messages.c.status == MessageStatus.HELD) & messages.c.hold.in_(FOR_A_PERSON)
            return _with_message(line, wanted)
        case "failed":
            return _with_message(line, messages.c.status.in_((MessageStatus.FAILED, MessageStatus.UNKNOWN)))


def _with_message(line: str, wanted: Any) -> Select[Any, Any]:
    since = func.min(messages.c.created_at).label("since")
    return (
        select(conversations.c.number, since)
        .join(conversations, conversations.c.number == messages.c.conversation)
        .where(ATTENTION, wanted)
        .where(conversations.c.line == line, conversations.c.status != ConversationStatus.CLOSED)
        .group_by(conversations.c.number)
        .order_by(since, conversations.c.number)
    )


def _details(connection: Connection, numbers: Sequence[int], platform: str) -> dict[int, QueueEntry]:
    statement = (
        select(conversations, contacts.c.name, contacts.c.address)
        .join(contacts, contacts.c.id == conversations.c.contact)
        .where(conversations.c.number.in_(numbers))
    )
    roots = dict[int, ChatRef | None]()
    shown = select(threads.c.conversation, threads.c.root).where(
        threads.c.conversation.in_(numbers), threads.c.platform == platform, threads.c.state == ThreadState.OPEN
    )
    for row in connection.execute(shown.order_by(threads.c.created_at)):
        roots[row.conversation] = row.root
    return {row["number"]: _entry(row, roots.get(row["number"])) for row in connection.execute(statement).mappings()}


def _entry(row: RowMapping, root: ChatRef | None) -> QueueEntry:
    return QueueEntry(
        number=row["number"],
        name=row["name"] or "",
        address=row["address"],
        line=row["line"],
        status=row["status"],
        assignee=row["assignee"],
        root=root,
    )

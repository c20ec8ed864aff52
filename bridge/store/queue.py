"""The queue: what waits, by section. Each question is answered from an index, whatever else the tables hold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, case, func, literal, select, text, union_all

from bridge.domain.conversations import ConversationStatus, ThreadState
from bridge.domain.messages import Hold, MessageStatus
from bridge.domain.people import ChatRef
from bridge.domain.queue import COUNTED, MOST, PAGE, SECTIONS, QueueEntry, Section
from bridge.store.schema import contacts, conversations, messages, threads

# Word for word the condition of the index: SQLite uses it for nothing else.
ATTENTION = text("messages.kind = 'reply' AND messages.status IN ('held', 'failed', 'unknown')")
OPTED_OUT = text("conversations.opted_out")
MAY_BE_TEXTED = (conversations.c.opted_out.is_(False), conversations.c.blocked.is_(False))
"""Nobody can do anything for the others, who would stand first in the lists until somebody closes them."""
ANSWERABLE = (*MAY_BE_TEXTED, conversations.c.answer_held_until.is_(None))
"""What nobody has answered yet; an answer that is held leaves by itself."""
HELD = (messages.c.status == MessageStatus.HELD) & messages.c.hold.not_in((Hold.UNDO, Hold.LATER))
FAILED = messages.c.status.in_((MessageStatus.FAILED, MessageStatus.UNKNOWN))


def counts(connection: Connection, lines: Sequence[str], people: Sequence[str]) -> list[tuple[Section, int]]:
    """How many conversations each section holds, counted up to ``COUNTED``."""
    parts = [
        select(literal(section).label("section"), func.count().label("many")).select_from(
            _numbers(section, lines, people, None).limit(COUNTED).subquery()
        )
        for section in SECTIONS
    ]
    found = {row.section: row.many for row in connection.execute(union_all(*parts))}
    return [(section, found[section]) for section in SECTIONS]


def opted_out(connection: Connection, lines: Sequence[str], since: datetime) -> int:
    """How many conversations of these lines, whose contact wrote since then, are opted out."""
    wanted = select(func.count()).where(
        OPTED_OUT, conversations.c.line.in_(lines), conversations.c.last_inbound_at >= since
    )
    return connection.execute(wanted).scalar_one()


def page(
    connection: Connection, lines: Sequence[str], people: Sequence[str], section: Section, *, offset: int, platform: str
) -> list[QueueEntry]:
    """One page of a section and one entry more if there is a next; names and addresses as stored."""
    numbers = _numbers(section, lines, people, min(offset + PAGE + 1, MOST)).subquery()
    # NULLs last on both databases
    order = (numbers.c.since.is_(None), numbers.c.since, numbers.c.number)
    found = connection.execute(select(numbers).order_by(*order).offset(offset).limit(PAGE + 1)).all()
    shown = details(connection, [row.number for row in found], platform)
    return [replace(shown[row.number], since=row.since) for row in found]


def _numbers(section: Section, lines: Sequence[str], people: Sequence[str], first: int | None) -> Any:
    """(number, since) of the ``first`` conversations of a section, of all without it, and then in no order."""
    if section == "held":
        return _with_message(lines, HELD, first)
    if section == "failed":
        return _with_message(lines, FAILED, first)
    # A line at a time, so that each is read in the order of its index and no further than needed.
    parts = (_of_line(section, line, people, first).subquery() for line in lines)
    return union_all(*(select(part.c.number, part.c.since) for part in parts))


def _of_line(section: Section, line: str, people: Sequence[str], first: int | None) -> Select[Any, Any]:
    number, waiting, until = conversations.c.number, conversations.c.waiting_since, conversations.c.snoozed_until
    status = ConversationStatus.SNOOZED if section == "snoozed" else ConversationStatus.OPEN
    breached = conversations.c.breached_at
    mine = case((and_(*ANSWERABLE), waiting))
    since = {"mine": mine, "waiting": waiting, "breached": breached, "snoozed": until}.get(
        section, conversations.c.created_at
    )
    asked = select(number, since.label("since"))
    asked = asked.where(conversations.c.line == line, conversations.c.status == status)
    order = (number,)
    if section == "mine":
        asked, order = asked.where(conversations.c.assignee.in_(people)), (mine.is_(None), mine, number)
    elif section == "unassigned":
        asked = asked.where(conversations.c.assignee.is_(None), *MAY_BE_TEXTED)
    elif section == "waiting":
        asked, order = asked.where(waiting.is_not(None), *ANSWERABLE), (waiting, number)
    elif section == "breached":
        asked, order = asked.where(breached.is_not(None), *ANSWERABLE), (breached, number)
    elif section == "snoozed":
        order = (until.is_(None), until, number)
    return asked.limit(COUNTED) if first is None else asked.order_by(*order).limit(first)


def _with_message(lines: Sequence[str], wanted: ColumnElement[bool], first: int | None) -> Select[Any, Any]:
    number, since = conversations.c.number, func.min(messages.c.created_at).label("since")
    asked = (
        select(number, since)
        .join(conversations, number == messages.c.conversation)
        .where(ATTENTION, wanted)
        .where(conversations.c.line.in_(lines))
        .group_by(number)
    )
    # somebody must still decide about a held reply, whatever became of its conversation
    if wanted is not HELD:
        asked = asked.where(conversations.c.status != ConversationStatus.CLOSED)
    return asked if first is None else asked.order_by(since, number).limit(first)


def details(connection: Connection, numbers: Sequence[int], platform: str) -> dict[int, QueueEntry]:
    """Return an entry for each conversation, with its thread on this platform."""
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

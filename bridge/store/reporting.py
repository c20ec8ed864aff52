"""What was said in conversations, for reports: read in portions, so that nobody else waits for long."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from bridge.domain.messages import MessageKind, MessageStatus
from bridge.domain.reports import Strand, Utterance
from bridge.store.queue import ANSWERABLE
from bridge.store.schema import conversations, messages
from bridge.store.side_schema import audit

NEVER_LEFT = (MessageStatus.HELD, MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.CANCELLED)
CLOSED = "closed"


def strands(
    connection: Connection, lines: Sequence[str], since: datetime, *, after: int, limit: int
) -> Sequence[Strand]:
    """What was said since then in the next ``limit`` conversations of these lines that were in use."""
    number, begun = conversations.c.number, conversations.c.created_at
    times = (begun, conversations.c.last_inbound_at, conversations.c.last_outbound_at, conversations.c.closed_at)
    chosen = (
        select(number, conversations.c.line, begun, and_(*ANSWERABLE).label("answerable"))
        .where(number > after, conversations.c.line.in_(lines), or_(*(time >= since for time in times)))
        .order_by(number)
        .limit(limit)
    )
    found = connection.execute(chosen).all()
    said = _said(connection, [row.number for row in found], since)
    return [
        Strand(
            row.number,
            row.line,
            tuple(said[row.number]),
            whole=row.created_at >= since,
            answerable=bool(row.answerable),
        )
        for row in found
    ]


def _said(connection: Connection, numbers: Sequence[int], since: datetime) -> dict[int, list[Utterance]]:
    found = defaultdict[int, list[Utterance]](list)
    texts = select(messages).where(
        messages.c.conversation.in_(numbers),
        messages.c.created_at >= since,
        messages.c.kind != MessageKind.COMMENT,
        # what a rule texted, and what the bridge asks or confirms about consent, is nobody's reply
        or_(messages.c.kind == MessageKind.INBOUND, messages.c.author.is_not(None)),
        messages.c.status.not_in(NEVER_LEFT),
    )
    for row in connection.execute(texts):
        kind = "text" if row.kind is MessageKind.INBOUND else "reply"
        at = row.created_at if kind == "text" else row.settled_at or row.created_at  # a reply is said when it leaves
        failed = row.status is MessageStatus.FAILED
        segments = 0 if failed and row.provider_id is None else row.segments  # one we refused ourselves cost nothing
        found[row.conversation].append(Utterance(at, kind, row.author, failed, segments))
    closes = select(audit.c.conversation, audit.c.at).where(
        audit.c.conversation.in_(numbers), audit.c.act == CLOSED, audit.c.at >= since
    )
    for row in connection.execute(closes):
        found[row.conversation].append(Utterance(row.at, "closed"))
    for said in found.values():
        said.sort(key=lambda one: one.at)
    return found

"""What happened in stored conversations, for trying rules on it: read in portions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, select

from bridge.domain.messages import MessageKind
from bridge.domain.past import Happening, Past, Step
from bridge.domain.people import Contact
from bridge.store.schema import contacts, conversations, messages
from bridge.store.side_schema import audit

RULES = "rule:"
ACTS: Mapping[str, Happening] = {
    "replied": "reply",
    "released": "reply",
    "sent_later": "reply",
    "sent_again": "reply",
    "closed": "closed",
    "reopened": "reopened",
    "assigned": "assigned",
    "claimed": "assigned",
    "unassigned": "unassigned",
    "labelled": "labelled",
    "failed": "failed",
    "sorted": "sorted",
}
"""What a rule may ask of what people did."""


def pasts(connection: Connection, since: datetime, *, after: int, limit: int) -> Sequence[Past]:
    """The next ``limit`` conversations with a number above ``after`` that something was texted in since then."""
    earlier = conversations.alias()
    texted = exists().where(
        messages.c.conversation == conversations.c.number,
        messages.c.kind == MessageKind.INBOUND,
        messages.c.created_at >= since,
    )
    has_earlier = exists().where(
        earlier.c.contact == conversations.c.contact, earlier.c.number < conversations.c.number
    )
    chosen = (
        select(conversations, contacts.c.address, contacts.c.name, contacts.c.zone, has_earlier.label("has_earlier"))
        .join(contacts, contacts.c.id == conversations.c.contact)
        .where(conversations.c.number > after, texted)
        .order_by(conversations.c.number)
        .limit(limit)
    )
    rows = connection.execute(chosen).all()
    steps = _steps(connection, [row.number for row in rows], since)
    return [
        Past(
            number=row.number,
            line=row.line,
            contact=Contact(row.contact, row.address, row.name, row.zone),
            created_at=row.created_at,
            whole=row.created_at >= since,
            first=not row.has_earlier,
            steps=tuple(sorted(steps[row.number], key=lambda step: (step.at, step.kind != "text"))),
        )
        for row in rows
    ]


def _steps(connection: Connection, numbers: Sequence[int], since: datetime) -> dict[int, list[Step]]:
    found = defaultdict[int, list[Step]](list)
    texts = select(messages).where(
        messages.c.conversation.in_(numbers),
        messages.c.kind == MessageKind.INBOUND,
        messages.c.created_at >= since,
    )
    for row in connection.execute(texts):
        step = Step(at=row.created_at, kind="text", id=row.id, body=row.body, media=row.media)
        found[row.conversation].append(step)
    acts = select(audit).where(audit.c.conversation.in_(numbers), audit.c.at >= since, audit.c.act.in_(ACTS))
    for row in connection.execute(acts):
        if not row.actor.startswith(RULES):
            detail = row.actor if row.act == "claimed" else "" if row.act == "unassigned" else row.detail
            found[row.conversation].append(Step(at=row.at, kind=ACTS[row.act], detail=detail, id=row.message or ""))
    return found

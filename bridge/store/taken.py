"""Which of the provider's ids are spoken for, so that a look-up by content adopts none of them."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, union

from bridge.domain.events import SendSettled
from bridge.domain.messages import MessageKind
from bridge.store.codec import OWN
from bridge.store.schema import conversations, inbox, messages
from bridge.store.side_schema import audit

this = conversations.alias("this")
# A provider's list tells texts apart by contact and line, not by conversation.
OF_CONTACT = (
    select(conversations.c.number)
    .join(this, (this.c.contact == conversations.c.contact) & (this.c.line == conversations.c.line))
    .where(this.c.number == bindparam("number"))
)
# What was merged elsewhere was answered there.
OF_THE_SAME = union(OF_CONTACT, select(messages.c.conversation).where(messages.c.via.in_(OF_CONTACT)))
# A reply sent again carries only its newest id; the log has the earlier ones.
WRITTEN_DOWN = union(
    select(messages.c.provider_id).where(
        messages.c.conversation.in_(OF_THE_SAME),
        messages.c.kind == MessageKind.REPLY,
        messages.c.provider_id.is_not(None),
        messages.c.settled_at >= bindparam("since", type_=messages.c.settled_at.type),
    ),
    select(audit.c.detail).where(
        audit.c.conversation.in_(OF_THE_SAME),
        audit.c.act == "sent",
        audit.c.at >= bindparam("since", type_=audit.c.at.type),
    ),
)
# A send that was answered is not yet written down while its event waits, as it may after a crash.
WAITING = select(inbox.c.body).where(
    inbox.c.handled_at.is_(None),
    inbox.c.problem.is_(None),
    inbox.c.source == OWN,
    inbox.c.kind == SendSettled.__name__,
)


def provider_ids(connection: Connection, conversation: int, since: datetime) -> frozenset[str]:
    """Ids of texts from a conversation's line to its contact since then, and of all that wait to be written down."""
    written_down = connection.execute(WRITTEN_DOWN, {"number": conversation, "since": since}).scalars()
    return frozenset({*written_down, *_waiting(connection)}) - {""}


def _waiting(connection: Connection) -> Iterator[str]:
    for body in connection.execute(WAITING).scalars():
        if found := json.loads(body).get("provider_id"):
            yield found

"""Rows <-> values of the domain and of the port. Columns carry the names of the fields; types.py converts."""

from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Row, RowMapping

from bridge.domain.consent import ConsentEntry
from bridge.domain.conversations import ChatPost, Conversation, Reminder, Thread
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef, Contact
from bridge.ports.rows import InboxRow, OutboxRow, TimerRow
from bridge.store.codec import OWN, decode
from bridge.store.statements import Values

V = TypeVar("V", Contact, Conversation, Reminder, Thread, Message, OutboxRow, TimerRow)

CONTACT = tuple(field.name for field in fields(Contact))
CONVERSATION = tuple(field.name for field in fields(Conversation))
ENTRY = tuple(field.name for field in fields(ConsentEntry))
REMINDER = tuple(field.name for field in fields(Reminder))
THREAD = tuple(field.name for field in fields(Thread))
MESSAGE = tuple(field.name for field in fields(Message))
OUTBOX = tuple(field.name for field in fields(OutboxRow) if field.name != "token")
TIMER = tuple(field.name for field in fields(TimerRow))


def values_of(value: object, names: tuple[str, ...]) -> Values:
    """The row of a value."""
    return {name: getattr(value, name) for name in names}


def read(kind: type[V], names: tuple[str, ...], row: RowMapping, prefix: str = "") -> V:
    """The value of a row, whose columns may be labelled with a prefix."""
    return kind(**{name: row[prefix + name] for name in names})


def read_outbox(row: Row[Any], token: int) -> OutboxRow:
    """A row that begins with the columns ``OUTBOX``; ``token``: of the claim it was taken with."""
    return OutboxRow(**dict(zip(OUTBOX, row, strict=False)), token=token)


def read_inbox(row: Row[Any]) -> InboxRow:
    """A row of the inbox, an own event decoded."""
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name begins with an underscore
    source, kind, body = found["source"], found["kind"], found["body"]
    return InboxRow(
        id=found["id"],
        source=source,
        external_id=found["external_id"],
        kind=kind,
        received_at=found["received_at"],
        attempts=found["attempts"],
        body=body,
        problem=found["problem"],
        event=decode(kind, body) if source == OWN else None,
    )


def post_values(post: ChatPost) -> Values:
    """The row of a chat post, without what is shown and when it was made."""
    return {
        "platform": post.ref.platform,
        "room": post.ref.room,
        "ref": post.ref.id,
        "conversation": post.conversation,
        "role": post.role,
        "message": post.message,
        "mark": post.mark,
    }


def read_post(row: RowMapping) -> ChatPost:
    """The chat post of a row."""
    return ChatPost(
        ref=ChatRef(row["platform"], row["room"], row["ref"]),
        conversation=row["conversation"],
        role=row["role"],
        message=row["message"],
        mark=row["mark"],
    )

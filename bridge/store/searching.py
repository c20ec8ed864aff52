"""Texts, replies, comments and contacts found by words, in the newest conversations: so no search costs much."""

import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bridge.domain.queue import QueueEntry, excerpt
from bridge.store.queue import details
from bridge.store.schema import contacts, conversations, messages

LOOKED_AT = 2_000
"""Conversations of the lines that are looked through, the newest by number."""
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def found(
    connection: Connection, lines: Sequence[str], words: Sequence[str], *, limit: int, platform: str
) -> list[QueueEntry]:
    """The conversations of these lines in which a message, or the contact's name and address, hold all of ``words``.

    Newest message first, each with an excerpt of it. Capitals do not matter.
    """
    number, contact = conversations.c.number, conversations.c.contact
    newest = select(number).where(conversations.c.line.in_(lines)).order_by(number.desc()).limit(LOOKED_AT)
    numbers = [row.number for row in connection.execute(newest)]
    said = (
        select(messages.c.conversation, func.max(messages.c.created_at).label("at"))
        .where(messages.c.conversation.in_(numbers), *(_holds(messages.c.body, word) for word in words))
        .group_by(messages.c.conversation)
    )
    called = (
        select(number, func.coalesce(conversations.c.last_inbound_at, conversations.c.created_at).label("at"))
        .join(contacts, contacts.c.id == contact)
        .where(number.in_(numbers))
        .where(*(or_(_holds(contacts.c.name, word), _holds(contacts.c.address, word)) for word in words))
    )
    at: dict[int, datetime] = {row.number: row.at for row in connection.execute(called)}
    at |= {row.conversation: row.at for row in connection.execute(said)}
    chosen = sorted(at, key=lambda one: (at[one], one), reverse=True)[:limit]
    shown, excerpts = details(connection, chosen, platform), _excerpts(connection, chosen, words)
    return [replace(shown[one], since=at[one], words=excerpts.get(one, "")) for one in chosen]


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    # Databases know the small letters of a to z alike, and of others each its own.
    ways = sorted({way.translate(_SMALL) for way in (word.lower(), word.upper(), word.capitalize())})
    return or_(*(func.lower(column).contains(way, autoescape=True) for way in ways))


def _excerpts(connection: Connection, numbers: Sequence[int], words: Sequence[str]) -> dict[int, str]:
    wanted = select(messages.c.conversation, messages.c.body).where(
        messages.c.conversation.in_(numbers), and_(*(_holds(messages.c.body, word) for word in words))
    )
    rows = connection.execute(wanted.order_by(messages.c.created_at, messages.c.id))
    return {row.conversation: excerpt(row.body, words[0]) for row in rows}

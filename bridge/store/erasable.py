"""Whom an erasure is about, what there is of them, and whether anything of it is under way."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select

from bridge.domain.conversations import Conversation
from bridge.domain.people import ChatRef
from bridge.ports.store import Unit
from bridge.store.inspect import UNHANDLED, UNSETTLED, connection_of
from bridge.store.mapping import CONVERSATION, read
from bridge.store.schema import (
    contact_addresses,
    contacts,
    conversations,
    inbox,
    lanes,
    messages,
    outbox,
)
from bridge.store.schema import threads as thread_rows

ERASES = "EraseThread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who is to be erased: ids of contacts and numbers of their conversations, lowest first.

    ``unknown``: addresses nobody has. ``linked``: addresses whose conversations were merged with these and are not
    named. ``opted_out``: contacts with an opt-out in force. ``left``: posts of teammates, which no bot can remove.
    """

    contacts: tuple[str, ...]
    numbers: tuple[int, ...]
    unknown: tuple[str, ...]
    linked: tuple[str, ...]
    opted_out: frozenset[str]
    left: tuple[ChatRef, ...]


def look(unit: Unit, addresses: Sequence[str]) -> Known:
    """Look up who has these addresses and what there is of them; changes nothing."""
    connection = connection_of(unit)
    found = connection.execute(select(contact_addresses).where(contact_addresses.c.address.in_(addresses))).all()
    ids = tuple(sorted({row.contact for row in found}))
    own = conversations_where(connection, conversations.c.contact.in_(ids))
    numbers = tuple(one.number for one in own)
    origins = connection.execute(
        select(messages.c.origin).where(of_conversations(numbers), messages.c.origin.is_not(None)).distinct()
    ).scalars()
    return Known(
        contacts=ids,
        numbers=numbers,
        unknown=tuple(one for one in addresses if one not in {row.address for row in found}),
        linked=_linked(connection, own, ids),
        opted_out=frozenset(one.contact for one in own if one.opted_out),
        left=tuple(sorted(origins, key=lambda ref: (ref.platform, ref.room, ref.id))),
    )


def conversations_where(connection: Connection, wanted: ColumnElement[bool]) -> list[Conversation]:
    """Return the conversations that this holds for, lowest number first."""
    rows = connection.execute(select(conversations).where(wanted).order_by(conversations.c.number))
    return [read(Conversation, CONVERSATION, row) for row in rows.mappings()]


def _linked(connection: Connection, own: Sequence[Conversation], ids: Sequence[str]) -> tuple[str, ...]:
    """Addresses of others whose conversations go on in these, or the other way round, at any remove."""
    seen = {one.number: one for one in own}
    wanted = _beside(own) - seen.keys()
    while wanted:
        more = conversations_where(connection, conversations.c.number.in_(wanted))
        seen |= {one.number: one for one in more}
        wanted = _beside(more) - seen.keys()
    others = {one.contact for one in seen.values()} - set(ids)
    return tuple(
        connection.execute(
            select(contacts.c.address).where(contacts.c.id.in_(others)).order_by(contacts.c.address)
        ).scalars()
    )


def _beside(found: Sequence[Conversation]) -> set[int]:
    return {number for one in found for number in (*one.joined, *((one.merged.into,) if one.merged else ()))}


def is_busy(unit: Unit, known: Known, addresses: Sequence[str]) -> bool:
    """Tell whether a call for them is under way, or a request about them waits to be handled."""
    connection = connection_of(unit)
    leased = (
        select(outbox.c.key)
        .join(lanes, lanes.c.key == outbox.c.lane)
        .where(UNSETTLED, outbox.c.conversation.in_(known.numbers), outbox.c.kind != ERASES)
        .where(or_(lanes.c.holder.is_not(None), outbox.c.status.in_(("preparing", "in_flight", "checking"))))
        .limit(1)
    )
    if connection.execute(leased).first() is not None:
        return True
    roots = connection.execute(select(thread_rows.c.root).where(thread_rows.c.conversation.in_(known.numbers)))
    needles = [*digits_of(addresses), *(root.id.encode() for root in roots.scalars() if root is not None)]
    bodies = connection.execute(select(inbox.c.body).where(UNHANDLED)).scalars()
    return any(needle in body for body in bodies for needle in needles)


def digits_of(addresses: Sequence[str]) -> list[bytes]:
    """Return each address as raw requests hold it, in whatever form they put it."""
    return [address.lstrip("+").encode() for address in addresses]


def of_conversations(numbers: Sequence[int]) -> ColumnElement[bool]:
    """Theirs, also what came or went by them while another conversation was theirs too."""
    return or_(messages.c.conversation.in_(numbers), messages.c.via.in_(numbers))

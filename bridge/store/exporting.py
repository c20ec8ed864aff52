"""Whole conversations for export: read in portions, so that a running service waits for none of them for long."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from bridge.domain.conversations import Conversation, Thread
from bridge.domain.messages import Message
from bridge.domain.people import Contact
from bridge.store.mapping import CONTACT, CONVERSATION, MESSAGE, THREAD, read
from bridge.store.schema import contact_addresses, contacts, conversations, messages, threads

PORTION = 200


@dataclass(frozen=True, slots=True)
class Exported:
    """A conversation with all that was said in it, oldest first, and every thread it was shown in.

    ``further``: whom ``Message.via`` means, by the number of the conversation that was merged in.
    """

    conversation: Conversation
    contact: Contact
    threads: tuple[Thread, ...]
    messages: tuple[Message, ...]
    further: Mapping[int, Contact]


def portion(connection: Connection, after: int, only: Sequence[int] | None) -> list[Exported]:
    """The next conversations by number. ``only``: of these; None: of all."""
    wanted = [conversations.c.number > after]
    if only is not None:
        wanted.append(conversations.c.number.in_(only))
    chosen = select(conversations).where(*wanted).order_by(conversations.c.number).limit(PORTION)
    found = [read(Conversation, CONVERSATION, row) for row in connection.execute(chosen).mappings()]
    numbers = [one.number for one in found]
    people = _people(connection, [one.contact for one in found])
    shown, said = _threads(connection, numbers), _messages(connection, numbers)
    merged = _merged(connection, {one.via for every in said.values() for one in every if one.via is not None})
    return [
        Exported(
            conversation=one,
            contact=people[one.contact],
            threads=tuple(shown[one.number]),
            messages=tuple(said[one.number]),
            further={text.via: merged[text.via] for text in said[one.number] if text.via is not None},
        )
        for one in found
    ]


def numbers_of(connection: Connection, contact: str) -> Sequence[int]:
    """The contact's conversations, and those of others in which they texted or were texted by a merging."""
    own = select(conversations.c.number).where(conversations.c.contact == contact)
    told = select(messages.c.conversation).where(messages.c.via.in_(own))
    number = conversations.c.number
    return connection.execute(select(number).where(or_(number.in_(own), number.in_(told)))).scalars().all()


def contact_at(connection: Connection, address: str) -> Contact | None:
    """Whose an address is, None when nobody was ever texted there."""
    wanted = (
        select(contacts)
        .join(contact_addresses, contact_addresses.c.contact == contacts.c.id)
        .where(contact_addresses.c.address == address)
    )
    row = connection.execute(wanted).mappings().first()
    return None if row is None else read(Contact, CONTACT, row)


def _people(connection: Connection, ids: Sequence[str]) -> dict[str, Contact]:
    rows = connection.execute(select(contacts).where(contacts.c.id.in_(set(ids)))).mappings()
    return {row["id"]: read(Contact, CONTACT, row) for row in rows}


def _merged(connection: Connection, numbers: set[int]) -> dict[int, Contact]:
    wanted = select(conversations.c.number, conversations.c.contact).where(conversations.c.number.in_(numbers))
    whose = {row.number: row.contact for row in connection.execute(wanted)}
    people = _people(connection, list(whose.values()))
    return {number: people[contact] for number, contact in whose.items()}


def _threads(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Thread]]:
    found = defaultdict[int, list[Thread]](list)
    wanted = select(threads).where(threads.c.conversation.in_(numbers)).order_by(threads.c.created_at, threads.c.id)
    for row in connection.execute(wanted).mappings():
        found[row["conversation"]].append(read(Thread, THREAD, row))
    return found


def _messages(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Message]]:
    found = defaultdict[int, list[Message]](list)
    wanted = select(messages).where(messages.c.conversation.in_(numbers))
    for row in connection.execute(wanted.order_by(messages.c.created_at, messages.c.id)).mappings():
        found[row["conversation"]].append(read(Message, MESSAGE, row))
    return found

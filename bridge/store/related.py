"""Conversations merged into others: what is read along with one of them. Few conversations have any."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Connection, bindparam, select

from bridge.domain.conversations import Conversation, ConversationStatus, Related, State, Thread, ThreadState
from bridge.domain.people import Contact
from bridge.store.among import among, one_of
from bridge.store.mapping import CONTACT, CONVERSATION, read
from bridge.store.mapping import THREAD as THREAD_FIELDS
from bridge.store.schema import contacts, conversations, threads

FURTHEST = 20
"""Steps from one conversation to the next; more would be a circle."""

CONVERSATIONS = (
    select(
        *conversations.c,
        contacts.c.id.label("contact_id"),
        contacts.c.address.label("contact_address"),
        contacts.c.name.label("contact_name"),
        contacts.c.zone.label("contact_zone"),
    )
    .join(contacts, conversations.c.contact == contacts.c.id)
    .where(conversations.c.number.in_(bindparam("numbers", expanding=True)))
)
THREADS = (
    select(threads)
    .where(threads.c.conversation.in_(bindparam("numbers", expanding=True)), threads.c.state != ThreadState.LOST)
    .order_by(threads.c.created_at, threads.c.id)
)
THREAD = select(threads).where(threads.c.id == bindparam("wanted"))


def with_related(connection: Connection, state: State) -> State:
    """Return a state with the conversations merged into its own, and with those it goes on in."""
    conversation = state.conversation
    if conversation is None or (not conversation.joined and conversation.merged is None):
        return state
    return replace(state, joined=_joined(connection, conversation), chain=_chain(connection, conversation))


def by_number(connection: Connection, numbers: Iterable[int]) -> dict[int, Related]:
    """Return conversations with their contacts and threads, by number."""
    wanted = {"numbers": sorted(set(numbers))}
    if not wanted["numbers"]:
        return {}
    found: dict[int, list[Thread]] = {}
    for row in connection.execute(THREADS, wanted).mappings():
        found.setdefault(row["conversation"], []).append(read(Thread, THREAD_FIELDS, row))
    return {
        row["number"]: Related(
            conversation=read(Conversation, CONVERSATION, row),
            contact=read(Contact, CONTACT, row, prefix="contact_"),
            threads=tuple(found.get(row["number"], ())),
        )
        for row in connection.execute(CONVERSATIONS, wanted).mappings()
    }


def thread(connection: Connection, wanted: str) -> Thread | None:
    """Return the thread of this id, whichever conversation's it is."""
    row = connection.execute(THREAD, {"wanted": wanted}).mappings().first()
    return None if row is None else read(Thread, THREAD_FIELDS, row)


def _joined(connection: Connection, conversation: Conversation) -> tuple[Related, ...]:
    found: dict[int, Related] = {}
    wanted = set(conversation.joined)
    while wanted:
        found |= by_number(connection, wanted)
        wanted = {number for one in found.values() for number in one.conversation.joined} - found.keys()
    return tuple(found.values())


def _chain(connection: Connection, conversation: Conversation) -> tuple[Related, ...]:
    found: list[Related] = []
    last = conversation
    while last.merged is not None and len(found) < FURTHEST:
        step = by_number(connection, (last.merged.into,)).get(last.merged.into)
        if step is None:
            break
        found.append(step)
        last = step.conversation
    return tuple(found)


def of_contacts(connection: Connection, contacts: Sequence[str], lines: Sequence[str], limit: int) -> list[Related]:
    """Return the conversations of these contacts on these lines, newest first."""
    asked = (
        select(conversations.c.number)
        .where(among(conversations.c.contact, "contacts"), among(conversations.c.line, "lines"))
        .order_by(conversations.c.number.desc())
        .limit(bindparam("most"))
    )
    wanted = {"contacts": list(contacts), "lines": list(lines), "most": limit}
    numbers = connection.execute(asked, wanted).scalars().all()
    found = by_number(connection, numbers)
    return [found[number] for number in numbers]


def assigned(connection: Connection, people: Sequence[str], lines: Sequence[str], limit: int) -> list[Related]:
    """Return the conversations of these lines, not closed, that are one of these people's, lowest number first."""
    asked = (
        select(conversations.c.number)
        .where(
            among(conversations.c.line, "lines"),
            one_of(conversations.c.status, ConversationStatus.OPEN, ConversationStatus.SNOOZED),
            among(conversations.c.assignee, "people"),
        )
        .order_by(conversations.c.number)
        .limit(bindparam("most"))
    )
    numbers = connection.execute(asked, {"lines": lines, "people": people, "most": limit}).scalars().all()
    found = by_number(connection, numbers)
    return [found[number] for number in numbers]

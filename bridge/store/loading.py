"""What a decision reads. The conversation's row is locked, so that nobody changes it between reading and writing."""

from typing import Any

from sqlalchemy import Connection, bindparam, or_, select
from sqlalchemy.engine import RowMapping

from bridge.domain.conversations import ChatPost, Conversation, State, Thread, ThreadState
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef, Contact
from bridge.store.mapping import CONTACT, CONVERSATION, MESSAGE, THREAD, read, read_post
from bridge.store.schema import chat_posts, contact_addresses, contacts, conversations, messages, outbox, threads

BOTH = (
    *conversations.c,
    contacts.c.id.label("contact_id"),
    contacts.c.address.label("contact_address"),
    contacts.c.name.label("contact_name"),
)
OF_CONTACT = conversations.c.contact == contacts.c.id

CONVERSATION_BY_NUMBER = (
    select(*BOTH)
    .join(contacts, OF_CONTACT)
    .where(conversations.c.number == bindparam("wanted"))
    .with_for_update(of=conversations, key_share=True)
)
CONTACT_BY_ADDRESS = (
    select(contacts)
    .join(contact_addresses, contact_addresses.c.contact == contacts.c.id)
    .where(contact_addresses.c.address == bindparam("wanted"))
)
LATEST_NUMBER = (
    select(conversations.c.number)
    .where(conversations.c.contact == bindparam("who"), conversations.c.line == bindparam("on_line"))
    .order_by(conversations.c.number.desc())
    .limit(1)
)
THREADS = (
    select(threads)
    .where(
        threads.c.conversation == bindparam("of"),
        or_(
            threads.c.state != ThreadState.LOST,
            threads.c.id == bindparam("thread"),
            threads.c.root.in_(bindparam("roots", type_=threads.c.root.type, expanding=True)),
        ),
    )
    .order_by(threads.c.created_at, threads.c.id)
)
THREAD_BY_ROOT = select(threads.c.conversation).where(threads.c.root == bindparam("wanted"))
PENDING = (
    select(messages)
    .where(
        messages.c.conversation == bindparam("of"),
        messages.c.kind == "reply",
        messages.c.status.in_(("held", "queued")),
    )
    .order_by(messages.c.created_at, messages.c.id)
)
MESSAGE_BY_ID = select(messages).where(messages.c.id == bindparam("wanted"))
MESSAGE_BY_PROVIDER = select(messages).where(
    messages.c.account == bindparam("at"), messages.c.provider_id == bindparam("wanted")
)
MESSAGE_BY_KEY = (
    select(messages).join(outbox, outbox.c.message == messages.c.id).where(outbox.c.key == bindparam("wanted"))
)
POST = select(chat_posts).where(
    chat_posts.c.platform == bindparam("on"), chat_posts.c.room == bindparam("at"), chat_posts.c.ref == bindparam("id")
)
NOTES = (
    select(chat_posts)
    .where(chat_posts.c.message == bindparam("about"), chat_posts.c.role == "note")
    .order_by(chat_posts.c.created_at)
)


def _message(connection: Connection, statement: Any, **wanted: object) -> Message | None:
    row = connection.execute(statement, wanted).mappings().first()
    return None if row is None else read(Message, MESSAGE, row)


def message_by_id(connection: Connection, message: str) -> Message | None:
    """A message by our id."""
    return _message(connection, MESSAGE_BY_ID, wanted=message)


def message_by_provider(connection: Connection, account: str, provider_id: str) -> Message | None:
    """A message by the provider's id."""
    return _message(connection, MESSAGE_BY_PROVIDER, at=account, wanted=provider_id)


def message_by_key(connection: Connection, key: str) -> Message | None:
    """The message an outbox row texts."""
    return _message(connection, MESSAGE_BY_KEY, wanted=key)


def post_by_ref(connection: Connection, ref: ChatRef) -> ChatPost | None:
    """A chat message known to the store."""
    row = connection.execute(POST, {"on": ref.platform, "at": ref.room, "id": ref.id}).mappings().first()
    return None if row is None else read_post(row)


def conversation_by_root(connection: Connection, *roots: ChatRef | None) -> int | None:
    """The conversation whose thread hangs from the first of these messages that is a root."""
    for root in roots:
        found = None if root is None else connection.execute(THREAD_BY_ROOT, {"wanted": root}).scalar()
        if found is not None:
            return found
    return None


def latest_state(connection: Connection, line: str, sender: str) -> State:
    """The latest conversation of a line with an address; just the contact when there is none."""
    row = connection.execute(CONTACT_BY_ADDRESS, {"wanted": sender}).mappings().first()
    if row is None:
        return State()
    contact = read(Contact, CONTACT, row)
    number = connection.execute(LATEST_NUMBER, {"who": contact.id, "on_line": line}).scalar()
    return State(contact=contact) if number is None else state(connection, number)


def _conversation(row: RowMapping) -> tuple[Conversation, Contact]:
    return read(Conversation, CONVERSATION, row), read(Contact, CONTACT, row, prefix="contact_")


def state(
    connection: Connection,
    number: int | None,
    *,
    message: Message | None = None,
    post: ChatPost | None = None,
    thread: str = "",
    roots: tuple[ChatRef | None, ...] = (),
) -> State:
    """All about a conversation. ``thread``, ``roots``: lost threads to include, since the event names them."""
    if number is None:
        return State(message=message, post=post)
    row = connection.execute(CONVERSATION_BY_NUMBER, {"wanted": number}).mappings().first()
    if row is None:
        return State(message=message, post=post)
    conversation, contact = _conversation(row)
    if message is not None and connection.dialect.name == "postgresql":
        # Read again under the lock: it may have changed since it told us the conversation. SQLite has one writer.
        message = message_by_id(connection, message.id)
    named = [root for root in roots if root is not None]
    shown_in = connection.execute(THREADS, {"of": number, "thread": thread, "roots": named}).mappings()
    pending = connection.execute(PENDING, {"of": number}).mappings()
    return State(
        conversation=conversation,
        contact=contact,
        threads=tuple(read(Thread, THREAD, found) for found in shown_in),
        message=message,
        post=post,
        pending=tuple(read(Message, MESSAGE, found) for found in pending),
        notes=_notes(connection, message),
    )


def _notes(connection: Connection, message: Message | None) -> tuple[ChatPost, ...]:
    if message is None:
        return ()
    return tuple(read_post(row) for row in connection.execute(NOTES, {"about": message.id}).mappings())

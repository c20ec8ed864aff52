"""The record: what decisions changed, written as rows."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, update

from bridge.domain.conversations import ChatPost, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.messages import Mark, Message
from bridge.domain.people import ChatRef, Contact
from bridge.ports.rows import PostView
from bridge.store.errors import Conflict
from bridge.store.mapping import CONTACT, CONVERSATION, MESSAGE, THREAD, post_values, values_of
from bridge.store.schema import chat_posts, contact_addresses, contacts, conversations, messages, threads
from bridge.store.side_schema import counters
from bridge.store.statements import Insert, insert_into, upsert

FIRST_NUMBER = 1001
NUMBER = "conversation"

LAST_NUMBER = select(counters.c.value).where(counters.c.name == NUMBER).with_for_update()
USED_NUMBER = (
    update(counters)
    .where(counters.c.name == NUMBER, counters.c.value < bindparam("used"))
    .values(value=bindparam("used"))
)
POST = select(chat_posts.c.mark, chat_posts.c.shown, chat_posts.c.message).where(
    chat_posts.c.platform == bindparam("on"), chat_posts.c.room == bindparam("at"), chat_posts.c.ref == bindparam("id")
)
DIGEST = select(threads.c.digest).where(threads.c.id == bindparam("thread"))


def save(
    connection: Connection, decision: Decision, now: datetime, versions: dict[str, int], *, contact_known: bool = False
) -> None:
    """Write the rows of a decision, those first that others refer to.

    ``versions``: of the messages it rests on. ``contact_known``: the contact is stored as it is. Raises ``Conflict``
    when one of the messages was changed since.
    """
    if decision.contact is not None and not contact_known:
        _save_contact(connection, decision.contact)
    for contact in decision.contacts:
        _save_contact(connection, contact)
    if decision.conversation is not None:
        upsert(connection, conversations, [values_of(decision.conversation, CONVERSATION)])
    for conversation in decision.others:
        upsert(connection, conversations, [values_of(conversation, CONVERSATION)])
    _save_threads(connection, decision.threads)
    _save_messages(connection, decision.messages, versions)
    _save_posts(connection, decision.posts, now)


def conversation_of(decision: Decision) -> int | None:
    """The conversation a decision is about, as far as its rows tell."""
    if decision.conversation is not None:
        return decision.conversation.number
    rows = (*decision.messages, *decision.threads, *decision.posts)
    return rows[0].conversation if rows else None


def _save_contact(connection: Connection, contact: Contact) -> None:
    upsert(connection, contacts, [values_of(contact, CONTACT)])
    upsert(connection, contact_addresses, [{"address": contact.address, "contact": contact.id}])


@cache
def _upsert_thread(dialect: str) -> Insert:
    # The dispatcher may have noted the root since this decision's state was loaded: an open thread stays open.
    statement = insert_into(dialect, threads)
    new = statement.excluded
    going_back = (new.state == ThreadState.OPENING) & (threads.c.state == ThreadState.OPEN)
    return statement.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "platform": new.platform,
            "room": new.room,
            "state": case((going_back, threads.c.state), else_=new.state),
            "root": func.coalesce(new.root, threads.c.root),
            "earlier": new.earlier,
        },
    )


def _save_threads(connection: Connection, changed: Sequence[Thread]) -> None:
    if changed:
        rows = [values_of(thread, THREAD) for thread in changed]
        connection.execute(_upsert_thread(connection.dialect.name), rows)


@cache
def _upsert_message(dialect: str) -> Any:
    statement = insert_into(dialect, messages)
    new = statement.excluded
    version = func.coalesce(messages.c.version, 0)
    changes: dict[str, Any] = {name: new[name] for name in MESSAGE if name != "id"}
    return statement.on_conflict_do_update(
        index_elements=["id"],
        set_=changes | {"version": version + 1},
        where=new.version.is_(None) | (new.version == version),  # NULL: made without looking for an earlier one
    ).returning(messages.c.id, messages.c.version)


def _save_messages(connection: Connection, changed: Sequence[Message], versions: dict[str, int]) -> None:
    if not changed:
        return
    last = {message.id: message for message in changed}.values()
    rows = [values_of(message, MESSAGE) | {"version": versions.get(message.id)} for message in last]
    written = connection.execute(_upsert_message(connection.dialect.name), rows).all()
    if len(written) < len(rows):
        raise Conflict("a message was changed meanwhile")
    versions.update({row.id: row.version or 0 for row in written})


def _save_posts(connection: Connection, posts: Sequence[ChatPost], now: datetime) -> None:
    rows = [post_values(post) | {"shown": Mark.NONE, "created_at": now} for post in posts]
    upsert(connection, chat_posts, rows, only=("conversation", "role", "message", "mark"))


def next_number(connection: Connection) -> int:
    """A number no conversation has had, taken only once ``use_number`` is told; others wait for this transaction."""
    last = connection.execute(LAST_NUMBER).scalar()
    if last is None:
        upsert(connection, counters, [{"name": NUMBER, "value": FIRST_NUMBER - 1, "hash": None}], only=("name",))
        last = connection.execute(LAST_NUMBER).scalar_one()
    return last + 1


def use_number(connection: Connection, number: int) -> None:
    """Note that a number was given to a conversation."""
    connection.execute(USED_NUMBER, {"used": number})


def post_view(connection: Connection, ref: ChatRef) -> PostView | None:
    """What is known of a chat message."""
    row = connection.execute(POST, {"on": ref.platform, "at": ref.room, "id": ref.id}).first()
    return None if row is None else PostView(ref=ref, mark=row.mark, shown=row.shown, message=row.message)


def card_digest(connection: Connection, thread: str) -> str | None:
    """What a thread's card last looked like."""
    return connection.execute(DIGEST, {"thread": thread}).scalar()

"""Contacts erased: words, names, files and numbers go; rows stay as shells, for figures and for the record of acts.

Works inside ``Store.transact``, beside a running service.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, insert, literal, or_, select, text, update

from bridge.domain.clocks import STOPPED
from bridge.domain.consent import UNKNOWN
from bridge.domain.conversations import ConversationStatus, ThreadState
from bridge.domain.messages import MessageKind, MessageStatus
from bridge.domain.people import ChatRef
from bridge.ports.store import Unit
from bridge.store import inspect
from bridge.store.erasable import ERASES, Known, conversations_where, digits_of, is_busy, look, of_conversations
from bridge.store.inbox import PROCESSORS_END
from bridge.store.inspect import SET_ASIDE, UNSETTLED, connection_of
from bridge.store.schema import (
    chat_posts,
    contact_addresses,
    contacts,
    conversations,
    inbox,
    messages,
    outbox,
    timers,
)
from bridge.store.schema import threads as thread_rows
from bridge.store.side_schema import consent_ledger, media_blobs, reminders

PORTION = 500
ASKED = ("TellFound", "TellQueue", "TellReport", "PublishHome")
"""Calls of no conversation that may name somebody: what a teammate looked for."""
WAITS = (MessageStatus.HELD, MessageStatus.QUEUED)
KINDS = {MessageKind.INBOUND: "texts", MessageKind.REPLY: "replies", MessageKind.COMMENT: "comments"}


class Busy(Exception):
    """Something about them is under way, so nothing was changed; a little later it may be over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied:
    """What was emptied, counted by kind, and the threads that hold copies, each with its conversation's number."""

    counts: Mapping[str, int]
    roots: tuple[tuple[int, ChatRef], ...]


def empty_requests(unit: Unit, after: int) -> Sequence[int]:
    """Empty the next raw requests and events that were handled, anybody's; returns their ids, none at the end.

    Nothing reads them again, and no index tells whose they are.
    """
    connection = connection_of(unit)
    _overwrite(connection)
    ids = list(
        connection.execute(
            select(inbox.c.id)
            .where(inbox.c.id > after, inbox.c.handled_at.is_not(None), inbox.c.body != b"")
            .order_by(inbox.c.id)
            .limit(PORTION)
        ).scalars()
    )
    connection.execute(update(inbox).where(inbox.c.id.in_(ids)).values(body=b""))
    return ids


def _overwrite(connection: Connection) -> None:
    """SQLite leaves what was deleted in the file, unless it is told not to."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))


def erase(unit: Unit, known: Known, addresses: Sequence[str], now: datetime) -> Emptied:
    """Empty all rows about these contacts; ``addresses``: theirs. Raises ``Busy``: the transaction must not go on."""
    connection = connection_of(unit)
    _overwrite(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(PROCESSORS_END)  # none may write back what it read before
    if look(unit, addresses) != known or is_busy(unit, known, addresses):
        raise Busy
    roots = _roots(connection, known.numbers)
    counts = {
        **_said(connection, known.numbers),
        "files": _files(connection, known.numbers),
        "reminders": _gone(connection, reminders, known.numbers),
        "timers": _gone(connection, timers, known.numbers),
        "calls": _calls(unit, known.numbers, now),
    }
    _gone(connection, chat_posts, known.numbers)
    _requests(connection, addresses, now)
    _shells(connection, known, now)
    counts["names"] = _names(connection, known)
    return Emptied(counts=counts, roots=roots)


def _roots(connection: Connection, numbers: Sequence[int]) -> tuple[tuple[int, ChatRef], ...]:
    rows = connection.execute(
        select(thread_rows.c.conversation, thread_rows.c.root, thread_rows.c.earlier)
        .where(thread_rows.c.conversation.in_(numbers))
        .order_by(thread_rows.c.conversation, thread_rows.c.created_at, thread_rows.c.id)
    ).all()
    found = ((row.conversation, ref) for row in rows for ref in (row.root, row.earlier) if ref is not None)
    return tuple(dict.fromkeys(found))


def _said(connection: Connection, numbers: Sequence[int]) -> dict[str, int]:
    mine = of_conversations(numbers)
    counted = connection.execute(
        select(messages.c.kind, func.count())
        .where(mine, or_(messages.c.body != "", messages.c.media != ()))
        .group_by(messages.c.kind)
    )
    counts = dict.fromkeys(KINDS.values(), 0) | {KINDS[kind]: count for kind, count in counted}
    raised = func.coalesce(messages.c.version, 0) + 1  # a decision made on what stood there is noticed
    connection.execute(
        update(messages)
        .where(mine)
        .values(body="", media=(), origin=None, reasons=(), plan=None, hold=None, release_at=None, version=raised)
    )
    waiting = update(messages).where(mine, messages.c.status.in_(WAITS))
    cancelled = connection.execute(waiting.values(status=MessageStatus.CANCELLED)).rowcount
    return {**counts, "cancelled": cancelled}


def _files(connection: Connection, numbers: Sequence[int]) -> int:
    mine = select(messages.c.id).where(of_conversations(numbers))
    return connection.execute(delete(media_blobs).where(media_blobs.c.message.in_(mine))).rowcount


def _gone(connection: Connection, table: Table, numbers: Sequence[int]) -> int:
    return connection.execute(delete(table).where(table.c.conversation.in_(numbers))).rowcount


def _calls(unit: Unit, numbers: Sequence[int], now: datetime) -> int:
    connection = connection_of(unit)
    mine = outbox.c.conversation.in_(numbers) & (outbox.c.kind != ERASES)
    keys = list(connection.execute(select(outbox.c.key).where(mine, UNSETTLED)).scalars())
    for start in range(0, len(keys), PORTION):
        inspect.drop(unit, keys[start : start + PORTION], now)
    if connection.execute(select(outbox.c.key).where(mine, UNSETTLED).limit(1)).first() is not None:
        raise Busy  # claimed since we looked
    asked = (outbox.c.conversation == 0) & outbox.c.kind.in_(ASKED)
    connection.execute(delete(outbox).where(asked, outbox.c.settled_at.is_not(None)))
    return connection.execute(delete(outbox).where(mine, outbox.c.settled_at.is_not(None))).rowcount


def _requests(connection: Connection, addresses: Sequence[str], now: datetime) -> None:
    connection.execute(update(inbox).where(inbox.c.handled_at.is_not(None), inbox.c.body != b"").values(body=b""))
    aside = connection.execute(select(inbox.c.id, inbox.c.body).where(SET_ASIDE)).all()
    theirs = [row.id for row in aside if any(digits in row.body for digits in digits_of(addresses))]
    connection.execute(update(inbox).where(inbox.c.id.in_(theirs)).values(body=b"", handled_at=now))


def _shells(connection: Connection, known: Known, now: datetime) -> None:
    own = conversations.c.number.in_(known.numbers)
    for one in conversations_where(connection, own & conversations.c.merged.is_not(None)):
        merged = replace(one.merged, labels=(), watchers=()) if one.merged else None
        connection.execute(update(conversations).where(conversations.c.number == one.number).values(merged=merged))
    connection.execute(
        update(conversations)
        .where(own)
        .values(
            status=ConversationStatus.CLOSED,
            closed_at=func.coalesce(conversations.c.closed_at, literal(now, conversations.c.closed_at.type)),
            waiting_since=None,
            snoozed_until=None,
            breached_at=None,
            answer_held_until=None,
            clocks=STOPPED,
            labels=(),
            watchers=(),
            shared=(),
            erased_at=now,
        )
    )
    connection.execute(
        update(thread_rows)
        .where(thread_rows.c.conversation.in_(known.numbers))
        .values(state=ThreadState.LOST, root=None, earlier=None, digest=None)
    )


def _names(connection: Connection, known: Known) -> int:
    """Contacts get an id and an address by chance; who opted out keeps the number, so that nobody texts it."""
    named = select(func.count()).where(contacts.c.id.in_(known.contacts), contacts.c.name.is_not(None))
    count = connection.execute(named).scalar_one()
    connection.execute(update(contacts).where(contacts.c.id.in_(known.contacts)).values(name=None, zone=None))
    connection.execute(update(consent_ledger).where(consent_ledger.c.contact.in_(known.contacts)).values(words=""))
    for contact in known.contacts:
        if contact not in known.opted_out:
            _forget(connection, contact)
    return count


def _forget(connection: Connection, contact: str) -> None:
    token = f"erased:{secrets.token_hex(8)}"
    connection.execute(insert(contacts), {"id": token, "address": token, "name": None, "zone": None})
    own = conversations.c.contact == contact
    connection.execute(update(conversations).where(own).values(contact=token, consent=UNKNOWN))
    ledger = update(consent_ledger).where(consent_ledger.c.contact == contact)
    connection.execute(ledger.values(contact=token, address=token))
    connection.execute(delete(contact_addresses).where(contact_addresses.c.contact == contact))
    connection.execute(delete(contacts).where(contacts.c.id == contact))


def removals(unit: Unit, numbers: Sequence[int]) -> dict[str, int]:
    """How many threads' copies are removed (``done``), wait for it (``waiting``), or were given up (``failed``)."""
    rows = connection_of(unit).execute(
        select(outbox.c.status, func.count())
        .where(outbox.c.conversation.in_(numbers), outbox.c.kind == ERASES)
        .group_by(outbox.c.status)
    )
    found = {"done": 0, "waiting": 0, "failed": 0}
    for status, count in rows:
        found[status if status in ("done", "failed") else "waiting"] += count
    return found

"""What calls just claimed will ask for: read for all of them in a few statements, once the first of them asks."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sqlalchemy import Connection, RowMapping, select, text

from bridge.domain.conversations import ChatPost, Conversation, State, Thread, ThreadState
from bridge.domain.messages import Hold, Message
from bridge.domain.people import Contact
from bridge.store.among import among
from bridge.store.mapping import CONTACT, CONVERSATION, THREAD, read, read_post
from bridge.store.related import with_related
from bridge.store.schema import chat_posts, contacts, conversations, messages, threads

BOTH = (
    *conversations.c,
    contacts.c.id.label("contact_id"),
    contacts.c.address.label("contact_address"),
    contacts.c.name.label("contact_name"),
    contacts.c.zone.label("contact_zone"),
)
OF_CONTACT = conversations.c.contact == contacts.c.id
# Word for word the condition of the index: SQLite uses it for nothing else. And asked for in no order, since SQLite
# would rather read a whole conversation in order than sort the few messages that wait.
WAITS = text("messages.kind = 'reply' AND messages.status IN ('held', 'queued', 'failed', 'unknown')")

CONVERSATIONS = select(*BOTH).join(contacts, OF_CONTACT).where(among(conversations.c.number, "numbers"))
THREADS = (
    select(threads)
    .where(among(threads.c.conversation, "numbers"), threads.c.state != ThreadState.LOST)
    .order_by(threads.c.created_at, threads.c.id)
)
PENDING = select(messages).where(among(messages.c.conversation, "numbers"), WAITS)
MESSAGES = select(messages).where(among(messages.c.id, "ids"))
NOTES = (
    select(chat_posts)
    .where(among(chat_posts.c.message, "ids"), chat_posts.c.role == "note")
    .order_by(chat_posts.c.created_at)
)


def in_order(waiting: Iterable[Message]) -> tuple[Message, ...]:
    """Messages as they came."""
    return tuple(sorted(waiting, key=lambda message: (message.created_at, message.id)))


def with_plans(connection: Connection, state: State) -> State:
    """Return a state with what was said last of replies that wait for a time or a consent, and of a doubted text.

    Few have any.
    """
    waiting = [message.id for message in state.pending if message.hold in (Hold.LATER, Hold.QUIET, Hold.CONSENT)]
    known = [one.conversation for one in (*state.joined, state.via) if one is not None]
    known += [state.conversation] if state.conversation is not None else []
    doubted = {one.consent.doubt for one in known if one.consent.doubt is not None}
    ids = sorted({*waiting, *doubted})
    if not ids:
        return state
    posts = [read_post(row) for row in connection.execute(NOTES, {"ids": ids}).mappings()]
    asked = [post for post in posts if post.message in doubted]
    last = {(post.message, post.ref.platform, post.ref.room): post for post in posts if post.message not in doubted}
    return replace(state, plans=(*last.values(), *asked))


class Ahead:
    """Good for one transaction, until what it holds is written to."""

    def __init__(self, connection: Connection, read_message: Callable[[RowMapping], Message]) -> None:
        """Expect nothing."""
        self._connection = connection
        self._read_message = read_message
        self._numbers: set[int] = set()
        self._ids: set[str] = set()
        self.states: dict[int, State] = {}
        self.messages: dict[str, Message | None] = {}
        self.notes: dict[str, tuple[ChatPost, ...]] = {}
        self.digests: dict[str, str | None] = {}

    def expect(self, numbers: Iterable[int], ids: Iterable[str]) -> None:
        """These conversations and messages will be asked for."""
        self._numbers.update(numbers)
        self._ids.update(ids)

    def ask_conversation(self, number: int) -> None:
        """Read what is expected when this is among it."""
        if number in self._numbers:
            self._read_conversations()

    def ask_message(self, message: str) -> None:
        """Read what is expected when this is among it."""
        if message in self._ids:
            self._read_messages()

    def forget(self, number: int | None = None) -> None:
        """Something of a conversation was written, or (None) of any."""
        if number is None:
            self.states, self.messages, self.notes, self.digests = {}, {}, {}, {}
            return
        self.states.pop(number, None)
        for key, message in list(self.messages.items()):
            if message is None or message.conversation == number:
                del self.messages[key]
                self.notes.pop(key, None)

    def _read_conversations(self) -> None:
        wanted = {"numbers": sorted(self._numbers)}
        self._numbers.clear()
        found: dict[int, list[Thread]] = {}
        for row in self._connection.execute(THREADS, wanted).mappings():
            found.setdefault(row["conversation"], []).append(read(Thread, THREAD, row))
            self.digests[row["id"]] = row["digest"]
        pending: dict[int, list[Message]] = {}
        for row in self._connection.execute(PENDING, wanted).mappings():
            pending.setdefault(row["conversation"], []).append(self._read_message(row))
        for row in self._connection.execute(CONVERSATIONS, wanted).mappings():
            number = row["number"]
            state = State(
                conversation=read(Conversation, CONVERSATION, row),
                contact=read(Contact, CONTACT, row, prefix="contact_"),
                threads=tuple(found.get(number, ())),
                pending=in_order(pending.get(number, ())),
            )
            self.states[number] = with_plans(self._connection, with_related(self._connection, state))

    def _read_messages(self) -> None:
        ids = sorted(self._ids)
        self._ids.clear()
        self.messages.update(dict.fromkeys(ids))
        self.notes.update(dict.fromkeys(ids, ()))
        for row in self._connection.execute(MESSAGES, {"ids": ids}).mappings():
            self.messages[row["id"]] = self._read_message(row)
        for row in self._connection.execute(NOTES, {"ids": ids}).mappings():
            self.notes[row["message"]] += (read_post(row),)

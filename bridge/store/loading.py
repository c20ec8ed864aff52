"""What a decision reads.

Nothing is locked while reading: the dispatcher holds lanes while it reads conversations, the processor wants lanes at
the end, so locks would meet crosswise. A message that somebody else changed meanwhile is noticed when it is saved.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Executable, RowMapping, bindparam, or_, select

from bridge.domain.conversations import ChatPost, Conversation, Related, Said, State, Thread, ThreadState
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Contact
from bridge.store.ahead import BOTH, OF_CONTACT, WAITS, Ahead, in_order, with_plans
from bridge.store.among import one_of
from bridge.store.mapping import CONTACT, CONVERSATION, MESSAGE, THREAD, read, read_post
from bridge.store.related import by_number, with_related
from bridge.store.schema import chat_posts, contact_addresses, contacts, conversations, messages, outbox, threads

SAID_AT_MOST = 20
"""How many messages back the last words of each are looked for."""
CONVERSATION_BY_NUMBER = select(*BOTH).join(contacts, OF_CONTACT).where(conversations.c.number == bindparam("wanted"))
CONTACT_BY_ADDRESS = (
    select(contacts)
    .join(contact_addresses, contact_addresses.c.contact == contacts.c.id)
    .where(contact_addresses.c.address == bindparam("wanted"))
)
CONTACT_OF = select(contact_addresses.c.contact).where(contact_addresses.c.address == bindparam("wanted"))
LATEST = (
    select(*BOTH)
    .join(contacts, OF_CONTACT)
    .where(conversations.c.contact == CONTACT_OF.scalar_subquery(), conversations.c.line == bindparam("on_line"))
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
PENDING = select(messages).where(messages.c.conversation == bindparam("of"), WAITS)
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

LEFT = select(threads.c.room).where(
    threads.c.conversation == bindparam("of"), one_of(threads.c.state, ThreadState.MOVED, ThreadState.LOST)
)
"""Rooms a conversation went away from: what was shown there is not shown again where it goes on."""
SHOWN = messages.outerjoin(
    chat_posts,
    (chat_posts.c.message == messages.c.id)
    & (chat_posts.c.role == "text")
    & (chat_posts.c.platform == bindparam("on"))
    & or_(chat_posts.c.room == bindparam("at"), chat_posts.c.room.in_(LEFT)),
)
SAID = (
    select(
        *(messages.c.kind, messages.c.author, messages.c.origin, messages.c.created_at, messages.c.posted_at),
        *(chat_posts.c.ref, chat_posts.c.posted_at.label("shown_at")),
    )
    .select_from(SHOWN)
    .where(
        messages.c.conversation == bindparam("of"),
        one_of(messages.c.kind, MessageKind.INBOUND, MessageKind.REPLY),
        messages.c.status != MessageStatus.CANCELLED,
        messages.c.hold.is_distinct_from(Hold.LATER),  # not said yet
        messages.c.automatic.is_(None),  # nobody's words
    )
    .order_by(messages.c.created_at.desc(), messages.c.id, chat_posts.c.room != bindparam("at"))
    .limit(SAID_AT_MOST)
)
COMMENTS = (
    select(messages)
    .where(
        messages.c.conversation == bindparam("of"),
        messages.c.kind == MessageKind.COMMENT,
        messages.c.status == MessageStatus.KEPT,
        messages.c.body != "",
    )
    .order_by(messages.c.created_at.desc(), messages.c.id.desc())
    .limit(bindparam("most"))
)


WORDS = (
    select(messages)
    .where(
        messages.c.conversation == bindparam("of"),
        messages.c.kind.in_((MessageKind.INBOUND, MessageKind.REPLY)),
        messages.c.status.not_in((MessageStatus.CANCELLED, MessageStatus.HELD)),
        messages.c.created_at >= bindparam("since", type_=messages.c.created_at.type),
    )
    .order_by(messages.c.created_at, messages.c.id)
    .limit(bindparam("most"))
)


class Loader:
    """Reads for one transaction, and remembers which version of each message and which contacts it gave out."""

    def __init__(self, connection: Connection) -> None:
        """Begin with nothing read."""
        self._connection = connection
        self.versions: dict[str, int] = {}
        self.contacts: dict[str, Contact] = {}
        self.ahead = Ahead(connection, self._read)

    def message_by_id(self, message: str) -> Message | None:
        """A message by our id."""
        self.ahead.ask_message(message)
        if message in self.ahead.messages:
            return self.ahead.messages[message]
        return self._one_message(MESSAGE_BY_ID, wanted=message)

    def message_by_provider(self, account: str, provider_id: str) -> Message | None:
        """A message by the provider's id."""
        return self._one_message(MESSAGE_BY_PROVIDER, at=account, wanted=provider_id)

    def message_by_key(self, key: str) -> Message | None:
        """The message an outbox row texts."""
        return self._one_message(MESSAGE_BY_KEY, wanted=key)

    def post_by_ref(self, ref: ChatRef) -> ChatPost | None:
        """A chat message known to the store."""
        wanted = {"on": ref.platform, "at": ref.room, "id": ref.id}
        row = self._connection.execute(POST, wanted).mappings().first()
        return None if row is None else read_post(row)

    def conversation_by_root(self, *roots: ChatRef | None) -> int | None:
        """The conversation whose thread hangs from the first of these messages that is a root."""
        for root in roots:
            found = None if root is None else self._connection.execute(THREAD_BY_ROOT, {"wanted": root}).scalar()
            if found is not None:
                return found
        return None

    def latest(self, line: str, sender: str) -> State:
        """The latest conversation of a line with an address; just the contact when there is none."""
        row = self._connection.execute(LATEST, {"wanted": sender, "on_line": line}).mappings().first()
        if row is not None:
            return self._home(self._state(row, None, None))
        row = self._connection.execute(CONTACT_BY_ADDRESS, {"wanted": sender}).mappings().first()
        return State() if row is None else State(contact=self._contact(row))

    def _home(self, state: State) -> State:
        """The state where the texts of a conversation go: another's if it was merged."""
        if not state.chain or state.conversation is None or state.contact is None:
            return state
        via = Related(conversation=state.conversation, contact=state.contact, threads=state.threads)
        return replace(self.state(state.chain[-1].conversation.number), via=via)

    def about(self, message: Message | None) -> State:
        """A message and its conversation."""
        return State() if message is None else self.state(message.conversation, message=message)

    def state(
        self,
        number: int | None,
        *,
        message: Message | None = None,
        post: ChatPost | None = None,
        thread: str = "",
        roots: tuple[ChatRef | None, ...] = (),
    ) -> State:
        """All about a conversation. ``thread``, ``roots``: lost threads to include, since the event names them."""
        row = None
        if number is not None:
            self.ahead.ask_conversation(number)
            if number in self.ahead.states and not thread and not any(roots):
                known = self.ahead.states[number]
                return replace(known, message=message, post=post, notes=self._notes(message), via=self._via(message))
            row = self._connection.execute(CONVERSATION_BY_NUMBER, {"wanted": number}).mappings().first()
        if row is None:
            return State(message=message, post=post)
        return self._state(row, message, post, thread, roots)

    def said(self, number: int, platform: str, room: str) -> tuple[Said, ...]:
        """The contact's last text and each teammate's last reply, with their places in a room."""
        wanted = {"of": number, "on": platform, "at": room}
        latest: dict[str | None, Said] = {}
        for row in self._connection.execute(SAID, wanted).mappings():
            origin = row["origin"]
            here = origin if origin is not None and (origin.platform, origin.room) == (platform, room) else None
            ref = ChatRef(platform, room, row["ref"]) if row["ref"] is not None else None
            inbound = row["kind"] is MessageKind.INBOUND
            author = None if inbound else row["author"]
            seen, moment = (ref, row["shown_at"]) if inbound else (here, row["posted_at"])
            latest.setdefault(author, Said(author=author, ref=seen, at=row["created_at"], posted_at=moment))
        return tuple(latest.values())

    def comments(self, number: int, limit: int) -> list[Message]:
        """The newest comments, oldest first."""
        rows = self._connection.execute(COMMENTS, {"of": number, "most": limit}).mappings()
        return [read(Message, MESSAGE, row) for row in rows][::-1]

    def words(self, number: int, since: datetime, limit: int) -> list[Message]:
        """The oldest texts and replies since then, oldest first."""
        wanted = {"of": number, "since": since, "most": limit}
        return [read(Message, MESSAGE, row) for row in self._connection.execute(WORDS, wanted).mappings()]

    def _state(
        self,
        row: RowMapping,
        message: Message | None,
        post: ChatPost | None,
        thread: str = "",
        roots: tuple[ChatRef | None, ...] = (),
    ) -> State:
        number = row["number"]
        state = State(
            conversation=read(Conversation, CONVERSATION, row),
            contact=self._contact(row, "contact_"),
            threads=self._threads(number, thread, roots),
            message=message,
            post=post,
            pending=self._pending(number),
            notes=self._notes(message),
            via=self._via(message),
        )
        return with_plans(self._connection, with_related(self._connection, state))

    def _via(self, message: Message | None) -> Related | None:
        if message is None or message.via is None:
            return None
        return by_number(self._connection, (message.via,)).get(message.via)

    def _contact(self, row: RowMapping, prefix: str = "") -> Contact:
        contact = read(Contact, CONTACT, row, prefix)
        self.contacts[contact.id] = contact
        return contact

    def _threads(self, number: int, thread: str, roots: tuple[ChatRef | None, ...]) -> tuple[Thread, ...]:
        wanted = {"of": number, "thread": thread, "roots": [root for root in roots if root is not None]}
        return tuple(read(Thread, THREAD, row) for row in self._connection.execute(THREADS, wanted).mappings())

    def _pending(self, number: int) -> tuple[Message, ...]:
        return in_order(self._read(row) for row in self._connection.execute(PENDING, {"of": number}).mappings())

    def _notes(self, message: Message | None) -> tuple[ChatPost, ...]:
        if message is None:
            return ()
        if message.id in self.ahead.notes:
            return self.ahead.notes[message.id]
        return tuple(read_post(row) for row in self._connection.execute(NOTES, {"about": message.id}).mappings())

    def _one_message(self, statement: Executable, **wanted: object) -> Message | None:
        row = self._connection.execute(statement, wanted).mappings().first()
        return None if row is None else self._read(row)

    def _read(self, row: RowMapping) -> Message:
        # Kept from the first reading: a decision may rest on that one.
        self.versions.setdefault(row["id"], row["version"] or 0)
        return read(Message, MESSAGE, row)

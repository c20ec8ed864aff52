"""Vendors at the ports, in memory: they hold the truth about what people see."""

import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from bridge.domain.cards import Card, Note
from bridge.domain.events import ChatEvent, ProviderEvent
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef, RoomRef
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import AcceptChatEvents, PlatformCapabilities, ThreadText
from bridge.ports.platform import Posted as Taken
from bridge.ports.provider import Finding, OutboundMessage, ProviderCapabilities, SendReceipt, WebhookRequest

Trouble = Literal["lose_answer", "lose_request", "deferred", "credentials", "bug", "thread_gone", "blind"]


@dataclass
class Troubles:
    """What goes wrong next, one call after the other."""

    pending: list[Trouble] = field(default_factory=list[Trouble])

    def next(self) -> Trouble | None:
        """The trouble of this call."""
        return self.pending.pop(0) if self.pending else None


def before(trouble: Trouble | None) -> None:
    """Fail before anything is done."""
    if trouble == "lose_request":
        raise SendOutcomeUnknown("nobody knows")
    if trouble == "deferred":
        raise SendDeferred("later")
    if trouble == "credentials":
        raise CredentialsRejected("no")


def after(trouble: Trouble | None) -> None:
    """Fail although it is done."""
    if trouble == "lose_answer":
        raise SendOutcomeUnknown("nobody knows")
    if trouble == "bug":
        raise RuntimeError("a bug")


@dataclass
class Phones:
    """A provider. ``got``: (outbox id, words) per contact, in the order of arrival."""

    name: ClassVar[str] = "double"
    capabilities: ClassVar[ProviderCapabilities] = ProviderCapabilities(findable=True)
    troubles: Troubles = field(default_factory=Troubles)
    got: dict[str, list[tuple[str, str]]] = field(default_factory=dict[str, list[tuple[str, str]]])

    def verify(self, request: WebhookRequest) -> None:
        """Everything is genuine."""

    def parse(self, request: WebhookRequest) -> Sequence[ProviderEvent]:
        return pickle.loads(request.body)

    async def send(self, message: OutboundMessage) -> SendReceipt:
        trouble = self.troubles.next()
        before(trouble)
        self.got.setdefault(message.recipient, []).append((message.key, message.body))
        after(trouble)
        return SendReceipt(f"sid-{message.key}", 1)

    async def find_sent(self, message: OutboundMessage) -> SendReceipt | None:
        if self.troubles.next() == "blind":
            raise SendDeferred("cannot tell")
        known = any(key == message.key for key, _ in self.got.get(message.recipient, []))
        return SendReceipt(f"sid-{message.key}", 1) if known else None

    async def check(self) -> Sequence[Finding]:
        return ()

    async def aclose(self) -> None:
        """Nothing is open."""


@dataclass
class Posted:
    """A message of the bot's in a thread."""

    ref: ChatRef
    key: str
    thread: str | None
    words: str
    kind: Literal["card", "text", "note"]


@dataclass
class Rooms:
    """A platform. ``posts``: everything of the bot's that is still there, oldest first."""

    name: ClassVar[str] = "chat"
    capabilities: ClassVar[PlatformCapabilities] = PlatformCapabilities()
    troubles: Troubles = field(default_factory=Troubles)
    posts: list[Posted] = field(default_factory=list[Posted])
    gone: set[str] = field(default_factory=set[str])
    asked: Counter[str] = field(default_factory=Counter[str])
    count: int = 0

    def fresh(self, room: str) -> ChatRef:
        """A new place in a room."""
        self.count += 1
        return ChatRef("chat", room, f"{self.count:06d}")

    def _post(
        self, kind: Literal["card", "text", "note"], room: str, thread: str | None, words: str, key: str
    ) -> ChatRef:
        trouble = self.troubles.next()
        before(trouble)
        if thread is not None and (thread in self.gone or trouble == "thread_gone"):
            self.remove(thread)
            raise SendRejected("thread_not_found", "It is gone.", gone="thread")
        ref = self.fresh(room)
        self.posts.append(Posted(ref, key, thread, words, kind))
        after(trouble)
        return ref

    def remove(self, root: str) -> None:
        """A thread vanishes without a word."""
        self.gone.add(root)

    async def listen(self, accept: AcceptChatEvents) -> None:
        """Events are put in by the test."""

    def parse(self, body: bytes) -> Sequence[ChatEvent]:
        return pickle.loads(body)

    async def start(self) -> str:
        return "BOT"

    async def open_thread(self, room: str, card: Card, *, key: str) -> ChatRef:
        return self._post("card", room, None, card.address, key)

    async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Taken:
        return Taken(self._post("text", thread.room, thread.id, text.body, key), None)

    async def post_note(self, thread: ChatRef, note: Note, *, key: str) -> ChatRef:
        ref = self._post("note", thread.room, thread.id, note.text, key)
        self.asked.update(button.value for button in note.buttons if button.action == "again")
        return ref

    async def find_posted(self, room: str, thread: ChatRef | None, *, key: str, since: datetime) -> ChatRef | None:
        if self.troubles.next() == "blind":
            raise SendDeferred("cannot tell")
        if thread is not None and thread.id in self.gone:
            return None
        return next((post.ref for post in self.posts if post.key == key), None)

    async def update_card(self, root: ChatRef, card: Card) -> None:
        before(self.troubles.next())

    async def update_note(self, ref: ChatRef, note: Note) -> None:
        before(self.troubles.next())

    async def set_mark(self, ref: ChatRef, mark: Mark, *, before: Mark) -> bool:
        """Marks are not watched here."""
        return True

    async def check(self, rooms: Sequence[RoomRef]) -> Sequence[Finding]:
        return ()

    async def aclose(self) -> None:
        """Nothing is open."""

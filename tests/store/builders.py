"""Values the store's tests work with."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bridge.domain.conversations import ChatPost, Conversation, ConversationStatus, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Contact
from bridge.ports.rows import (
    InboxDraft,
    OutboxDraft,
    OutboxRow,
    Settlement,
)
from bridge.ports.store import Store, Unit

NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
HOLDER = "first"
LEASE = 60.0


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def text_in(external_id: str = "SM1", problem: str | None = None) -> InboxDraft:
    return InboxDraft("provider:main", external_id, "webhook", b"body", problem)


def call(
    lane: str = "1042:out", *, message: str | None = None, target: str = "main", at: datetime | None = None
) -> OutboxDraft:
    return OutboxDraft(
        lane=lane, target=target, kind="SendText", conversation=1042, message=message, payload={"n": 1}, not_before=at
    )


def chat(ref: str) -> ChatRef:
    return ChatRef("slack", "C1", ref)


def contact(address: str = "+15550001111") -> Contact:
    return Contact(f"contact {address}", address, "Ann")


def conversation(number: int = 1001, **changes: object) -> Conversation:
    values: dict[str, object] = {
        "number": number,
        "line": "front-desk",
        "contact": contact().id,
        "status": ConversationStatus.OPEN,
        "created_at": NOW,
    }
    return Conversation(**(values | changes))  # pyright: ignore[reportArgumentType] - fields by name


def thread(name: str = "t1", number: int = 1001, **changes: object) -> Thread:
    values: dict[str, object] = {
        "id": name,
        "conversation": number,
        "platform": "slack",
        "room": "C1",
        "state": ThreadState.OPENING,
        "created_at": NOW,
    }
    return Thread(**(values | changes))  # pyright: ignore[reportArgumentType] - fields by name


def reply(name: str = "m1", number: int = 1001, **changes: object) -> Message:
    values: dict[str, object] = {
        "id": name,
        "conversation": number,
        "kind": MessageKind.REPLY,
        "body": "On my way",
        "status": MessageStatus.QUEUED,
        "created_at": NOW,
    }
    return Message(**(values | changes))  # pyright: ignore[reportArgumentType] - fields by name


def post(ref: str, message: str | None = None, role: str = "reply") -> ChatPost:
    return ChatPost(ref=chat(ref), conversation=1001, role=role, message=message)


def known(**changes: object) -> Decision:
    """A conversation with its contact and thread, as a first text makes them."""
    values: dict[str, object] = {"conversation": conversation(), "contact": contact(), "threads": (thread(),)}
    return Decision(**(values | changes))  # pyright: ignore[reportArgumentType] - fields by name


async def save(store: Store, *decisions: Decision) -> None:
    def work(unit: Unit) -> None:
        for decision in decisions:
            unit.save(decision, NOW)

    await store.transact(work)


async def enqueue(store: Store, *drafts: OutboxDraft, now: datetime = NOW) -> None:
    await store.transact(lambda unit: unit.enqueue(drafts, now))


async def claim(
    store: Store, now: datetime = NOW, *, limit: int = 20, holder: str = HOLDER, target: str = "main"
) -> Sequence[OutboxRow]:
    return await store.transact(lambda unit: unit.claim(target, now, limit=limit, lease=LEASE, holder=holder))


async def begin(store: Store, rows: Sequence[OutboxRow], now: datetime = NOW) -> Sequence[OutboxRow]:
    return await store.transact(lambda unit: unit.begin(rows, now))


async def settle(store: Store, *settlements: Settlement, now: datetime = NOW, holder: str = HOLDER) -> int:
    return await store.transact(lambda unit: unit.settle(settlements, now, holder=holder))

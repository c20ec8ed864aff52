"""An outbox full of calls, and the real dispatcher with a room that takes everything."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bridge.domain.cards import Card, Note
from bridge.domain.conversations import ConversationStatus, ThreadState
from bridge.domain.messages import MessageKind, MessageStatus
from bridge.domain.people import ChatRef, RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.outside import system_clock
from bridge.pipeline.calls import Outside
from bridge.pipeline.dispatcher import Dispatcher
from bridge.pipeline.in_force import InForce
from bridge.ports.platform import PlatformCapabilities, Posted, ThreadText
from bridge.ports.rows import OutboxDraft
from bridge.ports.store import Store, Unit
from bridge.store import open_store
from bridge.store.inspect import connection_of
from bridge.store.schema import contact_addresses, contacts, conversations, messages, threads

ROOM = RoomRef("chat", "room")
PAGE = 5000
BLOCKED = 999_999


@dataclass
class QuietRoom:
    """A platform at the port's level: no network, no pace. ``calls``: (conversation, number), in order."""

    name: str = "chat"
    capabilities: PlatformCapabilities = field(default_factory=lambda: PlatformCapabilities(findable=True))
    calls: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    wanted: int = 0
    all_there: asyncio.Event = field(default_factory=asyncio.Event)

    def took(self, words: str) -> ChatRef:
        """Note a call whose words are ``conversation number``."""
        conversation, _, number = words.partition(" ")
        self.calls.append((int(conversation), int(number)))
        if len(self.calls) >= self.wanted:
            self.all_there.set()
        return ChatRef("chat", "room", f"post {words}")

    async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Posted:  # noqa: ARG002 - the port's
        """Show a text."""
        return Posted(self.took(text.body), None)

    async def update_note(self, ref: ChatRef, note: Note) -> None:  # noqa: ARG002 - the port's
        """Replace a note."""
        self.took(note.text)

    async def update_card(self, root: ChatRef, card: Card) -> None:
        """Draw a card."""

    async def find_posted(self, *_arguments: Any, **_more: Any) -> ChatRef | None:
        """Nothing is ever lost here."""
        return None


def policy() -> Policy:
    """One line with one room."""
    line = LinePolicy(name="front-desk", account="main", address="+15550001000", rooms=(ROOM,))
    return Policy(lines={"front-desk": line})


async def _unread(work: Callable[[Unit], Any], /) -> Any:
    """Nothing here asks the database during a call."""
    raise NotImplementedError


def outside(room: Any) -> Outside:
    """The room and nothing else."""
    return Outside(
        providers={},
        platforms={"chat": room},
        in_force=InForce(policy()),
        media_link=lambda stored, _at: stored,
        media_life=timedelta(days=1),
        media_limit=1,
        read=_unread,
    )


def notes(
    first: int, lanes: int, depth: int, at: datetime | None = None, *, platform: str = "chat"
) -> list[OutboxDraft]:
    """Calls that need nothing read: what the outbox itself costs."""
    return [
        OutboxDraft(
            lane=f"{conversation}:note:{platform}",
            target=f"note:{platform}",
            kind="UpdateNote",
            conversation=conversation,
            payload={
                "ref": [platform, "room", "1"],
                "note": {"text": f"{conversation} {n}", "buttons": [], "by": None},
            },
            not_before=at,
        )
        for n in range(depth)
        for conversation in range(first, first + lanes)
    ]


def texts(first: int, lanes: int, depth: int) -> list[OutboxDraft]:
    """Texts to show in their threads, as a busy day makes them."""
    return [
        OutboxDraft(
            lane=f"{conversation}:room:chat/room",
            target="room:chat/room",
            kind="PostText",
            conversation=conversation,
            message=f"m{conversation}.{n}",
            payload={"thread": f"t{conversation}"},
        )
        for n in range(depth)
        for conversation in range(first, first + lanes)
    ]


def record(unit: Unit, first: int, lanes: int, depth: int) -> None:
    """The conversations and messages those texts belong to."""
    connection, now = connection_of(unit), datetime.now(UTC) - timedelta(hours=1)
    numbers = range(first, first + lanes)
    people = [{"id": f"c{n}", "address": f"+1555{n:07}", "name": None} for n in numbers]
    connection.execute(insert(contacts), people)
    connection.execute(insert(contact_addresses), [{"address": one["address"], "contact": one["id"]} for one in people])
    row: dict[str, Any] = {"line": "front-desk", "status": ConversationStatus.OPEN, "created_at": now, "labels": ()}
    talks = [{"number": n, "contact": f"c{n}", "opted_out": False, **row} for n in numbers]
    connection.execute(insert(conversations), talks)
    row = {"platform": "chat", "room": "room", "state": ThreadState.OPEN, "created_at": now}
    roots = [{"id": f"t{n}", "conversation": n, "root": ChatRef("chat", "room", f"root {n}"), **row} for n in numbers]
    connection.execute(insert(threads), roots)
    row = {"kind": MessageKind.INBOUND, "status": MessageStatus.RECEIVED, "created_at": now, "reasons": (), "ticket": 0}
    row |= {"segments": 1, "media": (), "recovered": False, "version": 1}
    said = [{"id": f"m{n}.{d}", "conversation": n, "body": f"{n} {d}", **row} for n in numbers for d in range(depth)]
    for start in range(0, len(said), PAGE):
        connection.execute(insert(messages), said[start : start + PAGE])


async def fill(store: Store, drafts: list[OutboxDraft]) -> None:
    """Put calls into the outbox."""
    for start in range(0, len(drafts), PAGE):
        part = drafts[start : start + PAGE]
        await store.transact(lambda unit, part=part: unit.enqueue(part, datetime.now(UTC)))


async def drain(store: Store, jobs: int, targets: tuple[str, ...]) -> tuple[float, list[tuple[int, int]]]:
    """Let the real dispatcher work until ``jobs`` calls were made and written down: calls a second, and the calls."""
    room = QuietRoom(wanted=jobs)
    dispatcher = Dispatcher(store, outside(room), system_clock, holder="benchmark")
    started = time.perf_counter()
    task = asyncio.create_task(dispatcher.run())
    ended = asyncio.create_task(room.all_there.wait())
    await asyncio.wait({task, ended}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    await _written(store, targets)
    took = time.perf_counter() - started
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return jobs / took, room.calls


async def _written(store: Store, targets: tuple[str, ...]) -> None:
    """Until no lane of these targets is due within the hour."""
    later = datetime.now(UTC) + timedelta(hours=1)
    while True:
        due = await store.transact(lambda unit: [unit.next_due(target) for target in targets])
        if all(at is None or at > later for at in due):
            return
        await asyncio.sleep(0.002)


def in_order(calls: list[tuple[int, int]], lanes: int, depth: int) -> bool:
    """Whether each conversation's calls came once each, in order."""
    found: dict[int, list[int]] = {}
    for conversation, number in calls:
        found.setdefault(conversation, []).append(number)
    return len(found) == lanes and all(numbers == list(range(depth)) for numbers in found.values())


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Store]:
    """A store for as long as the block lasts."""
    store = await open_store(url, system_clock)
    try:
        yield store
    finally:
        await store.aclose()


async def filled(url: str, drafts: list[OutboxDraft]) -> None:
    """Put calls into the outbox of a database."""
    async with opened(url) as store:
        await fill(store, drafts)

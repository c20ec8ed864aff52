"""The queue as App Home asks for it, with 100,000 conversations: 99 of 100 answers within this time.

Floor: a transaction that reads one conversation by its number, in the same database at the same time.
"""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial

from benchmarks._databases import postgresql, server, sqlite
from benchmarks._result import insist, percentile, report, rounds, say
from bridge.domain.conversations import Conversation, ConversationStatus, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Contact
from bridge.domain.queue import SECTIONS, Section
from bridge.ports.store import Store, Unit
from bridge.store import open_store

CONVERSATIONS = 100_000
BATCH = 2_000
ASKED = 200
LINES = ("front-desk", "billing", "sales")
ME = "slack:U1"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
OPEN_SHARE = 0.3


def decision(number: int, chance: random.Random, lines: Sequence[str]) -> Decision:
    """One of many conversations: most are closed, some wait, a few hold or lost a reply."""
    is_open = chance.random() < OPEN_SHARE
    since = NOW - timedelta(seconds=chance.randrange(10**6))
    contact = Contact(f"c{number % 5000}", f"+1555{number % 5000:07}", "Maria")
    conversation = Conversation(
        number=number,
        line=lines[number % len(lines)],
        contact=contact.id,
        status=ConversationStatus.OPEN if is_open else ConversationStatus.CLOSED,
        created_at=since,
        assignee=chance.choice([None, None, *(f"slack:U{one}" for one in range(1, 20))]),
        waiting_since=since if is_open and chance.random() < OPEN_SHARE else None,
    )
    root = ChatRef("slack", "C1", f"{number}.1")
    thread = Thread(
        id=f"t{number}",
        conversation=number,
        platform="slack",
        room="C1",
        state=ThreadState.OPEN,
        created_at=since,
        root=root,
    )
    status, hold = (MessageStatus.DELIVERED, None)
    if number % 50 == 0:
        status, hold = chance.choice([(MessageStatus.FAILED, None), (MessageStatus.HELD, Hold.GUARD)])
    message = Message(
        id=f"m{number}",
        conversation=number,
        kind=MessageKind.REPLY,
        body="Yes, until six",
        status=status,
        hold=hold,
        created_at=since,
    )
    return Decision(conversation=conversation, contact=contact, threads=(thread,), messages=(message,))


def fill(unit: Unit, start: int, chance: random.Random, lines: Sequence[str]) -> None:
    """Write one batch."""
    for number in range(start, start + BATCH):
        unit.save(decision(number, chance, lines), NOW)


async def fill_all(store: Store, chance: random.Random, lines: Sequence[str]) -> None:
    """Write all conversations."""
    for start in range(1, CONVERSATIONS, BATCH):
        await store.transact(partial(fill, start=start, chance=chance, lines=lines))


def home(unit: Unit, section: Section, offset: int) -> int:
    """What one look at App Home asks."""
    counts = unit.queue_counts(LINES, [ME])
    return len(counts) + len(unit.queue_page(LINES, [ME], section, offset=offset, platform="slack"))


async def timed(store: Store, work: Callable[[Unit], object]) -> float:
    """Milliseconds of one transaction."""
    start = time.perf_counter()
    await store.transact(work)
    return (time.perf_counter() - start) * 1000


async def measure(store: Store, chance: random.Random) -> tuple[float, float]:
    """(p99 of the queue, p99 of the floor) in milliseconds."""
    asked: list[float] = []
    floor: list[float] = []
    for turn in range(ASKED):
        section, offset = SECTIONS[turn % len(SECTIONS)], chance.choice([0, 0, 20, 200])
        asked.append(await timed(store, partial(home, section=section, offset=offset)))
        number = chance.randrange(1, CONVERSATIONS)
        floor.append(await timed(store, lambda unit, number=number: unit.load_conversation(number)))
    return percentile(asked, 0.99), percentile(floor, 0.99)


async def run(name: str, url: str) -> None:
    """Fill a database and measure."""
    chance = random.Random(1)
    store = await open_store(url, lambda: NOW)
    try:
        await fill_all(store, chance, LINES)
        say(f"{name}: {CONVERSATIONS} conversations")
        insist(await store.transact(partial(home, section="waiting", offset=0)) > len(SECTIONS), "somebody waits")
        pairs = [await measure(store, chance) for _ in range(rounds())]
        for value, floor in pairs:
            say(f"{name}: p99 {value:.1f} ms, floor {floor:.2f} ms")
    finally:
        await store.aclose()
    report(name, "ms", pairs)


def main() -> None:
    """SQLite, or with ``--postgresql`` a server of our own."""
    if "--postgresql" not in sys.argv:
        _with("app_home_sqlite", sqlite())
        return
    with server() as running:
        _with("app_home_postgresql", postgresql(running))


def _with(name: str, database: AbstractContextManager[str]) -> None:
    with database as url:
        asyncio.run(run(name, url))


if __name__ == "__main__":
    main()

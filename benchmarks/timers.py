"""10,000 SLA timers fall due at once while 90,000 others are armed: how fast they are fired and decided, in order."""

import asyncio
from datetime import UTC, datetime, timedelta

import psutil

from benchmarks._databases import ask, sqlite
from benchmarks._processes import SERVER, pin
from benchmarks._result import insist, report, rounds, say
from bridge.domain.conversations import Conversation, ConversationStatus, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer
from bridge.domain.people import ChatRef, Contact, RoomRef
from bridge.domain.policy import LinePolicy, Policy, SlaPolicy
from bridge.pipeline.in_force import InForce
from bridge.pipeline.processor import Processor
from bridge.pipeline.readers import readers
from bridge.pipeline.timers import Timers
from bridge.ports.store import Store, Unit
from bridge.rules.timing import RESPONSE_TIMER
from bridge.store import open_store

ARMED, DUE, BATCH = 100_000, 10_000, 500
MEMORY = 64 * 1024 * 1024
BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LINE = LinePolicy(name="desk", account="main", address="+15550001000", rooms=(RoomRef("chat", "C1"),), sla="standard")
STANDARD = SlaPolicy(name="standard", first_response=timedelta(hours=1), warn_at=1)
POLICY = Policy(lines={"desk": LINE}, sla={"standard": STANDARD})
CONTACT = Contact("c1", "+15550100200")
PATIENT, LATE = BEGIN + timedelta(days=1), BEGIN + timedelta(hours=4)


def waiting(number: int, due: datetime) -> Decision:
    """A conversation somebody waits in, with its thread and its timer."""
    conversation = Conversation(
        number=number,
        line="desk",
        contact="c1",
        status=ConversationStatus.OPEN,
        created_at=BEGIN,
        waiting_since=BEGIN,
    )
    root = ChatRef("chat", "C1", f"{number}")
    thread = Thread(
        id=f"t{number}",
        conversation=number,
        platform="chat",
        room="C1",
        state=ThreadState.OPEN,
        created_at=BEGIN,
        root=root,
    )
    arm = ArmTimer(RESPONSE_TIMER, str(number), due)
    return Decision(conversation=conversation, contact=CONTACT, threads=(thread,), effects=(arm,))


async def fill(store: Store, first: int, armed: int) -> None:
    """Make conversations: ``DUE`` whose time is over, the rest of them with a timer for later."""

    def some(unit: Unit, start: int) -> None:
        for number in range(start, min(start + BATCH, first + armed)):
            place = number - first
            unit.save(waiting(number, BEGIN + timedelta(seconds=1 + place) if place < DUE else PATIENT), BEGIN)

    for start in range(first, first + armed, BATCH):
        await store.transact(lambda unit, start=start: some(unit, start))


async def fire(store: Store) -> float:
    """Fire and decide all that is due; returns timers a second."""
    settings = InForce(POLICY)
    timers, processor = Timers(store, lambda: LATE, settings), Processor(store, readers({}, {}), settings, lambda: LATE)
    start = asyncio.get_running_loop().time()
    while await store.transact(timers.fire) == 0.0:
        pass
    while await store.transact(processor.batch):
        pass
    return DUE / (asyncio.get_running_loop().time() - start)


def in_order(url: str, first: int) -> bool:
    """Whether each timer that was due was told once, and they fired in the order they were due in."""
    notes = ask(url, f"SELECT conversation FROM outbox WHERE kind = 'PostNote' AND conversation >= {first}")  # noqa: S608 - a number of ours
    fired = ask(url, f"SELECT external_id FROM inbox WHERE kind = 'TimerFired' ORDER BY id DESC LIMIT {DUE}")  # noqa: S608 - likewise
    dues = [external_id.split(":", 2)[2] for (external_id,) in fired]
    once = sorted(number for (number,) in notes) == list(range(first, first + DUE))
    return once and dues == sorted(dues, reverse=True)


async def main(crowded: str, empty: str) -> None:
    """Run and report."""
    measured: list[tuple[float, float]] = []
    process, others = psutil.Process(), 1_000_000
    store, alone = await open_store(crowded, lambda: BEGIN), await open_store(empty, lambda: BEGIN)
    await fill(store, others, ARMED)
    await fire(store)
    insist(in_order(crowded, others), "order or number")
    for number in range(rounds(3)):
        first = 2_000_000 + number * DUE
        await fill(store, first, DUE)
        await fill(alone, first, DUE)
        before = process.memory_info().rss
        value = await fire(store)
        grown = process.memory_info().rss - before
        floor = await fire(alone)
        insist(in_order(crowded, first), "order or number")
        insist(in_order(empty, first), "order or number")
        insist(grown < MEMORY, f"memory grew by {grown} bytes")
        measured.append((value, floor))
        say(f"round {number}: {value:.0f}/s, without the others {floor:.0f}/s, memory +{grown / 2**20:.1f} MiB")
    await store.aclose()
    await alone.aclose()
    report("timers", "timers/s", measured)


if __name__ == "__main__":
    pin(0, SERVER)
    with sqlite() as one, sqlite() as other:
        asyncio.run(main(one, other))

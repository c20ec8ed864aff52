"""What waits must not make the rest slower: a claim reads lanes that are due, and nothing of what waits behind them."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, event

from bridge.domain.messages import MessageStatus
from bridge.ports.rows import Settlement
from bridge.ports.store import Store, Unit
from bridge.store.inspect import connection_of
from tests.store.builders import HOLDER, LEASE, NOW, call, known, later, reply

BACKLOG = 10_000
STEP = 50  # instructions of SQLite's machine between two counts
Work = Callable[[Unit], Any]


def block_one_lane(unit: Unit) -> None:
    """A conversation whose head waits for a retry, with a long row of calls behind it."""
    drafts = [call("blocked", message=f"m{number}", at=later(3600)) for number in range(BACKLOG // 10)]
    for _ in range(10):
        unit.enqueue(drafts, NOW)
        unit.targets()  # writes what was kept back


def fill_many_lanes(unit: Unit) -> None:
    for start in range(0, BACKLOG, 1000):
        unit.enqueue([call(f"lane {number:06}") for number in range(start, start + 1000)], NOW)
        unit.targets()


def one_round(unit: Unit) -> int:
    """All that happens to a call, and what its worker asks in between."""
    rows = unit.begin(unit.claim("main", NOW, limit=10, lease=LEASE, holder=HOLDER), NOW)
    done = unit.settle([Settlement(row=row, status="done") for row in rows], NOW, holder=HOLDER)
    unit.targets()
    unit.next_due("main")
    unit.reschedule("m7", later(7200))
    return done


def steps(connection: Connection, work: Callable[[], object]) -> int:
    """How much SQLite had to do for ``work``, in steps of its own machine."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    raw: sqlite3.Connection = connection.connection.dbapi_connection  # pyright: ignore[reportAssignmentType] - it is
    raw.set_progress_handler(count, STEP)
    work()
    raw.set_progress_handler(None, STEP)
    return counted * STEP


@contextmanager
def plans(connection: Connection) -> Generator[list[str]]:
    """How PostgreSQL carries out each statement, with the numbers of rows it really met."""
    lines: list[str] = []

    def explain(*arguments: Any) -> None:
        _, cursor, statement, parameters, _, many = arguments
        if many or statement.startswith(("EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            return
        cursor.execute("SAVEPOINT plan", ())
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) {statement}", parameters)
        lines.extend(row[0] for row in cursor.fetchall())
        cursor.execute("ROLLBACK TO SAVEPOINT plan", ())

    event.listen(connection, "before_cursor_execute", explain)
    yield lines
    event.remove(connection, "before_cursor_execute", explain)


async def measured(store: Store, before: Work) -> tuple[int, int]:
    """Cost of ten calls when nothing else waits, and after ``before``: SQLite's steps, or rows read by PostgreSQL."""

    def alone(unit: Unit) -> None:
        unit.enqueue([call(f"calm {number}") for number in range(10)], NOW)
        unit.targets()

    await store.transact(alone)
    calm = await store.transact(partial(cost, of=one_round))
    await store.transact(alone)
    await store.transact(before)
    return calm, await store.transact(partial(cost, of=one_round))


def cost(unit: Unit, of: Work) -> int:
    """SQLite's steps, or rows read by PostgreSQL."""
    connection = connection_of(unit)
    if connection.dialect.name == "sqlite":
        return steps(connection, lambda: of(unit))
    with plans(connection) as lines:
        of(unit)
    return sum(rows_read(line) for line in lines)


def rows_read(line: str) -> int:
    """Rows one node of a plan met, those it threw away included."""
    if "Rows Removed" in line:
        return int(line.rpartition(" ")[2])
    _, found, numbers = line.partition("rows=")
    loops = numbers.partition("loops=")[2].rstrip(")")
    return int(float(numbers.split()[0]) * int(loops)) if found and loops else 0


async def test_a_blocked_lane_costs_the_others_nothing(store: Store) -> None:
    calm, blocked = await measured(store, block_one_lane)
    assert calm > 0
    assert blocked <= calm * 1.5


async def test_many_waiting_lanes_cost_a_claim_nothing(store: Store) -> None:
    calm, crowded = await measured(store, fill_many_lanes)
    assert calm > 0
    assert crowded <= calm * 1.5


async def test_a_long_conversation_costs_no_more_to_load_than_a_short_one(store: Store) -> None:
    def say(unit: Unit, first: int, count: int) -> None:
        said = [reply(f"m{number}", status=MessageStatus.DELIVERED) for number in range(first, first + count)]
        unit.save(known(messages=tuple(said)), NOW)

    def read(unit: Unit) -> None:
        assert [message.id for message in unit.load_conversation(1001).pending] == ["waits"]

    await store.transact(lambda unit: unit.save(known(messages=(reply("waits"),)), NOW))
    await store.transact(lambda unit: say(unit, 0, 5))
    short = await store.transact(partial(cost, of=read))
    await store.transact(lambda unit: say(unit, 5, 5000))
    # Reading all of it would be 5,000 rows, or tens of thousands of steps.
    assert await store.transact(partial(cost, of=read)) <= short * 1.5 + 10 * STEP

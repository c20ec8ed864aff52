"""What is accepted is stored once, and many share a commit."""

import asyncio
from collections.abc import Sequence

import pytest

from bridge.domain.events import TimerFired
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store, StoreUnavailable, Unit
from bridge.store.arrivals import identity
from bridge.store.group_commit import GroupCommit
from tests.store.builders import NOW, later, text_in


async def test_a_repeat_is_absorbed(store: Store) -> None:
    assert await store.accept(text_in("SM1"))
    assert not await store.accept(text_in("SM1"))
    assert await store.accept(InboxDraft("provider:other", "SM1", "webhook", b""))
    rows = await store.transact(lambda unit: unit.next_inbox(10))
    assert [(row.source, row.external_id, row.body, row.received_at) for row in rows] == [
        ("provider:main", "SM1", b"body", NOW),
        ("provider:other", "SM1", b"", NOW),
    ]


async def test_of_repeats_that_come_together_one_is_new(store: Store) -> None:
    new = await asyncio.gather(*(store.accept(text_in(f"SM{number % 5}")) for number in range(50)))
    assert sum(new) == 5
    assert len(await store.transact(lambda unit: unit.next_inbox(100))) == 5


async def test_of_repeats_in_two_processes_one_is_new(store: Store, other: Store) -> None:
    calls = [where.accept(text_in(f"SM{number}")) for number in range(30) for where in (store, other)]
    assert sum(await asyncio.gather(*calls)) == 30


async def test_ids_no_database_takes_are_kept_readable(store: Store) -> None:
    odd = "a\0b\ud83dc"
    assert await store.accept(text_in(odd))
    assert not await store.accept(text_in(odd))
    (row,) = await store.transact(lambda unit: unit.next_inbox(1))
    assert row.external_id == "a\ufffdb\ufffdc"


async def test_rows_come_oldest_first_and_once(store: Store) -> None:
    for number in range(5):
        await store.accept(text_in(f"SM{number}"))

    def handle(unit: Unit, count: int) -> list[str]:
        rows = unit.next_inbox(count)
        unit.handled(rows, later(1))
        return [row.external_id for row in rows]

    assert await store.transact(lambda unit: handle(unit, 2)) == ["SM0", "SM1"]
    assert await store.transact(lambda unit: handle(unit, 9)) == ["SM2", "SM3", "SM4"]
    assert await store.transact(lambda unit: handle(unit, 9)) == []


async def test_what_could_not_be_read_waits_aside(store: Store) -> None:
    await store.accept(text_in("SM0", problem="unreadable"))
    await store.accept(text_in("SM1"))

    def put_aside(unit: Unit) -> list[str]:
        rows = unit.next_inbox(10)
        for row in rows:
            unit.set_aside(row, "a bug", NOW)
        return [row.external_id for row in rows]

    assert await store.transact(put_aside) == ["SM1"]
    assert await store.transact(put_aside) == []


async def test_a_failed_row_leaves_nothing_behind(store: Store) -> None:
    await store.accept(text_in("SM0"))

    def broken(unit: Unit) -> None:
        unit.set_seen_until("x", NOW)
        raise LookupError("a bug")

    def work(unit: Unit) -> None:
        with pytest.raises(LookupError):
            unit.savepoint(lambda: broken(unit))
        unit.set_seen_until("y", NOW)

    await store.transact(work)
    assert await store.transact(lambda unit: (unit.seen_until("x"), unit.seen_until("y"))) == (None, NOW)


async def test_a_failed_transaction_leaves_nothing_behind(store: Store) -> None:
    def work(unit: Unit) -> None:
        unit.set_seen_until("x", NOW)
        raise LookupError("a bug")

    with pytest.raises(LookupError):
        await store.transact(work)
    assert await store.transact(lambda unit: unit.seen_until("x")) is None


async def test_our_own_events_come_back_as_they_went(store: Store) -> None:
    event = TimerFired(external_id="timer:1", kind="held", conversation=1042, subject="m1")
    assert await store.transact(lambda unit: unit.tell([event, event], NOW)) == 1
    (row,) = await store.transact(lambda unit: unit.next_inbox(10))
    assert (row.source, row.kind, row.external_id, row.event) == ("own", "TimerFired", "timer:1", event)


async def test_many_callers_share_few_commits(store: Store) -> None:
    commits = 0
    transact = store.transact

    async def counting(work: object, *, urgent: bool = False) -> object:
        nonlocal commits
        commits += 1
        return await transact(work, urgent=urgent)  # pyright: ignore[reportArgumentType] - passed through

    store.transact = counting
    await asyncio.gather(*(store.accept(text_in(f"SM{number}")) for number in range(200)))
    assert commits <= 5


class Disk:
    """A write that takes until it is let through."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.free = asyncio.Event()
        self.failure: Exception | None = None

    async def write(self, drafts: Sequence[InboxDraft]) -> set[tuple[str, str]]:
        self.groups.append(len(drafts))
        await self.free.wait()
        if self.failure:
            raise self.failure
        return {identity(draft) for draft in drafts}


async def test_nobody_waits_for_company_and_the_late_go_together() -> None:
    disk = Disk()
    group = GroupCommit(disk.write)
    first = asyncio.create_task(group.accept(text_in("0")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert disk.groups == [1]
    rest = [asyncio.create_task(group.accept(text_in(str(number)))) for number in range(1, 10)]
    await asyncio.sleep(0)
    assert disk.groups == [1]
    disk.free.set()
    assert await first
    assert all(await asyncio.gather(*rest))
    assert disk.groups == [1, 9]


async def test_when_a_group_fails_each_is_told_and_the_next_goes_on() -> None:
    disk = Disk()
    disk.failure = StoreUnavailable("full")
    disk.free.set()
    group = GroupCommit(disk.write)
    results = await asyncio.gather(*(group.accept(text_in(str(n))) for n in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [StoreUnavailable] * 5
    disk.failure = None
    assert await group.accept(text_in("0"))


async def test_closing_finishes_what_was_begun(store: Store) -> None:
    waiting = [asyncio.create_task(store.accept(text_in(f"SM{number}"))) for number in range(20)]
    await asyncio.sleep(0)
    await store.aclose()
    assert all(await asyncio.gather(*waiting))
    with pytest.raises(StoreUnavailable):
        await store.accept(text_in("SM99"))

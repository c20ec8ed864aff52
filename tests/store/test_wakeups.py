"""Whoever waits for rows learns of them, also of those that came just before."""

import asyncio
from collections.abc import Callable
from time import perf_counter

from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer
from bridge.ports.rows import Settlement
from bridge.ports.store import Store, Topic, Unit
from bridge.store import open_store
from bridge.store.engine_postgres import PostgresStore
from bridge.store.wakeups import Wakeups
from tests.store.builders import NOW, begin, call, claim, enqueue, settle, text_in

LONG = 20.0


async def waited(store: Store, topic: Topic) -> float:
    """Seconds until this task is woken."""
    began = perf_counter()
    await store.wait(topic, LONG)
    return perf_counter() - began


async def quiet(store: Store, topic: Topic) -> None:
    """Get past the wakings that belong to the beginning."""
    while isinstance(store, PostgresStore) and not store._wakeups._versions:  # noqa: ASYNC110 - nothing tells the first
        await asyncio.sleep(0.005)  # until it listens, which wakes everybody
    await store.wait(topic, LONG)


async def test_a_commit_wakes_who_waits_for_its_topic(store: Store) -> None:
    arm = Decision(effects=(ArmTimer("held", "m1", NOW),))
    works: dict[Topic, Callable[[Unit], object]] = {
        "inbox": lambda unit: unit.accept([text_in()], NOW),
        "outbox": lambda unit: unit.enqueue([call()], NOW),
        "timers": lambda unit: unit.save(arm, NOW, conversation=1001),
    }
    for topic, work in works.items():
        asleep = asyncio.Event()

        async def sleeper(topic: Topic = topic, asleep: asyncio.Event = asleep) -> float:
            await quiet(store, topic)
            asleep.set()
            return await waited(store, topic)

        task = asyncio.create_task(sleeper())
        await asleep.wait()
        await store.transact(work)
        assert await task < LONG / 2


async def test_who_has_the_first_row_is_woken_first(store: Store) -> None:
    targets = [f"room:{number}" for number in range(12)]
    drafts = [call(target=target) for target in targets]
    asleep, woken = asyncio.Semaphore(0), list[str]()
    await quiet(store, "outbox")

    async def sleeper(target: str) -> None:
        await store.wait("outbox", LONG, target=target)
        asleep.release()
        await store.wait("outbox", LONG, target=target)
        woken.append(target)

    async with asyncio.TaskGroup() as group:
        for target in reversed(targets):
            group.create_task(sleeper(target))
        for _ in targets:
            await asleep.acquire()
        await store.transact(lambda unit: unit.enqueue(drafts, NOW))
    assert woken == targets


async def test_topics_are_woken_apart() -> None:
    wakeups = Wakeups()
    await wakeups.wait("inbox", LONG)
    wakeups.touch(["outbox", "timers"])
    began = perf_counter()
    await wakeups.wait("inbox", 0.05)
    assert perf_counter() - began >= 0.04


async def test_what_comes_between_looking_and_waiting_is_not_missed(store: Store) -> None:
    await quiet(store, "inbox")
    assert not await store.transact(lambda unit: unit.next_inbox(1))
    await store.accept(text_in())
    assert await waited(store, "inbox") < LONG / 2


async def test_each_of_several_waiters_is_told() -> None:
    wakeups = Wakeups()
    looked: list[int] = []

    async def look(number: int) -> None:
        for _ in range(3):
            await wakeups.wait("outbox", LONG)
            looked.append(number)

    tasks = [asyncio.create_task(look(number)) for number in range(3)]
    for _ in range(2):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        wakeups.touch(["outbox"])
    await asyncio.gather(*tasks)
    assert sorted(looked) == [0, 0, 0, 1, 1, 1, 2, 2, 2]


async def test_nothing_new_means_waiting_until_the_time_is_over() -> None:
    wakeups = Wakeups()
    await wakeups.wait("inbox", LONG)
    began = perf_counter()
    await wakeups.wait("inbox", 0.05)
    assert perf_counter() - began >= 0.04


async def test_a_row_that_follows_in_its_lane_wakes(store: Store) -> None:
    await enqueue(store, call(), call())
    (row,) = await begin(store, await claim(store))
    await quiet(store, "outbox")
    assert await store.transact(lambda unit: unit.targets())
    await settle(store, Settlement(row=row, status="done"))
    assert await waited(store, "outbox") < LONG / 2


async def test_other_processes_are_told(migrated_postgresql_url: str) -> None:
    here = await open_store(migrated_postgresql_url, lambda: NOW)
    there = await open_store(migrated_postgresql_url, lambda: NOW)
    try:
        await quiet(there, "inbox")
        await quiet(here, "inbox")
        for number in range(3):
            await here.accept(text_in(f"SM{number}"))
            assert await waited(there, "inbox") < LONG / 2
    finally:
        await here.aclose()
        await there.aclose()

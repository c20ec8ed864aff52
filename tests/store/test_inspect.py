"""What operators see and mend."""

import pytest

from bridge.ports.rows import RowStatus, Settlement
from bridge.ports.store import Store, Unit
from bridge.store import inspect
from bridge.store.migrate import head
from bridge.store.prune import prune
from tests.store.builders import LEASE, NOW, begin, call, claim, enqueue, later, settle, text_in


async def ended(store: Store, lane: str, status: RowStatus) -> str:
    """A call that ended so; returns its key."""
    await enqueue(store, call(lane, message=f"m {lane}"))
    (row,) = [row for row in await begin(store, await claim(store)) if row.lane == lane]
    await settle(store, Settlement(row=row, status=status, problem="why"))
    return row.key


async def test_an_idle_store_has_nothing_to_tell(store: Store) -> None:
    found = await store.transact(lambda unit: inspect.overview(unit, NOW))
    assert found == inspect.Overview(
        unhandled=0,
        unhandled_age=None,
        set_aside=0,
        unsettled=0,
        unsettled_age=None,
        overdue=None,
        failed=0,
        unknown=0,
        revision=head(),
    )


async def test_counts_and_ages(store: Store) -> None:
    await store.accept(text_in("SM1"))
    await store.accept(text_in("SM2"))
    await store.accept(text_in("SM3", problem="unreadable"))
    await ended(store, "a", "failed")
    await ended(store, "b", "unknown")
    await ended(store, "c", "unknown")
    await enqueue(store, call("d"), call("d"), call("e", at=later(60)))
    found = await store.transact(lambda unit: inspect.overview(unit, later(30)))
    assert (found.unhandled, found.unhandled_age, found.set_aside) == (2, 30, 1)
    assert (found.unsettled, found.unsettled_age, found.overdue) == (3, 30, 30)
    assert (found.failed, found.unknown) == (1, 2)


async def test_what_waits_for_its_time_is_not_overdue(store: Store) -> None:
    await enqueue(store, call(at=later(3600)))
    found = await store.transact(lambda unit: inspect.overview(unit, later(60)))
    assert (found.unsettled, found.overdue) == (1, None)


async def test_rows_set_aside_are_listed_and_replayed(store: Store) -> None:
    for name in ("SM1", "SM2", "SM3"):
        await store.accept(text_in(name, problem="unreadable"))
    first, *_ = await store.transact(inspect.list_set_aside)
    assert (first.external_id, first.problem) == ("SM1", "unreadable")
    assert await store.transact(lambda unit: inspect.replay(unit, [first.id])) == 1
    assert [row.external_id for row in await store.transact(inspect.list_unhandled)] == ["SM1"]
    assert await store.transact(inspect.replay) == 2
    rows = await store.transact(lambda unit: unit.next_inbox(9))
    assert [row.external_id for row in rows] == ["SM1", "SM2", "SM3"]


async def test_a_replay_wakes_the_processor(store: Store) -> None:
    await store.accept(text_in("SM1", problem="unreadable"))
    await store.wait("inbox", 0.1)
    await store.wait("inbox", 0.1)
    await store.transact(inspect.replay)
    await store.wait("inbox", 60)


@pytest.mark.parametrize("status", ["failed", "unknown"])
async def test_a_stuck_call_is_asked_for_once_more_as_a_new_one(store: Store, status: RowStatus) -> None:
    key = await ended(store, "a", status)
    assert [line.key for line in await store.transact(inspect.list_stuck)] == [key]
    assert await store.transact(lambda unit: inspect.retry(unit, [key, "nonsense"], NOW)) == 1
    assert await store.transact(inspect.list_stuck) == []
    (row,) = await claim(store)
    assert (row.lane, row.message, row.payload, row.attempts) == ("a", "m a", {"n": 1}, 0)
    assert row.key != key
    assert await store.transact(lambda unit: inspect.retry(unit, [key], NOW)) == 0


async def test_a_call_that_is_done_is_not_retried(store: Store) -> None:
    key = await ended(store, "a", "done")
    assert await store.transact(lambda unit: inspect.retry(unit, [key], NOW)) == 0


async def test_calls_are_dropped_and_those_behind_them_go_on(store: Store) -> None:
    await enqueue(store, *(call(message=name) for name in "abcd"))
    lines = await store.transact(inspect.list_unsettled)
    keys = {line.message: line.key for line in lines}
    assert await store.transact(lambda unit: inspect.drop(unit, [keys["a"], keys["c"]], NOW)) == 2
    made: list[str | None] = []
    for _ in range(3):
        for row in await begin(store, await claim(store)):
            made.append(row.message)
            await settle(store, Settlement(row=row, status="done"))
    assert made == ["b", "d"]
    assert await store.transact(lambda unit: unit.next_due("main")) is None


async def test_the_last_call_of_a_lane_is_dropped(store: Store) -> None:
    await enqueue(store, call())
    (line,) = await store.transact(inspect.list_unsettled)
    assert await store.transact(lambda unit: inspect.drop(unit, [line.key], NOW)) == 1
    assert await store.transact(lambda unit: unit.next_due("main")) is None
    await enqueue(store, call(message="next"))
    assert [row.message for row in await claim(store)] == ["next"]


async def test_a_call_under_way_is_not_dropped(store: Store) -> None:
    await enqueue(store, call())
    (row,) = await begin(store, await claim(store))
    assert await store.transact(lambda unit: inspect.drop(unit, [row.key], NOW)) == 0
    assert await settle(store, Settlement(row=row, status="done")) == 1


async def test_a_failed_call_dropped_needs_no_attention(store: Store) -> None:
    key = await ended(store, "a", "unknown")
    assert await store.transact(lambda unit: inspect.drop(unit, [key], NOW)) == 1
    assert await store.transact(inspect.list_stuck) == []


async def test_what_came_last_is_shown_first(store: Store) -> None:
    for number in range(3):
        await store.accept(text_in(f"SM{number}"))
        await enqueue(store, call(f"lane{number}"), now=later(number))
    assert [row.external_id for row in await store.transact(lambda unit: inspect.recent_inbox(unit, 2))] == [
        "SM2",
        "SM1",
    ]
    recent = await store.transact(lambda unit: inspect.recent_outbox(unit, 2))
    assert [row.created_at for row in recent] == [later(2), later(1)]


async def test_pruning_forgets_bodies_but_knows_repeats(store: Store) -> None:
    await store.accept(text_in("SM1"))
    await store.accept(text_in("SM2"))
    await store.accept(text_in("SM3", problem="unreadable"))

    def handle_one(unit: Unit) -> None:
        unit.handled(unit.next_inbox(1), NOW)

    await store.transact(handle_one)
    done, stuck = await ended(store, "a", "done"), await ended(store, "b", "failed")
    await enqueue(store, call("c", message="waits"))
    assert await store.transact(lambda unit: prune(unit, NOW)) == 0
    while await store.transact(lambda unit: prune(unit, later(3600), limit=1)):
        pass
    assert not await store.accept(text_in("SM1"))
    await store.transact(inspect.replay)
    rows = await store.transact(lambda unit: unit.next_inbox(9))
    assert [(row.external_id, row.body) for row in rows] == [("SM2", b"body"), ("SM3", b"body")]
    kept = {line.key for line in await store.transact(inspect.recent_outbox)}
    assert done not in kept
    assert stuck in kept
    assert [row.message for row in await claim(store, later(LEASE))] == ["waits"]


async def test_pruning_goes_on_where_it_stopped(store: Store) -> None:
    for number in range(5):
        await store.accept(text_in(f"SM{number}"))

    def handle_all(unit: Unit) -> None:
        unit.handled(unit.next_inbox(9), NOW)

    await store.transact(handle_all)
    assert [await store.transact(lambda unit: prune(unit, later(1), limit=2)) for _ in range(4)] == [2, 2, 1, 0]


async def test_a_server_that_may_lose_acknowledged_texts_is_named(store: Store) -> None:
    named = await store.transact(inspect.unsafe_settings)
    if type(store).__name__ == "SqliteStore":
        assert named == []
    else:
        assert named == ["fsync is off", "full_page_writes is off"]  # synchronous_commit we switch on ourselves

"""Calls of a lane are made one after the other, by one process at a time, and none is forgotten."""

from dataclasses import replace

import pytest

from bridge.domain.events import SendSettled
from bridge.domain.messages import Mark
from bridge.ports.rows import RowStatus, Settlement
from bridge.ports.store import Store
from tests.store.builders import (
    LEASE,
    NOW,
    begin,
    call,
    chat,
    claim,
    enqueue,
    known,
    later,
    post,
    reply,
    save,
    settle,
)


async def test_a_lane_gives_one_row_at_a_time_in_order(store: Store) -> None:
    await enqueue(store, call(message="a"), call(message="b"), call("other", message="c"))
    rows = await claim(store)
    assert [(row.lane, row.message) for row in sorted(rows, key=lambda row: row.lane)] == [
        ("1042:out", "a"),
        ("other", "c"),
    ]
    assert not await claim(store)
    rows = await begin(store, rows)
    assert await settle(store, *(Settlement(row=row, status="done") for row in rows)) == 2
    (row,) = await claim(store)
    assert row.message == "b"


async def test_a_row_put_off_keeps_its_place(store: Store) -> None:
    await enqueue(store, call(message="a"), call(message="b"))
    (row,) = await begin(store, await claim(store))
    await settle(store, Settlement(row=row, status="pending", next_at=later(30), problem="429"))
    assert not await claim(store, later(29))
    (again,) = await claim(store, later(30))
    assert (again.message, again.attempts, again.problem, again.key) == ("a", 1, "429", row.key)


@pytest.mark.parametrize("status", ["done", "failed", "unknown", "skipped"])
async def test_an_ended_row_lets_the_next_go(store: Store, status: RowStatus) -> None:
    await enqueue(store, call(message="a"), call(message="b"))
    (row,) = await begin(store, await claim(store))
    await settle(store, Settlement(row=row, status=status, problem="why"))
    (following,) = await claim(store)
    assert following.message == "b"


async def test_the_next_row_keeps_its_own_time(store: Store) -> None:
    await enqueue(store, call(message="a"), call(message="b", at=later(100)))
    (row,) = await begin(store, await claim(store))
    await settle(store, Settlement(row=row, status="done"))
    assert await store.transact(lambda unit: unit.next_due("main")) == later(100)
    assert not await claim(store, later(99))
    assert await claim(store, later(100))


async def test_a_call_whose_holder_died_is_looked_up_not_repeated(store: Store) -> None:
    await enqueue(store, call())
    await begin(store, await claim(store, holder="dead"))
    assert not await claim(store, later(LEASE - 1))
    (row,) = await claim(store, later(LEASE))
    assert (row.status, row.attempts, row.checks, row.attempted_at) == ("checking", 1, 1, NOW)


async def test_a_call_not_begun_is_simply_taken_again(store: Store) -> None:
    await enqueue(store, call())
    await claim(store, holder="dead")
    (row,) = await claim(store, later(LEASE))
    assert (row.status, row.attempts, row.checks) == ("preparing", 0, 0)


async def test_looking_up_may_go_on_and_end_in_a_new_attempt(store: Store) -> None:
    await enqueue(store, call())
    (row,) = await begin(store, await claim(store))
    await settle(store, Settlement(row=row, status="checking", next_at=later(10)))
    (row,) = await claim(store, later(10))
    assert (row.status, row.checks) == ("checking", 1)
    (row,) = await begin(store, [row], later(11))
    assert (row.status, row.attempts, row.attempted_at) == ("in_flight", 2, NOW)


@pytest.mark.parametrize("holder", ["second", "first"])
async def test_a_result_after_the_lease_went_on_is_refused(store: Store, holder: str) -> None:
    """Also when it went on to the very process that had it: its own earlier call is as stale as anybody's."""
    await enqueue(store, call())
    stale = await claim(store)
    (begun,) = await begin(store, stale)
    (fresh,) = await claim(store, later(LEASE), holder=holder)
    assert not await begin(store, stale, later(LEASE))
    assert await settle(store, Settlement(row=begun, status="done"), now=later(LEASE)) == 0
    assert await settle(store, Settlement(row=fresh, status="done"), now=later(LEASE), holder=holder) == 1
    assert await settle(store, Settlement(row=fresh, status="done"), now=later(LEASE), holder=holder) == 0


async def test_two_that_hold_the_same_row_cannot_both_begin(store: Store) -> None:
    await enqueue(store, call())
    first = await claim(store, holder="first")
    second = await claim(store, later(LEASE), holder="second")
    assert not await begin(store, first, later(LEASE))
    assert await begin(store, second, later(LEASE))
    assert not await begin(store, second, later(LEASE))


async def test_rescheduling_moves_the_text_and_not_the_notes_about_it(store: Store) -> None:
    note = replace(call("thread", message="m1"), kind="PostNote")
    await enqueue(store, call(message="m1", at=later(5)), note)
    await store.transact(lambda unit: unit.reschedule("m1", later(60)))
    assert [row.kind for row in await claim(store, later(59))] == ["PostNote"]
    assert [row.kind for row in await claim(store, later(60))] == ["SendText"]


async def test_rescheduling_behind_the_head_keeps_the_order(store: Store) -> None:
    await enqueue(store, call(message="a"), call(message="b", at=later(5)))
    await store.transact(lambda unit: unit.reschedule("b", later(1)))
    (row,) = await begin(store, await claim(store, later(2)), later(2))
    assert row.message == "a"
    await settle(store, Settlement(row=row, status="done"), now=later(2))
    (row,) = await claim(store, later(2))
    assert row.message == "b"


async def test_a_row_put_off_while_its_holder_died_waits_for_its_new_time(store: Store) -> None:
    await enqueue(store, call(message="a"))
    await claim(store, holder="dead")
    await store.transact(lambda unit: unit.reschedule("a", later(500)))
    assert not await claim(store, later(LEASE))
    assert await store.transact(lambda unit: unit.next_due("main")) == later(500)
    assert await claim(store, later(500))


async def test_targets_are_those_with_work(store: Store) -> None:
    await enqueue(store, call("a", target="x"), call("b", target="y"), call("c", target="x"), call("d", target="z"))
    assert await store.transact(lambda unit: list(unit.targets())) == ["x", "y", "z"]
    (row,) = await begin(store, await claim(store, target="y"))
    assert await store.transact(lambda unit: list(unit.targets())) == ["x", "y", "z"]
    await settle(store, Settlement(row=row, status="done"))
    assert await store.transact(lambda unit: list(unit.targets())) == ["x", "z"]
    assert await store.transact(lambda unit: unit.next_due("y")) is None


async def test_a_leased_lane_is_due_at_the_end_of_its_lease(store: Store) -> None:
    await enqueue(store, call())
    await claim(store)
    assert await store.transact(lambda unit: unit.next_due("main")) == later(LEASE)


async def test_payloads_come_back_as_they_went(store: Store) -> None:
    payload = {"text": "NUL \0, half \ud83d, whole 😀", "list": [1, None, True, 2.5], "map": {"a": {}}}
    await enqueue(store, replace(call(), payload=payload))
    (row,) = await claim(store)
    assert row.payload == payload


async def test_what_follows_from_a_call_is_written_with_its_end(store: Store) -> None:
    await save(store, known(messages=(reply(),), posts=(post("9", "m1"),)))
    await enqueue(store, call("card"), call("out", message="m1"))
    card, out = sorted(await begin(store, await claim(store)), key=lambda row: row.lane)
    event = SendSettled(external_id="e1", message="m1", outcome="accepted", provider_id="SM1", segments=1)
    await settle(
        store,
        Settlement(row=card, status="done", posted=chat("1"), role="card", root_of="t1", digest=("t1", "looks")),
        Settlement(row=out, status="done", event=event, shown=(chat("9"), Mark.ACCEPTED)),
    )

    (told,) = await store.transact(lambda unit: unit.next_inbox(10))
    assert (told.source, told.kind, told.external_id, told.event) == ("own", "SendSettled", "e1", event)
    state = await store.transact(lambda unit: unit.load_conversation(1001))
    assert [(thread.state, thread.root) for thread in state.threads] == [("open", chat("1"))]
    assert await store.transact(lambda unit: unit.card_digest("t1")) == "looks"
    card_post = await store.transact(lambda unit: unit.post(chat("1")))
    assert card_post is not None
    reply_post = await store.transact(lambda unit: unit.post(chat("9")))
    assert reply_post is not None
    assert (reply_post.mark, reply_post.shown, reply_post.message) == (Mark.NONE, Mark.ACCEPTED, "m1")


async def test_a_refused_result_writes_nothing(store: Store) -> None:
    await save(store, known())
    await enqueue(store, call())
    (row,) = await begin(store, await claim(store))
    await claim(store, later(LEASE), holder="second")
    event = SendSettled(external_id="e1", message="m1", outcome="accepted")
    stale = Settlement(row=row, status="done", event=event, posted=chat("1"), role="card", root_of="t1")
    assert await settle(store, stale) == 0
    assert not await store.transact(lambda unit: unit.next_inbox(10))
    assert await store.transact(lambda unit: unit.post(chat("1"))) is None


async def test_a_root_noted_meanwhile_survives_a_decision_made_without_it(store: Store) -> None:
    await save(store, known())
    await enqueue(store, call("card"))
    (row,) = await begin(store, await claim(store))
    await settle(store, Settlement(row=row, status="done", posted=chat("1"), role="card", root_of="t1"))
    await save(store, known())
    state = await store.transact(lambda unit: unit.load_conversation(1001))
    assert [(thread.state, thread.root) for thread in state.threads] == [("open", chat("1"))]

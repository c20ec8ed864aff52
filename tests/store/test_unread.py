"""Threads that are read before what comes live in them counts, and what is read of them."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.conversations import ThreadState
from bridge.ports.rows import InboxDraft, Settlement
from bridge.ports.store import Store, Unit
from tests.store.builders import HOLDER, LEASE, NOW, call, chat, known, save, thread

TARGET = "room:slack/C1"


async def test_a_thread_is_unread_until_it_was_read(store: Store) -> None:
    await save(store, known(threads=(thread(state=ThreadState.OPEN, root=chat("1")),)))

    def unread(unit: Unit) -> list[tuple[object, datetime | None]]:
        unit.set_unread([chat("1"), chat("2")])
        unit.set_unread([chat("2")])
        return list(unit.unread_threads("slack"))

    assert await store.transact(unread) == [(chat("1"), thread().created_at), (chat("2"), None)]
    assert await store.transact(lambda unit: list(unit.unread_threads("matrix"))) == []
    await store.transact(lambda unit: unit.set_read(chat("1")))
    assert await store.transact(lambda unit: [unit.is_unread(chat(one)) for one in "12"]) == [False, True]


async def test_a_thread_may_be_ours_from_the_beginning_of_the_call_until_its_end(store: Store) -> None:
    await save(store, known(threads=(thread(),)))
    found: list[bool] = []

    def ours(unit: Unit) -> None:
        found.append(unit.may_be_ours(chat("1"), TARGET))

    await store.transact(ours)
    await store.transact(lambda unit: unit.enqueue([replace(call(target=TARGET), conversation=1001)], NOW))
    await store.transact(ours)
    rows = await store.transact(lambda unit: unit.claim(TARGET, NOW, limit=1, lease=LEASE, holder=HOLDER))
    [row] = await store.transact(lambda unit: unit.begin(rows, NOW))
    await store.transact(ours)
    assert not await store.transact(lambda unit: unit.may_be_ours(chat("1"), "room:slack/C2"))
    done = Settlement(row=row, status="done", posted=chat("1"), role="card", root_of="t1", unread=True)
    await store.transact(lambda unit: unit.settle([done], NOW, holder=HOLDER))
    await store.transact(ours)
    assert found == [False, False, True, True]
    assert not await store.transact(lambda unit: unit.may_be_ours(chat("2"), TARGET))
    assert await store.transact(lambda unit: unit.is_unread(chat("1")))


async def test_what_is_read_takes_the_place_of_what_waits_and_of_nothing_else(store: Store) -> None:
    names = ("handled", "aside", "elsewhere", "later", "earlier")
    stored = [InboxDraft("chat:b" if one == "elsewhere" else "chat:slack", one, "event", b"live") for one in names]

    def before(unit: Unit) -> None:
        unit.accept(stored, NOW)
        rows = unit.next_inbox(9)
        unit.handled(rows[:1], NOW)
        unit.set_aside(rows[1], "a bug", NOW)

    await store.transact(before)
    read = [InboxDraft("chat:slack", one, "event", b"read") for one in ("handled", "aside", "earlier", "later", "new")]
    assert await store.transact(lambda unit: unit.accept_in_order(read, NOW)) == 3
    assert await store.transact(lambda unit: unit.accept_in_order([], NOW)) == 0
    rows = await store.transact(lambda unit: unit.next_inbox(9))
    assert [(row.external_id, row.body) for row in rows] == [
        ("elsewhere", b"live"),
        *(("earlier", b"read"), ("later", b"read"), ("new", b"read")),
    ]

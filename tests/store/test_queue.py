"""The queue by section, on both databases."""

from dataclasses import replace
from typing import Any

from bridge.domain.conversations import ConversationStatus, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.messages import Hold, MessageStatus
from bridge.domain.queue import COUNTED, PAGE, Section
from bridge.ports.store import Store
from tests.store.builders import NOW, chat, contact, conversation, later, reply, thread

ME = "slack:U1"
LINES = ("front-desk", "billing")


def at(number: int, **changes: Any) -> Decision:
    return Decision(conversation=conversation(number, **changes), contact=contact())


async def save(store: Store, *decisions: Decision) -> None:
    def work(unit: Any) -> None:
        for decision in decisions:
            unit.save(decision, NOW)

    await store.transact(work)


async def numbers(store: Store, section: Section, *, offset: int = 0, lines: tuple[str, ...] = LINES) -> list[int]:
    found = await store.transact(lambda unit: unit.queue_page(lines, [ME], section, offset=offset, platform="slack"))
    return [entry.number for entry in found]


async def counted(store: Store, lines: tuple[str, ...] = LINES) -> dict[Section, int]:
    return dict(await store.transact(lambda unit: unit.queue_counts(lines, [ME])))


async def test_each_conversation_is_in_its_sections(store: Store) -> None:
    closed = {"status": ConversationStatus.CLOSED}
    held = {"status": MessageStatus.HELD, "hold": Hold.GUARD}
    await save(
        store,
        at(1, waiting_since=later(9)),
        at(2, waiting_since=later(1), assignee=ME, line="billing"),
        at(3, assignee=ME),
        at(4, assignee="slack:U2", waiting_since=later(5)),
        at(5, status=ConversationStatus.SNOOZED),
        at(6, waiting_since=later(0), line="other"),
        replace(at(7, assignee="slack:U2", **closed), messages=(reply("m7", 7, **held),)),
        replace(at(13, assignee="slack:U2", **closed), messages=(reply("m14", 13, status=MessageStatus.FAILED),)),
        replace(at(8, assignee="slack:U2"), messages=(reply("m8", 8, **held, created_at=later(7)),)),
        replace(at(9, assignee="slack:U2"), messages=(reply("m9", 9, **held), reply("m10", 9, **held))),
        replace(at(10, assignee="slack:U2"), messages=(reply("m11", 10, status=MessageStatus.HELD, hold=Hold.UNDO),)),
        replace(at(11, assignee="slack:U2"), messages=(reply("m12", 11, status=MessageStatus.FAILED),)),
        replace(at(12, assignee="slack:U2"), messages=(reply("m13", 12, status=MessageStatus.UNKNOWN),)),
        at(15, assignee="slack:U2", breached_at=later(8)),
        at(16, assignee="slack:U2", breached_at=later(2)),
        at(17, assignee="slack:U2", breached_at=later(2), **closed),
        at(18, assignee="slack:U2", waiting_since=NOW, breached_at=NOW, opted_out=True),
        at(19, assignee="slack:U2", waiting_since=NOW, breached_at=NOW, blocked=True),
        at(20, waiting_since=NOW, opted_out=True),
        at(21, blocked=True),
        at(23, assignee=ME, waiting_since=NOW, answer_held_until=later(60)),
        at(22, assignee="slack:U2", waiting_since=NOW, breached_at=NOW, answer_held_until=later(60)),
    )
    assert await numbers(store, "mine") == [2, 3, 23]
    assert await numbers(store, "unassigned") == [1]
    assert await numbers(store, "waiting") == [2, 4, 1]
    assert await numbers(store, "snoozed") == [5]
    assert await numbers(store, "breached") == [16, 15]
    assert await numbers(store, "held") == [7, 9, 8]
    assert await numbers(store, "failed") == [11, 12]
    assert await numbers(store, "waiting", lines=("other",)) == [6]
    counts = {"mine": 3, "unassigned": 1, "waiting": 3, "breached": 2, "held": 3, "failed": 2, "snoozed": 1}
    assert await counted(store) == counts


async def test_what_sleeps_is_sorted_by_when_it_wakes_whatever_the_line(store: Store) -> None:
    asleep = {"status": ConversationStatus.SNOOZED}
    await save(
        store,
        at(1, **asleep),
        at(2, **asleep, snoozed_until=later(9)),
        at(3, **asleep, snoozed_until=later(5), line="billing"),
        at(4, **asleep, snoozed_until=later(7), waiting_since=NOW),
        at(5, snoozed_until=later(1)),
    )
    assert await numbers(store, "snoozed") == [3, 4, 2, 1]
    found = await store.transact(lambda unit: unit.queue_page(LINES, [ME], "snoozed", offset=0, platform="slack"))
    assert [entry.since for entry in found] == [later(5), later(7), later(9), None]


async def test_without_a_line_there_is_nothing(store: Store) -> None:
    await save(store, at(1, waiting_since=NOW))
    assert await numbers(store, "waiting", lines=()) == []
    assert set((await counted(store, ())).values()) == {0}


async def test_pages_follow_each_other_over_lines(store: Store) -> None:
    many = [at(number, waiting_since=later(number), line=LINES[number % 2]) for number in range(1, 51)]
    await save(store, *many)
    pages = [await numbers(store, "waiting", offset=offset) for offset in (0, 20, 40, 60)]
    assert [len(page) for page in pages] == [PAGE + 1, PAGE + 1, 10, 0]
    assert [*pages[0][:PAGE], *pages[1][:PAGE], *pages[2]] == list(range(1, 51))


async def test_what_is_shown_of_an_entry(store: Store) -> None:
    shown = thread("t1", 1, state=ThreadState.OPEN, root=chat("1.5"))
    lost = thread("t0", 1, state=ThreadState.LOST, root=chat("1.1"))
    elsewhere = thread("t2", 1, state=ThreadState.OPEN, platform="matrix", root=replace(chat("$x"), platform="matrix"))
    await save(store, replace(at(1, waiting_since=later(3), assignee=ME), threads=(lost, shown, elsewhere)), at(2))
    (entry,) = await store.transact(lambda unit: unit.queue_page(LINES, [ME], "waiting", offset=0, platform="slack"))
    assert (entry.number, entry.name, entry.address) == (1, "Ann", contact().address)
    assert (entry.line, entry.status, entry.since) == ("front-desk", ConversationStatus.OPEN, later(3))
    assert (entry.assignee, entry.root) == (ME, chat("1.5"))
    (bare,) = await store.transact(lambda unit: unit.queue_page(LINES, [ME], "unassigned", offset=0, platform="slack"))
    assert bare.root is None


async def test_counting_stops_where_nobody_counts_on(store: Store) -> None:
    await save(store, *(at(number, waiting_since=NOW) for number in range(1, COUNTED + 20)))
    found = await counted(store)
    assert (found["waiting"], found["unassigned"]) == (COUNTED, COUNTED)

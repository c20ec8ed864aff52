"""Contacts erased: nothing of what was said and of who said it is found in any table afterwards."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bridge.domain.consent import ConsentEntry, ConsentKind
from bridge.domain.conversations import ConversationStatus, Merged, Reminder, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, Record
from bridge.domain.keeping import NoteConsent, SaveReminder
from bridge.domain.messages import Hold, Media, MessageKind, MessageStatus
from bridge.domain.people import Contact
from bridge.ports.provider import MediaContent
from bridge.ports.rows import InboxDraft, OutboxDraft
from bridge.ports.store import Store, Unit
from bridge.store import erasable, erasing, inspect, open_store
from bridge.store.erasable import Known
from bridge.store.erasing import Emptied
from bridge.store.errors import Conflict
from bridge.store.inspect import connection_of
from bridge.store.schema import metadata
from tests.store.builders import (
    NOW,
    chat,
    claim,
    contact,
    conversation,
    enqueue,
    known,
    later,
    post,
    reply,
    save,
    thread,
)

ADDRESS = contact().address
SECRET = "the parcel for Ann"
OTHER = Contact("contact other", "+15550002222", "Bea")


def said(**changes: object) -> Decision:
    """A conversation in which everything that can hold words holds the secret."""
    media = (Media("https://x/1", "image/png", f"{SECRET}.png", 9, stored="m2.0"),)
    words = [
        reply("m1", kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, body=SECRET),
        reply("m2", status=MessageStatus.DELIVERED, body=SECRET, media=media, author="slack:U1", origin=chat("2.0")),
        reply("m3", kind=MessageKind.COMMENT, status=MessageStatus.KEPT, body=SECRET, origin=chat("3.0")),
        reply("m4", status=MessageStatus.HELD, hold=Hold.LATER, body=SECRET, reasons=(SECRET,), plan="appointment"),
    ]
    entry = ConsentEntry(
        kind=ConsentKind.OPT_IN, contact=contact().id, address=ADDRESS, line="front-desk", account="main",
        scope="line", source="keyword", conversation=1001, words=SECRET, person=None,
    )  # fmt: skip
    effects = (
        NoteConsent(entry),
        SaveReminder(
            Reminder(id="r1", conversation=1001, person="slack:U1", words=SECRET, due=later(60), created_at=NOW)
        ),
        ArmTimer("later", "m4", later(60)),
        Record("replied", "slack:U1", "thread", "m2"),
    )
    own = conversation(labels=("vip",), waiting_since=NOW)
    root = thread(root=chat("1.0"), state=ThreadState.OPEN, earlier=chat("0.5"))
    return known(
        **{"conversation": own, "messages": tuple(words), "effects": effects, "threads": (root,)} | changes,
        posts=(post("2.0", "m2"),),
    )


async def filled(store: Store, **changes: object) -> None:
    await save(store, said(**changes))

    def work(unit: Unit) -> None:
        unit.put_media("m2", 0, MediaContent(SECRET.encode(), "image/png", f"{SECRET}.png"), NOW)
        row = InboxDraft("provider:main", "SM9", "webhook", f"From=%2B{ADDRESS[1:]}&Body={SECRET}".encode())
        unit.accept([row, replace(row, external_id="SM8", problem="unreadable")], NOW)

    await store.transact(work)
    await store.transact(lambda unit: unit.handled(unit.next_inbox(5), NOW))
    note: dict[str, object] = {"note": {"text": SECRET}}
    draft = OutboxDraft(lane="1001:room", target="room:slack/C1", kind="PostNote", conversation=1001, payload=note)
    text = OutboxDraft(
        lane="1001:line",
        target="line:front-desk",
        kind="SendText",
        conversation=1001,
        message="m4",
        payload={"ticket": 0},
    )
    await enqueue(store, draft, text)


def dump(unit: Unit) -> str:
    connection = connection_of(unit)
    rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return str(rows)


async def looked(store: Store, *addresses: str) -> Known:
    return await store.transact(lambda unit: erasable.look(unit, addresses or (ADDRESS,)))


async def erased(store: Store) -> tuple[Known, Emptied]:
    found = await looked(store)
    return found, await store.transact(lambda unit: erasing.erase(unit, found, (ADDRESS,), later(10)))


def traces(held: str, addresses: Sequence[str] = (ADDRESS,)) -> list[str]:
    return [
        one for one in (SECRET, "Ann", *(address[1:] for address in addresses), "vip", "appointment") if one in held
    ]


async def test_nothing_of_them_is_in_any_table(store: Store) -> None:
    await filled(store)
    assert traces(await store.transact(dump)) == [SECRET, "Ann", ADDRESS[1:], "vip", "appointment"]
    found, emptied = await erased(store)
    assert traces(await store.transact(dump)) == []
    assert (found.numbers, found.left, found.opted_out) == ((1001,), (chat("2.0"), chat("3.0")), frozenset())
    assert emptied.roots == ((1001, chat("1.0")), (1001, chat("0.5")))
    expected = {
        "texts": 1,
        "replies": 2,
        "comments": 1,
        "files": 1,
        "reminders": 1,
        "timers": 1,
        "calls": 2,
        "names": 1,
    }
    assert dict(emptied.counts) == {**expected, "cancelled": 1}


async def test_the_shells_keep_when_who_and_how_it_ended(store: Store) -> None:
    await filled(store)
    await erased(store)
    state = await store.transact(lambda unit: unit.load_message("m2"))
    assert state.message is not None
    assert state.conversation is not None
    assert (state.message.author, state.message.status, state.message.created_at) == (
        "slack:U1", MessageStatus.DELIVERED, NOW,
    )  # fmt: skip
    own = state.conversation
    assert (own.status, own.closed_at, own.erased_at) == (ConversationStatus.CLOSED, later(10), later(10))
    held = (await store.transact(lambda unit: unit.load_message("m4"))).message
    assert held is not None
    assert (held.status, held.hold) == (MessageStatus.CANCELLED, None)
    assert (await store.transact(inspect.verify_audit)).problem is None
    assert await store.transact(inspect.list_unsettled) == []
    assert (await store.transact(lambda unit: unit.load_line("front-desk", ADDRESS))).contact is None
    assert (await looked(store)).unknown == (ADDRESS,)


async def test_who_opted_out_stays_so_with_the_number_alone(store: Store) -> None:
    await filled(store, conversation=conversation(opted_out=True))
    await erased(store)
    held = await store.transact(dump)
    assert traces(held) == [ADDRESS[1:]]
    state = await store.transact(lambda unit: unit.load_line("front-desk", ADDRESS))
    assert state.conversation is not None
    assert state.contact is not None
    assert (state.conversation.opted_out, state.contact.name) == (True, None)
    _, again = await erased(store)
    assert not any(count for count in again.counts.values())


async def test_a_decision_on_what_stood_there_is_noticed(store: Store) -> None:
    await filled(store)
    found = await looked(store)

    def deciding(unit: Unit) -> None:
        message = unit.load_message("m2").message
        assert message is not None
        erasing.erase(unit, found, (ADDRESS,), NOW)
        unit.save(Decision(messages=(message,)), NOW)

    with pytest.raises(Conflict):
        await store.transact(deciding)


async def test_numbers_of_one_person_must_be_named_together(store: Store) -> None:
    merged = Merged(into=1002, at=NOW, status=ConversationStatus.OPEN, labels=("vip",))
    await filled(store, conversation=conversation(merged=merged, labels=("vip",)))
    other = conversation(1002, contact=OTHER.id, joined=(1001,))
    await save(store, known(conversation=other, contact=OTHER, threads=()))
    assert (await looked(store)).linked == (OTHER.address,)
    assert (await looked(store, OTHER.address)).linked == (ADDRESS,)
    both = await looked(store, ADDRESS, OTHER.address)
    assert (both.linked, both.numbers) == ((), (1001, 1002))
    await store.transact(lambda unit: erasing.erase(unit, both, (ADDRESS, OTHER.address), NOW))
    assert traces(await store.transact(dump), (ADDRESS, OTHER.address)) == []


async def test_a_call_under_way_and_a_request_that_waits_are_waited_for(store: Store) -> None:
    await filled(store)
    found = await looked(store)

    async def busy() -> bool:
        return await store.transact(lambda unit: erasable.is_busy(unit, found, (ADDRESS,)))

    assert not await busy()
    await store.accept(InboxDraft("slack:slack", "Ev1", "chat", b'{"thread_ts":"1.0"}'))
    assert await busy()
    await store.transact(lambda unit: unit.handled(unit.next_inbox(5), NOW))
    assert not await busy()
    await claim(store, target="room:slack/C1")
    assert await busy()
    with pytest.raises(erasing.Busy):
        await erased(store)
    assert SECRET in await store.transact(dump)


async def test_rows_that_remove_the_copies_outlive_a_second_time(store: Store) -> None:
    await filled(store, conversation=conversation(opted_out=True))
    row = OutboxDraft(lane="1001:erase", target="erase:slack", kind=erasing.ERASES, conversation=1001, payload={})
    await enqueue(store, row)
    await erased(store)
    assert await store.transact(lambda unit: erasing.removals(unit, (1001,))) == {"done": 0, "waiting": 1, "failed": 0}


async def test_raw_requests_are_emptied_portion_by_portion(store: Store) -> None:
    await filled(store)
    ids = await store.transact(lambda unit: erasing.empty_requests(unit, 0))
    assert len(ids) == 1
    assert await store.transact(lambda unit: erasing.empty_requests(unit, ids[-1])) == []


async def test_what_they_said_while_merged_with_another_goes_too(store: Store) -> None:
    await filled(store)
    theirs = reply("m5", 1002, body=SECRET, via=1001)
    await save(
        store, known(conversation=conversation(1002, contact=OTHER.id), contact=OTHER, threads=(), messages=(theirs,))
    )
    await erased(store)
    assert traces(await store.transact(dump)) == []


async def test_the_file_of_an_sqlite_database_holds_nothing_of_it_either(migrated_sqlite_url: str) -> None:
    file = Path(migrated_sqlite_url.removeprefix("sqlite:///"))
    store = await open_store(migrated_sqlite_url, lambda: NOW)
    await filled(store)
    await store.aclose()
    assert SECRET.encode() in await asyncio.to_thread(file.read_bytes)
    store = await open_store(migrated_sqlite_url, lambda: NOW)
    await erased(store)
    await store.aclose()
    left = await asyncio.to_thread(file.read_bytes)
    assert (SECRET.encode() in left, ADDRESS.encode() in left) == (False, False)

"""Merged conversations as they are kept, and as texts, messages and threads find them; on both databases."""

from dataclasses import replace

from bridge.domain.conversations import Conversation, ConversationStatus, Merged, State
from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.domain.messages import MessageKind, MessageStatus
from bridge.domain.people import Contact
from bridge.ports.store import Store, Unit
from tests.store.builders import (
    HOLDER,
    LEASE,
    NOW,
    call,
    contact,
    conversation,
    enqueue,
    known,
    later,
    reply,
    save,
    thread,
)

SECOND = Contact("contact two", "+15550002222", None)
MERGED = Merged(
    into=1002,
    at=NOW,
    status=ConversationStatus.OPEN,
    labels=("lead",),
    watchers=("slack:U1",),
    assigned=True,
    named="here",
)


def second(number: int = 1001, **changes: object) -> Conversation:
    plain: dict[str, object] = {"contact": SECOND.id, "status": ConversationStatus.CLOSED, "merged": MERGED}
    return conversation(number, **(plain | changes))


async def merged(store: Store) -> None:
    """#1001 of a second number goes on in #1002."""
    await save(
        store,
        known(conversation=conversation(1002, joined=(1001,), reply_via=1001), threads=(thread("t2", 1002),)),
        known(conversation=second(), contact=SECOND, threads=(thread("t1"),)),
    )


async def load(store: Store, number: int) -> State:
    return await store.transact(lambda unit: unit.load_conversation(number))


async def test_a_merge_is_kept_as_it_was_made(store: Store) -> None:
    await merged(store)
    away, home = await load(store, 1001), await load(store, 1002)
    assert away.conversation == second()
    assert home.conversation == conversation(1002, joined=(1001,), reply_via=1001)
    assert [(one.conversation.number, one.contact, [t.id for t in one.threads]) for one in home.joined] == [
        (1001, SECOND, ["t1"])
    ]
    assert [(one.conversation.number, one.contact.id, [t.id for t in one.threads]) for one in away.chain] == [
        (1002, contact().id, ["t2"])
    ]
    assert (home.chain, away.joined, home.via) == ((), (), None)


async def test_a_text_of_the_second_number_finds_where_it_goes_on(store: Store) -> None:
    await merged(store)
    found = await store.transact(lambda unit: unit.load_line("front-desk", SECOND.address))
    assert found.conversation is not None
    assert (found.conversation.number, [one.id for one in found.threads]) == (1002, ["t2"])
    assert found.via is not None
    assert (found.via.conversation.number, found.via.contact) == (1001, SECOND)
    own = await store.transact(lambda unit: unit.load_line("front-desk", contact().address))
    assert own.conversation is not None
    assert (own.conversation.number, own.via) == (1002, None)


async def test_a_chain_is_followed_to_its_end_and_back(store: Store) -> None:
    await merged(store)
    third = replace(MERGED, into=1003)
    await save(
        store,
        known(conversation=conversation(1002, joined=(1001,), merged=third)),
        known(conversation=conversation(1003, joined=(1002,)), threads=(thread("t3", 1003),)),
    )
    away, home = await load(store, 1001), await load(store, 1003)
    assert [one.conversation.number for one in away.chain] == [1002, 1003]
    assert sorted(one.conversation.number for one in home.joined) == [1001, 1002]
    found = await store.transact(lambda unit: unit.load_line("front-desk", SECOND.address))
    assert found.conversation is not None
    assert found.conversation.number == 1003


async def test_a_circle_or_a_gap_ends_the_search(store: Store) -> None:
    around = replace(MERGED, into=1001)
    await save(store, known(conversation=second(merged=around, joined=(1001,)), contact=SECOND))
    found = await load(store, 1001)
    assert {one.conversation.number for one in found.chain} == {1001}
    await save(store, known(conversation=second(merged=replace(MERGED, into=9)), contact=SECOND))
    assert (await load(store, 1001)).chain == ()
    texted = await store.transact(lambda unit: unit.load_line("front-desk", SECOND.address))
    assert texted.conversation is not None
    assert texted.conversation.number == 1001


async def test_a_message_knows_by_which_number_it_goes_even_when_separated(store: Store) -> None:
    await merged(store)
    await save(store, Decision(messages=(reply("m1", 1002, via=1001), reply("m2", 1002))))
    await save(store, Decision(conversation=conversation(1002), others=(second(merged=None),)))
    for name, number in (("m1", 1001), ("m2", None)):
        found = await store.transact(lambda unit, name=name: unit.load_message(name))
        assert (found.via.conversation.number if found.via else None) == number
        assert found.joined == ()


async def test_several_conversations_and_contacts_are_saved_at_once(store: Store) -> None:
    await merged(store)
    entries = (Record("unmerged", "slack:U1", "thread", conversation=1001), Record("noted", "slack:U1", "thread"))
    decision = Decision(
        conversation=conversation(1002),
        others=(second(merged=None, status=ConversationStatus.OPEN),),
        contacts=(replace(SECOND, name="Mia"),),
        effects=entries,
    )
    await save(store, decision)
    away, home = await load(store, 1001), await load(store, 1002)
    assert away.conversation is not None
    assert (away.conversation.status, away.contact) == (ConversationStatus.OPEN, replace(SECOND, name="Mia"))
    assert home.joined == ()
    acts = {
        number: await store.transact(lambda unit, number=number: [one.record.act for one in unit.acts(number, 9)])
        for number in (1001, 1002)
    }
    assert acts == {1001: ["unmerged"], 1002: ["noted"]}


async def test_the_number_of_a_conversation_that_was_split_off_is_used_up(store: Store) -> None:
    await save(store, known())
    first = await store.transact(lambda unit: unit.fresh_number())
    await store.transact(
        lambda unit: (
            unit.fresh_number(),
            unit.save(Decision(conversation=conversation(), others=(conversation(first),)), NOW),
        )
    )
    assert await store.transact(lambda unit: unit.fresh_number()) == first + 1


async def test_a_thread_is_found_whichever_conversations_it_is(store: Store) -> None:
    await merged(store)
    found = await store.transact(lambda unit: (unit.find_thread("t1"), unit.find_thread("t9")))
    assert (found[0] and found[0].conversation, found[1]) == (1001, None)


async def test_words_are_read_from_a_moment_on(store: Store) -> None:
    told = [
        reply(f"m{number}", kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, created_at=later(number))
        for number in range(4)
    ]
    others = (
        reply("c1", kind=MessageKind.COMMENT, status=MessageStatus.KEPT, created_at=later(2)),
        reply("h1", status=MessageStatus.HELD, created_at=later(2)),
    )
    await save(store, known(messages=(*told, *others)))
    found = await store.transact(lambda unit: unit.words_since(1001, later(1), 2))
    assert [one.id for one in found] == ["m1", "m2"]


async def test_texts_that_left_from_the_other_thread_are_spoken_for(store: Store) -> None:
    await merged(store)
    sent = reply("m1", 1002, via=1001, provider_id="SM1", settled_at=NOW, status=MessageStatus.SENT, account="main")
    await save(
        store,
        Decision(messages=(sent,)),
        Decision(messages=(reply("m2"),)),
    )
    entry = Decision(effects=(Record("sent", "bridge", "provider", "m1", "SM0", conversation=1002),))
    await save(store, entry)
    assert await store.transact(lambda unit: unit.provider_ids(1001, NOW)) == {"SM0", "SM1"}


async def test_rows_claimed_together_know_of_merges_too(store: Store) -> None:
    await merged(store)
    await save(store, Decision(messages=(reply("m1", 1002, via=1001), reply("m2"))))
    first, other = call("1002:out", message="m1"), call("1001:out", message="m2")
    await enqueue(store, replace(first, conversation=1002), replace(other, conversation=1001))

    def work(unit: Unit) -> tuple[State, State]:
        unit.claim("main", NOW, limit=9, lease=LEASE, holder=HOLDER)
        return unit.load_message("m1"), unit.load_conversation(1001)

    message, away = await store.transact(work)
    assert message.via is not None
    assert [one.conversation.number for one in message.joined] == [1001]
    assert [one.conversation.number for one in away.chain] == [1002]

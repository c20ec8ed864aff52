"""Ids of the provider that are spoken for, so that a look-up adopts none of them."""

from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.domain.events import SendSettled
from bridge.domain.messages import Message, MessageKind, MessageStatus
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store
from tests.store.builders import NOW, contact, conversation, known, later, reply, save

SINCE = later(-60)


async def taken(store: Store) -> frozenset[str]:
    return await store.transact(lambda unit: unit.provider_ids(1001, SINCE))


def sent(provider_id: str, number: int = 1001, seconds: float = 0, **changes: object) -> Message:
    """A reply the provider took at ``seconds`` from now."""
    values: dict[str, object] = {"status": MessageStatus.SENT, "account": "main", "settled_at": later(seconds)}
    return reply(provider_id, number, provider_id=provider_id, **(values | changes))


async def test_nothing_is_taken_where_nothing_was_sent(store: Store) -> None:
    await save(store, known(messages=(reply(),)))
    assert await taken(store) == frozenset()


async def test_ids_of_recent_texts_to_the_contact_are_taken(store: Store) -> None:
    await save(store, known(messages=(sent("SM1"), sent("SM2", seconds=-60), sent("SM3", seconds=-61), reply())))
    assert await taken(store) == {"SM1", "SM2"}


async def test_a_contacts_own_texts_are_not_counted(store: Store) -> None:
    await save(store, known(messages=(sent("SM1", kind=MessageKind.INBOUND),)))
    assert await taken(store) == frozenset()


async def test_the_contacts_other_conversations_on_the_line_count(store: Store) -> None:
    other = contact("+15550009999")
    await save(
        store,
        known(messages=(sent("SM1"),)),
        Decision(conversation=conversation(1002), messages=(sent("SM2", 1002),)),
        Decision(conversation=conversation(1003, line="sales"), messages=(sent("SM3", 1003),)),
        Decision(conversation=conversation(1004, contact=other.id), contact=other, messages=(sent("SM4", 1004),)),
    )
    assert await taken(store) == {"SM1", "SM2"}


async def test_the_earlier_id_of_a_text_that_was_sent_again_stays_taken(store: Store) -> None:
    again = reply(status=MessageStatus.QUEUED)
    await save(store, known(messages=(again,), effects=(Record("sent", "bridge", "provider", "m1", "SM1"),)))
    assert await taken(store) == {"SM1"}
    assert await store.transact(lambda unit: unit.provider_ids(1001, later(1))) == frozenset()


async def test_an_id_that_waits_to_be_written_down_is_taken(store: Store) -> None:
    await save(store, known(messages=(reply(),)))
    events = [
        SendSettled(external_id="k1:accepted", message="m1", outcome="accepted", provider_id="SM1"),
        SendSettled(external_id="k2:unknown", message="m1", outcome="unknown"),
    ]
    await store.transact(lambda unit: unit.tell(events, NOW))
    await store.accept(InboxDraft("provider:main", "SM9", "webhook", b"no JSON"))
    assert await taken(store) == {"SM1"}
    await store.transact(lambda unit: unit.handled(unit.next_inbox(9), NOW))
    assert await taken(store) == frozenset()

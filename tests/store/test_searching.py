"""What is found by words, on both databases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bridge.domain.decision import Decision
from bridge.domain.messages import MessageKind
from bridge.ports.store import Store
from tests.store.builders import NOW, contact, conversation, later, reply, save

LINES = ("front-desk", "billing")


def spoken(number: int, body: str, at: datetime = NOW, **changes: Any) -> Decision:
    """A conversation in which something was written."""
    said = replace(reply(f"m{number}", number), body=body, created_at=at, **changes)
    return Decision(conversation=conversation(number), contact=contact(), messages=(said,))


async def found(store: Store, words: str, *, limit: int = 10, lines: Sequence[str] = LINES) -> list[tuple[int, str]]:
    hits = await store.transact(lambda unit: unit.search(lines, words.split(), limit=limit, platform="slack"))
    return [(one.number, one.words) for one in hits]


async def test_messages_of_every_kind_are_found_newest_first(store: Store) -> None:
    await save(
        store,
        spoken(1, "Your invoice is late", later(1)),
        spoken(2, "the INVOICE again", later(3), kind=MessageKind.COMMENT),
        spoken(3, "nothing of the kind", later(2)),
        replace(spoken(4, "an invoice of others"), conversation=conversation(4, line="other")),
    )
    assert await found(store, "invoice") == [(2, "the INVOICE again"), (1, "Your invoice is late")]
    assert await found(store, "late Invoice") == [(1, "Your invoice is late")]
    assert await found(store, "invoice", limit=1) == [(2, "the INVOICE again")]
    assert await found(store, "invoice", lines=()) == []


async def test_signs_mean_themselves_and_capitals_nothing(store: Store) -> None:
    await save(store, spoken(1, "50% off at the École"), spoken(2, "500 off"))
    assert await found(store, "50%") == [(1, "50% off at the École")]
    assert await found(store, "école") == await found(store, "ÉCOLE") == [(1, "50% off at the École")]


async def test_a_contact_is_found_by_name_and_number(store: Store) -> None:
    named = replace(contact(), name="Maria Silva")
    await save(store, replace(spoken(1, "hello"), contact=named))
    assert await found(store, "silva") == [(1, "")]
    assert await found(store, f"maria {contact().address[-4:]}") == [(1, "")]

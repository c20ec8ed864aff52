"""What a platform keeps with its events."""

import pytest

from bridge.pipeline.memory import ChatMemory
from bridge.ports.platform import RawChatEvent
from bridge.ports.store import Store, Unit
from tests.store.builders import NOW


def memory(store: Store, platform: str = "matrix") -> ChatMemory:
    return ChatMemory(store, platform, lambda: NOW)


async def stored(store: Store) -> list[tuple[str, str]]:
    rows = await store.transact(lambda unit: unit.next_inbox(100))
    return [(row.source, row.external_id) for row in rows]


async def test_events_and_words_are_stored_together_and_repeats_are_absorbed(store: Store, other: Store) -> None:
    events = [RawChatEvent(f"${number}", b"{}") for number in range(3)]
    await memory(store).keep(events[:2], {"cursor": "s1", "reaction:$1": "eyes"})
    await memory(store).keep(events, {"cursor": "s2"})
    assert await stored(store) == [("chat:matrix", f"${number}") for number in range(3)]
    assert await memory(other).recall("cursor") == "s2"
    assert await memory(other).recall("reaction:$1") == "eyes"
    assert await memory(other, "second").recall("cursor") is None


async def test_words_alone_and_nothing_at_all_can_be_kept(store: Store) -> None:
    await memory(store).keep((), {"cursor": "s1"})
    await memory(store).keep((), {})
    assert await memory(store).recall("cursor") == "s1"
    assert await stored(store) == []


async def test_when_one_cannot_be_stored_neither_is(store: Store) -> None:
    def fail(unit: Unit) -> None:
        unit.remember("chat:matrix", {"cursor": "s1"})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.transact(fail)
    assert await memory(store).recall("cursor") is None

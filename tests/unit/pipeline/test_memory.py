"""What a platform keeps with its events."""

import pytest

from bridge.pipeline.memory import ChatMemory
from bridge.ports.platform import RawChatEvent
from bridge.ports.rows import InboxDraft
from bridge.ports.store import StoreUnavailable
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import NOW


async def test_events_and_words_are_kept_under_the_platforms_name() -> None:
    store = ScriptedStore()
    memory = ChatMemory(store.port, "matrix", lambda: NOW)
    assert await memory.recall("cursor") is None
    await memory.keep([RawChatEvent("$1", b"{}")], {"cursor": "s1"})
    assert store.script.accepted == [InboxDraft("chat:matrix", "$1", "event", b"{}")]
    assert await memory.recall("cursor") == "s1"
    assert await ChatMemory(store.port, "other", lambda: NOW).recall("cursor") is None


async def test_nothing_is_kept_while_the_store_is_away() -> None:
    store = ScriptedStore(down=1)
    memory = ChatMemory(store.port, "matrix", lambda: NOW)
    with pytest.raises(StoreUnavailable):
        await memory.keep([RawChatEvent("$1", b"{}")], {"cursor": "s1"})
    assert store.script.accepted == []
    assert await memory.recall("cursor") is None

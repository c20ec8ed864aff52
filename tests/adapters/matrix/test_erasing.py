"""Threads of the bot, redacted."""

import pytest

from bridge.domain.cards import Note
from bridge.ports.erasing import Erased, ErasesThreads
from bridge.ports.platform import ThreadText
from bridge.ports.provider import MediaContent
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.conftest import Desk

WORDS = "the parcel for Ann"


async def test_every_version_of_what_the_bot_posted_is_redacted_and_what_people_wrote_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = desk.platform
    assert isinstance(platform, ErasesThreads)
    root = await platform.open_thread(desk.room, CARD, key="k1")
    await platform.post_text(root, ThreadText(name="Maria", body=WORDS), key="k2")
    note = await platform.post_note(root, Note(WORDS), key="k3")
    await platform.update_note(note, Note(f"{WORDS} still"))
    await platform.update_card(root, CARD)
    await platform.post_media(root, MediaContent(b"a plan", "image/png", "parcel.png"), key="k4")
    hers = await desk.ana.reply(desk.room, root.id, "hello")
    monkeypatch.setattr("bridge.adapters.platforms.matrix.erasing.AT_ONCE", 2)
    parts = [await platform.erase_thread(root)]
    while parts[-1].more:
        parts.append(await platform.erase_thread(root))
    assert len(parts) > 1
    assert parts[-1].left == 1
    assert await platform.erase_thread(root) == Erased(0, 1)
    events, _ = await platform._server.before(desk.room, None, None)
    said = [event for event in events if event["type"] == "m.room.message" and event["content"]]
    assert [event["event_id"] for event in said] == [hers]
    assert WORDS not in str(events)
    assert "Silva" not in str(events)

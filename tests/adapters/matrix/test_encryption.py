"""An encrypted room, seen by a client nobody here wrote, which heeds signed devices only."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bridge.domain.content import Text
from bridge.domain.events import ChatPosted
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.sealed import SealedDesk, open_sealed
from tests.services.synapse import Synapse


@pytest.fixture
async def sealed_desk(synapse: Synapse, tmp_path: Path) -> AsyncIterator[SealedDesk]:
    async with open_sealed(synapse, tmp_path / "state") as desk:
        yield desk


async def test_a_strict_client_reads_us_and_is_read(sealed_desk: SealedDesk) -> None:
    desk = sealed_desk
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    [card] = await desk.witness.messages(desk.room)
    assert (card["event_id"], card["failed"]) == (root.id, False)
    assert "Silva" in card["content"]["body"]
    assert not any("Silva" in str(event) for event in await desk.witness.sealed(desk.room))
    said = await desk.witness.reply(desk.room, root.id, "Yes, since noon")
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert (posted.thread, posted.content) == (root, (Text("Yes, since noon"),))
    [sealed] = [event for event in await desk.witness.sealed(desk.room) if event["event_id"] == said]
    assert sealed["type"] == "m.room.encrypted"

"""Keys that come late, or never, or are lost; and the bot's own."""

import json
import stat
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nio.store import SqliteStore

from bridge.adapters.platforms.matrix import gathering, unread
from bridge.adapters.platforms.matrix.crypto.machine import Machine
from bridge.domain.content import Text
from bridge.domain.events import ChatPosted
from bridge.domain.people import RoomRef
from bridge.ports.errors import CredentialsRejected
from bridge.ports.provider import Finding
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.sealed import SealedDesk, open_sealed
from tests.services.synapse import Synapse


@pytest.fixture
async def desk(synapse: Synapse, tmp_path: Path) -> AsyncIterator[SealedDesk]:
    async with open_sealed(synapse, tmp_path / "state") as desk:
        yield desk


class Held:
    """Keeps to-device messages from the bot until it is told to hand them over; ``lost``: they never come."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[Any] = []
        self.holds = True
        take = Machine.take

        def held(machine: Machine, answer: Mapping[str, Any]) -> None:
            came = answer.get("to_device", {}).get("events", [])
            if self.holds:
                self.events += came
                came = []
            else:
                came, self.events = [*self.events, *came], []
            take(machine, {**answer, "to_device": {"events": came}})

        monkeypatch.setattr(Machine, "take", held)


def waiting(desk: SealedDesk) -> list[Any]:
    return json.loads(desk.notebook.words.get("sealed", "[]"))


async def told(desk: SealedDesk, event: str) -> str:
    """What the bot answered to a message."""
    found = [
        one["content"]["body"]
        for one in await desk.eva.messages(desk.room)
        if one["content"].get("m.relates_to", {}).get("m.in_reply_to") == {"event_id": event}
        and one["sender"] == desk.bot.user_id
    ]
    return found[-1] if found else ""


async def answered(desk: SealedDesk, event: str) -> str:
    """The same, once it has answered."""
    words = ""
    while not (words := await told(desk, event)):
        await desk.passed()
    return words


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_message_whose_key_comes_later_is_read_then(
    desk: SealedDesk, monkeypatch: pytest.MonkeyPatch, restarted: bool
) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    held = Held(monkeypatch)
    said = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
    await desk.until(lambda: waiting(desk))
    assert said not in desk.notebook.events
    if restarted:
        await desk.deafen()
        await desk.platform.aclose()
        desk.platform = desk.made()
        await desk.listen()
    held.holds = False
    await desk.passed()
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert (posted.content, posted.delayed) == ((Text("Yes, since noon"),), False)
    await desk.until(lambda: not waiting(desk))
    assert not await told(desk, said)
    await desk.passed()
    assert (await encryption(desk)).level == "ok"


async def test_a_key_that_takes_long_is_asked_for_and_told_of_and_what_it_opens_is_doubted(
    desk: SealedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "PATIENCE", timedelta(0))
    monkeypatch.setattr(gathering, "DELAYED", timedelta(0))
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    held = Held(monkeypatch)
    said = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
    assert "cannot be read yet, so it was not sent" in await answered(desk, said)
    await desk.passed()
    assert "1 message(s) wait" in (await encryption(desk)).message
    held.holds = False
    await desk.passed()
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert (posted.content, posted.delayed) == ((Text("Yes, since noon"),), True)


async def test_a_message_that_was_deleted_before_its_key_came_is_not_sent(
    desk: SealedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    held = Held(monkeypatch)
    said = await desk.eva.reply(desk.room, root.id, "never mind")
    await desk.until(lambda: waiting(desk))
    await desk.eva.redact(desk.room, said)
    await desk.until(lambda: not waiting(desk))
    held.holds = False
    await desk.passed()
    assert said not in desk.notebook.events


async def test_a_lost_key_is_given_again_by_the_device_that_made_it(
    desk: SealedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "ASK_AFTER", timedelta(0))
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    held = Held(monkeypatch)
    said = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
    await desk.until(lambda: waiting(desk))
    held.events, held.holds = [], False
    await desk.passed()
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert posted.content == (Text("Yes, since noon"),)


async def test_what_is_not_encrypted_as_it_must_be_is_told_and_stops_nothing(desk: SealedDesk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": root.id}}
    [card] = [one for one in await desk.eva.sealed(desk.room) if one["event_id"] == root.id]
    stolen = {**card["content"], **thread}  # our own words, sent again in another's name
    said = await desk.ana.event(desk.room, "m.room.encrypted", stolen)
    assert "cannot be read and was not sent" in await answered(desk, said)
    odd = await desk.ana.event(desk.room, "m.room.encrypted", {"algorithm": "none", **thread})
    assert "cannot be read and was not sent" in await answered(desk, odd)
    good = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
    assert isinstance(await desk.taken(good), ChatPosted)
    await desk.until(lambda: not waiting(desk))
    assert not {said, odd} & desk.notebook.events.keys()


async def encryption(desk: SealedDesk) -> Finding:
    found = await desk.platform.check([RoomRef("matrix", desk.room)])
    return [one for one in found if one.check == "matrix: encryption"][-1]


async def test_the_device_is_signed_once_and_doctor_says_so(desk: SealedDesk) -> None:
    kept = desk.state / "identity.json"
    assert {stat.S_IMODE(file.stat().st_mode) for file in desk.state.iterdir()} == {0o600}
    words = kept.read_bytes()
    assert (await encryption(desk)).level == "ok"
    assert await desk.eva.client.ask("trusts", user=desk.bot.user_id, device=desk.bot.device_id)
    await desk.platform.aclose()
    desk.platform = desk.made()
    await desk.platform.start()
    assert kept.read_bytes() == words
    kept.unlink()
    assert (await encryption(desk)).level == "error"


async def test_lost_keys_want_a_new_log_in_and_the_password_gives_one(desk: SealedDesk, tmp_path: Path) -> None:
    await desk.platform.aclose()
    lost = tmp_path / "lost"
    desk.platform = desk.made(state_dir=lost)
    assert "not in" in (await encryption(desk)).message
    with pytest.raises(CredentialsRejected, match="new log-in"):
        await desk.platform.start()
    await desk.platform.aclose()
    way = {"access_token": None, "password": desk.bot.password, "state_dir": lost, "device": desk.bot.device_id}
    desk.platform = desk.made(**way)
    await desk.listen()
    assert desk.platform._server.device != desk.bot.device_id
    assert (await encryption(desk)).level == "ok", "the account's old identity was replaced by the password"
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    said = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
    assert isinstance(await desk.taken(said), ChatPosted)


async def test_a_process_that_dies_while_it_takes_a_key_has_all_of_it_or_nothing(
    desk: SealedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    first = await desk.eva.reply(desk.room, root.id, "first")
    await desk.taken(first)
    await desk.eva.client.ask("rotate", room=desk.room)

    def die(*_parts: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(
            SqliteStore, "save_inbound_group_session", die
        )  # the ratchet was moved on, the key is not written
        said = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
        with pytest.raises(OSError, match="no space"):
            await desk.listening  # pyright: ignore[reportGeneralTypeIssues] - it listens
    await desk.deafen()
    await desk.platform.aclose()
    desk.platform = desk.made()
    await desk.listen()
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert posted.content == (Text("Yes, since noon"),)

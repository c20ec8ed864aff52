"""An encrypted room, seen by a client nobody here wrote, which heeds signed devices only."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bridge.adapters.platforms.matrix import crypto
from bridge.adapters.platforms.matrix.crypto import doctor
from bridge.domain.cards import Button, Note
from bridge.domain.content import Text
from bridge.domain.events import ButtonPressed, ChatDeleted, ChatEdited, ChatPosted, ReactionChanged
from bridge.domain.messages import Mark
from bridge.domain.people import Person, RoomRef, direct_room
from bridge.ports.errors import MediaRefused, SendDeferred
from bridge.ports.platform import ThreadText
from bridge.ports.provider import MediaContent
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.conftest import PATIENCE
from tests.adapters.matrix.sealed import SealedDesk, open_sealed
from tests.services.matrix import ENCRYPTION, RULES
from tests.services.synapse import Synapse
from tests.services.witness import Witness, witness

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(100)
NOTE = Note("Held.", buttons=(Button("send", "Send", "m1"), Button("keep", "Keep internal", "m1")))


@pytest.fixture
async def desk(synapse: Synapse, tmp_path: Path) -> AsyncIterator[SealedDesk]:
    async with open_sealed(synapse, tmp_path / "state") as desk:
        yield desk


async def words(desk: SealedDesk, event: str, who: Witness | None = None) -> str:
    """What a client shows of a message, once its key has come there."""
    reader = who or desk.eva
    async with asyncio.timeout(PATIENCE):
        while (found := await reader.look(desk.room, event))["failed"]:
            await reader.sees(desk.room, desk.bot.user_id)
    return str(found["content"]["body"])


async def test_a_strict_client_reads_us_and_is_read(desk: SealedDesk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    assert "Silva" in await words(desk, root.id)
    assert not any("Silva" in str(event) for event in await desk.eva.sealed(desk.room))
    said = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert (posted.thread, posted.content) == (root, (Text("Yes, since noon"),))
    assert (await desk.ana.look(desk.room, said))["type"] == "m.room.encrypted"
    edited = await desk.eva.edit(desk.room, said, "Yes, since ten")
    changed = await desk.taken(edited)
    assert isinstance(changed, ChatEdited)
    assert (changed.ref, changed.thread, changed.content) == (desk.ref(said), root, (Text("Yes, since ten"),))
    gone = await desk.eva.redact(desk.room, said)
    assert await desk.taken(gone) == ChatDeleted(external_id=gone, ref=desk.ref(said))


async def test_reactions_stay_in_clear_and_our_own_buttons_are_read_again(desk: SealedDesk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    await desk.platform.set_mark(root, Mark.KEPT, before=Mark.NONE)
    assert await desk.ana.reactions(desk.room, root.id) == [(desk.bot.user_id, "🔒")]
    assert isinstance(await desk.taken(await desk.eva.react(desk.room, root.id, "👀")), ReactionChanged)
    note = await desk.platform.post_note(root, Note("Wait.", buttons=NOTE.buttons[:1]), key="k2")
    await desk.platform.update_note(note, NOTE)
    pressed = await desk.taken(await desk.eva.react(desk.room, note.id, "🔒"))
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.action, pressed.value, pressed.thread) == ("keep", "m1", root)
    await words(desk, note.id)
    edit = (await desk.eva.look(desk.room, note.id))["unsigned"]["m.relations"]["m.replace"]
    assert edit["content"]["m.new_content"]["body"].startswith("Held.")


async def test_files_go_both_ways_encrypted_and_checked(desk: SealedDesk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    await desk.platform.post_media(root, MediaContent(PICTURE, "image/png", "map.png"), key="k2")
    await words(desk, root.id)
    [shown] = [one for one in await desk.eva.messages(desk.room) if one["content"]["msgtype"] == "m.image"]
    file = shown["content"]["file"]
    assert (shown["content"]["body"], "url" in shown["content"]) == ("map.png", False)
    assert await desk.eva.download(file["url"]) != PICTURE
    assert await desk.eva.download_sealed(file) == PICTURE
    sent = {"msgtype": "m.image", "info": {"mimetype": "image/png", "size": len(PICTURE)}, "filename": "map.png"}
    good = await desk.eva.upload_sealed(PICTURE)
    bad = {**good, "hashes": {"sha256": "A" * 43}}
    for file, readable in ((good, True), (bad, False)):
        posted = await desk.taken(await desk.eva.reply(desk.room, root.id, "map.png", **sent, file=file))
        assert isinstance(posted, ChatPosted)
        if readable:
            fetched = await desk.platform.fetch_media(posted.files[0], limit=len(PICTURE))
            assert (fetched.data, fetched.content_type, fetched.name) == (PICTURE, "image/png", "map.png")
        else:
            with pytest.raises(MediaRefused, match="cannot be decrypted"):
                await desk.platform.fetch_media(posted.files[0], limit=1_000_000)


async def test_who_comes_gets_keys_and_who_left_gets_none(desk: SealedDesk, synapse: Synapse) -> None:
    await desk.listen()
    before = await desk.platform.open_thread(desk.room, CARD, key="k1")
    async with witness(synapse, "max") as late:
        path = f"/_matrix/client/v3/rooms/{desk.room}"
        await desk.eva.call("POST", f"{path}/invite", {"user_id": late.id})
        await late.join(desk.room)
        await desk.passed()
        since = await desk.platform.open_thread(desk.room, CARD, key="k2")
        assert (await late.look(desk.room, before.id))["failed"], "what was said before is not theirs"
        assert "Silva" in await words(desk, since.id, late)
        await desk.eva.call("POST", f"{path}/kick", {"user_id": late.id})
        await desk.passed()
        after = await desk.platform.open_thread(desk.room, CARD, key="k3")
        [one, other] = [(await desk.ana.look(desk.room, root.id))["content"]["session_id"] for root in (since, after)]
        assert one != other
        await desk.eva.call("POST", f"{path}/invite", {"user_id": late.id})
        await late.join(desk.room)
        assert (await late.look(desk.room, after.id))["failed"], "the key went to nobody who had left"
    assert "Silva" in await words(desk, after.id)


async def test_a_new_device_of_somebody_gets_keys(desk: SealedDesk, synapse: Synapse) -> None:
    await desk.listen()
    await desk.platform.open_thread(desk.room, CARD, key="k1")
    account = desk.eva.account
    async with witness(synapse, "", account=synapse.log_in(account), signed=False, strict=False) as other:
        await desk.passed()
        root = await desk.platform.open_thread(desk.room, CARD, key="k2")
        assert "Silva" in await words(desk, root.id, other)


async def test_what_is_said_in_several_rooms_at_once_is_said_to_everybody(desk: SealedDesk) -> None:
    others = [await desk.eva.make_room(desk.bot.user_id, initial_state=[ENCRYPTION]) for _ in range(2)]
    for room in others:
        await desk.platform._server.join(room)
    await desk.eva.sees(others[-1], desk.bot.user_id)
    rooms = [desk.room, *others]
    roots = await asyncio.gather(*(desk.platform.open_thread(room, CARD, key=f"k{room}") for room in rooms))
    for desk.room, root in zip(rooms, roots, strict=True):
        assert "Silva" in await words(desk, root.id)


async def test_a_room_says_how_soon_its_key_is_replaced(desk: SealedDesk) -> None:
    content = {**RULES, "rotation_period_msgs": 2}
    room = await desk.eva.make_room(desk.bot.user_id, initial_state=[{**ENCRYPTION, "content": content}])
    await desk.platform._server.join(room)
    await desk.eva.sees(room, desk.bot.user_id)
    roots = [await desk.platform.open_thread(room, CARD, key=f"k{number}") for number in range(5)]
    desk.room = room
    for root in roots:
        assert "Silva" in await words(desk, root.id)
    sessions = [event["content"]["session_id"] for event in await desk.eva.sealed(room) if "ciphertext" in str(event)]
    assert [sessions.index(one) for one in sessions] == [0, 0, 2, 2, 4]


async def test_the_longest_text_fits_into_an_encrypted_event(desk: SealedDesk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    for number, sign in enumerate(("x", "я", "🎉", "&")):
        body = sign * 13_000
        posted = await desk.platform.post_text(root, ThreadText(name="Maria", body=body), key=f"t{number}")
        shown = await words(desk, posted.ref.id)
        assert shown.startswith(f"Maria: {sign}")
        assert len(shown) > 8_000


async def test_a_room_that_becomes_encrypted_is_followed(desk: SealedDesk) -> None:
    plain = await desk.eva.make_room(desk.bot.user_id)
    await desk.platform.aclose()
    desk.room = plain
    platform = desk.platform = desk.made(**desk.new_device())
    await desk.listen()
    assert platform._encryption._device is None, "without an encrypted room there are no keys"
    root = await platform.open_thread(plain, CARD, key="k1")
    assert "Silva" in str(await desk.eva.sealed(plain))
    await desk.eva.call("PUT", f"/_matrix/client/v3/rooms/{plain}/state/m.room.encryption", RULES)
    await desk.until(lambda: platform._encryption._device)
    await desk.eva.sees(plain, desk.bot.user_id)
    note = await platform.post_note(root, Note("From now on in secret."), key="k2")
    assert [event["type"] for event in await desk.eva.sealed(plain) if event["event_id"] == note.id] == [
        "m.room.encrypted"
    ]
    assert "in secret" in await words(desk, note.id)


async def test_a_new_process_goes_on_with_the_same_keys(desk: SealedDesk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    second = desk.made()
    with pytest.raises(SendDeferred, match="Another process has the Matrix keys"):
        await second.start()
    await second.aclose()
    await desk.deafen()
    away = await desk.eva.reply(desk.room, root.id, "while nobody listened")
    await desk.platform.aclose()
    desk.platform = desk.made()
    await desk.listen()
    posted = await desk.taken(away)
    assert isinstance(posted, ChatPosted)
    assert posted.content == (Text("while nobody listened"),)
    again = await desk.platform.open_thread(desk.room, CARD, key="k1")
    assert again == root, "the same key is the same event, though encrypted anew"


@pytest.mark.parametrize("sealed", [False, True])
async def test_what_an_earlier_device_posted_is_not_posted_again(desk: SealedDesk, sealed: bool) -> None:
    if not sealed:
        desk.room = await desk.eva.make_room(desk.bot.user_id)
        await desk.platform.aclose()
        desk.platform = desk.made()
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    told = await desk.platform.post_note(root, Note("Sent."), key="k2")
    await desk.deafen()
    await desk.platform.aclose()
    desk.platform = desk.made(state_dir=desk.state / "new", **desk.new_device())
    await desk.listen()
    assert await desk.platform.open_thread(desk.room, CARD, key="k1") == root
    assert await desk.platform.post_note(root, Note("Sent."), key="k2") == told
    new = await desk.platform.post_note(root, Note("Sent."), key="k3")
    assert new not in (root, told)
    shown = [event["event_id"] for event in await desk.eva.messages(desk.room)]
    assert shown == [root.id, told.id, new.id]


@pytest.mark.parametrize("dies", [False, True])
async def test_a_key_that_came_with_events_that_could_not_be_stored_is_not_lost(desk: SealedDesk, dies: bool) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    desk.notebook.down = 1_000_000
    said = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
    await desk.until(lambda: desk.notebook.down < 1_000_000)
    if dies:
        await desk.deafen()
        await desk.platform.aclose()
        desk.platform = desk.made()
        desk.notebook.down = 0
        await desk.listen()
    desk.notebook.down = 0
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert posted.content == (Text("Yes, since noon"),)


async def test_without_the_extra_an_encrypted_room_is_told_and_nothing_goes_there_in_clear(
    desk: SealedDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.platform.aclose()
    for module in (crypto, doctor):
        monkeypatch.setattr(module, "installed", lambda: False)
    platform: Any = desk.made()
    try:
        await platform.start()
        with pytest.raises(SendDeferred, match=r"textbridge\[e2e\]"):
            await platform.open_thread(desk.room, CARD, key="k1")
        found = [one for one in await platform.check([RoomRef("matrix", desk.room)]) if one.level == "error"]
        assert [("cannot encrypt" in one.message, "textbridge[e2e]" in one.remedy) for one in found] == [(True, True)]
    finally:
        await platform.aclose()
    assert not await desk.eva.messages(desk.room)


async def test_where_it_is_asked_for_only_signed_devices_are_read_and_written_to(
    desk: SealedDesk, synapse: Synapse
) -> None:
    await desk.platform.aclose()
    desk.platform = desk.made(require_cross_signed=True)
    await desk.listen()
    async with witness(synapse, "", account=synapse.log_in(desk.eva.account), signed=False, strict=False) as other:
        root = await desk.platform.open_thread(desk.room, CARD, key="k1")
        assert "Silva" in await words(desk, root.id)
        assert (await other.look(desk.room, root.id))["failed"]
        await other.sees(desk.room, desk.bot.user_id)
        said = await other.reply(desk.room, root.id, "from a device nobody signed")
        good = await desk.eva.reply(desk.room, root.id, "Yes, since noon")
        assert isinstance(await desk.taken(good), ChatPosted)
        assert said not in desk.notebook.events
        bodies = [one["content"]["body"] for one in await desk.eva.messages(desk.room)]
        assert any("device is not signed by its owner" in body for body in bodies)


async def test_a_direct_room_is_encrypted_where_the_rooms_are(desk: SealedDesk) -> None:
    await desk.listen()
    alone = direct_room(Person("matrix", desk.eva.id)).room
    room = await desk.platform._directs.actual(alone)
    await desk.eva.join(room)
    await desk.eva.sees(room, desk.bot.user_id)
    told = await desk.platform.tell_room(alone, Note("A reminder."), key="k1")
    desk.room = room
    assert "A reminder." in await words(desk, told.id)
    assert "reminder" not in str(await desk.eva.sealed(room))

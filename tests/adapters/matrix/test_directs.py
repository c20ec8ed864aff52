"""Direct rooms of the bot: made once, found again, and told by the person's name."""

from bridge.domain.cards import Note
from bridge.domain.events import ChatPosted
from bridge.domain.people import Person as Somebody
from bridge.domain.people import RoomRef, direct_room
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.conftest import Desk


async def test_a_direct_room_is_made_once_and_known_by_its_person(desk: Desk) -> None:
    await desk.listen()
    room = direct_room(Somebody("matrix", desk.ana.id)).room
    root = await desk.platform.open_thread(room, CARD, key="k1")
    assert root.room == room
    [made] = await desk.ana.invitations()
    await desk.ana.join(made)
    said = await desk.ana.reply(made, root.id, "Yes, since noon")
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert (posted.thread, posted.ref.room) == (root, room)
    assert made in await desk.platform.link(root)
    await desk.deafen()
    await desk.platform.aclose()
    desk.platform = desk.made()
    await desk.platform.tell_room(room, Note("hello"), key="k2")
    assert [one["content"]["body"] for one in await desk.ana.messages(made)][-1] == "hello"
    assert await desk.ana.invitations() == []


async def test_who_left_the_direct_room_is_invited_again(desk: Desk) -> None:
    room = direct_room(Somebody("matrix", desk.ana.id)).room
    await desk.platform.tell_room(room, Note("hello"), key="k1")
    [made] = await desk.ana.invitations()
    await desk.ana.join(made)
    await desk.ana.call("POST", f"/_matrix/client/v3/rooms/{made}/leave", {})
    await desk.platform.aclose()
    desk.platform = desk.made()
    await desk.platform.tell_room(room, Note("hello again"), key="k2")
    assert await desk.ana.invitations() == [made]


async def test_doctor_knows_whom_the_bot_can_write_to(desk: Desk) -> None:
    found = [
        (await desk.platform.check([RoomRef("matrix", f"@{who}")]))[-1].level
        for who in (desk.ana.id, "@nobody-at-all:localhost")
    ]
    assert found == ["ok", "error"]

"""What the bot shows, as a member of the room sees it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.messages import Mark, Media
from bridge.domain.people import Person as Somebody
from bridge.ports.errors import MediaRefused, SendRejected
from bridge.ports.platform import ThreadText
from bridge.ports.provider import MediaContent
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.conftest import Desk
from tests.services.matrix import relation

EVIL = "<b>hi</b> @room [x](https://evil.example) <!here>\nsecond line"


async def test_a_card_stands_alone_and_says_what_it_must(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    shown = (await desk.ana.look(desk.room, root.id))["content"]
    assert "m.relates_to" not in shown
    assert shown["body"].splitlines()[:3] == [
        "Maria <b>Silva</b> · #1042",
        "From +1 555-010-0200 to front-desk (+1 555-000-1000)",
        "Open · Assignee: nobody yet · Labels: lead",
    ]
    assert "<strong>Maria &lt;b&gt;Silva&lt;/b&gt; · #1042</strong>" in shown["formatted_body"]
    assert shown["m.mentions"] == {}


async def test_a_text_stands_in_the_thread_under_its_writers_name_and_is_no_markup(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    text = await desk.platform.post_text(root, ThreadText(name="Maria", body=EVIL), key="k2")
    event = await desk.ana.look(desk.room, text.ref.id)
    sent = datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
    assert text.at is not None
    assert sent <= text.at <= sent + timedelta(seconds=10)
    shown = event["content"]
    assert relation(event) == ("m.thread", root.id)
    assert shown["body"] == f"Maria: {EVIL}"
    assert shown["formatted_body"] == (
        "<strong data-mx-profile-fallback>Maria: </strong>&lt;b&gt;hi&lt;/b&gt; @room "
        "[x](https://evil.example) &lt;!here&gt;<br>second line"
    )
    assert shown["m.mentions"] == {}
    profile = {"id": "Maria", "displayname": "Maria", "has_fallback": True}
    assert shown["com.beeper.per_message_profile"] == profile
    assert shown["msgtype"] == "m.text", "a notice would notify nobody"


async def test_a_text_rings_whom_it_should_and_shows_it(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    people = (Somebody("matrix", desk.ana.id), Somebody("slack", "U1"))
    text = await desk.platform.post_text(root, ThreadText(name="Maria", body="hello", people=people), key="k2")
    shown = (await desk.ana.look(desk.room, text.ref.id))["content"]
    assert shown["m.mentions"] == {"user_ids": [desk.ana.id]}
    assert f'href="https://matrix.to/#/{desk.ana.id}"' in shown["formatted_body"]
    rung = await desk.platform.post_text(root, ThreadText(name="Maria", body="hello", everyone=True), key="k3")
    assert (await desk.ana.look(desk.room, rung.ref.id))["content"]["m.mentions"] == {"room": True}


async def test_a_text_in_a_quiet_thread_shows_in_the_room_too(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    for _ in range(2):
        await desk.platform.post_text(root, ThreadText(name="Maria", body="hello again", bump=True), key="k2")
    room = [event for event in await desk.ana.messages(desk.room) if relation(event)[0] == ""]
    assert len(room) == 2
    assert room[1]["content"]["msgtype"] == "m.notice"
    assert f"https://matrix.to/#/{desk.room}/{root.id}" in room[1]["content"]["body"]


async def test_the_same_key_twice_is_one_message_even_from_another_process(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    other = desk.made()
    try:
        assert await other.open_thread(desk.room, CARD, key="k1") == root
    finally:
        await other.aclose()
    assert len(await desk.ana.messages(desk.room)) == 1


async def test_a_card_is_drawn_anew_in_its_place(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    await desk.platform.update_card(root, replace(CARD, status="closed", earlier="$before", later="https://elsewhere"))
    event = await desk.ana.look(desk.room, root.id)
    edited = event["unsigned"]["m.relations"]["m.replace"]["content"]["m.new_content"]
    assert "Closed · Assignee: nobody yet" in edited["body"]
    assert f"https://matrix.to/#/{desk.room}/$before" in edited["body"]
    assert "This conversation goes on here: https://elsewhere" in edited["body"]


async def test_a_status_that_ends_with_a_time_says_it(desk: Desk) -> None:
    card = replace(CARD, status="snoozed until", until=datetime(2026, 12, 1, 9, tzinfo=UTC))
    root = await desk.platform.open_thread(desk.room, card, key="k1")
    shown = (await desk.ana.look(desk.room, root.id))["content"]
    assert shown["body"].splitlines()[2].startswith("Snoozed until 2026-12-01 09:00 UTC · Assignee")
    assert "Snoozed until 2026-12-01 09:00 UTC" in shown["formatted_body"]


async def test_a_note_names_people_and_times(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    ana = Somebody("matrix", desk.ana.id)
    at = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
    note = Note(f"{INSERT} at {INSERT}: write `/sms queue`.", inserts=(ana, at), by=Somebody("slack", "U1"))
    posted = await desk.platform.post_note(root, note, key="k2")
    shown = (await desk.ana.look(desk.room, posted.id))["content"]
    name = desk.ana.id[1:].partition(":")[0]
    assert shown["body"] == f"{name} at 2026-11-22 09:41 UTC: write `!sms queue` by a teammate."
    assert "<code>!sms queue</code>" in shown["formatted_body"]
    assert shown["m.mentions"] == {"user_ids": [desk.ana.id]}
    assert shown["msgtype"] == "m.notice"
    quiet = await desk.platform.post_note(root, Note(INSERT, inserts=(ana,), quiet=True), key="k3")
    assert (await desk.ana.look(desk.room, quiet.id))["content"]["m.mentions"] == {}


async def test_a_room_itself_is_told(desk: Desk) -> None:
    told = await desk.platform.tell_room(desk.room, Note("Kept aside: `textbridge inbox list`."), key="k1")
    shown = (await desk.ana.look(desk.room, told.id))["content"]
    assert shown["body"] == "Kept aside: `textbridge inbox list`."
    assert "m.relates_to" not in shown
    again = await desk.platform.tell_room(desk.room, Note("Kept aside: `textbridge inbox list`."), key="k1")
    assert again == told


async def test_a_mark_takes_the_place_of_the_one_before(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    said = desk.ref(await desk.ana.reply(desk.room, root.id, "Yes, since noon"))
    await desk.ana.react(desk.room, said.id, "⏳")
    us, ana = desk.bot.user_id, desk.ana.id
    for _ in range(2):
        await desk.platform.set_mark(said, Mark.HELD, before=Mark.NONE)
        assert await desk.ana.reactions(desk.room, said.id) == sorted([(ana, "⏳"), (us, "⏳"), (us, "❌")])
    for _ in range(2):
        assert await desk.platform.set_mark(said, Mark.ACCEPTED, before=Mark.HELD)
        assert await desk.ana.reactions(desk.room, said.id) == [(ana, "⏳"), (us, "📤")]
    await desk.platform.set_mark(said, Mark.NONE, before=Mark.ACCEPTED)
    assert await desk.ana.reactions(desk.room, said.id) == [(ana, "⏳")]


async def test_a_private_answer_rings_only_who_asked(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    ana = Somebody("matrix", desk.ana.id)
    await desk.platform.answer_privately(ana, desk.room, root, Note("Nothing to undo."), handle="")
    asked = await desk.ana.say(desk.room, "!sms help")
    await desk.platform.answer_privately(ana, desk.room, None, Note("Write `/sms queue`."), handle=asked)
    [answer] = await desk.ana.thread(desk.room, root.id)
    [help_] = await desk.ana.thread(desk.room, asked)
    for shown in (answer["content"], help_["content"]):
        assert (shown["msgtype"], shown["m.mentions"]) == ("m.notice", {"user_ids": [desk.ana.id]})


async def test_an_offer_to_undo_is_the_mark_itself(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    offer = Note("Goes out in 5 seconds.", buttons=(Button("undo", "Undo", "m1"),))
    await desk.platform.answer_privately(Somebody("matrix", desk.ana.id), desk.room, root, offer, handle="")
    assert await desk.ana.thread(desk.room, root.id) == []


@pytest.mark.parametrize(
    ("content_type", "kind"), [("image/png", "m.image"), ("application/pdf", "m.file"), ("text/vcard", "m.file")]
)
async def test_a_file_stands_in_the_thread(desk: Desk, content_type: str, kind: str) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    for _ in range(2):
        await desk.platform.post_media(root, MediaContent(b"some bytes", content_type, "map/a.png"), key="k2")
    [event] = await desk.ana.thread(desk.room, root.id)
    shown = event["content"]
    assert (shown["msgtype"], shown["filename"], shown["info"]["size"]) == (kind, "map_a.png", 10)
    assert await desk.ana.download(shown["url"]) == b"some bytes"


async def test_a_file_that_is_empty_too_large_or_gone_is_refused(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    with pytest.raises(SendRejected, match="empty"):
        await desk.platform.post_media(root, MediaContent(b"", "image/png", "a.png"), key="k2")
    there = await desk.ana.upload(b"x" * 2000, "text/plain")
    for media in (
        Media(there, "text/plain", "a.txt"),
        Media(there, "text/plain", "a.txt", size=2000),
        Media("mxc://localhost/nowhere", "text/plain", "a.txt"),
        Media("https://evil.example/a", "text/plain", "a.txt"),
        Media("", "text/plain", "a.txt", refused="it is encrypted"),
    ):
        with pytest.raises(MediaRefused):
            await desk.platform.fetch_media(media, limit=1000)


async def test_a_room_the_bot_was_removed_from_is_gone_until_it_is_let_in_again(desk: Desk) -> None:
    await desk.platform.start()
    path = f"/_matrix/client/v3/rooms/{desk.room}"
    await desk.ana.call("POST", f"{path}/kick", {"user_id": desk.bot.user_id})
    with pytest.raises(SendRejected) as refused:
        await desk.platform.open_thread(desk.room, CARD, key="k1")
    assert (refused.value.code, refused.value.gone) == ("M_FORBIDDEN", "room")


async def test_a_thread_cannot_hang_from_a_reply(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    reply = await desk.ana.reply(desk.room, root.id, "a reply")
    with pytest.raises(SendRejected) as refused:
        await desk.platform.post_note(desk.ref(reply), Note("below it"), key="k2")
    assert refused.value.gone == "thread"


async def test_a_very_long_note_is_cut_and_accepted(desk: Desk) -> None:
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    posted = await desk.platform.post_note(root, Note("<" * 30_000), key="k2")
    shown = (await desk.ana.look(desk.room, posted.id))["content"]
    assert len(shown["body"]) == 12_000
    assert len(json.dumps(shown)) < 65_536

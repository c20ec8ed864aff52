"""What teammates do in a room, from a real homeserver to events."""

from datetime import UTC, datetime

from bridge.domain.cards import Button, Note
from bridge.domain.content import Mention, Text
from bridge.domain.events import (
    ButtonPressed,
    ChatDeleted,
    ChatEdited,
    ChatEvent,
    ChatPosted,
    CommandGiven,
    ReactionChanged,
    RoomChanged,
)
from bridge.domain.people import Person as Somebody
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.conftest import Desk
from tests.services.matrix import pill


def events(desk: Desk) -> list[ChatEvent]:
    return [event for raw in desk.notebook.events.values() for event in desk.platform.parse(raw.body)]


QUESTION = Note("Held.", buttons=(Button("send", "Send", "m1"), Button("keep", "Keep internal", "m1")))


async def test_a_reply_in_a_thread_is_a_post_with_its_root(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    said = await desk.ana.reply(desk.room, root.id, "Yes, since noon")
    event = await desk.ana.look(desk.room, said)
    assert await desk.taken(said) == ChatPosted(
        external_id=said,
        ref=desk.ref(said),
        thread=root,
        author=Somebody("matrix", desk.ana.id),
        content=(Text("Yes, since noon"),),
        posted_at=datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC),
    )


async def test_a_plain_reply_to_a_message_of_a_thread_stands_in_that_thread(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    first = await desk.ben.reply(desk.room, root.id, "in the thread")
    for answered in (root.id, first):
        said = await desk.ana.answer(desk.room, answered, "> <@x:y> quoted\n\nfrom a simple client")
        posted = await desk.taken(said)
        assert isinstance(posted, ChatPosted)
        assert (posted.thread, posted.content, posted.aside) == (root, (Text("from a simple client"),), True)


async def test_what_people_say_to_each_other_in_the_room_is_not_even_stored(desk: Desk) -> None:
    await desk.listen()
    await desk.ana.say(desk.room, "lunch, anyone?")
    notice = await desk.ana.event(desk.room, "m.room.message", {"msgtype": "m.notice", "body": "!sms from a bot"})
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    bot = await desk.ana.reply(desk.room, root.id, "another bot's words", msgtype="m.notice")
    await desk.ana.react(desk.room, root.id, "🎉")
    await desk.passed()
    assert len(desk.notebook.events) == 1
    assert not {notice, bot, root.id} & desk.notebook.events.keys()


async def test_an_edit_counts_when_its_writer_made_it(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    said = await desk.ana.reply(desk.room, root.id, "first words")
    forged = await desk.ben.edit(desk.room, said, "words put into a mouth")
    edited = await desk.ana.edit(desk.room, said, "other words")
    assert await desk.taken(edited) == ChatEdited(
        external_id=edited,
        ref=desk.ref(said),
        thread=root,
        author=Somebody("matrix", desk.ana.id),
        content=(Text("other words"),),
    )
    assert forged not in desk.notebook.events


async def test_a_deleted_message_is_told(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    said = await desk.ana.reply(desk.room, root.id, "never mind")
    await desk.taken(said)
    gone = await desk.ana.redact(desk.room, said)
    assert await desk.taken(gone) == ChatDeleted(external_id=gone, ref=desk.ref(said))


async def test_a_reaction_is_told_whatever_its_client_calls_it_and_so_is_its_end(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    reacted = await desk.ana.react(desk.room, root.id, "👀\ufe0f")
    who = Somebody("matrix", desk.ana.id)
    assert await desk.taken(reacted) == ReactionChanged(
        external_id=reacted, ref=root, author=who, name="eyes", added=True
    )
    ended = await desk.ana.redact(desk.room, reacted)
    assert await desk.taken(ended) == ReactionChanged(external_id=ended, ref=root, author=who, name="eyes", added=False)


async def test_a_reaction_somebody_else_took_away_was_not_ended_by_its_writer(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    reacted = await desk.ben.react(desk.room, root.id, "✅")
    await desk.taken(reacted)
    tidied = await desk.ana.redact(desk.room, reacted)  # who made the room
    await desk.passed()
    assert tidied not in desk.notebook.events


async def test_a_sign_below_a_question_is_its_button(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    note = await desk.platform.post_note(root, QUESTION, key="k2")
    assert await desk.ana.reactions(desk.room, note.id) == [(desk.bot.user_id, "📨"), (desk.bot.user_id, "🔒")]
    reacted = await desk.ana.react(desk.room, note.id, "🔒")
    assert await desk.taken(reacted) == ButtonPressed(
        external_id=reacted,
        ref=note,
        thread=root,
        author=Somebody("matrix", desk.ana.id),
        action="keep",
        value="m1",
    )


async def test_the_buttons_of_a_question_end_with_its_answer(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    note = await desk.platform.post_note(root, QUESTION, key="k2")
    await desk.platform.update_note(note, Note("Sent.", by=Somebody("matrix", desk.ana.id)))
    assert await desk.ana.reactions(desk.room, note.id) == []
    await desk.ana.react(desk.room, note.id, "🔒")
    await desk.passed()
    assert len(desk.notebook.events) == 1
    shown = (await desk.ana.look(desk.room, note.id))["unsigned"]["m.relations"]["m.replace"]["content"]
    assert shown["m.new_content"]["body"].startswith("Sent by ana-")


async def test_a_command_in_the_room_carries_its_words_and_people(desk: Desk) -> None:
    await desk.listen()
    words = f"!sms #1042 assign {pill(desk.ben.id, 'Ben')}"
    html = {"format": "org.matrix.custom.html", "formatted_body": words}
    said = await desk.ana.say(desk.room, "!sms #1042 assign Ben", **html)
    assert await desk.taken(said) == CommandGiven(
        external_id=said,
        platform="matrix",
        room=desk.room,
        author=Somebody("matrix", desk.ana.id),
        text=f"#1042 assign <@{desk.ben.id}>",
        handle=said,
    )


async def test_a_mention_is_a_mention_written_or_only_rung(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    ben = Mention("person", desk.ben.id, "Ben")
    html = {"format": "org.matrix.custom.html", "formatted_body": f"{pill(desk.ben.id, 'Ben')}: look"}
    said = await desk.ana.reply(desk.room, root.id, "Ben: look", **html)
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert posted.content == (ben, Text(": look"))
    rung = {"m.mentions": {"user_ids": [desk.ben.id, desk.bot.user_id]}}
    said = await desk.ana.reply(desk.room, root.id, "look at this", **rung)
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert posted.content == (Mention("person", desk.ben.id, desk.ben.id[1:]), Text(" look at this"))


async def test_a_picture_with_words_below_it_is_a_file_with_words(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    picture = b"\x89PNG\r\n\x1a\n" + bytes(100)
    shown = {
        "msgtype": "m.image",
        "url": await desk.ana.upload(picture, "image/png"),
        "filename": "map.png",
        "info": {"mimetype": "image/png", "size": len(picture)},
    }
    said = await desk.ana.reply(desk.room, root.id, "We are here", **shown)
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert posted.content == (Text("We are here"),)
    fetched = await desk.platform.fetch_media(posted.files[0], limit=1_000_000)
    assert (fetched.data, fetched.content_type, fetched.name) == (picture, "image/png", "map.png")


async def test_being_removed_from_the_room_and_let_in_again_is_told(desk: Desk) -> None:
    await desk.listen()
    path = f"/_matrix/client/v3/rooms/{desk.room}"
    await desk.ana.call("POST", f"{path}/kick", {"user_id": desk.bot.user_id})
    [gone] = await desk.until(lambda: list(desk.notebook.events.values()))
    [event] = desk.platform.parse(gone.body)
    assert isinstance(event, RoomChanged)
    assert (event.room, event.usable) == (desk.room, False)
    await desk.ana.call("POST", f"{path}/invite", {"user_id": desk.bot.user_id})
    await desk.until(lambda: RoomChanged in [type(event) for event in events(desk)[1:]])
    last = events(desk)[-1]
    assert isinstance(last, RoomChanged)
    assert (last.usable, last.again) == (True, True)
    root = await desk.platform.open_thread(desk.room, CARD, key="k9")
    said = await desk.ana.reply(desk.room, root.id, "welcome back")
    assert await desk.taken(said) is not None


async def test_an_upgraded_room_is_told_with_the_one_that_follows(desk: Desk) -> None:
    await desk.listen()
    path = f"/_matrix/client/v3/rooms/{desk.room}/upgrade"
    after = (await desk.ana.call("POST", path, {"new_version": "11"}))["replacement_room"]
    raw = await desk.until(
        lambda: next((one for one in desk.notebook.events.values() if b"tombstone" in one.body), None)
    )
    [event] = desk.platform.parse(raw.body)
    assert isinstance(event, RoomChanged)
    assert (event.room, event.usable, event.new_room) == (desk.room, False, after)


async def test_the_bot_goes_along_to_the_room_that_follows_even_when_it_was_not_running(desk: Desk) -> None:
    await desk.listen()
    await desk.deafen()
    path = f"/_matrix/client/v3/rooms/{desk.room}/upgrade"
    after = (await desk.ana.call("POST", path, {"new_version": "11"}))["replacement_room"]
    await desk.listen()
    await desk.ana.call("POST", f"/_matrix/client/v3/rooms/{after}/invite", {"user_id": desk.bot.user_id})

    def entered() -> bool:
        return any(isinstance(one, RoomChanged) and (one.room, one.usable) == (after, True) for one in events(desk))

    await desk.until(entered)
    for _ in range(2):
        root = await desk.platform.open_thread(after, CARD, key=f"k{after}")
        said = await desk.ana.reply(after, root.id, "we moved")
        posted = await desk.taken(said)
        assert isinstance(posted, ChatPosted)
        assert posted.thread == root
        await desk.deafen()
        await desk.platform.aclose()
        desk.platform = desk.made()  # which learns of the upgrade from what was kept
        await desk.listen()


async def test_what_was_written_while_the_bot_was_out_of_the_room_is_read_when_it_is_back(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    path = f"/_matrix/client/v3/rooms/{desk.room}"
    await desk.ana.call("POST", f"{path}/kick", {"user_id": desk.bot.user_id})
    await desk.until(lambda: events(desk))
    other = await desk.ana.make_room(desk.bot.user_id)
    await desk.platform._server.join(other)  # so that time passes for the bot, too
    said = await desk.ana.reply(desk.room, root.id, "while you were out")
    await desk.ana.call("POST", f"{path}/invite", {"user_id": desk.bot.user_id})
    posted = await desk.taken(said)
    assert isinstance(posted, ChatPosted)
    assert posted.thread == root


async def test_a_strangers_invitation_and_what_is_said_in_other_rooms_count_for_nothing(desk: Desk) -> None:
    await desk.listen()
    other = await desk.ben.make_room(desk.bot.user_id)
    await desk.ben.say(other, "!sms queue")
    await desk.passed()
    joined = await desk.platform._server.call("joined rooms", "GET", "/_matrix/client/v3/joined_rooms")
    assert joined["joined_rooms"] == [desk.room]
    await desk.platform._server.join(other)  # by hand, say
    await desk.ben.say(other, "!sms queue")
    await desk.passed()
    assert {b"!sms queue" in one.body and other.encode() in one.body for one in desk.notebook.events.values()} == {
        False
    }

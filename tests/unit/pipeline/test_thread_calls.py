"""What becomes of rows that show something in a thread."""

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from bridge.domain.cards import Card, Form, Note
from bridge.domain.conversations import State, Thread, ThreadState
from bridge.domain.effects import OpenThread
from bridge.domain.messages import Mark, Media, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Contact, RoomRef
from bridge.pipeline.calls import Fetched, Lingering, Planned
from bridge.pipeline.mark_calls import MarkCalls
from bridge.pipeline.payloads import from_form, from_note, from_person, from_ref
from bridge.pipeline.private_calls import PRIVATE_SECONDS, TRIGGER_SECONDS, PrivateCalls
from bridge.pipeline.thread_calls import LINK_SECONDS, OPENS_SOON, ThreadCalls
from bridge.ports.errors import SendDeferred, SendRejected
from bridge.ports.platform import PlatformCapabilities, ThreadText
from bridge.ports.rows import PostView, Settlement
from bridge.rules import wording
from tests.pipeline.doubles import Rooms
from tests.unit.pipeline.able import PICTURE, AbleRooms
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.rules.builders import ANA, CONTACT, NOW, REPLY, ROOT, line, policy, reply, state, thread

OPENING = thread(state=ThreadState.OPENING, root=None)
EARLIER = ChatRef("slack", "C1", "0.5")
WORDS = Note("Not sent.")
FILE = Media("F1", "image/jpeg", "photo.jpg", 7)
INBOUND = reply(kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, account="main", origin=None, hold=None)
POSTS = ("OpenThread", "PostText", "PostMedia", "PostNote")


class RepeatingRooms(AbleRooms):
    """A platform that takes the same key once."""

    capabilities: ClassVar[PlatformCapabilities] = PlatformCapabilities(idempotent_post=True)


def plan(kind: str, script: Script, rooms: object | None = None, **changed: object) -> Planned:
    """What is done about such a row."""
    calls, private = ThreadCalls(outside(rooms=rooms)), PrivateCalls(outside(rooms=rooms))
    marks = MarkCalls(outside(rooms=rooms))
    payload: dict[str, object] = {"thread": "t1", "note": from_note(WORDS), "index": 0}
    planners = {
        "OpenThread": calls.open_thread,
        "PostText": calls.post_text,
        "PostMedia": calls.post_media,
        "PostNote": calls.post_note,
        "UpdateCard": calls.update_card,
        "UpdateNote": calls.update_note,
        "SetMark": marks.set_mark,
        "ClearMark": marks.clear_mark,
        "CarryComments": calls.carry_comments,
        "TellRoom": calls.tell_room,
        "AnswerPrivately": private.answer_privately,
        "TellRecord": private.tell_record,
        "OpenForm": private.open_form,
    }
    given: dict[str, object] = {"payload": payload, **changed}
    return planners[kind](script.unit, row(kind, **given), NOW)  # pyright: ignore[reportArgumentType] - fields by name


def skipped(planned: Planned) -> bool:
    return isinstance(planned, Settlement) and planned.status == "skipped"


def shows(rooms: AbleRooms) -> list[Card]:
    return [did[1] for did in rooms.did if did[0] == "card"]


async def test_a_card_opens_a_thread_that_is_not_open_yet() -> None:
    rooms = AbleRooms()
    planned = a_call(plan("OpenThread", Script(state=state(threads=(OPENING,))), rooms))
    root = await planned.run()
    assert [(post.ref, post.kind, post.key) for post in rooms.posts] == [(root, "card", "k1")]
    assert (planned.role, planned.root_of, planned.more) == ("card", "t1", False)
    assert planned.find is not None
    assert await planned.find() == root


@pytest.mark.parametrize("threads", [(), (thread(),)], ids=["none", "open"])
def test_a_thread_that_is_open_or_given_up_is_not_opened(threads: tuple[Thread, ...]) -> None:
    assert skipped(plan("OpenThread", Script(state=state(threads=threads))))


def test_a_platform_that_takes_a_key_once_is_never_searched() -> None:
    assert a_call(plan("OpenThread", Script(state=state(threads=(OPENING,))), RepeatingRooms())).find is None


@pytest.mark.parametrize(
    ("link", "shown"),
    [("https://chat/1", "https://chat/1"), (SendRejected("message_not_found", "Gone."), None)],
    ids=["linked", "without"],
)
@pytest.mark.parametrize("kind", ["OpenThread", "UpdateCard"])
async def test_a_card_links_the_thread_it_follows_if_it_can(
    kind: str, link: str | Exception, shown: str | None
) -> None:
    rooms = AbleRooms()
    rooms.address = link
    the_thread = OPENING if kind == "OpenThread" else thread()
    script = Script(state=state(threads=(replace(the_thread, earlier=EARLIER),)))
    await a_call(plan(kind, script, rooms)).run()
    assert [card.earlier for card in shows(rooms)] == [shown]


async def test_a_link_that_may_come_later_is_waited_for() -> None:
    rooms = AbleRooms()
    rooms.address = SendDeferred("busy")
    script = Script(state=state(threads=(replace(OPENING, earlier=EARLIER),)))
    with pytest.raises(SendDeferred):
        await a_call(plan("OpenThread", script, rooms)).run()
    assert rooms.posts == []


@pytest.mark.parametrize("kind", ["PostText", "PostMedia", "PostNote"])
async def test_what_stands_before_the_card_posts_it_first(kind: str) -> None:
    rooms = AbleRooms()
    planned = a_call(plan(kind, Script(state=state(replace(INBOUND, media=(FILE,)), threads=(OPENING,))), rooms))
    await planned.run()
    assert [(post.kind, post.key) for post in rooms.posts] == [("card", "k1.card")]
    assert (planned.more, planned.root_of) == (True, "t1")


@pytest.mark.parametrize("status", ["preparing", "checking"])
def test_a_card_in_another_room_is_left_to_that_rooms_lane(status: str) -> None:
    script = Script(state=state(INBOUND, threads=(OPENING,)))
    planned = plan("PostText", script, status=status, target="room:slack/C7")
    assert isinstance(planned, Settlement)
    assert planned.status == ("checking" if status == "checking" else "pending")
    assert planned.next_at == NOW + OPENS_SOON


@pytest.mark.parametrize("kind", POSTS)
def test_what_nobody_misses_is_skipped(kind: str) -> None:
    assert skipped(plan(kind, Script(state=state(INBOUND, threads=()))))


@pytest.mark.parametrize("kind", ["PostText", "PostMedia"])
def test_a_post_of_no_message_is_skipped(kind: str) -> None:
    assert skipped(plan(kind, Script(state=state())))


def test_a_post_of_no_conversation_is_skipped() -> None:
    assert skipped(plan("PostNote", Script(state=State())))


@pytest.mark.parametrize(
    ("message", "words", "below"),
    [
        (INBOUND, "Yes, until six", ""),
        (replace(INBOUND, body=""), wording.EMPTY_TEXT, ""),
        (replace(INBOUND, body="", media=(FILE,)), wording.EMPTY_MEDIA, ""),
        (replace(INBOUND, recovered=True), "Yes, until six", wording.CAME_LATE),
    ],
    ids=["words", "empty", "files alone", "late"],
)
async def test_a_text_is_shown_in_its_words(message: Message, words: str, below: str) -> None:
    seen: list[tuple[str, str, str]] = []

    class Reading(AbleRooms):
        async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> ChatRef:
            seen.append((text.name, text.body, text.note))
            return thread

    planned = a_call(plan("PostText", Script(state=state(message)), Reading()))
    assert await planned.run() == ROOT
    assert seen == [("Maria", words, below)]
    assert (planned.role, planned.thread) == ("text", "t1")


async def test_a_contact_without_a_name_is_shown_by_address() -> None:
    names: list[str] = []

    class Reading(AbleRooms):
        async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> ChatRef:
            names.append(text.name)
            return thread

    await a_call(plan("PostText", Script(state=state(INBOUND, contact=Contact("c1", CONTACT))), Reading())).run()
    assert [name.replace(" ", "").replace("-", "") for name in names] == [CONTACT]


async def test_a_file_is_fetched_and_kept_before_it_is_shown() -> None:
    rooms = AbleRooms()
    planned = a_call(plan("PostMedia", Script(state=state(replace(INBOUND, media=(FILE,)))), rooms))
    assert (planned.fetches, planned.begins, planned.find) == ((0,), False, None)
    assert await planned.run() == Fetched({0: PICTURE})
    assert rooms.did == []
    stored = Script(state=state(replace(INBOUND, media=(replace(FILE, stored="m1/0"),))), media={"m1/0": PICTURE})
    planned = a_call(plan("PostMedia", stored, rooms))
    assert (planned.fetches, planned.begins) == ((), True)
    assert await planned.run() is None
    assert rooms.did == [("file", ROOT, PICTURE, "k1")]


async def test_a_file_that_may_be_there_already_is_looked_up_by_its_key() -> None:
    stored = Script(state=state(replace(INBOUND, media=(replace(FILE, stored="m1/0"),))), media={"m1/0": PICTURE})
    planned = a_call(plan("PostMedia", stored, AbleRooms()))
    assert planned.find is not None


def test_a_refused_file_and_one_for_a_platform_without_files_are_skipped() -> None:
    refused = Script(state=state(replace(INBOUND, media=(replace(FILE, refused="it is too large"),))))
    assert skipped(plan("PostMedia", refused))
    assert skipped(plan("PostMedia", Script(state=state(replace(INBOUND, media=(FILE,)))), Rooms()))


async def test_a_note_is_said_in_its_thread() -> None:
    rooms = AbleRooms()
    await a_call(plan("PostNote", Script(state=state()), rooms)).run()
    assert [(post.kind, post.thread, post.words) for post in rooms.posts] == [("note", ROOT.id, "Not sent.")]


def test_a_post_for_a_room_the_line_has_left_opens_a_thread_where_the_line_is_now() -> None:
    script = Script(state=state(INBOUND))
    calls = ThreadCalls(outside(policy=policy(line(rooms=(RoomRef("slack", "C9"),)))))
    planned = calls.post_text(script.unit, row("PostText"), NOW)
    [saved] = script.saved
    assert [(kept.id == "t1", kept.state, kept.room) for kept in saved.threads] == [
        (True, ThreadState.LOST, "C1"),
        (False, ThreadState.OPENING, "C9"),
    ]
    assert any(isinstance(effect, OpenThread) for effect in saved.effects)
    assert [draft.target for draft in script.enqueued] == ["room:slack/C9"]
    assert isinstance(planned, Settlement)
    assert planned.status == "pending"


async def test_a_card_is_drawn_anew_only_when_it_looks_different() -> None:
    rooms = AbleRooms()
    script = Script(state=state())
    planned = a_call(plan("UpdateCard", script, rooms))
    await planned.run()
    assert [card.number for card in shows(rooms)] == [1042]
    assert planned.digest is not None
    script.digest = planned.digest[1]
    assert skipped(plan("UpdateCard", script, rooms))


@pytest.mark.parametrize(
    "threads", [(), (OPENING,), (thread(state=ThreadState.LOST),)], ids=["none", "opening", "lost"]
)
def test_a_card_that_is_not_there_is_not_drawn(threads: tuple[Thread, ...]) -> None:
    assert skipped(plan("UpdateCard", Script(state=state(threads=threads))))


async def test_a_note_is_replaced_where_it_is_known() -> None:
    rooms = AbleRooms()
    payload = {"ref": from_ref(ROOT), "note": from_note(WORDS)}
    await a_call(plan("UpdateNote", Script(), rooms, payload=payload)).run()
    assert rooms.did == [("note", ROOT, WORDS)]
    assert skipped(plan("UpdateNote", Script(), rooms, payload={"ref": None, "note": from_note(WORDS)}))


async def test_a_mark_changes_from_what_is_shown_to_what_is_true() -> None:
    rooms = AbleRooms()
    script = Script(view=PostView(ref=REPLY, mark=Mark.DELIVERED, shown=Mark.HELD, message="m1"))
    planned = a_call(plan("SetMark", script, rooms, payload={"ref": from_ref(REPLY)}))
    assert await planned.run() is None
    assert rooms.did == [("mark", REPLY, Mark.DELIVERED, Mark.HELD)]
    assert planned.shown == (REPLY, Mark.DELIVERED)
    rooms.clears = False
    assert await planned.run() == Lingering(REPLY, Mark.HELD)


async def test_a_mark_that_was_left_beside_a_newer_one_is_taken_away_unless_it_is_the_true_one_again() -> None:
    rooms = AbleRooms()
    payload = {"ref": from_ref(REPLY), "mark": "held"}
    view = PostView(ref=REPLY, mark=Mark.DELIVERED, shown=Mark.ACCEPTED, message="m1")
    await a_call(plan("ClearMark", Script(view=view), rooms, payload=payload)).run()
    assert rooms.did == [("mark", REPLY, Mark.NONE, Mark.HELD)]
    for changed in (replace(view, mark=Mark.HELD), replace(view, shown=Mark.HELD), None):
        assert skipped(plan("ClearMark", Script(view=changed), rooms, payload=payload))
    assert skipped(plan("ClearMark", Script(view=view), rooms, payload={**payload, "ref": None}))


@pytest.mark.parametrize("view", [None, PostView(ref=REPLY, mark=Mark.HELD, shown=Mark.HELD, message="m1")])
def test_a_mark_that_is_shown_already_or_on_nothing_is_skipped(view: PostView | None) -> None:
    assert skipped(plan("SetMark", Script(view=view), payload={"ref": from_ref(REPLY)}))
    assert skipped(plan("SetMark", Script(), payload={"ref": None}))


async def test_one_person_is_answered_privately_while_it_helps() -> None:
    rooms = AbleRooms()
    payload = {
        "person": from_person(ANA), "room": "C1", "thread": from_ref(ROOT), "note": from_note(WORDS), "handle": "h"
    }  # fmt: skip
    planned = a_call(plan("AnswerPrivately", Script(), rooms, payload=payload))
    await planned.run()
    assert planned.once
    assert rooms.did == [("private", ANA, "C1", ROOT, WORDS, "h")]
    stale = NOW - timedelta(seconds=PRIVATE_SECONDS + 1)
    assert skipped(plan("AnswerPrivately", Script(), rooms, payload=payload, created_at=stale))
    assert skipped(plan("AnswerPrivately", Script(), Rooms(), payload=payload))


async def test_a_note_links_to_a_thread_once_its_card_is_there() -> None:
    after = thread(id="t2", room="C2", state=ThreadState.OPENING, root=None)
    script = Script(state(threads=(thread(), after)))
    payload: dict[str, object] = {"thread": "t1", "note": from_note(WORDS), "link": "t2"}
    waiting = plan("PostNote", script, payload=payload, created_at=NOW)
    assert isinstance(waiting, Settlement)
    assert waiting.status == "pending"
    long_ago = NOW - timedelta(seconds=LINK_SECONDS)
    given_up = AbleRooms()
    await a_call(plan("PostNote", script, given_up, payload=payload, created_at=long_ago)).run()
    script.state = state(threads=(thread(), thread(id="t2", room="C2", root=ChatRef("slack", "C2", "9.0"))))
    linked = AbleRooms()
    await a_call(plan("PostNote", script, linked, payload=payload)).run()
    assert (given_up.said[-1].link, linked.said[-1].link) == ("", "https://chat/1")
    bare = Rooms()
    await a_call(plan("PostNote", script, bare, payload=payload)).run()
    assert skipped(plan("PostNote", Script(state(threads=())), payload=payload))


async def test_a_moved_card_waits_for_the_thread_it_leads_to() -> None:
    moved = thread(state=ThreadState.MOVED)
    opening = thread(id="t2", room="C2", state=ThreadState.OPENING, root=None)
    waiting = plan("UpdateCard", Script(state(threads=(moved, opening))), created_at=NOW)
    assert isinstance(waiting, Settlement)
    assert waiting.status == "pending"
    rooms = AbleRooms()
    there = replace(opening, state=ThreadState.OPEN, root=ChatRef("slack", "C2", "9.0"))
    await a_call(plan("UpdateCard", Script(state(threads=(moved, there))), rooms)).run()
    assert rooms.did[-1][1].later == "https://chat/1"


async def test_comments_are_repeated_where_they_were_not() -> None:
    comment = reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT, body="pays late")
    rooms = AbleRooms()
    await a_call(plan("CarryComments", Script(state(), comments_=[comment]), rooms)).run()
    assert "pays late" in rooms.said[-1].text
    assert skipped(plan("CarryComments", Script(state())))


async def test_the_record_is_told_and_a_form_opened_while_that_helps() -> None:
    told: dict[str, object] = {"person": from_person(ANA), "room": "C1", "thread": from_ref(ROOT), "handle": "h"}
    rooms = AbleRooms()
    await a_call(plan("TellRecord", Script(), rooms, payload=told | {"why": False})).run()
    await a_call(plan("TellRecord", Script(), rooms, payload=told | {"why": True})).run()
    form = Form(name="assign", title="Assign", submit="Assign", fields=())
    opening: dict[str, object] = {"trigger": "1.2", "form": from_form(form)}
    late = NOW - timedelta(seconds=TRIGGER_SECONDS + 1)
    await a_call(plan("OpenForm", Script(), rooms, payload=opening, target="form:slack")).run()
    assert rooms.did[-1] == ("form", "1.2", form)
    assert skipped(plan("OpenForm", Script(), rooms, payload=opening, target="form:slack", created_at=late))
    assert skipped(plan("OpenForm", Script(), Rooms(), payload=opening, target="form:slack"))


async def test_a_room_is_told_once_and_looked_up_before_a_second_time() -> None:
    rooms = AbleRooms()
    payload = {"platform": "slack", "room": "C1", "note": from_note(WORDS)}
    call = a_call(plan("TellRoom", Script(), rooms, payload=payload))
    assert await call.run() == rooms.posts[-1].ref
    assert (rooms.posts[-1].thread, rooms.posts[-1].words) == (None, "Not sent.")
    assert call.find is not None
    assert await call.find() == rooms.posts[-1].ref
    assert isinstance(plan("TellRoom", Script(), Rooms(), payload=payload), Settlement)
    linked = payload | {"link": ["slack", "C1", "1.0"]}
    await a_call(plan("TellRoom", Script(), rooms, payload=linked)).run()
    assert [note.link for note in rooms.said] == ["", "https://chat/1"]


@pytest.mark.parametrize(
    ("status", "row_status", "is_asked"),
    [
        (MessageStatus.HELD, "pending", True),
        (MessageStatus.QUEUED, "pending", False),
        (MessageStatus.KEPT, "pending", False),
        (MessageStatus.KEPT, "checking", True),
    ],
)
def test_a_question_that_was_answered_meanwhile_is_not_asked(
    status: MessageStatus, row_status: str, is_asked: bool
) -> None:
    script = Script(state=state(reply(status=status)))
    payload: dict[str, object] = {"thread": "t1", "note": from_note(wording.question("m1", ()))}
    planned = plan("PostNote", script, payload=payload, message="m1", status=row_status)
    assert skipped(planned) is not is_asked
    failed: dict[str, object] = {"thread": "t1", "note": from_note(wording.failed("m1", ""))}
    assert not skipped(plan("PostNote", script, payload=failed, message="m1"))

"""What becomes of rows that show something in a thread."""

from dataclasses import replace

import pytest

from bridge.domain.conversations import State, Thread, ThreadState
from bridge.domain.effects import OpenThread
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef, Contact, RoomRef
from bridge.pipeline.calls import Fetched
from bridge.pipeline.in_force import InForce
from bridge.pipeline.thread_calls import OPENS_SOON, ThreadCalls
from bridge.ports.errors import SendDeferred, SendRejected
from bridge.ports.platform import Posted, ThreadText
from bridge.ports.rows import Settlement
from bridge.rules import wording
from tests.pipeline.doubles import Rooms
from tests.unit.pipeline.able import PICTURE, AbleRooms
from tests.unit.pipeline.scripted import Script, a_call, outside, row
from tests.unit.pipeline.showing import (
    EARLIER,
    FILE,
    INBOUND,
    OPENING,
    POSTS,
    RepeatingRooms,
    plan,
    shows,
    skipped,
)
from tests.unit.rules.builders import CONTACT, NOW, ROOT, line, policy, state, thread


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
        async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Posted:
            seen.append((text.name, text.body, text.note))
            return Posted(thread, None)

    planned = a_call(plan("PostText", Script(state=state(message)), Reading()))
    assert await planned.run() == Posted(ROOT, None)
    assert seen == [("Maria", words, below)]
    assert (planned.role, planned.thread) == ("text", "t1")


async def test_a_contact_without_a_name_is_shown_by_address() -> None:
    names: list[str] = []

    class Reading(AbleRooms):
        async def post_text(self, thread: ChatRef, text: ThreadText, *, key: str) -> Posted:
            names.append(text.name)
            return Posted(thread, None)

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
    calls = ThreadCalls(outside(in_force=InForce(policy(line(rooms=(RoomRef("slack", "C9"),))))))
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

"""What becomes of rows that change what is shown, or show it to one person."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.cards import Form
from bridge.domain.conversations import Thread, ThreadState
from bridge.domain.effects import Record, Recorded
from bridge.domain.messages import Mark, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef
from bridge.pipeline.calls import Call, Lingering
from bridge.pipeline.payloads import from_form, from_note, from_person, from_ref
from bridge.pipeline.private_calls import PRIVATE_SECONDS, TRIGGER_SECONDS
from bridge.pipeline.thread_calls import LINK_SECONDS
from bridge.ports.rows import PostView, Settlement
from bridge.rules import wording
from tests.pipeline.doubles import Rooms
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.scripted import Script, a_call
from tests.unit.pipeline.showing import (
    OPENING,
    WORDS,
    plan,
    shows,
    skipped,
)
from tests.unit.rules.builders import ANA, NOW, REPLY, ROOT, reply, state, thread


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


@pytest.mark.parametrize("followed", [ThreadState.OPEN, ThreadState.OPENING, ThreadState.LOST])
def test_a_card_in_a_room_that_another_took_the_place_of_holds_no_card_up(followed: ThreadState) -> None:
    before, after = thread(room="C0"), thread(id="t2", state=followed)
    found = plan("UpdateCard", Script(state=state(threads=(before, after))))
    assert isinstance(found, Call) is (followed is ThreadState.LOST)


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
    linking = AbleRooms()
    await a_call(plan("AnswerPrivately", Script(), linking, payload={**payload, "link": from_ref(ROOT)})).run()
    assert linking.did[-1][4] == replace(WORDS, link="https://chat/1")
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


async def test_what_was_said_since_a_thread_was_left_is_repeated_where_it_is_taken_up_again() -> None:
    def handed(hours: int, team: str) -> Recorded:
        return Recorded(NOW - timedelta(hours=hours), Record("handed_over", ANA.key, "thread", detail=team))

    def said(hours: int, body: str) -> Message:
        at = NOW - timedelta(hours=hours)
        return reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT, body=body, created_at=at)

    script = Script(state(), comments_=[said(3, "read here"), said(1, "pays late")])
    script.acts_ = [handed(-1, "later"), handed(0, "support"), handed(2, "sales")]
    script.words_ = [reply(body="x" * 2000), reply(body="y" * 1000), reply(body="the last")]
    rooms, back = AbleRooms(), {"thread": "t1", "back": True, "source": 1042}
    await a_call(plan("CarryComments", script, rooms, payload=back)).run()
    assert "pays late" in rooms.said[-1].text
    assert "read here" not in rooms.said[-1].text
    await a_call(plan("CarryWords", script, rooms, payload=back)).run()
    assert "the last" in rooms.said[-1].text
    assert "xx" not in rooms.said[-1].text
    script.acts_ = []
    assert skipped(plan("CarryComments", script, payload=back))


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
    payload: dict[str, object] = {"thread": "t1", "note": from_note(wording.question("m1", "Yes", ()))}
    planned = plan("PostNote", script, payload=payload, message="m1", status=row_status)
    assert skipped(planned) is not is_asked
    failed: dict[str, object] = {"thread": "t1", "note": from_note(wording.failed("m1", ""))}
    assert not skipped(plan("PostNote", script, payload=failed, message="m1"))

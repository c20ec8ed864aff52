"""From effects to rows, and where their posts go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.cards import INSERT, Button, Field, Form, Note
from bridge.domain.conversations import State, Thread, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import (
    AnswerPrivately,
    CallWebhook,
    CarryComments,
    CarryWords,
    DisarmTimer,
    Effect,
    OpenForm,
    OpenThread,
    PostMedia,
    PostNote,
    PostText,
    Ring,
    SendText,
    SetMark,
    TellRoom,
    UpdateCard,
    UpdateNote,
)
from bridge.domain.messages import Mark
from bridge.domain.people import RoomRef
from bridge.domain.showing import TellRecord
from bridge.pipeline.calls import apply
from bridge.pipeline.enqueue import drafts, is_configured
from bridge.pipeline.payloads import (
    from_form,
    from_note,
    from_person,
    from_ref,
    from_ring,
    to_form,
    to_note,
    to_person,
    to_ref,
    to_ring,
)
from bridge.pipeline.places import has_left, is_replaced, live_thread, own_thread
from tests.unit.pipeline.scripted import Script, row
from tests.unit.rules.builders import ANA, NOW, REPLY, ROOT, line, state, thread

FORM = Form(
    name="assign",
    title="Assign",
    submit="Assign",
    fields=(Field(name="who", label="Who", kind="choice", options=(("ana", "Ana"),)),),
    context="#1042",
)
WORDS = Note("Not sent.", (Button("again", "Send again", "m1", "danger"),), ANA)


@pytest.mark.parametrize(
    ("effect", "lane", "payload"),
    [
        (OpenThread("t1"), "room:slack/C1", {"thread": "t1"}),
        (CarryComments("t1"), "room:slack/C1", {"thread": "t1"}),
        (CarryComments("t1", back=True), "room:slack/C1", {"thread": "t1", "back": True}),
        (CarryWords("t1", 7, None), "room:slack/C1", {"thread": "t1", "source": 7}),
        (
            PostText("t1", "m1", Ring((ANA,), bump=True)),
            "room:slack/C1",
            {"thread": "t1", "ring": {"people": [from_person(ANA)], "room": False, "bump": True}},
        ),
        (
            PostNote("t1", WORDS, link="t2"),
            "room:slack/C1",
            {"thread": "t1", "note": from_note(WORDS), "link": "t2"},
        ),
        (
            TellRecord(ANA, "C1", ROOT, "h", why=True),
            "private:slack",
            {"person": from_person(ANA), "room": "C1", "thread": from_ref(ROOT), "handle": "h", "why": True},
        ),
        (OpenForm(ANA, "1.2", FORM), "form:slack", {"trigger": "1.2", "form": from_form(FORM)}),
        (
            CallWebhook("crm", "leads", "assigned", "m1"),
            "webhook:crm",
            {"rule": "leads", "event": "assigned"},
        ),
        (PostText("t1", "m1"), "room:slack/C1", {"thread": "t1"}),
        (PostMedia("t1", "m1", 2), "room:slack/C1", {"thread": "t1", "index": 2}),
        (PostNote("t1", WORDS, "m1"), "room:slack/C1", {"thread": "t1", "note": from_note(WORDS)}),
        (UpdateCard("t1"), "card:slack", {"thread": "t1"}),
        (UpdateNote(ROOT, WORDS), "note:slack", {"ref": from_ref(ROOT), "note": from_note(WORDS)}),
        (SetMark(REPLY, Mark.HELD), "mark:slack", {"ref": from_ref(REPLY)}),
        (
            AnswerPrivately(ANA, "C1", None, WORDS, "h"),
            "private:slack",
            {
                "person": from_person(ANA),
                "room": "C1",
                "thread": None,
                "note": from_note(WORDS),
                "handle": "h",
                "link": None,
            },
        ),
    ],
)
def test_what_is_shown_goes_in_a_lane_of_its_conversation(effect: Effect, lane: str, payload: object) -> None:
    [draft] = drafts(state(), Decision(effects=(effect,)))
    assert (draft.kind, draft.lane, draft.target) == (type(effect).__name__, f"1042:{lane}", lane)
    assert draft.payload == payload


def test_a_reply_goes_in_the_lane_of_texts_not_before_its_time() -> None:
    [draft] = drafts(state(), Decision(effects=(SendText("m1", 3, NOW), DisarmTimer("held", "m1"))))
    assert (draft.lane, draft.target, draft.message) == ("1042:line", "line:front-desk", "m1")
    assert (draft.payload, draft.not_before) == ({"ticket": 3}, NOW)


def test_an_answer_about_no_conversation_has_a_lane_too() -> None:
    [draft] = drafts(State(), Decision(effects=(AnswerPrivately(ANA, "C1", ROOT, WORDS),)))
    assert (draft.lane, draft.conversation) == ("0:private:slack", 0)


def test_a_decision_is_saved_and_what_leaves_the_process_enqueued() -> None:
    script = Script()
    quiet, loud = Decision(effects=(DisarmTimer("held", "m1"),)), Decision(effects=(UpdateCard("t1"),))
    apply(script.unit, State(), quiet, NOW)
    assert (script.saved, script.enqueued) == ([quiet], [])
    apply(script.unit, state(), loud, NOW)
    assert (script.saved, [draft.kind for draft in script.enqueued]) == ([quiet, loud], ["UpdateCard"])


def test_rows_of_what_is_no_longer_configured_are_known() -> None:
    asked = {
        name: is_configured(name, {"desk"}, {"slack"}) for name in ("line:desk", "line:x", "card:slack", "room:x/C1")
    }
    assert asked == {"line:desk": True, "line:x": False, "card:slack": True, "room:x/C1": False}


@pytest.mark.parametrize("note", [WORDS, Note("Sent.")])
def test_what_a_row_holds_is_read_back_as_it_was(note: Note) -> None:
    assert to_note(from_note(note)) == note
    assert to_ref(from_ref(ROOT)) == ROOT
    assert to_ref(from_ref(None)) is None
    guest = replace(ANA, outsider=True)
    assert to_person(from_person(guest)) == guest


LOST = thread(state=ThreadState.LOST)
NEXT = thread(id="t1.next", created_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("threads", "found"),
    [
        ((thread(), NEXT), "t1"),
        ((LOST, thread(id="t2", room="C1")), "t2"),
        ((LOST, thread(id="t2", room="C2")), None),
        ((LOST,), None),
    ],
    ids=["its own", "another in the room", "one elsewhere is no substitute", "none"],
)
def test_a_post_goes_to_its_thread_or_the_one_that_took_its_place(
    threads: tuple[Thread, ...], found: str | None
) -> None:
    there = live_thread(threads, row("PostText"), line())
    assert (there.id if there else None) == found


def test_a_line_shown_in_one_other_room_now_has_its_posts_there() -> None:
    moved = line(rooms=(RoomRef("slack", "C9"),))
    there = live_thread((LOST, thread(id="t9", room="C9")), row("PostText"), moved)
    assert there is not None
    assert there.id == "t9"
    assert has_left(moved, thread())
    assert not has_left(moved, there)
    assert not has_left(None, there)
    assert is_replaced(moved, (thread(), there), thread())
    assert not is_replaced(moved, (thread(), there), there)
    assert not is_replaced(moved, (thread(), replace(there, platform="matrix")), thread())
    assert not is_replaced(moved, (thread(), replace(there, conversation=7)), thread())
    assert not is_replaced(None, (thread(), there), thread())


def test_a_card_belongs_to_the_thread_it_was_made_for() -> None:
    assert own_thread((thread(id="t2"), thread()), row("UpdateCard")) == thread()
    assert own_thread((), row("UpdateCard")) is None


def test_what_rows_hold_is_read_back() -> None:
    assert to_form(from_form(FORM)) == FORM
    assert to_ring(from_ring(Ring((ANA,), room=True))) == Ring((ANA,), room=True)
    assert to_ring(None) == Ring()
    note = Note(f"{INSERT} {INSERT}", inserts=(NOW, ANA), quiet=True)
    assert to_note(from_note(note)) == note


def test_what_a_room_is_told_may_link_to_a_message() -> None:
    room = RoomRef("slack", "@U1")
    plain, linked = drafts(state(), Decision(effects=(TellRoom(room, Note("a")), TellRoom(room, Note("b"), ROOT))))
    assert (plain.target, plain.conversation, "link" in plain.payload) == ("room:slack/@U1", 1042, False)
    assert linked.payload["link"] == ["slack", "C1", "1.0"]

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.cards import INSERT, Button
from bridge.domain.conversations import Reminder, State, ThreadState
from bridge.domain.effects import AnswerPrivately, ArmTimer, DisarmTimer, PostNote, Record, TellRoom
from bridge.domain.events import ChatDeleted, TimerFired
from bridge.domain.keeping import DropReminder, SaveReminder
from bridge.domain.people import Person, RoomRef
from bridge.rules.reminding import REMINDERS_AT_MOST, remind, wants_reminders
from tests.unit.rules.builders import (
    ANA,
    NOW,
    REPLY,
    ROOT,
    act,
    acts,
    conversation,
    done,
    kinds,
    posted,
    pressed,
    state,
    thread,
)
from tests.unit.rules.teams import BEN, decided, given, private

DUE = NOW + timedelta(minutes=30)
MINE = Reminder(id="r1", conversation=1042, person=ANA.key, words="call her back", due=DUE, created_at=NOW)
FIRED = TimerFired(external_id="t", kind="reminder", conversation=1042, subject="r1")
OFF = {"action": "forget", "value": "#1042 r1"}


@pytest.mark.parametrize("event", [posted("!remind 30m call her back"), given("#1042 remind 30m call her back")])
def test_a_reminder_is_set_from_every_surface(event: Any) -> None:
    decision = decided(state(), event)
    saved = next(effect.reminder for effect in decision.effects if isinstance(effect, SaveReminder))
    assert (saved.person, saved.words, saved.due, saved.conversation) == (ANA.key, "call her back", DUE, 1042)
    assert ArmTimer("reminder", saved.id, DUE) in decision.effects
    assert acts(decision) == ["reminder_set"]
    answer = next(effect.note for effect in decision.effects if isinstance(effect, AnswerPrivately))
    assert answer.inserts == (DUE,)
    assert [(one.action, one.value) for one in answer.buttons] == [("forget", f"#1042 {saved.id}")]


def test_the_same_reminder_is_set_once() -> None:
    again = decided(state(reminders=(MINE,)), posted("!remind 30m call her back"))
    assert [type(effect) for effect in again.effects] == [AnswerPrivately]
    for other in (replace(MINE, words="call"), replace(MINE, due=NOW), replace(MINE, person=BEN.key)):
        decision = decided(state(reminders=(other,)), posted("!remind 30m call her back"))
        assert acts(decision) == ["reminder_set"]


def test_what_is_no_time_sets_nothing() -> None:
    assert private(done(state(), posted("!remind soon call"))).startswith("Write a time")
    assert acts(done(state(), posted("!remind soon call"))) == []


def test_without_a_time_it_is_told_which_there_are() -> None:
    assert "!remind 2h" in private(done(state(), posted("!remind")))
    theirs = replace(MINE, id="r2", person=BEN.key)
    told = done(state(reminders=(MINE, theirs)), posted("!remind"))
    note = next(effect.note for effect in told.effects if isinstance(effect, AnswerPrivately))
    assert note.inserts == (DUE,)
    assert "call her back" in note.text


def test_there_is_an_end_to_them() -> None:
    many = tuple(replace(MINE, id=f"r{one}") for one in range(REMINDERS_AT_MOST))
    assert private(done(state(reminders=many), posted("!remind 2h"))).startswith("You have as many")


def test_they_are_taken_back_by_word_and_by_button() -> None:
    theirs = replace(MINE, id="r2", person=BEN.key)
    for event in (posted("!remind off"), pressed(**OFF), pressed(**OFF, thread=None)):
        decision = done(state(reminders=(MINE, theirs)), event)
        assert [effect for effect in decision.effects if isinstance(effect, DropReminder)] == [DropReminder("r1")]
        assert DisarmTimer("reminder", "r1") in decision.effects
        assert private(decision) == "The reminder is taken back."
        assert acts(decision) == ["reminder_taken_back"]
    both = done(state(reminders=(MINE, replace(MINE, id="r3"))), posted("!remind off"))
    assert private(both) == "2 reminders are taken back."
    assert private(done(state(), posted("!remind off"))) == "You have no reminder here."
    assert private(done(state(reminders=(theirs,)), pressed(**OFF))) == "There is no such reminder any more."


def fired(the_state: State, **changed: Any) -> Any:
    from bridge.rules.decide import decide
    from tests.unit.rules.builders import policy

    return decide(the_state, changed.pop("event", FIRED), policy(**changed), DUE)


def test_the_person_is_told_directly_with_a_link() -> None:
    decision = fired(state(reminders=(MINE,)), direct=frozenset({"slack"}))
    told = next(effect for effect in decision.effects if isinstance(effect, TellRoom))
    assert (told.room, told.link) == (RoomRef("slack", "@U1"), ROOT)
    assert told.note.text == "⏰ call her back (#1042, Maria)"
    assert DropReminder("r1") in decision.effects
    assert Record("reminder_told", "bridge", "timer", detail=ANA.key) in decision.effects
    nameless = state(reminders=(replace(MINE, words=""),), contact=None, threads=())
    plain = next(e for e in fired(nameless, direct=frozenset({"slack"})).effects if isinstance(e, TellRoom))
    assert plain.link is None
    assert "look at this conversation" in plain.note.text


def test_where_the_platform_has_no_such_place_they_are_told_in_the_thread() -> None:
    old = thread(id="t0", state=ThreadState.LOST)
    decision = fired(state(reminders=(MINE,), threads=(old, thread())))
    note = next(effect for effect in decision.effects if isinstance(effect, PostNote))
    assert (note.thread, note.note.text, note.note.inserts) == ("t1", f"⏰ {INSERT}: call her back", (ANA,))
    elsewhere = replace(MINE, person=Person("matrix", "@ana:x").key)
    assert kinds(fired(state(reminders=(elsewhere,)))) == ["DropReminder", "Record"]


def test_a_timer_without_its_reminder_says_nothing() -> None:
    assert fired(state()).effects == ()
    assert fired(state(reminders=(replace(MINE, due=DUE + timedelta(hours=1)),))).effects == ()


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (FIRED, True),
        (replace(FIRED, kind="held"), False),
        (pressed(**OFF), True),
        (pressed("undo"), False),
        (posted("!remind"), True),
        (posted("remind me"), False),
        (given("#1042 remind off"), True),
        (ChatDeleted(external_id="d", ref=REPLY), False),
    ],
)
def test_reminders_are_loaded_where_they_matter(event: Any, wanted: bool) -> None:
    assert wants_reminders(event) is wanted


def test_without_a_conversation_there_is_nothing_to_be_reminded_of() -> None:
    assert remind(act(State())).effects == ()
    again = remind(act(state(conversation=conversation()), argument="1h"))
    assert isinstance(again.effects[0], SaveReminder)


def test_the_button_is_named() -> None:
    from bridge.rules.remind_words import set_for

    assert set_for(MINE).buttons == (Button("forget", "Take back", "#1042 r1"),)


def test_a_button_may_name_its_conversation_and_a_room_its_person() -> None:
    from bridge.domain.people import direct_room, who_is_in

    assert (pressed(**OFF).number, pressed("undo").number) == (1042, None)
    assert (who_is_in(direct_room(ANA).room), who_is_in("C1")) == ("U1", None)

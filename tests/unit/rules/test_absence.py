"""Teammates who are away: whom texts call then, and what becomes of what is theirs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.conversations import Absence, ConversationStatus, State
from bridge.domain.effects import AnswerPrivately, PostText, Record, Ring, UpdateCard
from bridge.domain.events import TimerFired
from bridge.domain.keeping import EndAbsence, SaveAbsence
from bridge.domain.people import Person
from bridge.rules import absence_words as words
from bridge.rules.absence import heeds_absence, who_asks
from tests.unit.rules.builders import ANA, NOW, conversation, posted, pressed, reacted, state, text
from tests.unit.rules.families import notes, related, second, second_thread
from tests.unit.rules.teams import BEN, decided, given, owned, private, submitted

HOURS = NOW + timedelta(hours=2)
OUT = (Absence(BEN.key, HOURS),)


def told(decision: Any) -> AnswerPrivately:
    return next(effect for effect in decision.effects if isinstance(effect, AnswerPrivately))


def mine(**changed: Any) -> State:
    one = related(second(assignee=ANA.key), second_thread(), name="Mia")
    return state(mine=(one, related(conversation(assignee=ANA.key))), **changed)


@pytest.mark.parametrize(
    ("said", "until"), [("!away 2h", HOURS), ("!away until 2h", HOURS), ("!away", None), ("!away until", None)]
)
def test_going_away(said: str, until: Any) -> None:
    decision = decided(state(), posted(said))
    saved = [effect.absence for effect in decision.effects if isinstance(effect, SaveAbsence)]
    assert saved == [Absence("slack:U1", until), Absence("matrix:@ana:x", until)]
    assert [effect.detail for effect in decision.effects if isinstance(effect, Record)] == [
        until.isoformat() if until else ""
    ]
    note = told(decision).note
    assert (note.inserts, note.buttons) == ((until,) if until else (), ())
    assert "until" in note.text


def test_who_is_away_already_goes_away_once_until_another_time() -> None:
    away = state(away=(Absence("slack:U1", HOURS), Absence("matrix:@ana:x", HOURS)))
    assert [type(effect) for effect in decided(away, posted("!away 2h")).effects] == [AnswerPrivately]
    assert any(isinstance(effect, SaveAbsence) for effect in decided(away, posted("!away")).effects)
    assert heeds_absence(posted("!away"), state())


def test_what_is_theirs_can_be_given_back() -> None:
    away = told(decided(mine(), given("away 2h"))).note
    assert "#1001 Mia, #1042 +1 555-010-0300." in away.text
    assert [button.action for button in away.buttons] == ["give_back"]
    many = state(mine=mine().mine[:1] * 100)
    assert "and more" in told(decided(many, posted("!away"))).note.text
    decision = decided(mine(conversation=None), pressed("give_back", value=""))
    assert [(one.number, one.assignee) for one in decision.others] == [(1001, None), (1042, None)]
    assert [effect.thread for effect in decision.effects if isinstance(effect, UpdateCard)] == ["t9", "t9"]
    found = [(one.act, one.conversation, one.detail) for one in decision.effects if isinstance(one, Record)]
    assert found == [("unassigned", 1001, ANA.key), ("unassigned", 1042, ANA.key)]
    assert told(decision).note == words.given_back([1001, 1042])
    assert private(decided(state(), pressed("give_back", value=""))) == words.NOTHING_TO_GIVE.text


def test_a_time_that_is_none_is_refused() -> None:
    decision = decided(state(), posted("!away whenever"))
    assert len(decision.effects) == 1
    assert isinstance(decision.effects[0], AnswerPrivately)


def test_coming_back() -> None:
    decision = decided(state(away=(Absence("slack:U1"),)), posted("!back"))
    assert [effect.person for effect in decision.effects if isinstance(effect, EndAbsence)] == [
        "slack:U1",
        "matrix:@ana:x",
    ]
    assert private(decision) == words.BACK_NOTE.text
    assert private(decided(state(away=OUT), given("back"))) == words.NOT_AWAY.text
    assert private(decided(State(), given("back"))) == words.NOT_AWAY.text


@pytest.mark.parametrize(
    "event",
    [
        given("away", author=Person("slack", "U9", outsider=True)),
        pressed("give_back", author=Person("slack", "U9", bot=True)),
    ],
)
def test_strangers_are_no_teammates(event: Any) -> None:
    assert "Nothing done" in private(decided(mine(), event))


def rung(the_state: State) -> Ring:
    return next(effect.ring for effect in decided(the_state, text()).effects if isinstance(effect, PostText))


def test_a_text_calls_the_team_instead_of_who_is_away() -> None:
    assert rung(owned(BEN, waiting_since=None)) == Ring((BEN,))
    gone = owned(BEN, waiting_since=None, watchers=(BEN.key, ANA.key))
    assert rung(replace(gone, away=OUT)) == Ring((ANA,), room=True)


def test_who_assigns_to_somebody_away_is_told() -> None:
    decision = decided(state(away=OUT), pressed("assign", value="ben", surface="menu"))
    assert told(decision).note == words.is_away(BEN, HOURS)
    assert decision.conversation is not None
    assert decision.conversation.assignee == BEN.key
    for_ever = decided(state(away=(Absence(BEN.key),)), pressed("assign", value="ben", surface="menu"))
    assert told(for_ever).note == words.is_away(BEN, None)


def test_the_end_of_a_snooze_calls_nobody_who_is_away() -> None:
    asleep = {"status": ConversationStatus.SNOOZED, "snoozed_until": NOW}
    over = TimerFired(external_id="x", kind="snooze", conversation=1042, subject="1042")
    gone = owned(BEN, **asleep)
    (note,) = notes(decided(replace(gone, away=OUT), over))
    assert (note.note.inserts, note.note.everyone) == ((), True)


@pytest.mark.parametrize(
    ("event", "the_state", "heeded"),
    [
        (text(), owned(), True),
        (text(), state(conversation=conversation(watchers=(BEN.key,))), True),
        (text(), state(), False),
        (text(), State(), False),
        (submitted(), state(), True),
        (submitted(form="merge"), state(), False),
        (pressed("assign"), state(), True),
        (pressed("claim"), state(), False),
        (posted("!assign ben"), state(), True),
        (given("back"), State(), True),
        (posted("!close"), state(), False),
        (reacted("eyes"), state(), False),
    ],
)
def test_what_is_decided_on_who_is_away(event: Any, the_state: State, heeded: bool) -> None:
    assert heeds_absence(event, the_state) is heeded


@pytest.mark.parametrize(
    ("event", "person"),
    [
        (posted("!away"), ANA),
        (given("away 2h"), ANA),
        (pressed("give_back"), ANA),
        (pressed("claim"), None),
        (posted("!back"), None),
        (text(), None),
    ],
)
def test_whose_conversations_are_needed(event: Any, person: Person | None) -> None:
    assert who_asks(event) == person

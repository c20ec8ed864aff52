from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bridge.domain.canned import Canned
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, ArmTimer, DisarmTimer, PostNote, SendText
from bridge.domain.events import SendSettled, TimerFired
from bridge.domain.messages import Hold, Message, MessageStatus
from bridge.domain.policy import LinePolicy
from bridge.rules.canned import Wanted, wanted
from bridge.rules.decide import decide
from bridge.rules.later_words import HOW, LISTED_AT_MOST, NONE, WHICH
from bridge.rules.planning import HOW_EVERY, TOO_SOON
from tests.unit.rules.builders import (
    ANA,
    NOW,
    acts,
    conversation,
    done,
    line,
    observer,
    policy,
    posted,
    pressed,
    reply,
    state,
    text,
)
from tests.unit.rules.teams import given, private

MONDAY = NOW.replace(day=23, hour=9)  # NOW is a Sunday, 10:00
WEEK = timedelta(days=7)
WEEKLY = reply(hold=Hold.LATER, release_at=MONDAY, ticket=0, body="Bin day", plan="every mon 9:00")
ONCE = reply(id="m2", hold=Hold.LATER, release_at=MONDAY + WEEK, ticket=0, body="It is ready", origin=None)
DUE = TimerFired(external_id="t", kind="later", conversation=1042, subject="m1")
REMINDER = "See you {{ appointment.day }} at {{ appointment.time }}, {{ contact.first_name | default('friend') }}."
CANNED: dict[str, Any] = {
    "canned": {"appointment": REMINDER, "haircut": "Haircut at {{ appointment.time }}", "odd": "Bring {{ what }}"}
}


def done_at(
    the_state: State, event: TimerFired, now: datetime, the_line: LinePolicy | None = None, **changed: Any
) -> Decision:
    return decide(the_state, event, policy(the_line, **changed), now)


def planned(decision: Any) -> Message:
    found = [message for message in decision.messages if message.hold is Hold.LATER]
    return found[-1]


def notes(decision: Any) -> list[str]:
    return [effect.note.text for effect in decision.effects if isinstance(effect, PostNote)]


def there(*messages: Message) -> State:
    return replace(state(messages[0]), pending=messages)


# again and again


@pytest.mark.parametrize(
    ("words", "at", "plan"),
    [
        ("every mon 9:00 Bin day", MONDAY, "every mon 9:00"),
        ("Every Monday: Bin day", MONDAY, "every Monday"),
        ("every sun 11:00 Bin day", NOW + timedelta(hours=1), "every sun 11:00"),
        ("every day 9am Bin day", MONDAY, "every day 9am"),
        ("every day 11:00 Bin day", NOW + timedelta(hours=1), "every day 11:00"),
    ],
)
def test_a_text_may_be_sent_again_and_again(words: str, at: Any, plan: str) -> None:
    decision = done(state(), posted(f"!later {words}"))
    message = planned(decision)
    assert (message.release_at, message.plan, message.body) == (at, plan, "Bin day")
    assert ArmTimer("later", message.id, at) in decision.effects
    (note,) = notes(decision)
    assert note == f"⏳ Leaves ￼, and {plan}."


@pytest.mark.parametrize("words", ["every", "every 2h Bin day", "every month Bin day", "every dec 1 Bin day"])
def test_what_does_not_come_again_is_refused(words: str) -> None:
    assert private(done(state(), posted(f"!later {words}"))) == f"Not sent. {HOW_EVERY}"


@pytest.mark.parametrize("words", ["every day Bin day", "every mon 9:00-10:00 Bin day"])
def test_a_day_wants_its_hour(words: str) -> None:
    assert private(done(state(), posted(f"!later {words}"))).startswith("Not sent. ")


def test_when_it_leaves_the_next_is_planned() -> None:
    state_ = replace(there(WEEKLY), message=WEEKLY)
    decision = done_at(state_, DUE, MONDAY)
    leaving, fresh = decision.messages
    assert (leaving.id, leaving.status) == ("m1", MessageStatus.QUEUED)
    assert (fresh.release_at, fresh.plan, fresh.body, fresh.origin) == (MONDAY + WEEK, WEEKLY.plan, "Bin day", None)
    assert fresh.id != "m1"
    assert (fresh.status, fresh.hold) == (MessageStatus.HELD, Hold.LATER)
    assert ArmTimer("later", fresh.id, MONDAY + WEEK) in decision.effects
    assert [effect.message for effect in decision.effects if isinstance(effect, SendText)] == ["m1"]
    assert acts(decision) == ["sent_later", "planned"]


def test_after_downtime_it_leaves_once() -> None:
    decision = done_at(there(WEEKLY), DUE, MONDAY + 3 * WEEK + timedelta(hours=1))
    assert len([effect for effect in decision.effects if isinstance(effect, SendText)]) == 1
    assert planned(decision).release_at == MONDAY + 4 * WEEK


def test_it_goes_on_over_a_clock_change_at_the_same_hour() -> None:
    zone = ZoneInfo("America/New_York")
    before = NOW.replace(month=10, day=26, hour=13)  # 9:00 there, a Monday; clocks change on 1 November
    weekly = replace(WEEKLY, release_at=before)
    fresh = planned(done_at(there(weekly), DUE, before, line(zone=zone)))
    assert fresh.release_at == before + WEEK + timedelta(hours=1)


def test_it_ends_with_consent_and_waits_where_its_writer_may_no_longer_text() -> None:
    gone = replace(there(WEEKLY), conversation=conversation(opted_out=True))
    assert len(done_at(gone, DUE, MONDAY).messages) == 1
    refused = done_at(there(WEEKLY), DUE, MONDAY, teammates=observer())
    (held,) = refused.messages
    assert held.hold is Hold.GUARD


def test_what_the_contact_writes_does_not_stop_it_and_it_answers_nothing() -> None:
    decision = done(replace(there(WEEKLY, ONCE), message=None), text())
    assert [message.id for message in decision.messages if message.status is MessageStatus.CANCELLED] == ["m2"]
    left = replace(WEEKLY, status=MessageStatus.SENDING, hold=None)
    accepted = done(there(left), SendSettled(external_id="s", message="m1", outcome="accepted", provider_id="SM9"))
    assert accepted.conversation is None


# ahead of an appointment


@pytest.mark.parametrize(
    ("words", "at", "said"),
    [
        ("tue 14:30", NOW.replace(day=23, hour=14, minute=30), "See you Tuesday, November 24 at 2:30 PM, Maria."),
        ("tomorrow 9:00", NOW.replace(day=23, hour=7), "See you Monday, November 23 at 9:00 AM, Maria."),
        ("tue 14:30 haircut", NOW.replace(day=23, hour=14, minute=30), "Haircut at 2:30 PM"),
    ],
)
def test_a_reminder_leaves_ahead_of_an_appointment(words: str, at: Any, said: str) -> None:
    decision = done(state(), posted(f"!later appointment {words}"), **CANNED)
    message = planned(decision)
    assert (message.release_at, message.body) == (at, said)
    assert (message.plan or "").startswith("appointment 2026-11-2")
    assert notes(decision) == [f"⏳ ￼: {said}\nLeaves ￼, ahead of the appointment."]
    assert done(replace(there(message), message=None), text()).messages[1:] == ()


def test_a_stored_response_will_do() -> None:
    stored = Canned(name="visit", team="", text="At {{ appointment.time }}", created_by=ANA.key)
    decision = done(state(canned=(stored,)), posted("!later appointment tue 14:30 visit"))
    assert planned(decision).body == "At 2:30 PM"
    assert wanted(posted("!later Appointment tue 14:30 visit")) == Wanted()
    assert wanted(posted("!later tomorrow 9:00 Hello")) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("appointment", "Not sent. "),
        ("appointment soon", "Not sent. "),
        ("appointment 30m", f"Not sent. {TOO_SOON}"),
        ("appointment tue 14:30 nothing", "nothing"),
        ("appointment tue 14:30 odd", "it asks for what"),
        ("appointment tue 14:30 loop", "it may hold values"),
    ],
)
def test_what_cannot_be_a_reminder_is_refused(words: str, told: str) -> None:
    more: dict[str, Any] = {"canned": {**CANNED["canned"], "loop": "{% for x in y %}{% endfor %}"}}
    decision = done(state(), posted(f"!later {words}"), **more)
    assert told in private(decision)
    assert decision.messages == ()


def test_when_it_has_left_it_does_not_come_again() -> None:
    reminder = replace(WEEKLY, plan="appointment 2026-11-24T14:30:00+00:00")
    assert len(done_at(there(reminder), DUE, MONDAY).messages) == 1


def test_an_appointment_that_has_begun_is_not_reminded_of() -> None:
    reminder = replace(WEEKLY, plan=f"appointment {(MONDAY + WEEK).isoformat()}")
    for after, status in ((WEEK - timedelta(seconds=1), MessageStatus.QUEUED), (WEEK, MessageStatus.CANCELLED)):
        decision = done_at(there(reminder), DUE, MONDAY + after)
        assert [message.status for message in decision.messages] == [status]
    assert notes(decision) == ["Not sent: “Bin day”: the appointment has begun."]


# listed and cancelled


@pytest.mark.parametrize("event", [posted("!later"), given("#1042 later")])
def test_what_is_planned_is_listed_soonest_first(event: Any) -> None:
    appointment = replace(ONCE, id="m3", plan="appointment 2026-11-24T14:30:00+00:00", release_at=MONDAY + 2 * WEEK)
    decision = done(there(appointment, ONCE, WEEKLY), event)
    told = next(effect.note for effect in decision.effects if isinstance(effect, AnswerPrivately))
    assert told.text.splitlines()[1:] == [
        "1. ￼ (every mon 9:00): “Bin day”",
        "2. ￼: “It is ready”",
        "3. ￼ (appointment): “It is ready”",
    ]
    assert told.inserts == (MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK)
    assert [(button.action, button.value) for button in told.buttons] == [
        ("undo", "m1"),
        ("undo", "m2"),
        ("undo", "m3"),
    ]
    assert private(done(state(), event)) == HOW.text


def test_a_long_list_is_cut() -> None:
    many = tuple(replace(ONCE, id=f"m{number}") for number in range(LISTED_AT_MOST + 2))
    told = private(done(there(*many), posted("!later")))
    assert told.splitlines()[-1] == "… and 2 more."


def test_one_of_the_list_is_cancelled_or_all() -> None:
    both = there(WEEKLY, ONCE)
    decision = done(both, posted("!later off 2"))
    (stopped,) = decision.messages
    assert (stopped.id, stopped.status, stopped.plan) == ("m2", MessageStatus.CANCELLED, None)
    assert DisarmTimer("later", "m2") in decision.effects
    assert notes(decision) == ["Not sent later: “It is ready”"]
    assert private(decision) == "Cancelled."
    assert [message.id for message in done(both, posted("!later off")).messages] == ["m1", "m2"]
    assert acts(done(both, given("#1042 later cancel"))) == ["undone", "undone"]
    nowhere = replace(both, threads=())
    assert notes(done(nowhere, given("#1042 later off"))) == []


@pytest.mark.parametrize("number", ["3", "0", "x"])
def test_a_number_that_is_not_in_the_list_is_told(number: str) -> None:
    assert private(done(there(WEEKLY, ONCE), posted(f"!later off {number}"))) == WHICH.text


def test_where_nothing_is_planned_nothing_is_cancelled() -> None:
    assert private(done(state(), posted("!later off"))) == NONE.text


def test_a_series_is_cancelled_by_its_button() -> None:
    decision = done(there(WEEKLY), pressed("undo"))
    assert decision.messages[0].status is MessageStatus.CANCELLED
    assert DisarmTimer("later", "m1") in decision.effects

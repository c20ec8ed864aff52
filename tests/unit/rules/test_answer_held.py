"""An answer that is held until a time: nobody waits for the team until it leaves, and they do again if it does not."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.automation import Automation, Remark, Rule, Unanswered
from bridge.domain.conversations import State
from bridge.domain.effects import ArmTimer, PostText, UpdateCard
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, MessageStatus, Purpose
from bridge.domain.people import ChatRef, Contact
from bridge.domain.policy import QuietHours, SlaPolicy, SlaStep
from bridge.rules.cards import card
from bridge.rules.decide import decide
from bridge.rules.sending import Drop, before_send
from tests.unit.rules.builders import (
    CONTACT,
    conversation,
    deleted,
    done,
    line,
    policy,
    posted,
    pressed,
    reply,
    state,
    text,
    thread,
)
from tests.unit.rules.clockwork import HOUR, MINUTE, STANDARD, Life

EVENING = datetime(2026, 11, 22, 20, 50, tzinfo=UTC)
EIGHT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NIGHT = QuietHours(start=time(21), end=time(8), replies="hold")
ONE_TIME = replace(STANDARD, resolution=None, ladder=(SlaStep(0 * MINUTE, "assignee"),))
FORGOTTEN = Rule(name="forgotten", on=("no_reply",), after=Unanswered(30 * MINUTE), actions=(Remark("still waits"),))
ASLEEP = reply(hold=Hold.QUIET, release_at=EIGHT)


def evening(sla: SlaPolicy = ONE_TIME, **changed: Any) -> Life:
    """A text ten minutes before the contact's night; the contact is where the line is."""
    life = Life(sla, now=EVENING, quiet=NIGHT, undo=timedelta(), **changed)
    life.policy = replace(life.policy, automation=Automation((FORGOTTEN,)))
    asleep = Contact("c1", CONTACT, "Maria", zone="UTC")
    life.state = replace(life.state, conversation=None, threads=(), contact=asleep)
    life.texts()
    return life


def said(life: Life, span: timedelta) -> list[str]:
    """What is said about waiting while time goes by."""
    return [one for one in life.passes(span) if "due" in one or "still waits" in one]


def test_nobody_is_called_about_an_answer_that_is_held_for_the_night() -> None:
    life = evening()
    life.passes(15 * MINUTE)
    life.does(posted("Yes, until six"))
    assert life.conversation.answer_held_until == EIGHT
    assert life.conversation.clocks.response.spent == 15 * MINUTE
    assert said(life, 10 * HOUR) == []
    shown = card(life.state, thread(), life.policy)
    assert (shown.waiting_since, shown.next_due, shown.answer_leaves) == (None, None, EIGHT)
    life.passes(HOUR)
    assert life.conversation.answer_held_until is None
    assert life.conversation.clocks.response.spent == 15 * MINUTE
    life.answered()
    assert life.conversation.waiting_since is None
    assert said(life, 48 * HOUR) == []


@pytest.mark.parametrize("event", [pressed("undo"), posted("!undo"), deleted(), posted("!optout said so"), text()])
def test_the_clocks_go_on_where_they_stood_when_it_does_not_leave(event: Any) -> None:
    life = evening(stale_stop=True)
    life.passes(15 * MINUTE)
    life.does(posted("Yes, until six"))
    life.passes(2 * HOUR)
    (held,) = life.state.pending
    life.does(event, message=held if event != text() else None)
    if life.conversation.opted_out:
        assert said(life, 24 * HOUR) == []
        return
    assert life.conversation.answer_held_until is None
    assert said(life, 14 * MINUTE) == ["🔒 The rule `forgotten`: still waits"]
    assert said(life, MINUTE) == ["⏰ The first answer is due ￼."]
    assert said(life, 30 * MINUTE) == ["⚠️ Overdue: the first answer was due ￼."]


def test_one_that_fails_in_the_morning_leaves_the_contact_waiting() -> None:
    life = evening()
    life.passes(15 * MINUTE)
    life.does(posted("Yes, until six"))
    life.passes(EIGHT - life.now + MINUTE)
    assert [one.status for one in life.state.pending] == [MessageStatus.QUEUED]
    assert said(life, MINUTE) == ["🔒 The rule `forgotten`: still waits"]
    assert said(life, 13 * MINUTE) == ["⏰ The first answer is due ￼."]


def test_a_rule_is_told_nothing_while_the_answer_gets_to_the_provider() -> None:
    life = evening()
    life.passes(15 * MINUTE)
    life.does(posted("Yes, until six"))
    life.passes(EIGHT - life.now)
    assert life.timers["rule"] == EIGHT + 2 * MINUTE
    life.answered()
    assert said(life, HOUR) == []


def test_one_that_is_written_to_be_sent_later_is_an_answer_too() -> None:
    life = evening()
    life.does(posted("!later tomorrow 9:00 Yes, until six"))
    assert life.conversation.answer_held_until == EIGHT + HOUR
    assert said(life, 12 * HOUR) == []
    life.texts()
    assert life.conversation.answer_held_until is None
    assert said(life, HOUR) != []


@pytest.mark.parametrize(
    "message",
    [
        replace(ASLEEP, author=None, automatic="rule:closed", purpose=Purpose.AUTOMATIC),
        replace(ASLEEP, plan="every mon 9:00"),
        replace(ASLEEP, hold=Hold.GUARD),
        replace(ASLEEP, hold=Hold.UNDO),
        replace(ASLEEP, release_at=None),
        replace(ASLEEP, conversation=7),
        reply(status=MessageStatus.QUEUED, hold=None),
    ],
)
def test_what_no_person_wrote_or_somebody_must_decide_about_is_no_answer(message: Any) -> None:
    held = conversation(answer_held_until=EIGHT)
    decision = done(state(message, conversation=held), posted("// noted"))
    assert decision.conversation is None or decision.conversation.answer_held_until is None
    assert done(state(ASLEEP, conversation=held), posted("// noted")).conversation is None


def test_without_the_stale_stop_a_text_behind_it_is_not_answered_by_it() -> None:
    for stale_stop in (False, True):
        life = evening(stale_stop=stale_stop)
        life.passes(15 * MINUTE)
        life.does(posted("Yes, until six"))
        life.passes(MINUTE)
        decision = life.texts()
        assert life.conversation.answer_held_until is None
        assert any(isinstance(one, UpdateCard) for one in decision.effects)
    later = reply(id="m2", hold=Hold.QUIET, release_at=EIGHT, created_at=life.now, origin=ChatRef("slack", "C1", "9.0"))
    life.state = replace(life.state, pending=(later,))
    life.does(posted("// noted"))
    assert life.conversation.answer_held_until == EIGHT


def test_a_new_text_behind_an_answer_that_is_held_calls_the_team_again() -> None:
    life = evening()
    life.passes(15 * MINUTE)
    life.does(posted("Yes, until six"))
    assert [one.ring.room for one in life.texts().effects if isinstance(one, PostText)] == [True]


def test_one_that_is_held_just_before_its_call_is_found_at_once() -> None:
    queued = reply(status=MessageStatus.QUEUED, hold=None, release_at=None)
    settings = policy(line(quiet=NIGHT))
    now = EVENING + HOUR
    verdict = before_send(state(queued), 1, settings, now)
    assert isinstance(verdict, Drop)
    assert verdict.decision.conversation is None, "only messages may be changed here"
    assert ArmTimer("answer", "1042", now) in verdict.decision.effects
    (held,) = verdict.decision.messages
    fired = TimerFired(external_id="t", kind="answer", conversation=1042, subject="1042")
    decision = decide(state(held), fired, settings, now)
    assert decision.conversation is not None
    assert decision.conversation.answer_held_until == held.release_at
    assert decide(State(), fired, settings, now).conversation is None


def test_nothing_is_held_where_nobody_waits() -> None:
    life = evening()
    life.answered()
    life.passes(HOUR)
    life.does(posted("By the way"))
    assert [one.hold for one in life.state.pending] == [Hold.QUIET]
    assert life.conversation.answer_held_until is None


@given(st.lists(st.tuples(st.sampled_from(["reply", "undo", "text", "later", "snooze", "wake"]), st.integers(0, 400))))
def test_clocks_run_exactly_while_somebody_waits_for_the_team(acts: list[tuple[str, int]]) -> None:
    life = evening(stale_stop=True)
    words = {"reply": "Yes", "undo": "!undo", "later": "!later 3h Yes", "snooze": "!snooze 2h", "wake": "!wake"}
    for step, (act, minutes) in enumerate(acts):
        life.passes(minutes * MINUTE)
        event = text() if act == "text" else posted(words[act], ref=ChatRef("slack", "C1", f"{step}.5"))
        life.does(event, message=next(iter(life.state.pending), None) if act == "undo" else None)
        held = any(
            one.hold in (Hold.QUIET, Hold.LATER) and one.status is MessageStatus.HELD for one in life.state.pending
        )
        assert (life.conversation.answer_held_until is not None) is held
        asleep = life.conversation.status == "snoozed"
        assert (life.conversation.clocks.running_since is None) is (held or asleep)
        assert life.conversation.clocks.response.spent <= life.now - EVENING

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.domain.clocks import STOPPED
from bridge.domain.conversations import Absence, ThreadState
from bridge.domain.effects import UpdateCard
from bridge.domain.events import TimerFired
from bridge.domain.people import Person
from bridge.domain.policy import SlaStep
from tests.unit.rules.builders import (
    ANA,
    NOW,
    conversation,
    done,
    posted,
    reacted,
    state,
    thread,
)
from tests.unit.rules.clockwork import HOUR, MINUTE, OFFICE, STANDARD, Life
from tests.unit.rules.teams import BEN

FRIDAY = NOW - timedelta(days=2)
FIRST_WARNED, FIRST_MISSED = "⏰ The first answer is due ￼.", "⚠️ Overdue: the first answer was due ￼."
NEXT_WARNED, NEXT_MISSED = "⏰ The answer is due ￼.", "⚠️ Overdue: the answer was due ￼."


def test_a_first_text_is_warned_of_missed_and_taken_up_the_ladder() -> None:
    life = Life()
    assert life.passes(29 * MINUTE) == []
    assert life.passes(MINUTE) == [FIRST_WARNED]
    assert life.passes(29 * MINUTE) == []
    assert life.conversation.breached_at is None
    assert life.passes(MINUTE) == [FIRST_MISSED]
    assert life.conversation.breached_at == NOW + HOUR
    assert life.passes(30 * MINUTE) == [FIRST_MISSED, f"{FIRST_MISSED} ￼"]
    assert life.passes(24 * HOUR)[-1].startswith("⚠️ Overdue: this was to be closed")
    assert [note.note.bump for note in life.said if note.note.text.startswith(FIRST_MISSED)] == [True, False, False]
    assert [note.note.everyone for note in life.said][:4] == [False, False, True, False]
    assert life.said[3].note.inserts == (NOW + HOUR, ANA)


def test_who_has_it_is_called_where_the_ladder_asks_and_is_there() -> None:
    life = Life()
    life.does(posted("!claim"))
    assert life.passes(HOUR) == [f"{FIRST_WARNED} ￼", f"{FIRST_MISSED} ￼"]
    assert {note.note.inserts[1:] for note in life.said} == {(ANA,)}
    gone = Life()
    gone.does(posted("!claim"))
    gone.away = (Absence("matrix:@ana:x"),)
    assert gone.passes(HOUR) == [FIRST_WARNED, FIRST_MISSED]


def test_nobody_is_called_where_the_ladder_does_not_ask() -> None:
    life = Life(replace(STANDARD, ladder=()))
    life.does(posted("!claim"))
    assert life.passes(4 * HOUR) == [FIRST_WARNED, FIRST_MISSED, "⏰ This is to be closed by ￼."]
    assert not any(note.note.everyone for note in life.said)


@pytest.mark.parametrize(("members", "called"), [(("ana",), (ANA,)), (("ben", "zoe"), (BEN,)), (("zoe",), (ANA, BEN))])
def test_a_manager_is_one_of_the_team_or_any(members: tuple[str, ...], called: tuple[Person, ...]) -> None:
    life = Life(replace(STANDARD, ladder=(SlaStep(0 * MINUTE, "manager"),)))
    mates = tuple(replace(mate, role="manager") for mate in life.policy.teammates[:2])
    teams = {"support": replace(life.policy.teams["support"], members=members)}
    life.policy = replace(life.policy, teammates=mates, teams=teams)
    life.passes(HOUR)
    assert life.said[-1].note.inserts[1:] == called


def test_a_teammate_is_called_by_name_and_on_the_threads_own_platform() -> None:
    life = Life(replace(STANDARD, ladder=(SlaStep(0 * MINUTE, "ana"), SlaStep(0 * MINUTE, "zoe"))))
    elsewhere = thread(id="t2", platform="matrix", room="!r", root=None)
    life.state = replace(life.state, threads=(*life.state.threads, elsewhere))
    life.passes(HOUR)
    zoe = Person("matrix", "@zoe:x")
    slack, matrix = life.said[-2:]
    assert slack.note.inserts[1:] == (ANA, zoe)
    assert matrix.note.inserts[1:] == (Person("matrix", "@ana:x"), zoe)


def test_the_last_step_may_hand_it_back() -> None:
    life = Life(replace(STANDARD, ladder=(SlaStep(0 * MINUTE, "assignee"), SlaStep(15 * MINUTE, "hand back"))))
    life.does(posted("!claim"))
    life.passes(HOUR)
    assert life.conversation.assignee == ANA.key
    assert life.passes(15 * MINUTE) == [f"{FIRST_MISSED} It is nobody's again."]
    assert life.conversation.assignee is None
    assert life.said[-1].note.everyone  # the team wants its room to be called when something is nobody's
    unowned = Life(replace(STANDARD, ladder=(SlaStep(0 * MINUTE, "hand back"),)))
    assert unowned.passes(HOUR)[-1] == FIRST_MISSED
    assert not unowned.said[-1].note.everyone


def test_a_further_step_for_the_assignee_alone_is_not_told_where_there_is_none() -> None:
    steps = (SlaStep(0 * MINUTE, "team"), SlaStep(15 * MINUTE, "assignee"), SlaStep(15 * MINUTE, "hand back"))
    life = Life(replace(STANDARD, ladder=steps))
    assert life.passes(HOUR)[-1] == FIRST_MISSED
    assert life.passes(15 * MINUTE) == life.passes(15 * MINUTE) == []
    late = Life(replace(STANDARD, ladder=(*steps, SlaStep(15 * MINUTE, "manager"))))
    late.passes(HOUR)
    assert late.passes(45 * MINUTE) == [f"{FIRST_MISSED} ￼"]


def test_what_is_answered_is_no_longer_due() -> None:
    life = Life()
    life.passes(HOUR)
    assert life.conversation.breached_at is not None
    decision = life.answered()
    assert life.conversation.breached_at is None
    assert "sla_response" not in life.timers
    assert any(isinstance(effect, UpdateCard) for effect in decision.effects)
    assert life.passes(100 * HOUR) == []


def test_a_further_text_has_the_time_for_further_answers() -> None:
    life = Life()
    life.answered()
    life.texts()
    life.passes(10 * MINUTE)
    life.texts()
    assert life.passes(20 * MINUTE) == [NEXT_WARNED, NEXT_MISSED]


def test_the_close_is_due_when_the_team_has_had_it_for_so_long() -> None:
    life = Life(replace(STANDARD, first_response=None, next_response=None))
    assert life.passes(3 * HOUR) == []
    life.answered()
    assert life.passes(50 * HOUR) == []
    life.texts()
    assert life.passes(5 * HOUR) == ["⏰ This is to be closed by ￼.", "⚠️ Overdue: this was to be closed by ￼."]
    life.answered()
    assert life.conversation.breached_at is not None  # an answer does not close it
    life.does(reacted("white_check_mark"))
    assert (life.conversation.breached_at, life.conversation.clocks) == (None, STOPPED)


def test_only_business_hours_count() -> None:
    life = Life(hours=OFFICE, now=FRIDAY.replace(hour=16, minute=45))
    assert life.passes(64 * HOUR) == []
    assert life.passes(45 * MINUTE) == [FIRST_WARNED]
    assert life.said[-1].note.inserts[0] == datetime.fromisoformat("2026-11-23T09:45:00+00:00")


@pytest.mark.parametrize("words", ["!snooze 2h", "!block", "!optout", "!label +spam"])
def test_a_clock_stands_while_nobody_has_to_answer(words: str) -> None:
    life = Life()
    life.passes(20 * MINUTE)
    life.does(posted(words))
    assert "sla_response" not in life.timers
    assert life.conversation.clocks.response.spent == 20 * MINUTE
    assert life.passes(2 * HOUR - MINUTE) == []


def test_a_clock_goes_on_where_it_stood() -> None:
    life = Life()
    life.passes(20 * MINUTE)
    life.does(posted("!snooze 2h"))
    assert [one for one in life.passes(2 * HOUR) if "snooze" not in one] == []
    assert life.passes(9 * MINUTE) == []
    assert life.passes(MINUTE) == [FIRST_WARNED]


def test_the_night_before_a_snooze_does_not_count() -> None:
    life = Life(hours=OFFICE, now=FRIDAY.replace(hour=20))
    life.does(posted("!snooze mon 14:00"))
    assert life.conversation.clocks.response.spent == timedelta()
    assert [one for one in life.passes(66 * HOUR) if "snooze" not in one] == []
    assert life.timers["sla_response"] == datetime.fromisoformat("2026-11-23T14:30:00+00:00")


def test_after_downtime_only_what_is_still_true_is_said_and_once() -> None:
    life = Life(replace(STANDARD, resolution=None))
    assert life.skips(3 * HOUR) == [f"{FIRST_MISSED} ￼"]
    assert life.said[-1].note.everyone
    assert life.timers == {}
    late = Life(replace(STANDARD, resolution=None))
    assert late.skips(70 * MINUTE) == [FIRST_MISSED]
    assert late.timers == {"sla_response": NOW + 75 * MINUTE}


@pytest.mark.parametrize("kind", ["sla_response", "sla_resolution", "closing"])
def test_a_doubled_or_early_timer_says_nothing_and_is_set_again(kind: str) -> None:
    life = Life()
    life.passes(31 * MINUTE)
    before, timers = len(life.said), dict(life.timers)
    life.fires(kind)
    life.fires(kind)
    assert len(life.said) == before
    assert life.timers == timers


@pytest.mark.parametrize("changed", [{"conversation": None}, {"conversation": conversation(line="gone")}])
@pytest.mark.parametrize("kind", ["sla_response", "sla_resolution", "closing"])
def test_a_timer_of_what_is_gone_says_nothing(kind: str, changed: dict[str, Any]) -> None:
    fired = TimerFired(external_id="t", kind=kind, conversation=1042, subject="1042")
    assert done(state(**changed), fired).effects == ()


def test_a_thread_that_is_lost_is_told_nothing() -> None:
    life = Life()
    life.state = replace(life.state, threads=(thread(state=ThreadState.LOST),))
    assert life.passes(HOUR) == []


# which policy

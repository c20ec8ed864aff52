from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.clocks import STOPPED
from bridge.domain.conversations import Absence, ConversationStatus, ThreadState
from bridge.domain.effects import ArmTimer, Record, UpdateCard
from bridge.domain.events import TimerFired
from bridge.domain.people import Person
from bridge.domain.policy import SlaPolicy, SlaStep
from bridge.rules.cards import card
from bridge.rules.clocks import next_due, next_moments, runs, sla_of, spent, with_sla
from bridge.rules.hours import working_time
from tests.unit.rules.builders import (
    ANA,
    NOW,
    conversation,
    done,
    line,
    policy,
    posted,
    reacted,
    state,
    text,
    thread,
)
from tests.unit.rules.clockwork import HOUR, MINUTE, OFFICE, STANDARD, Life
from tests.unit.rules.families import apart
from tests.unit.rules.teams import BEN, WITH

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

FAST = replace(STANDARD, name="fast", first_response=10 * MINUTE, labels=("vip",))
SLOW = SlaPolicy(name="slow", first_response=5 * HOUR)


def test_a_rule_goes_before_a_label_and_a_label_before_the_line() -> None:
    known = policy(line(sla="standard"), sla={"standard": STANDARD, "fast": FAST, "slow": SLOW})
    plain = conversation()
    assert sla_of(plain, known) == STANDARD
    vip = conversation(labels=("vip",))
    assert sla_of(vip, known) == FAST
    assert sla_of(with_sla(vip, "slow"), known) == SLOW
    assert sla_of(with_sla(vip, "gone"), known) == FAST
    assert sla_of(with_sla(plain, None), known) == STANDARD
    assert sla_of(plain, policy()) is None
    assert sla_of(conversation(line="gone"), known) is None


def test_a_label_brings_its_times_for_what_was_waited_already() -> None:
    life = Life()
    life.policy = replace(life.policy, sla={**life.policy.sla, "fast": FAST})
    life.passes(31 * MINUTE)
    life.does(posted("!label +vip"))
    assert life.timers["sla_response"] == NOW + 5 * MINUTE
    assert life.passes(timedelta()) == ["⚠️ Overdue: the first answer was due ￼."]


def test_a_line_that_gets_times_counts_from_the_oldest_text() -> None:
    waiting = state()
    decision = done(waiting, text(), line(sla="standard"), sla={"standard": STANDARD})
    assert ArmTimer("sla_response", "1042", NOW + 25 * MINUTE, 1042) in decision.effects


def test_a_line_without_times_has_no_clocks_and_no_timers() -> None:
    decision = done(state(), text(), line())
    assert decision.conversation is not None
    assert decision.conversation.clocks == STOPPED
    assert not any(isinstance(effect, ArmTimer) for effect in decision.effects)
    life = Life()
    life.passes(HOUR)
    life.policy = replace(life.policy, sla={})
    life.texts()
    assert (life.conversation.clocks, life.conversation.breached_at) == (STOPPED, None)
    assert life.fires("sla_response").effects == ()


def test_a_merge_takes_the_wait_to_where_it_goes_on() -> None:
    other = replace(apart(), other=state(conversation=conversation(waiting_since=None, last_outbound_at=NOW)))
    decision = done(other, posted("!merge #1042"), line(sla="standard"), sla={"standard": STANDARD}, **WITH)
    (home,) = decision.others
    assert home.clocks.running_since == home.waiting_since
    armed = [effect for effect in decision.effects if isinstance(effect, ArmTimer)]
    assert {(one.subject, one.conversation) for one in armed} == {("1042", 1042)}


# what is shown


def shown(life: Life) -> tuple[datetime | None, datetime | None]:
    found = card(life.state, life.state.threads[0], life.policy)
    return found.next_due, found.breached_at


def test_the_card_shows_what_is_due_next_and_what_is_missed() -> None:
    life = Life()
    assert shown(life) == (NOW + HOUR, None)
    life.passes(HOUR)
    assert shown(life) == (NOW + 8 * HOUR, NOW + HOUR)
    life.passes(8 * HOUR)
    assert shown(life) == (None, NOW + HOUR)
    life.answered()
    assert shown(life) == (None, NOW + HOUR)  # since one or another of its times was missed
    assert next_due(conversation(), life.policy) is None


def test_what_is_told_is_on_record() -> None:
    life = Life()
    life.now += 30 * MINUTE
    assert Record("sla_warned", "bridge", "timer", detail="first") in life.fires("sla_response").effects
    life.now += 30 * MINUTE
    assert Record("sla_missed", "bridge", "timer", detail="first") in life.fires("sla_response").effects


# whatever happens

ACTS = st.sampled_from(
    ["texts", "answered", "!snooze 3h", "!wake", "!close", "!reopen", "!label +spam", "!label -spam"]
)
STEPS = st.lists(st.tuples(ACTS, st.timedeltas(timedelta(), timedelta(days=2)), st.booleans()), max_size=12)


@settings(max_examples=60)
@given(STEPS, st.sampled_from([OFFICE, None]))
def test_a_clock_counts_the_business_time_in_which_somebody_waited(
    steps: list[tuple[str, timedelta, bool]], hours: Any
) -> None:
    life = Life(hours=hours)
    waited = timedelta()
    for act, pause, asleep in steps:
        begin = life.now
        was, due = runs(life.conversation), life.timers.get("snooze")
        (life.skips if asleep else life.passes)(pause)
        woken_at = life.now if asleep else due
        if was:
            waited += working_time(hours, begin, life.now)
        elif runs(life.conversation) and woken_at is not None:
            waited += working_time(hours, woken_at, life.now)
        if act == "texts":
            life.texts()
        elif act == "answered":
            life.answered()
        else:
            life.does(posted(act))
        if life.conversation.waiting_since is None:
            waited = timedelta()
        assert spent("response", life.conversation.clocks, hours, life.now) == waited
        assert (life.conversation.breached_at is not None) <= (
            life.conversation.status is not ConversationStatus.CLOSED
        )
        assert set(next_moments(life.conversation, life.policy)) == {
            kind.removeprefix("sla_") for kind in life.timers if kind.startswith("sla_")
        }

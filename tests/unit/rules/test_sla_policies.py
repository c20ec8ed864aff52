"""Which times count, what moves them, and what the card says."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.domain.clocks import STOPPED
from bridge.domain.conversations import ConversationStatus
from bridge.domain.effects import ArmTimer, Record
from bridge.domain.policy import SlaPolicy
from bridge.rules.cards import card
from bridge.rules.clocks import next_due, next_moments, runs, sla_of, spent, with_sla
from bridge.rules.hours import working_time
from tests.unit.rules.builders import (
    NOW,
    conversation,
    done,
    line,
    policy,
    posted,
    state,
    text,
)
from tests.unit.rules.clockwork import HOUR, MINUTE, OFFICE, STANDARD, Life
from tests.unit.rules.families import apart
from tests.unit.rules.teams import WITH

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

"""Rules for a contact whom nobody answers: in business hours, by the clock, and when the hours change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.config.policy import policy_of
from bridge.domain.conversations import ConversationStatus
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer
from bridge.domain.events import TimerFired
from bridge.domain.past import Past, Step
from bridge.domain.people import Contact
from bridge.rules.automation.replay import rehearsed
from bridge.rules.decide import decide
from bridge.rules.hours import working_time
from tests.unit.rules.builders import posted, text
from tests.unit.rules.town import NOON, decided, ran, state, town

HALF_AN_HOUR = timedelta(minutes=30)
CLOSING = NOON + timedelta(hours=5, minutes=15)
MORNING = datetime(2026, 11, 24, 14, 15, tzinfo=UTC)  # a quarter past nine in New York


def waits(on: str = "{no_reply: 30m}", *does: str) -> str:
    """A rule for who waits so long."""
    return f"rules:\n  - {{name: slow, on: {on}, do: [{', '.join(does) or '{comment: slow}'}]}}\n"


def timers(decision: Decision) -> list[tuple[str, datetime]]:
    return [(one.subject, one.due) for one in decision.effects if isinstance(one, ArmTimer) and one.kind == "rule"]


def fired(subject: str = "1042:1800") -> TimerFired:
    return TimerFired(external_id="t", kind="rule", conversation=1042, subject=subject)


def since(at: datetime) -> Any:
    return state(conversation={"waiting_since": at, "last_inbound_at": at})


def test_a_quarter_before_the_close_the_rest_is_counted_in_the_morning() -> None:
    nobody = state(conversation={"waiting_since": None})
    assert timers(decided(waits(), text(), nobody, CLOSING)) == [("1042:1800", MORNING)]
    assert not ran(decided(waits(), fired(), since(CLOSING), MORNING - timedelta(seconds=1)))
    assert ran(decided(waits(), fired(), since(CLOSING), MORNING))


def test_by_the_clock_it_is_half_an_hour_at_night_too() -> None:
    rules, nobody = waits("{no_reply: 30m, hours: any}"), state(conversation={"waiting_since": None})
    at = CLOSING + HALF_AN_HOUR
    assert timers(decided(rules, text(), nobody, CLOSING)) == [("1042:1800:any", at)]
    assert ran(decided(rules, fired("1042:1800:any"), since(CLOSING), at))
    assert not ran(decided(rules, fired(), since(CLOSING), at))
    both = f"{rules}  - {{name: open, on: {{no_reply: 30m}}, do: [{{comment: slow}}]}}\n"
    assert len(timers(decided(both, text(), nobody, CLOSING))) == 2


def test_a_timer_that_comes_before_its_time_is_set_again() -> None:
    early = decided(waits(), fired(), since(CLOSING), CLOSING + HALF_AN_HOUR)
    assert (ran(early), timers(early)) == ([], [("1042:1800", MORNING)])
    assert timers(decided(waits(), fired(), since(CLOSING), MORNING)) == []


def test_where_hours_never_begin_nobody_is_asked() -> None:
    policy = policy_of(town(waits()), {})
    hours = policy.lines["front-desk"].hours
    assert hours is not None
    closed = replace(policy.lines["front-desk"], hours=replace(hours, week=((),) * 7))
    policy = replace(policy, lines={"front-desk": closed})
    assert timers(decide(state(conversation={"waiting_since": None}), text(), policy, NOON)) == []
    assert not ran(decide(since(NOON), fired(), policy, NOON + timedelta(days=9)))


@pytest.mark.parametrize(("passed", "due"), [(15, [CLOSING + HALF_AN_HOUR]), (45, [CLOSING + timedelta(minutes=45)])])
def test_the_hours_of_the_team_that_has_it_count_from_then_on(passed: int, due: list[datetime]) -> None:
    policy = policy_of(town(waits()), {})
    hours = policy.lines["front-desk"].hours
    assert hours is not None
    always = replace(hours, week=(((hours.week[0][0][0], hours.week[0][0][0]),),) * 7)
    policy = replace(policy, teams={**policy.teams, "sales": replace(policy.teams["sales"], hours=always)})
    now = CLOSING + timedelta(minutes=passed)
    assert [at for _, at in timers(decide(since(CLOSING), posted("!team sales"), policy, now))] == due
    assert timers(decide(since(CLOSING), posted("!team support"), policy, now)) == []
    late = MORNING + timedelta(minutes=1)
    assert timers(decide(since(CLOSING), posted("!team sales"), policy, late)) == [], "it has fired"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - as clocks show it
    st.integers(1, 600),
)
def test_it_is_due_when_so_much_business_time_has_passed_and_not_before(clock: datetime, minutes: int) -> None:
    at, wait = clock.replace(tzinfo=UTC), timedelta(minutes=minutes)
    policy = policy_of(town(waits(f"{{no_reply: {minutes}m}}")), {})
    hours = policy.lines["front-desk"].hours
    decision = decide(state(conversation={"waiting_since": None}), text(), policy, at)
    [(subject, due)] = timers(decision)
    assert working_time(hours, at, due) == wait
    assert ran(decide(since(at), fired(subject), policy, due))
    assert not ran(decide(since(at), fired(subject), policy, due - timedelta(microseconds=1)))


def test_rules_that_are_tried_count_alike_and_ask_once() -> None:
    def step(minutes: int, kind: Any) -> Step:
        return Step(at=CLOSING + timedelta(minutes=minutes), kind=kind, detail="", id=f"m{minutes}", body="Hello")

    def tried(rules: str, *steps: Step) -> list[datetime]:
        past = Past(
            number=1042,
            line="front-desk",
            contact=Contact("c1", "+15550100200"),
            created_at=CLOSING,
            whole=True,
            first=True,
            steps=steps,
        )
        found = rehearsed(
            [past], policy_of(town(""), {}), policy_of(town(rules), {}), MORNING + timedelta(hours=2), str
        )
        return [one.at for one in found.differences]

    assert tried(waits(), step(0, "text")) == [MORNING]
    assert tried(waits("{no_reply: 30m, hours: any}"), step(0, "text")) == [CLOSING + HALF_AN_HOUR]
    again = (step(0, "text"), step(3, "reply"), step(5, "text"))
    assert tried(waits(), *again) == [MORNING + timedelta(minutes=5)]


def test_what_was_told_before_a_snooze_is_not_told_again_at_its_end() -> None:
    snoozed = {"waiting_since": NOON - timedelta(hours=2), "status": ConversationStatus.SNOOZED}
    woken = decided(waits(), posted("!wake"), state(conversation=snoozed), NOON)
    assert timers(woken) == [("1042:1800", NOON + HALF_AN_HOUR)]
    early = {**snoozed, "waiting_since": NOON - timedelta(minutes=10)}
    assert timers(decided(waits(), posted("!wake"), state(conversation=early), NOON)) == [
        ("1042:1800", NOON + timedelta(minutes=20))
    ]

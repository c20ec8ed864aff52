"""A text that is sent again and again goes on, whatever holds one of its texts up."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.consent import Consent
from bridge.domain.conversations import ChatPost, State
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, PostNote, SendText, UpdateNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, MessageStatus, Purpose
from bridge.domain.people import Contact
from bridge.domain.policy import QuietHours
from bridge.rules.decide import decide
from bridge.rules.sending import Drop, before_send
from tests.unit.rules.builders import (
    CONTACT,
    NOTE,
    acts,
    conversation,
    done,
    line,
    observer,
    policy,
    pressed,
    reply,
    state,
    text,
)

NIGHT = QuietHours(start=time(21), end=time(8), automatic="hold")
AT_THREE = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
EIGHT, DAY = AT_THREE.replace(hour=8), timedelta(days=1)
DAILY = reply(
    hold=Hold.LATER,
    release_at=AT_THREE,
    ticket=0,
    body="Take your pills",
    plan="every day 3:00",
    purpose=Purpose.SCHEDULED,
)
LISBON = Contact("c1", CONTACT, "Maria", zone="Europe/Lisbon")
SLEEPS = policy(line(quiet=NIGHT, stale_stop=True))


def due(subject: str, kind: str = "later") -> TimerFired:
    return TimerFired(external_id="t", kind=kind, conversation=1042, subject=subject)


def there(*messages: Any, **changed: Any) -> State:
    return state(messages[0], **{"contact": LISBON, "pending": messages, **changed})


def notes(decision: Decision) -> list[str]:
    return [one.note.text for one in decision.effects if isinstance(one, PostNote | UpdateNote)]


def test_one_that_is_held_at_its_time_leaves_in_the_morning_and_the_series_goes_on() -> None:
    leaving, fresh = decide(there(DAILY), due("m1"), SLEEPS, AT_THREE).messages
    assert (fresh.hold, fresh.release_at) == (Hold.LATER, AT_THREE + DAY)
    verdict = before_send(there(leaving, fresh), leaving.ticket, SLEEPS, AT_THREE)
    assert isinstance(verdict, Drop)
    (held,) = verdict.decision.messages
    assert (held.hold, held.release_at, held.plan) == (Hold.QUIET, EIGHT, "every day 3:00")
    released = decide(there(held, fresh), due("m1", "quiet"), SLEEPS, EIGHT)
    assert [one.status for one in released.messages] == [MessageStatus.QUEUED]
    assert any(isinstance(one, SendText) for one in released.effects)
    following = decide(there(fresh), due(fresh.id), SLEEPS, AT_THREE + DAY)
    assert [one.release_at for one in following.messages] == [None, AT_THREE + 2 * DAY]


@pytest.mark.parametrize(("hold", "kind"), [(Hold.QUIET, "quiet"), (Hold.CONSENT, "held"), (Hold.GUARD, "held")])
def test_one_that_is_still_held_when_the_next_is_due_is_skipped_with_a_word(hold: Hold, kind: str) -> None:
    fresh = replace(DAILY, id="m2", release_at=AT_THREE + DAY)
    held = replace(DAILY, hold=hold, release_at=EIGHT + 2 * DAY if hold is Hold.QUIET else None, origin=None)
    another = replace(held, id="m3", body="Other pills")
    noted = (ChatPost(ref=NOTE, conversation=1042, role="note", message="m1"),) if hold is not Hold.GUARD else ()
    decision = decide(there(fresh, held, another, plans=noted), due("m2"), SLEEPS, AT_THREE + DAY)
    leaving, following, skipped = decision.messages
    assert (leaving.id, leaving.status) == ("m2", MessageStatus.QUEUED)
    assert following.release_at == AT_THREE + 2 * DAY
    assert (skipped.id, skipped.status) == ("m1", MessageStatus.CANCELLED)
    assert "Not sent: it was still held when the next one was due: “Take your pills”" in notes(decision)
    assert DisarmTimer(kind, "m1") in decision.effects
    assert acts(decision)[-1] == "skipped"
    shown_nowhere = decide(there(fresh, held, threads=()), due("m2"), SLEEPS, AT_THREE + DAY)
    assert len(shown_nowhere.messages) == 3


def test_what_the_contact_writes_while_one_is_held_does_not_stop_it() -> None:
    held = replace(DAILY, hold=Hold.QUIET, release_at=EIGHT)
    decision = decide(there(held), text(), SLEEPS, AT_THREE + timedelta(hours=1))
    assert [one for one in decision.messages if one.id == "m1"] == []


def test_somebody_who_sends_one_now_does_not_end_the_series() -> None:
    decision = done(there(DAILY), pressed("send"))
    now, fresh = decision.messages
    assert (now.status, now.purpose, now.plan) == (MessageStatus.QUEUED, Purpose.REPLY, None)
    assert (fresh.plan, fresh.release_at, fresh.purpose) == (DAILY.plan, AT_THREE, Purpose.SCHEDULED)
    assert ArmTimer("later", fresh.id, AT_THREE) in decision.effects
    once = done(there(replace(DAILY, plan=None)), pressed("send"))
    assert len(once.messages) == 1


def test_one_that_somebody_lets_go_after_it_was_asked_about_takes_the_series_along() -> None:
    (asked,) = decide(there(DAILY), due("m1"), replace(SLEEPS, teammates=observer()), AT_THREE).messages
    assert asked.hold is Hold.GUARD
    _, fresh = decide(there(asked), pressed("send"), SLEEPS, AT_THREE + timedelta(hours=6)).messages
    assert (fresh.hold, fresh.release_at) == (Hold.LATER, AT_THREE + DAY)
    again = decide(there(asked, fresh), pressed("send"), SLEEPS, AT_THREE + timedelta(hours=6))
    assert len(again.messages) == 1, "its next is planned already"


def test_it_ends_with_consent() -> None:
    gone = there(DAILY, conversation=conversation(opted_out=True, consent=Consent()))
    assert len(decide(gone, due("m1"), SLEEPS, AT_THREE).messages) == 1


PLANS = st.sampled_from(["every day 2:30", "every day 0:00", "every sun 1:30", "every mon 9:00", "every fri 23:59"])
ZONES = st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "America/Havana", "Pacific/Apia"])


@given(PLANS, ZONES, st.integers(0, 1000), st.integers(0, 86_400))
def test_there_is_always_a_next_time_and_it_is_at_most_a_week_and_a_bit_away(
    plan: str, zone: str, days: int, late: int
) -> None:
    settings = policy(line(zone=ZoneInfo(zone)))
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days, seconds=late)
    planned = replace(DAILY, plan=plan, release_at=now)
    fresh = decide(there(planned), due("m1"), settings, now).messages[1]
    assert fresh.release_at is not None
    assert (
        now
        < fresh.release_at
        <= now + (timedelta(days=1) if "day " in plan else timedelta(days=7)) + timedelta(hours=2)
    )

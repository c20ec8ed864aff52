"""When the contact's night begins and ends, over zones and changes of clocks, and whose clock counts."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.conversations import State
from bridge.domain.messages import Purpose
from bridge.domain.people import Contact, Person, Teammate
from bridge.domain.policy import QuietHours
from bridge.rules import quiet_words, zones
from bridge.rules.decide import decide
from bridge.rules.quiet import begins, held_until, is_quiet, over
from tests.unit.rules.builders import (
    CONTACT,
    acts,
    line,
    policy,
    posted,
    state,
)
from tests.unit.rules.quiet_cases import LATE, MORNING, NIGHT, QUEUED, at_night, sleeping

ZONES = (
    *("America/New_York", "America/Los_Angeles", "Europe/Lisbon", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "Pacific/Chatham", "UTC"),
)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
NIGHTS = st.tuples(MINUTES, MINUTES).filter(lambda span: span[0] != span[1])
MOMENTS = st.integers(0, 15 * 365 * 86_400).map(
    lambda second: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@given(NIGHTS, st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), MOMENTS)
def test_a_night_is_over_when_it_is_night_nowhere_and_not_before(
    span: tuple[time, time], names: list[str], now: datetime
) -> None:
    hours, places = QuietHours(start=span[0], end=span[1]), [ZoneInfo(name) for name in names]
    end = over(hours, places, now)
    if end is None:
        assert len(set(names)) > 1
        return
    assert end >= now
    assert not any(is_quiet(hours, place, end) for place in places)
    steps = int((end - now) / timedelta(minutes=7))
    dark = [any(is_quiet(hours, place, now + timedelta(minutes=7 * step)) for place in places) for step in range(steps)]
    shift = timedelta(hours=1)  # clocks may jump over the end
    assert all(dark) or any(place.utcoffset(now) != place.utcoffset(end + shift) for place in places)


@given(NIGHTS, st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), MOMENTS)
def test_the_next_night_begins_within_a_day_or_so(span: tuple[time, time], names: list[str], now: datetime) -> None:
    hours, places = QuietHours(start=span[0], end=span[1]), [ZoneInfo(name) for name in names]
    start = begins(hours, places, now)
    assert now < start <= now + timedelta(hours=49)
    local = {(start.astimezone(place) + timedelta(hours=jump)).time() for place in places for jump in (0, -1, 1)}
    assert hours.start in local or any(name in ("Australia/Lord_Howe", "Pacific/Apia") for name in names)


@pytest.mark.parametrize(
    ("zone", "now", "end"),
    [
        ("Europe/Lisbon", datetime(2026, 11, 22, 23, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, 3, 0, tzinfo=UTC), datetime(2026, 3, 8, 12, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 3, 0, tzinfo=UTC), datetime(2026, 11, 1, 13, 0, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 1, 1, 20, 0, tzinfo=UTC), datetime(2026, 1, 2, 2, 15, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2028, 2, 28, 22, 0, tzinfo=UTC), datetime(2028, 2, 29, 8, 0, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_night_from_nine_to_eight(zone: str, now: datetime, end: datetime) -> None:
    assert over(NIGHT, [ZoneInfo(zone)], now) == end


def test_a_night_within_one_day() -> None:
    siesta = QuietHours(start=time(13), end=time(15))
    assert over(siesta, [ZoneInfo("UTC")], datetime(2026, 5, 1, 14, 0, tzinfo=UTC)) == datetime(
        2026, 5, 1, 15, 0, tzinfo=UTC
    )
    assert not is_quiet(siesta, UTC, datetime(2026, 5, 1, 15, 0, tzinfo=UTC))


def test_every_zone_of_a_number_must_allow_it() -> None:
    split, pacific = "+12195550123", "+14155550123"
    assert {one.key for one in zones.candidates(split)} == {"America/New_York", "America/Chicago"}
    eight_in_new_york = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    for address, hours in ((split, 1), (pacific, 3)):
        found = held_until(
            state(contact=Contact("c1", address)),
            replace(QUEUED, purpose=Purpose.PROACTIVE),
            at_night(),
            eight_in_new_york,
        )
        assert found == eight_in_new_york + timedelta(hours=hours)


@pytest.mark.parametrize("address", ["+18005550100", "+447700900123", "12345", "ACME", CONTACT])
def test_a_number_that_tells_no_place_is_taken_to_be_where_the_line_is(address: str) -> None:
    there = policy(line(quiet=NIGHT, zone=ZoneInfo("Asia/Kolkata")))
    found = held_until(state(contact=Contact("c1", address)), QUEUED, there, datetime(2026, 11, 22, 20, 0, tzinfo=UTC))
    assert found == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def test_the_contacts_own_zone_goes_before_their_numbers() -> None:
    moved = Contact("c1", "+14155550123", zone="Europe/Lisbon")
    assert held_until(state(contact=moved), QUEUED, at_night(), LATE) == MORNING
    gone = Contact("c1", "+14155550123", zone="Europe/Atlantis")
    assert held_until(state(contact=gone), QUEUED, at_night(), LATE) is None


def told(words: str, the_state: State) -> Any:
    return decide(the_state, posted(words), policy(), LATE)


def test_a_teammate_says_where_the_contact_lives() -> None:
    set_to = told("!zone europe/lisbon", state())
    assert set_to.contact == Contact("c1", CONTACT, "Maria", zone="Europe/Lisbon")
    assert acts(set_to) == ["zone_set"]
    assert acts(told("!zone Europe/Lisbon", sleeping())) == []
    assert told("!zone new york", state()).effects[0].note == quiet_words.no_zone("new york")
    assert told("!zone america/new york", state()).contact.zone == "America/New_York"
    assert told("!zone off", sleeping()).contact.zone is None
    assert told("!zone ../etc/passwd", state()).contact is None
    known = Contact("c1", "+14155550123")
    assert "America/Los_Angeles" in told("!zone", state(contact=known)).effects[0].note.text
    assert "does not tell" in told("!zone", state(contact=Contact("c1", "12345"))).effects[0].note.text
    assert "is Europe/Lisbon." in told("!zone", sleeping()).effects[0].note.text


def test_somebody_else_may_not() -> None:
    person = Person("slack", "U9")
    watching = (Teammate("gus", (("slack", "U9"),), "observer"),)
    refused = decide(state(), posted("!zone Europe/Lisbon", author=person), policy(teammates=watching), LATE)
    assert refused.contact is None

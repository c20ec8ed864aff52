"""Business hours as a contact reads them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.domain.hours import Hours
from bridge.rules.opening_words import next_one, today

OFFICE = Hours(ZoneInfo("America/New_York"), (((time(9), time(12)), (time(13), time(17, 30))),) * 5 + ((), ()))
MONDAY = datetime(2026, 11, 23, 5, tzinfo=UTC)  # midnight in New York


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (timedelta(hours=8), "today at 9:00 AM"),
        (timedelta(hours=12, minutes=30), "today at 1:00 PM"),
        (timedelta(hours=20), "tomorrow at 9:00 AM"),
        (timedelta(days=4, hours=18), "Monday at 9:00 AM"),
    ],
)
def test_the_next_opening_is_said_as_people_say_it(at: timedelta, said: str) -> None:
    assert next_one(OFFICE, MONDAY + at) == said


def test_an_opening_far_away_has_its_date_and_none_has_no_words() -> None:
    closed = tuple((MONDAY + timedelta(days=day)).date() for day in range(10))
    away = Hours(OFFICE.zone, OFFICE.week, closed)
    assert next_one(away, MONDAY) == "Thursday, December 3 at 9:00 AM"
    assert next_one(Hours(OFFICE.zone, ((),) * 7), MONDAY) == ""


def test_the_hours_of_a_day() -> None:
    assert today(OFFICE, MONDAY) == "9:00 AM to 12:00 PM and 1:00 PM to 5:30 PM"
    assert today(OFFICE, MONDAY + timedelta(days=5)) == ""

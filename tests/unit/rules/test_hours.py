from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bridge.domain.hours import Hours, Spans
from bridge.rules.hours import after_working, is_open, next_closing, next_opening, spans_of, working_time
from bridge.rules.public_days import public_holidays

NEW_YORK, BERLIN, UTC_ZONE = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",  # moves its clocks by half an hour
        "Asia/Kolkata",
        "Pacific/Apia",  # had no 30 December 2011
        "Asia/Pyongyang",  # changed its zone twice
        "Africa/Casablanca",  # is an hour ahead except in Ramadan
    )
]
NINE_TO_FIVE = ((time(9), time(17)),)
OFFICE = Hours(NEW_YORK, (NINE_TO_FIVE,) * 5 + ((),) * 2)
ALWAYS = Hours(NEW_YORK, (((time(0), time(0)),),) * 7)
NEVER = Hours(NEW_YORK, ((),) * 7)
BAR = Hours(BERLIN, ((), (), (), (), ((time(22), time(2)),), ((time(22), time(2)),), ()))


def local(text: str, hours: Hours = OFFICE) -> datetime:
    """The moment at which clocks in the zone of some hours show this."""
    return datetime.fromisoformat(text).replace(tzinfo=hours.zone).astimezone(UTC)


def shown(at: datetime | None, hours: Hours = OFFICE) -> str:
    """A moment as those clocks show it."""
    return f"{at.astimezone(hours.zone):%a %Y-%m-%d %H:%M}" if at is not None else "never"


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        ("2026-11-20 08:59", False),
        ("2026-11-20 09:00", True),
        ("2026-11-20 16:59", True),
        ("2026-11-20 17:00", False),
        ("2026-11-21 10:00", False),
    ],
)
def test_hours_begin_with_their_first_minute_and_end_before_their_last(at: str, opened: bool) -> None:
    assert is_open(OFFICE, local(at)) is opened


def test_a_span_may_pass_midnight_and_belongs_to_the_day_it_begins_on() -> None:
    saturday_night = local("2026-11-22 01:30", BAR)
    assert is_open(BAR, saturday_night)
    assert not is_open(BAR, saturday_night + timedelta(minutes=30))
    assert not is_open(BAR, saturday_night + timedelta(days=1))
    assert shown(next_closing(BAR, saturday_night), BAR) == "Sun 2026-11-22 02:00"
    assert shown(next_opening(BAR, saturday_night), BAR) == "Fri 2026-11-27 22:00"
    assert working_time(BAR, saturday_night - timedelta(days=7), saturday_night) == timedelta(hours=8)


def test_the_next_opening_and_closing() -> None:
    assert shown(next_opening(OFFICE, local("2026-11-20 10:00"))) == "Mon 2026-11-23 09:00"
    assert shown(next_closing(OFFICE, local("2026-11-20 10:00"))) == "Fri 2026-11-20 17:00"
    assert next_closing(OFFICE, local("2026-11-20 17:00")) is None


def test_hours_without_an_end_have_neither_opening_nor_closing() -> None:
    now = local("2026-11-20 10:00")
    assert (next_opening(ALWAYS, now), next_closing(ALWAYS, now)) == (None, None)
    assert is_open(ALWAYS, now)
    assert working_time(ALWAYS, now, now + timedelta(days=400)) == timedelta(days=400)


def test_hours_that_never_begin() -> None:
    now = local("2026-11-20 10:00")
    assert (next_opening(NEVER, now), next_closing(NEVER, now)) == (None, None)
    assert not is_open(NEVER, now)
    assert after_working(NEVER, now, timedelta(seconds=1)) is None
    assert working_time(NEVER, now, now + timedelta(days=400)) == timedelta()
    once = Hours(NEW_YORK, NEVER.week, special={date(2026, 11, 20): NINE_TO_FIVE})
    assert shown(next_closing(once, now)) == "Fri 2026-11-20 17:00"
    assert after_working(once, now, timedelta(hours=8)) is None


def test_no_hours_are_always() -> None:
    now = local("2026-11-20 10:00")
    assert working_time(None, now, now + timedelta(days=2)) == timedelta(days=2)
    assert after_working(None, now, timedelta(days=2)) == now + timedelta(days=2)


def test_holidays_closed_days_and_special_hours() -> None:
    hours = Hours(
        NEW_YORK,
        OFFICE.week,
        closed=(date(2026, 11, 25),),
        holidays=("US", "US-CA"),
        special={date(2026, 11, 26): ((time(10), time(12)),), date(2026, 11, 24): ()},
    )
    assert spans_of(hours, date(2026, 11, 23)) == NINE_TO_FIVE
    assert spans_of(hours, date(2026, 11, 24)) == ()
    assert spans_of(hours, date(2026, 11, 25)) == ()
    assert spans_of(hours, date(2026, 11, 26)) == ((time(10), time(12)),)  # Thanksgiving, but open
    assert spans_of(hours, date(2026, 11, 27)) == ()  # the day after, in California
    assert spans_of(hours, date(2026, 7, 3)) == ()  # given instead of a Saturday
    assert shown(after_working(hours, local("2026-11-23 16:00"), timedelta(hours=4))) == "Mon 2026-11-30 10:00"


def test_public_holidays_of_a_region_differ_from_those_of_its_country() -> None:
    day_after = date(2026, 11, 27)
    assert day_after in public_holidays("US-CA", 2026)
    assert day_after not in public_holidays("US", 2026)
    assert date(2028, 12, 25) in public_holidays("US", 2028)
    assert all(day.year == 2027 for day in public_holidays("US", 2027))


def test_a_leap_day_is_a_day() -> None:
    assert shown(after_working(OFFICE, local("2028-02-28 16:00"), timedelta(hours=2))) == "Tue 2028-02-29 10:00"


def test_a_night_in_which_the_clocks_change_is_as_long_as_it_lasts() -> None:
    night = Hours(NEW_YORK, (((time(22), time(6)),),) * 7)
    assert working_time(night, local("2026-03-07 12:00"), local("2026-03-08 12:00")) == timedelta(hours=7)
    assert working_time(night, local("2026-10-31 12:00"), local("2026-11-01 12:00")) == timedelta(hours=9)
    left_out = Hours(NEW_YORK, (((time(2), time(3)),),) * 7)
    assert working_time(left_out, local("2026-03-08 00:00"), local("2026-03-09 00:00")) == timedelta()


def test_a_day_that_a_zone_left_out_has_no_hours() -> None:
    apia = Hours(ZoneInfo("Pacific/Apia"), ((), (), (), (), NINE_TO_FIVE, (), ()))  # Fridays; 30 December 2011 was one
    assert shown(next_opening(apia, datetime(2011, 12, 28, tzinfo=UTC)), apia) == "Fri 2012-01-06 09:00"


# for all hours

CLOCKS = st.integers(0, 24 * 12 - 1).map(lambda five: time(five // 12, five % 12 * 5))
SPANS = st.lists(CLOCKS, min_size=2, max_size=4, unique=True).map(lambda times: _spans(sorted(times)))
NIGHTS = st.tuples(CLOCKS, CLOCKS).map(lambda span: (span,))
DAYS: st.SearchStrategy[Spans] = st.just(()) | SPANS | NIGHTS
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given one
CHANGES = [
    datetime.fromisoformat(day).replace(tzinfo=UTC)
    for day in ("2026-03-08", "2026-11-01", "2026-03-29", "2026-10-25", "2011-12-30", "2018-05-05")
]
NEAR = st.tuples(st.sampled_from(CHANGES), st.timedeltas(timedelta(days=-2), timedelta(days=2)))
AT = MOMENTS | NEAR.map(lambda near: near[0] + near[1])
AMOUNTS = st.timedeltas(timedelta(microseconds=1), timedelta(days=20))
SOME_HOURS = st.builds(
    Hours,
    st.sampled_from(ZONES),
    st.tuples(*[DAYS] * 7),
    st.lists(st.dates(date(2010, 1, 1), date(2030, 1, 1)), max_size=2).map(tuple),
)


def _spans(times: list[time]) -> Spans:
    return tuple(zip(times[::2], times[1::2], strict=False))


def by_the_clock(hours: Hours, at: datetime) -> bool:
    """Whether clocks on the wall show business hours."""
    now = at.astimezone(hours.zone).replace(tzinfo=None)
    for day in (now.date() - timedelta(days=1), now.date()):
        for opening, closing in spans_of(hours, day):
            last = day if closing > opening else day + timedelta(days=1)
            if datetime.combine(day, opening) <= now < datetime.combine(last, closing):
                return True
    return False


def without_change(hours: Hours, at: datetime) -> bool:
    """Whether no clock in this zone was set two days around."""
    offsets = {(at + timedelta(hours=hour)).astimezone(hours.zone).utcoffset() for hour in range(-49, 50)}
    return len(offsets) == 1


@given(SOME_HOURS, AT)
def test_open_is_what_the_clock_on_the_wall_says(hours: Hours, at: datetime) -> None:
    assume(without_change(hours, at))
    assert is_open(hours, at) is by_the_clock(hours, at)


@given(SOME_HOURS, AT, AMOUNTS, AMOUNTS)
def test_time_worked_adds_up(hours: Hours, start: datetime, first: timedelta, second: timedelta) -> None:
    middle, end = start + first, start + first + second
    whole = working_time(hours, start, end)
    assert working_time(hours, start, middle) + working_time(hours, middle, end) == whole
    assert timedelta() <= whole <= end - start
    assert working_time(hours, end, start) == timedelta()


@given(SOME_HOURS, AT, AMOUNTS)
def test_the_moment_after_some_work_is_the_first_by_which_it_is_done(
    hours: Hours, start: datetime, amount: timedelta
) -> None:
    done = after_working(hours, start, amount)
    if done is None:
        assert working_time(hours, start, start + timedelta(days=300)) < amount
        return
    assert done.tzinfo is UTC
    assert working_time(hours, start, done) == amount
    assert working_time(hours, start, done - timedelta(microseconds=1)) < amount
    assert after_working(hours, start, timedelta()) == start


@given(SOME_HOURS, AT)
def test_the_next_opening_is_a_change_from_closed_to_open_and_the_first(hours: Hours, now: datetime) -> None:
    opening = next_opening(hours, now)
    if opening is None:
        assert is_open(hours, now) or working_time(hours, now, now + timedelta(days=300)) == timedelta()
        return
    assert opening > now
    assert is_open(hours, opening)
    assert not is_open(hours, opening - timedelta(microseconds=1))
    closing = next_closing(hours, now) or now
    assert working_time(hours, closing, opening) == timedelta()


@given(SOME_HOURS, AT)
def test_the_next_closing_is_the_end_of_the_hours_one_is_in(hours: Hours, now: datetime) -> None:
    closing = next_closing(hours, now)
    if closing is None:
        assert not is_open(hours, now) or next_opening(hours, now) is None
        return
    assert is_open(hours, now)
    assert working_time(hours, now, closing) == closing - now
    assert not is_open(hours, closing)

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.rules.when import FARTHEST, NoTime, When, read, read_all

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=NEW_YORK)
ZONES = [ZoneInfo(name) for name in ("UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata")]


def meant(text: str, now: datetime = SUNDAY) -> tuple[str, str] | str:
    """What a text means, as clocks show it, with the rest; or why it means nothing."""
    zone = now.tzinfo
    assert zone is not None
    found = read(text, now.astimezone(UTC), zone)
    if isinstance(found, NoTime):
        return found.why
    assert found.at.tzinfo is UTC
    return f"{found.at.astimezone(zone):%a %Y-%m-%d %H:%M}", found.rest


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2h", "Sun 2026-11-22 12:00"),
        ("90m", "Sun 2026-11-22 11:30"),
        ("3d", "Wed 2026-11-25 10:00"),
        ("2w", "Sun 2026-12-06 10:00"),
        ("1h30m", "Sun 2026-11-22 11:30"),
        ("1h 30 min", "Sun 2026-11-22 11:30"),
        ("2 hours", "Sun 2026-11-22 12:00"),
        ("an hour", "Sun 2026-11-22 11:00"),
        ("in 2 Days", "Tue 2026-11-24 10:00"),
        ("in 2 days at 9:00", "Tue 2026-11-24 09:00"),
        ("for 1d 2h", "Mon 2026-11-23 12:00"),
        ("2h from now", "Sun 2026-11-22 12:00"),
        ("２ｈ", "Sun 2026-11-22 12:00"),
        ("mon 9:00", "Mon 2026-11-23 09:00"),
        ("monday 9am", "Mon 2026-11-23 09:00"),
        ("until Mon.", "Mon 2026-11-23 09:00"),
        ("on wednesday at 2:15 p.m.", "Wed 2026-11-25 14:15"),
        ("sun", "Sun 2026-11-29 09:00"),
        ("sun 9:00", "Sun 2026-11-29 09:00"),
        ("sun 18:00", "Sun 2026-11-22 18:00"),
        ("tomorrow", "Mon 2026-11-23 09:00"),
        ("tomorrow 9:30", "Mon 2026-11-23 09:30"),
        ("tomorrow at noon", "Mon 2026-11-23 12:00"),
        ("today 16:00", "Sun 2026-11-22 16:00"),
        ("9:30", "Mon 2026-11-23 09:30"),
        ("11:30", "Sun 2026-11-22 11:30"),
        ("at 5pm", "Sun 2026-11-22 17:00"),
        ("at 12am", "Mon 2026-11-23 00:00"),
        ("12 pm", "Sun 2026-11-22 12:00"),
        ("2026-12-01 14:00", "Tue 2026-12-01 14:00"),
        ("2026-12-01T14:00", "Tue 2026-12-01 14:00"),
        ("2026-12-01", "Tue 2026-12-01 09:00"),
        ("dec 1 2pm", "Tue 2026-12-01 14:00"),
        ("Dec. 1st, 2pm", "Tue 2026-12-01 14:00"),
        ("1 december 2026 14:00", "Tue 2026-12-01 14:00"),
        ("jan 5", "Tue 2027-01-05 09:00"),
        ("next week", "Mon 2026-11-23 09:00"),
        ("next week wed 10:00", "Wed 2026-11-25 10:00"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, shown: str) -> None:
    assert meant(text) == (shown, "")
    assert meant(f"{text} call her\nabout 9 cakes") == (shown, "call her\nabout 9 cakes")


@pytest.mark.parametrize(
    ("text", "shown", "rest"),
    [
        ("tomorrow 9", "Mon 2026-11-23 09:00", ""),
        ("tomorrow at 9", "Mon 2026-11-23 09:00", ""),
        ("mon 14", "Mon 2026-11-23 14:00", ""),
        ("dec 1 8", "Tue 2026-12-01 08:00", ""),
        ("tomorrow 9: call her", "Mon 2026-11-23 09:00", "call her"),
    ],
)
def test_a_number_behind_a_day_is_the_hour_where_nothing_else_follows(text: str, shown: str, rest: str) -> None:
    assert meant(text) == (shown, rest)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write a time such as"),
        ("soon", "Write a time such as"),
        ("30", "Write a time such as"),
        ("1.5h", "Write a time such as"),
        ("2x", "Write a time such as"),
        ("1h2x", "Write a time such as"),
        ("30m 1h", "Write a time such as"),
        ("1h1h", "Write a time such as"),
        ("in mon", "Write a time such as"),
        ("at 5", "Write a time such as"),
        ("at 2h", "Write a time such as"),
        ("may I ask", "Write a time such as"),
        ("1h 30 call", "It is not clear what `30` belongs to"),
        ("tomorrow 9 cakes", "It is not clear which hour `9` is"),
        ("tomorrow 2", "It is not clear which hour `2` is"),
        ("tomorrow 24", "It is not clear which hour `24` is"),
        ("tomorrow morning", "It is not clear which hour `morning` is"),
        ("mon 9:00-10:00", "It is not clear which hour `9:00-10:00` is"),
        ("mon at nine", "It is not clear which hour `at` is"),
        ("9:00 tomorrow", "Write the day in front"),
        ("9am est", "Times are those of the line's own time zone"),
        ("mon 9am utc", "Times are those of the line's own time zone"),
        ("2d 9:00 gmt", "Times are those of the line's own time zone"),
        ("12/1", "It is not clear which day `12/1` is"),
        ("1.12.2026", "It is not clear which day"),
        ("next fri", "Say which"),
        ("this week", "Say which"),
        ("next", "Say which"),
        ("today", "Write the hour too"),
        ("today 9:00", "That time is past"),
        ("0m", "That time is past"),
        ("2026-11-21", "That time is past"),
        ("nov 21 2026", "That time is past"),
        ("nov 21", "That day is past this year"),
        ("25:00", "There is no `25:00` o'clock"),
        ("9:75", "There is no `9:75` o'clock"),
        ("13pm", "There is no `13pm` o'clock"),
        ("at 0 am", "There is no `0` o'clock"),
        ("feb 30", "There is no such day"),
        ("2026-13-01", "There is no such day"),
        ("2027-12-30", "That is more than a year away"),
        ("9999w", "That is more than a year away"),
        ("999d", "That is more than a year away"),
    ],
)
def test_what_is_not_certain_is_refused_and_says_what_to_write(text: str, why: str) -> None:
    found = meant(text)
    assert isinstance(found, str), found
    assert found.startswith(why)


def test_words_behind_a_duration_are_ones_own() -> None:
    assert meant("2h from the kitchen") == ("Sun 2026-11-22 12:00", "from the kitchen")


def test_a_colon_ends_the_time() -> None:
    assert meant("tomorrow: 9 cakes") == ("Mon 2026-11-23 09:00", "9 cakes")
    assert meant("2h： 9 cakes") == ("Sun 2026-11-22 12:00", "9 cakes")
    assert meant("mon 9:00: pm is fine") == ("Mon 2026-11-23 09:00", "pm is fine")


def test_a_weekday_without_an_hour_is_never_today() -> None:
    early = datetime(2026, 11, 23, 6, 0, tzinfo=NEW_YORK)
    assert meant("mon", early) == ("Mon 2026-11-30 09:00", "")
    assert meant("mon 9:00", early) == ("Mon 2026-11-23 09:00", "")


def test_an_hour_that_a_clock_change_leaves_out_is_moved_on() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)
    assert meant("tomorrow 2:30", before) == ("Sun 2026-03-29 03:30", "")


def test_of_an_hour_that_comes_twice_the_first_is_meant_unless_it_is_past() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    first = read("tomorrow 2:30", before.astimezone(UTC), BERLIN)
    assert isinstance(first, When)
    assert first.at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    between = read("2:30", datetime(2026, 10, 25, 0, 45, tzinfo=UTC), BERLIN)
    assert isinstance(between, When)
    assert between.at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_hours_pass_through_a_clock_change_and_days_keep_the_hour() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=BERLIN)
    assert meant("24h", before) == ("Sun 2026-10-25 11:00", "")
    assert meant("1d", before) == ("Sun 2026-10-25 12:00", "")


def test_the_zone_decides_which_day_it_is() -> None:
    now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert meant("tomorrow", now.astimezone(NEW_YORK)) == ("Sun 2026-11-22 09:00", "")
    assert meant("tomorrow", now.astimezone(BERLIN)) == ("Mon 2026-11-23 09:00", "")


def test_a_time_alone_may_have_nothing_behind_it() -> None:
    assert read_all("2h", SUNDAY, NEW_YORK) == SUNDAY.astimezone(UTC) + timedelta(hours=2)
    assert isinstance(read_all("2h or so", SUNDAY, NEW_YORK), NoTime)
    assert isinstance(read_all("soon", SUNDAY, NEW_YORK), NoTime)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it
zones = st.sampled_from(ZONES)
pieces = st.sampled_from(
    (
        *("2h", "30", "30m", "1", "9:00", "9am", "25:00", "2026-12-01", "12/1", "in", "at", "from", "now", "an"),
        *("hour", "a", "mon", "next", "week", "tomorrow", "today", "dec", "noon", "text:"),
    )
)


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=6).map(" ".join)), moments, zones)
def test_whatever_is_written_it_is_a_later_time_or_a_refusal(text: str, now: datetime, zone: ZoneInfo) -> None:
    found = read(text, now, zone)
    if isinstance(found, When):
        assert now < found.at <= now + FARTHEST
        assert text.rstrip().endswith(found.rest)
    else:
        assert found.why.endswith(".")


@given(moments, zones, st.integers(1, 360), st.times())
def test_a_date_written_out_is_shown_by_the_clocks_of_its_zone(
    now: datetime, zone: ZoneInfo, days: int, clock: object
) -> None:
    wanted = f"{now.astimezone(zone).date() + timedelta(days=days)} {clock:%H:%M}"
    found = read(wanted, now, zone)
    assert isinstance(found, When)
    shown = found.at.astimezone(zone)
    # a gap in the clocks is the one reason to differ, and then by no more than it is long
    assert f"{shown:%Y-%m-%d %H:%M}" == wanted or timedelta(0) < _apart(shown, wanted) <= timedelta(hours=1)


def _apart(shown: datetime, wanted: str) -> timedelta:
    return shown.replace(tzinfo=None) - datetime.strptime(wanted, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - both as clocks show them


@given(moments, zones, st.integers(1, 40), st.integers(0, 23), st.integers(1, 59))
def test_durations_add_up(now: datetime, zone: ZoneInfo, days: int, hours: int, minutes: int) -> None:
    short = read(f"{hours}h{minutes}m", now, zone) if hours else read(f"{minutes}m", now, zone)
    assert short == When(now + timedelta(hours=hours, minutes=minutes), "")
    long = read(f"{days}d", now, zone)
    assert isinstance(long, When)
    assert abs(long.at - now - timedelta(days=days)) <= timedelta(hours=1)

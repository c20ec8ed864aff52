"""Durations and clock times as people write them, in front of what else they write.

A small strict grammar of our own: what it is not certain of, it refuses with what to write instead. Libraries that read
dates (dateparser, parsedatetime) guess, and a text that leaves at a guessed hour cannot be taken back.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from bridge.rules.when_words import (
    A_DAY_PART,
    HOW,
    MONTHS,
    UNITS,
    WEEKDAYS,
    ZONES,
    Cursor,
    Unclear,
    Unit,
)

MORNING = time(9, 0)
"""The hour of a day that is named without one."""
FARTHEST = timedelta(days=366)
_NEARLY_A_YEAR = timedelta(days=300)
_MOST_DAYS = 9999

_PART = re.compile(r"([0-9]{1,4})([a-z]+)")
_SPAN = re.compile(r"(?:[0-9]{1,4}[a-z]+)+")
_CLOCK = re.compile(r"([0-9]{1,2})(?::([0-9]{2}))?(am|pm)?")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_SLASHED = re.compile(r"[0-9]{1,4}[/.][0-9]{1,2}(?:[/.][0-9]{1,4})?")
_IN, _AT = ("in", "for"), ("at", "on", "by")
_UNTIL = ("until", "till")


@dataclass(frozen=True, slots=True)
class When:
    """``at``: the moment meant, in UTC and later than now. ``rest``: the words behind it."""

    at: datetime
    rest: str


@dataclass(frozen=True, slots=True)
class NoTime:
    """No time that is certain stands there. ``why``: what is wrong and what to write instead, in plain words."""

    why: str


@dataclass(frozen=True, slots=True)
class _Day:
    """A day somebody named. ``repeats``: how many days later it comes again, if it is past; 0: it does not."""

    day: date
    repeats: int = 0
    yearless: bool = False
    bare: bool = True


def read(text: str, now: datetime, zone: tzinfo) -> When | NoTime:
    """Return the time that ``text`` begins with, as clocks show it in ``zone``, and what follows it.

    A day without an hour means nine in the morning. An hour that a clock change leaves out is moved on by the change;
    of one that comes twice the first is meant, unless it is past. A colon behind the time ends it: ``tomorrow: 9 men``.
    """
    words = Cursor(text)
    try:
        at = _moment(words, now.astimezone(zone))
        _check(at, now)
    except Unclear as problem:
        return NoTime(str(problem))
    return When(at, words.rest())


def read_all(text: str, now: datetime, zone: tzinfo) -> datetime | NoTime:
    """Return the time that is all of ``text``."""
    found = read(text, now, zone)
    if isinstance(found, NoTime):
        return found
    return NoTime(HOW) if found.rest else found.at


def _check(at: datetime, now: datetime) -> None:
    if at <= now:
        raise Unclear("That time is past.")
    if at - now > FARTHEST:
        raise Unclear("That is more than a year away.")


def _moment(words: Cursor, now: datetime) -> datetime:
    lead = words.take(*_IN, *_AT, *_UNTIL)
    span = None if lead in _AT else _span(words)
    if span is not None:
        return _after(words, now, span)
    if lead in _IN:
        raise Unclear(HOW)
    clock = _clock(words)
    if clock is not None:
        return _next(words, now, clock)
    found = _day(words, now)
    if found is None:
        raise Unclear(HOW)
    return _on(words, now, found)


# durations


def _span(words: Cursor) -> tuple[int, timedelta] | None:
    """Take a duration: days, and what is less. Days are those of the calendar, so that the hour stays the same."""
    parts = _parts(words)
    if not parts:
        return None
    units = [unit for _, unit in parts]
    if any(later.seconds >= earlier.seconds for earlier, later in pairwise(units)):
        raise Unclear(HOW)
    days = sum(count * unit.days for count, unit in parts)
    if days > _MOST_DAYS:
        raise Unclear("That is more than a year away.")
    return days, timedelta(seconds=sum(count * unit.seconds for count, unit in parts if not unit.days))


def _parts(words: Cursor) -> list[tuple[int, Unit]]:
    found: list[tuple[int, Unit]] = []
    while (more := _glued(words) or _apart(words)) is not None:
        found += more
    return found


def _glued(words: Cursor) -> list[tuple[int, Unit]] | None:
    """``2h``, ``1h30m``."""
    word = words.peek()
    if not _SPAN.fullmatch(word):
        return None
    parts = [(int(count), UNITS.get(unit)) for count, unit in _PART.findall(word)]
    known = [(count, unit) for count, unit in parts if unit is not None]
    if len(known) < len(parts):
        return None
    words.skip()
    return known


def _apart(words: Cursor) -> list[tuple[int, Unit]] | None:
    """``2 hours``, ``an hour``."""
    count, unit = words.peek(), UNITS.get(words.peek(1))
    if unit is None or not (count in ("a", "an") or re.fullmatch(r"[0-9]{1,4}", count)):
        return None
    words.skip(2)
    return [(int(count) if count.isdigit() else 1, unit)]


def _after(words: Cursor, now: datetime, span: tuple[int, timedelta]) -> datetime:
    days, rest = span
    clock = _clock(words) if days and not rest else None
    if clock is not None:
        _no_zone(words)
        return _at(now.date() + timedelta(days=days), clock, now)
    if (words.peek(), words.peek(1)) == ("from", "now"):
        words.skip(2)
    elif words.peek()[:1].isdigit():
        raise Unclear(f"It is not clear what {words.quoted()} belongs to. {HOW}")
    # plain time goes on through a clock change, days do not
    start = _at(now.date() + timedelta(days=days), now.time(), now) if days else now.astimezone(UTC)
    return start + rest


# clock times


def _clock(words: Cursor) -> time | None:
    """Take ``9:30``, ``9am``, ``9:30 pm`` or ``noon``; a number alone is no hour."""
    ahead = 1 if words.peek() == "at" else 0
    word = words.peek(ahead)
    if word == "noon":
        words.skip(ahead + 1)
        return time(12, 0)
    found = _CLOCK.fullmatch(word)
    if found is None:
        return None
    apart = words.peek(ahead + 1) if found[3] is None and words.peek(ahead + 1) in ("am", "pm") else ""
    half = found[3] or apart
    if not half and found[2] is None:
        return None
    clock = _hour(int(found[1]), int(found[2] or 0), half)
    if clock is None:
        raise Unclear(f"There is no {words.quoted(ahead)} o'clock. {HOW}")
    words.skip(ahead + (2 if apart else 1))
    return clock


def _hour(hour: int, minute: int, half: str) -> time | None:
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):  # noqa: PLR2004 - as clocks show them
        return None
    if not half:
        return time(hour, minute)
    return time(hour % 12 + (12 if half == "pm" else 0), minute)


def _next(words: Cursor, now: datetime, clock: time) -> datetime:
    """The next time clocks show this."""
    _no_zone(words)
    if _day(words.copy(), now) is not None:
        raise Unclear("Write the day in front of the hour: `mon 9:00`.")
    today = _at(now.date(), clock, now)
    return today if today > now else _at(now.date() + timedelta(days=1), clock, now)


# days


def _day(words: Cursor, now: datetime) -> _Day | None:  # noqa: PLR0911 - one line a form
    word, today = words.peek(), now.date()
    if word in ("today", "tomorrow"):
        words.skip()
        return _Day(today + timedelta(days=word == "tomorrow"))
    if word in WEEKDAYS:
        words.skip()
        return _Day(today + timedelta(days=(WEEKDAYS[word] - today.weekday()) % 7), repeats=7)
    if word in ("next", "this"):
        return _in_next_week(words, today)
    if _ISO.fullmatch(word):
        words.skip()
        return _Day(_dated(int(word[:4]), int(word[5:7]), int(word[8:])))
    if _SLASHED.fullmatch(word):
        raise Unclear(f"It is not clear which day {words.quoted()} is. Write `dec 1` or `2026-12-01`.")
    if word in MONTHS:
        return _in_month(words, MONTHS[word], words.peek(1), today)
    if words.peek(1) in MONTHS:
        return _in_month(words, MONTHS[words.peek(1)], word, today)
    return None


def _in_next_week(words: Cursor, today: date) -> _Day:
    """``next week``, ``next week wed``. What ``next friday`` means, people do not agree on."""
    if (words.peek(), words.peek(1)) != ("next", "week"):
        raise Unclear("Say which: `fri`, `next week fri` or the date, `dec 1`.")
    words.skip(2)
    monday = today + timedelta(days=7 - today.weekday())
    if words.peek() in WEEKDAYS:
        monday += timedelta(days=WEEKDAYS[words.peek()])
        words.skip()
    return _Day(monday)


def _in_month(words: Cursor, month: int, number: str, today: date) -> _Day | None:
    found = _DAY.fullmatch(number)
    if found is None:
        return None
    words.skip(2)
    if re.fullmatch(r"[0-9]{4}", words.peek()):
        year = int(words.peek())
        words.skip()
        return _Day(_dated(year, month, int(found[1])))
    this = _dated(today.year, month, int(found[1]))
    return _Day(this if this >= today else _dated(today.year + 1, month, int(found[1])), yearless=True)


def _dated(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear("There is no such day.") from None


def _on(words: Cursor, now: datetime, found: _Day) -> datetime:
    clock = _clock(words) or words.hour_alone()
    _no_zone(words)
    if clock is None:
        if words.peek()[:1].isdigit() or words.peek() in A_DAY_PART:
            raise Unclear(f"It is not clear which hour {words.quoted()} is. Write `9:00` or `2pm`.")
        if found.day == now.date() and not found.repeats:
            raise Unclear("Write the hour too: `today 16:00`.")
    today = found.day == now.date()
    at = _at(found.day, clock or MORNING, now)
    if found.repeats and today and (clock is None or at <= now):
        return _at(found.day + timedelta(days=found.repeats), clock or MORNING, now)
    if found.yearless and at - now > _NEARLY_A_YEAR:
        raise Unclear("That day is past this year. Write the year, too, if you mean the next.")
    return at


def _no_zone(words: Cursor) -> None:
    if words.peek() in ZONES:
        raise Unclear("Times are those of the line's own time zone. Leave the zone out.")


def _at(day: date, clock: time, now: datetime) -> datetime:
    """The moment clocks in ``now``'s zone show this, in UTC."""
    local = datetime.combine(day, clock.replace(tzinfo=None, fold=0), now.tzinfo)
    first = local.astimezone(UTC)
    return first if first > now else max(first, local.replace(fold=1).astimezone(UTC))

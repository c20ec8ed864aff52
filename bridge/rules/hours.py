"""Business hours: open or closed, when they begin and end next, and how much of them lies between two moments.

A span belongs to the day on which it begins, and may end on the next. Clock times that a clock change leaves out are
moved on by the change; of those that come twice the first is meant. What lies between is counted as it passes.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import TypeAlias

from bridge.domain.hours import Hours
from bridge.rules.public_days import public_holidays

Span: TypeAlias = tuple[datetime, datetime]

_DAY = timedelta(days=1)
_NOON = time(12, 0)
_DAYS_AHEAD = 366
"""Hours that do not begin for so many days never begin."""


def spans_of(hours: Hours, day: date) -> tuple[tuple[time, time], ...]:
    """Return the spans that begin on a day; special hours go before closed days, and those before the week."""
    special = hours.special.get(day)
    if special is not None:
        return special
    if day in hours.closed or any(day in public_holidays(where, day.year) for where in hours.holidays):
        return ()
    return hours.week[day.weekday()]


def is_open(hours: Hours, at: datetime) -> bool:
    """Tell whether a moment lies in business hours; their end does not."""
    return any(end > at for _, end in takewhile(lambda span: span[0] <= at, _spans(hours, at)))


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """Return when business hours begin next, later than now and in UTC; None when they do not for a year."""
    before = None
    for start, end in takewhile(lambda span: span[0] - now < _DAYS_AHEAD * _DAY, _spans(hours, now)):
        if start > now and start != before:
            return start
        before = end
    return None


def next_closing(hours: Hours, now: datetime) -> datetime | None:
    """Return when the business hours that ``now`` lies in end, in UTC; None outside them, and if they do not end."""
    end = now
    for opening, closing in takewhile(lambda span: span[0] - now < _DAYS_AHEAD * _DAY, _spans(hours, now)):
        if opening > end:
            break
        end = max(end, closing)
    return end if now < end < now + (_DAYS_AHEAD - 1) * _DAY else None


def working_time(hours: Hours | None, start: datetime, end: datetime) -> timedelta:
    """Return how much business time lies between two moments, none if the second is not later. No hours: all of it."""
    if end <= start:
        return timedelta()
    if hours is None:
        return end - start
    found = takewhile(lambda span: span[0] < end, _spans(hours, start))
    parts = (min(closing, end) - max(opening, start) for opening, closing in found if closing > start)
    return sum(parts, timedelta())


def after_working(hours: Hours | None, start: datetime, amount: timedelta) -> datetime | None:
    """Return the first moment, in UTC, by which so much business time has passed since ``start``.

    None when it never passes, as in hours that no longer begin. Nothing to pass: ``start`` itself.
    """
    if amount <= timedelta():
        return start.astimezone(UTC)
    if hours is None:
        return start.astimezone(UTC) + amount
    for opening, closing in _spans(hours, start):
        begins = max(opening, start.astimezone(UTC))
        if closing - begins >= amount:
            return begins + amount
        amount -= max(closing - begins, timedelta())
    return None


def _spans(hours: Hours, start: datetime) -> Iterator[Span]:
    """Spans in UTC, in order and without overlap, from the day before ``start`` on, until none begins for a year."""
    day = start.astimezone(hours.zone).date() - _DAY
    last, idle = _at(hours, day, time()), 0
    while idle < _DAYS_AHEAD:
        idle += 1
        for opening, closing in sorted(_on(hours, day)):
            begins = max(opening, last)
            if closing > begins:
                yield begins, closing
                last, idle = closing, 0
        day += _DAY


def _on(hours: Hours, day: date) -> list[Span]:
    """The spans that begin on a day, in UTC; none on one that a zone left out."""
    spans = spans_of(hours, day)
    if not spans or _at(hours, day, _NOON).astimezone(hours.zone).date() != day:
        return []
    return [
        (_at(hours, day, opening), _at(hours, _last_day(day, opening, closing), closing)) for opening, closing in spans
    ]


def _last_day(day: date, opening: time, closing: time) -> date:
    return day if opening < closing else day + _DAY


def _at(hours: Hours, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, hours.zone).astimezone(UTC)

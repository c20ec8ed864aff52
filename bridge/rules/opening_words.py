"""Business hours as a contact reads them, in the zone of the hours."""

from datetime import datetime, time, timedelta

from bridge.domain.hours import Hours
from bridge.rules.hours import next_opening, spans_of

_WEEK = timedelta(days=7)
_NOON = 12


def today(hours: Hours, now: datetime) -> str:
    """Return the hours of the day: ``9:00 AM to 5:30 PM``; empty on a closed one."""
    spans = spans_of(hours, now.astimezone(hours.zone).date())
    return " and ".join(f"{_clock(opening)} to {_clock(closing)}" for opening, closing in spans)


def next_one(hours: Hours, now: datetime) -> str:
    """Return when they open next: ``today at 9:00 AM``, ``tomorrow at …``, ``Monday at …``, ``Monday, January 4 at …``.

    Empty when they do not for a year.
    """
    opening = next_opening(hours, now)
    if opening is None:
        return ""
    local, here = opening.astimezone(hours.zone), now.astimezone(hours.zone)
    days = local.date() - here.date()
    if days < timedelta(days=2):
        day = "tomorrow" if days else "today"
    else:
        day = f"{local:%A}" if days < _WEEK else f"{local:%A, %B} {local.day}"
    return f"{day} at {_clock(local.time())}"


def day_and_time(local: datetime) -> tuple[str, str]:
    """Return a moment as clocks there show it: ``Monday, January 4`` and ``9:00 AM``."""
    return f"{local:%A, %B} {local.day}", _clock(local.time())


def _clock(at: time) -> str:
    return f"{at.hour % _NOON or _NOON}:{at:%M} {'AM' if at.hour < _NOON else 'PM'}"

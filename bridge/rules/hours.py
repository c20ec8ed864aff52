"""Business hours: when they begin next."""

from datetime import UTC, datetime, timedelta

from bridge.domain.policy import Hours

_DAYS_AHEAD = 366


def next_opening(hours: Hours, now: datetime) -> datetime | None:
    """Return when the next span begins, later than now and in UTC; None when none does for a year."""
    today = now.astimezone(hours.zone).date()
    for ahead in range(_DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        if day in hours.closed:
            continue
        for opening, _ in sorted(hours.week[day.weekday()]):
            at = _at(datetime.combine(day, opening), hours)
            if at > now:
                return at
    return None


def _at(local: datetime, hours: Hours) -> datetime:
    return local.replace(tzinfo=hours.zone).astimezone(UTC)

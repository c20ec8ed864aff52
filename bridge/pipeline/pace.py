"""Calls per second to one target: a bucket of tokens."""

from datetime import datetime, timedelta


class Pace:
    """Lets ``burst`` calls go at once and ``rate`` more per second. ``rate`` None: as many as come."""

    def __init__(self, rate: float | None, burst: int) -> None:
        """Start with a full bucket."""
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._filled_at: datetime | None = None
        self._closed_until: datetime | None = None

    def available(self, now: datetime, wanted: int) -> int:
        """Return how many of ``wanted`` calls may go now."""
        if self._closed_until is not None and now < self._closed_until:
            return 0
        if self._rate is None:
            return wanted
        self._fill(now, self._rate)
        return min(wanted, int(self._tokens))

    def take(self, calls: int) -> None:
        """Count calls that go."""
        if self._rate is not None:
            self._tokens -= calls

    def close_until(self, moment: datetime) -> None:
        """Let nothing go before ``moment``."""
        if self._closed_until is None or moment > self._closed_until:
            self._closed_until = moment

    def opens_at(self, now: datetime) -> datetime:
        """Return when the next call may go."""
        if self._closed_until is not None and now < self._closed_until:
            return self._closed_until
        if self._rate is None or self._tokens >= 1:
            return now
        return now + timedelta(seconds=(1 - self._tokens) / self._rate)

    def _fill(self, now: datetime, rate: float) -> None:
        if self._filled_at is not None and now > self._filled_at:
            grown = (now - self._filled_at).total_seconds() * rate
            self._tokens = min(float(self._burst), self._tokens + grown)
        self._filled_at = now

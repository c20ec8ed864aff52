"""How long to wait before the next try. Pure: the dice are an argument."""

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 300.0
LOOK_UP_SEND = (5.0, 30.0, 120.0)
"""Seconds after an attempt at which a text without an answer is looked up; then a person decides."""
LOOK_UP_POST = (2.0, 30.0)
"""The same for a post in a thread; then it is posted again, since it is certainly not there."""


def delay(tries: int, dice: float, asked: float | None = None) -> float:
    """Return seconds to wait after ``tries`` failures. ``dice``: 0..1; ``asked``: what the vendor asked for."""
    grown = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** min(max(tries - 1, 0), 16))
    return max(grown * (0.5 + dice / 2), asked or 0.0)


def next_look(steps: tuple[float, ...], checks: int) -> float | None:
    """Return seconds after the attempt for look-up number ``checks`` (from 0), None when there were enough."""
    return steps[checks] if checks < len(steps) else None

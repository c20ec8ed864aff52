"""How long a conversation has waited for the team, in business time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NONE = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One time to keep. ``spent``: business time up to ``Clocks.running_since``.

    ``told``: how many of its moments (warning, breach, further steps of the ladder) were told.
    """

    spent: timedelta = NONE
    told: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """``response``: since the oldest unanswered text; ``resolution``: since the conversation was opened.

    Both run while somebody waits for the team. ``running_since``: None while they stand.
    """

    running_since: datetime | None = None
    response: Clock = Clock()
    resolution: Clock = Clock()


STOPPED = Clocks()

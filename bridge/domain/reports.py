"""What a report is made of: what was said when, and the figures found in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias

Grouping: TypeAlias = Literal["person", "line", "day"]
NO_SPAN = timedelta()


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text, a reply that was meant to leave, or a close. ``author``: ``Person.key``, None: no teammate."""

    at: datetime
    kind: Literal["text", "reply", "closed"]
    author: str | None = None
    failed: bool = False
    segments: int = 0


@dataclass(frozen=True, slots=True)
class Strand:
    """What was said in one conversation, oldest first. ``whole``: from its beginning on.

    ``answerable``: an answer is the team's to give: the contact may be texted, and none that is held leaves by itself.
    """

    number: int
    line: str
    said: tuple[Utterance, ...]
    whole: bool
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A report's period and what its figures are grouped by. ``lines``: by name."""

    since: datetime
    until: datetime
    by: Grouping
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, in business hours: ``middle`` for one half, ``slow`` for nine of ten, at the longest."""

    count: int = 0
    middle: timedelta = NO_SPAN
    slow: timedelta = NO_SPAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One row of a report. ``first``: to a contact's first text, or after a close."""

    name: str
    texts: int
    replies: int
    failed: int
    segments: int
    first: Times
    reply: Times


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All of it. ``days``: (day, texts, replies) of each day of the period; ``waiting``: conversations not answered."""

    asked: Asked
    rows: tuple[Figures, ...]
    total: Figures
    days: tuple[tuple[date, int, int], ...]
    waiting: int

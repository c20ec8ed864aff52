"""The kinds of value that say when a team is at work."""

import re
from datetime import time
from itertools import pairwise
from typing import Annotated, Literal

from holidays import list_supported_countries
from pydantic import PlainSerializer, PlainValidator

from bridge.config.problems import suggestion
from bridge.config.values import parse_time
from bridge.domain.hours import Spans
from bridge.ports.specs import unusable as refuse

_DAY = "mon|tue|wed|thu|fri|sat|sun"
_DAYS = re.compile(rf"(?:{_DAY})(?:-(?:{_DAY}))?(?:\s*,\s*(?:{_DAY})(?:-(?:{_DAY}))?)*")
_MIDNIGHT = time(0, 0)
_ISO_LETTERS = 2
_SPANS = 'Write "09:00-17:30", "09:00-12:00, 13:00-17:30", "22:00-02:00", "00:00-24:00", or closed.'


def parse_hours(value: object) -> Spans:
    """Read opening times, ``09:00-17:30`` or ``09:00-12:00, 13:00-17:30``; ``closed`` gives none.

    A span that does not end later than it begins ends on the next day; ``24:00`` is the day's end.
    """
    if isinstance(value, tuple):
        return value  # pyright: ignore[reportUnknownVariableType] - read already
    if not isinstance(value, str):
        raise refuse("must be opening times.", _SPANS)
    if value.strip() == "closed":
        return ()
    spans = tuple(sorted(_span(part) for part in value.split(",")))
    for earlier, later in pairwise(spans):
        if _ends_next_day(earlier) or earlier[1] > later[0]:
            raise refuse("has spans that lie over each other.", _SPANS)
    return spans


def _span(text: str) -> tuple[time, time]:
    opening, _, closing = (part.strip() for part in text.partition("-"))
    begin = parse_time(opening)
    if closing == "24:00":
        return begin, _MIDNIGHT
    end = parse_time(closing)
    if begin == end:
        raise refuse("a closing time must not be its opening time.", 'Write "00:00-24:00" for a whole day.')
    return begin, end


def _ends_next_day(span: tuple[time, time]) -> bool:
    return span[1] <= span[0]


def write_hours(value: Spans) -> str:
    """Write opening times as they are read."""
    return ", ".join(f"{opening:%H:%M}-{_closing(closing)}" for opening, closing in value) or "closed"


def _closing(closing: time) -> str:
    return "24:00" if closing == _MIDNIGHT else f"{closing:%H:%M}"


def check_days(value: str) -> str:
    """Return days of the week, ``mon-fri`` or ``mon,wed,fri``."""
    if not _DAYS.fullmatch(value):
        raise refuse("must be days of the week.", "Write mon, mon-fri or mon,wed,fri.")
    return value


def days_of(value: str) -> tuple[int, ...]:
    """Return the days that ``check_days`` lets pass, Monday being 0; a span may go over the week's end."""
    names: list[str] = [*_DAY.split("|")]
    found: list[int] = []
    for part in value.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        start = names.index(first)
        found += [(start + step) % 7 for step in range((names.index(last or first) - start) % 7 + 1)]
    return tuple(found)


def check_country(value: str) -> str:
    """Return a country (ISO 3166) with or without a region, whose public holidays are known: ``US``, ``US-CA``."""
    country, _, region = value.partition("-")
    known = list_supported_countries()
    if len(country) != _ISO_LETTERS or country not in known:
        raise refuse(
            "is not a country whose public holidays are known.",
            "Write its two letters, or those and a region: US, DE-BY.",
        )
    if region and region not in known[country]:
        hint = suggestion(region, known[country]) or "Its regions have no public holidays of their own."
        raise refuse("names a region that the country does not have.", hint)
    return value


def parse_digest(value: object) -> time | Literal["opening"]:
    """Read when a digest comes: a clock time, or ``opening``."""
    if value == "opening":
        return "opening"
    return parse_time(value)


def write_digest(value: time | Literal["opening"]) -> str:
    """Write it as it is read."""
    return f"{value:%H:%M}" if isinstance(value, time) else value


DigestTime = Annotated[time | Literal["opening"], PlainValidator(parse_digest), PlainSerializer(write_digest)]
OpeningTimes = Annotated[Spans, PlainValidator(parse_hours), PlainSerializer(write_hours)]

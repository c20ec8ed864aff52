"""When a team is at work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, tzinfo
from typing import TypeAlias

Spans: TypeAlias = tuple[tuple[time, time], ...]
"""Opening and closing times of one day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Business hours as clocks show them in ``zone``. ``week``: spans of each day, from Monday on.

    A span that does not end later than it begins ends on the next day. ``closed``: further days without any;
    ``holidays``: countries and regions (``US``, ``US-CA``) whose public holidays have none; ``special``: days with
    spans of their own, whatever else is said of them.
    """

    zone: tzinfo
    week: tuple[Spans, ...]
    closed: tuple[date, ...] = ()
    holidays: tuple[str, ...] = ()
    special: Mapping[date, Spans] = field(default_factory=dict[date, Spans])

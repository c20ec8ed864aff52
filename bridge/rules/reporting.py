"""Figures about replies, worked out from what was said: who answered how much, and how fast in business hours."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeAlias

from bridge.domain.reports import Asked, Figures, Report, Strand, Times, Utterance

Working: TypeAlias = Callable[[str, datetime, datetime], timedelta]
"""Working time of a line, by its name, between two moments."""
ZoneOf: TypeAlias = Callable[[str], tzinfo]
"""The zone of a line, by its name."""
LOOK_BACK = timedelta(days=14)
"""How long before the period a text that is answered in it may have come."""
_HALF, _SLOW = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Wait:
    """From the oldest text nobody had answered to the reply. ``first``: nobody had replied since the beginning."""

    began: datetime
    reply: Utterance
    first: bool


@dataclass(slots=True)
class _Pile:
    said: list[Utterance] = field(default_factory=list[Utterance])
    first: list[timedelta] = field(default_factory=list[timedelta])
    later: list[timedelta] = field(default_factory=list[timedelta])


def waits(strand: Strand) -> tuple[list[Wait], bool]:
    """Return each wait that a teammate's reply ended, and whether the contact waits now."""
    found: list[Wait] = []
    since: datetime | None = None
    fresh = strand.whole
    for one in strand.said:
        if one.kind == "text":
            since = since or one.at
        elif one.kind == "closed":
            since, fresh = None, True
        elif not one.failed and one.author is not None:
            if since is not None:
                found.append(Wait(since, one, fresh))
            since, fresh = None, False
    return found, since is not None


def report(strands: Iterable[Strand], asked: Asked, working: Working, zone_of: ZoneOf) -> Report:
    """Return the report. A wait counts where the reply that ends it was given."""
    piles, days, total, waiting = defaultdict[str, _Pile](_Pile), _days(asked, zone_of), _Pile(), 0
    for strand in strands:
        zone = zone_of(strand.line)
        ended, waits_now = waits(strand)
        waiting += waits_now and strand.answerable
        for one in _within(strand.said, asked):
            days.setdefault(one.at.astimezone(zone).date(), [0, 0])[one.kind == "reply"] += 1
            total.said.append(one)
            if (group := _group(asked, strand, one, zone)) is not None:
                piles[group].said.append(one)
        for wait in ended:
            if asked.since <= wait.reply.at < asked.until:
                took = working(strand.line, wait.began, wait.reply.at)
                group = _group(asked, strand, wait.reply, zone)
                for pile in (total, *([piles[group]] if group is not None else [])):
                    (pile.first if wait.first else pile.later).append(took)
    rows = [_figures(name, pile) for name, pile in sorted(piles.items())]
    if asked.by != "day":
        rows.sort(key=lambda row: -row.replies)
    return Report(
        asked=asked,
        rows=tuple(rows),
        total=_figures("all", total),
        days=tuple((day, texts, replies) for day, (texts, replies) in sorted(days.items())),
        waiting=waiting,
    )


def _within(said: Sequence[Utterance], asked: Asked) -> Iterator[Utterance]:
    return (one for one in said if one.kind != "closed" and asked.since <= one.at < asked.until)


def _days(asked: Asked, zone_of: ZoneOf) -> dict[date, list[int]]:
    """Every day of the period with nothing counted yet, as the first line's clock has them."""
    zone = zone_of(asked.lines[0])
    first, last = asked.since.astimezone(zone).date(), asked.until.astimezone(zone).date()
    return {first + timedelta(days=ahead): [0, 0] for ahead in range((last - first).days + 1)}


def _group(asked: Asked, strand: Strand, one: Utterance, zone: tzinfo) -> str | None:
    if asked.by == "line":
        return strand.line
    return one.at.astimezone(zone).date().isoformat() if asked.by == "day" else one.author


def _figures(name: str, pile: _Pile) -> Figures:
    replies = [one for one in pile.said if one.kind == "reply"]
    return Figures(
        name=name,
        texts=len(pile.said) - len(replies),
        replies=len(replies),
        failed=sum(one.failed for one in replies),
        segments=sum(one.segments for one in replies),
        first=_times(pile.first),
        reply=_times(pile.later),
    )


def _times(spans: Sequence[timedelta]) -> Times:
    ranked = sorted(spans)
    return Times(len(ranked), _at(_HALF, ranked), _at(_SLOW, ranked)) if ranked else Times()


def _at(share: float, ranked: Sequence[timedelta]) -> timedelta:
    return ranked[math.ceil(share * len(ranked)) - 1]

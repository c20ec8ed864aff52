"""Rows that bring somebody a report: read in portions, put in words, drawn."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bridge.domain.people import RoomRef, direct_room
from bridge.domain.policy import Policy
from bridge.domain.reports import Asked, Report, Strand
from bridge.pipeline.calls import Call, Outside, Planned, Read, skip
from bridge.pipeline.charts import draw
from bridge.pipeline.payloads import to_person
from bridge.pipeline.queue_calls import lines_in
from bridge.ports.platform import AnswersPrivately, CarriesMedia, TellsRooms
from bridge.ports.provider import MediaContent
from bridge.ports.rows import OutboxRow
from bridge.ports.store import Unit
from bridge.rules import report_words as words
from bridge.rules.hours import working_time
from bridge.rules.people import name_of
from bridge.rules.reporting import LOOK_BACK, report

PORTION = 200
"""Conversations read in one transaction."""


class ReportCalls:
    """Plans what brings a report."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def tell_report(self, _unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Send a report of a room's lines to one person, as words and as a picture."""
        person, room = to_person(row.payload["person"]), str(row.payload["room"])
        wanted = words.read(str(row.payload["words"]))
        platform = self._outside.platforms[person.platform]
        if wanted is None or not isinstance(platform, TellsRooms):
            return skip(row)
        policy, handle = self._outside.policy, str(row.payload["handle"])
        lines = tuple(line.name for line in lines_in(policy, [RoomRef(person.platform, room)]))
        asked = Asked(now - timedelta(days=wanted.days), now, wanted.by, lines)

        async def run() -> None:
            if isinstance(platform, AnswersPrivately):
                note = words.SENT if lines else words.NO_LINE
                await platform.answer_privately(person, room, None, note, handle=handle)
            if not lines:
                return
            made = figures(await _read(self._outside.read, asked), asked, policy)
            names = names_of(made, policy)
            told = await platform.tell_room(direct_room(person).room, words.told(made, names), key=row.key)
            if isinstance(platform, CarriesMedia):
                picture = MediaContent(await asyncio.to_thread(draw, made, names), "image/png", "report.png")
                await platform.post_media(told, picture, key=f"{row.key}.picture")

        return Call(row=row, run=run, once=True)


async def _read(read: Read, asked: Asked) -> list[Strand]:
    """Read in portions, so that nobody else waits for long. Raises ``StoreUnavailable``."""
    strands: list[Strand] = []
    after = 0
    while found := await read(_portion(asked, after)):
        strands += found
        after = found[-1].number
    return strands


def _portion(asked: Asked, after: int) -> Callable[[Unit], Sequence[Strand]]:
    return lambda unit: unit.strands(asked.lines, asked.since - LOOK_BACK, after=after, limit=PORTION)


def figures(strands: Sequence[Strand], asked: Asked, policy: Policy) -> Report:
    """Return the report, its times in each line's business hours."""
    lines = policy.lines
    return report(
        strands,
        asked,
        lambda line, start, end: working_time(lines[line].hours, start, end),
        lambda line: lines[line].zone,
    )


def names_of(made: Report, policy: Policy) -> dict[str, str]:
    """Return what to call each row: teammates by their configured name."""
    return {row.name: name_of(row.name, policy) or row.name for row in made.rows if made.asked.by == "person"}

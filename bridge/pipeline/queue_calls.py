"""Rows that show the queue: which lines somebody may see, what waits there, and how it is put."""

from dataclasses import replace
from datetime import datetime

from bridge.domain.people import Person, RoomRef
from bridge.domain.policy import LinePolicy, Policy
from bridge.domain.queue import FIRST, MOST, PAGE, Queue, Section, View, read_view
from bridge.pipeline.calls import Call, Outside, Planned, skip
from bridge.pipeline.payloads import to_person
from bridge.ports.platform import ShowsQueue, TellsQueue
from bridge.ports.rows import OutboxRow
from bridge.ports.store import Unit
from bridge.rules.addresses import shown
from bridge.rules.people import keys_of
from bridge.rules.permission import refusal
from bridge.rules.queueing import FOUND, told
from bridge.rules.wording import HOME_REFUSED

STALE_SECONDS = 60.0
"""The queue as it was longer ago helps nobody."""


class QueueCalls:
    """Plans what shows the queue."""

    def __init__(self, outside: Outside) -> None:
        """Keep what is out there."""
        self._outside = outside

    def publish_home(self, _unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Show a person the queue of the rooms they are in, read once it is known which those are."""
        person, view = to_person(row.payload["person"]), read_view(str(row.payload["view"]))
        platform = self._outside.platforms[person.platform]
        if _is_stale(row, now) or not isinstance(platform, ShowsQueue):
            return skip(row)
        policy = self._outside.policy
        rooms = [room.room for line in policy.lines.values() for room in line.rooms if room.platform == person.platform]

        async def run() -> None:
            if person.outsider:
                await platform.publish_home(person, Queue(view=view, refused=HOME_REFUSED))
                return
            seen = await platform.rooms_of(person, list(dict.fromkeys(rooms)))
            lines = lines_in(policy, [RoomRef(person.platform, room) for room in seen])
            queue = await self._outside.read(lambda unit: queue_of(unit, policy, person, lines, view))
            await platform.publish_home(person, queue)

        return Call(row=row, run=run, once=True)

    def tell_queue(self, unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Tell one person the queue of the lines of a room."""
        person, view = to_person(row.payload["person"]), read_view(str(row.payload["view"]))
        platform, room = self._outside.platforms[person.platform], str(row.payload["room"])
        if _is_stale(row, now) or not isinstance(platform, TellsQueue):
            return skip(row)
        policy = self._outside.policy
        queue = queue_of(unit, policy, person, lines_in(policy, [RoomRef(person.platform, room)]), view)
        handle = str(row.payload["handle"])
        return Call(row=row, run=lambda: platform.tell_queue(person, room, queue, handle=handle), once=True)

    def tell_found(self, _unit: Unit, row: OutboxRow, now: datetime) -> Planned:
        """Tell one person where in the lines of a room some words were found."""
        person, room = to_person(row.payload["person"]), str(row.payload["room"])
        platform, words = self._outside.platforms[person.platform], str(row.payload["words"])
        if _is_stale(row, now) or not isinstance(platform, TellsQueue):
            return skip(row)
        lines = [line.name for line in lines_in(self._outside.policy, [RoomRef(person.platform, room)])]
        handle = str(row.payload["handle"])

        async def run() -> None:
            found = await self._outside.read(
                lambda unit: unit.search(lines, words.split(), limit=FOUND + 1, platform=person.platform)
            )
            entries = tuple(
                replace(one, name=one.name or shown(one.address), address=shown(one.address)) for one in found[:FOUND]
            )
            queue = Queue(view=FIRST, entries=entries, more=len(found) > FOUND, found=told(words, len(found)))
            await platform.tell_queue(person, room, queue, handle=handle)

        return Call(row=row, run=run, once=True)


def lines_in(policy: Policy, rooms: list[RoomRef]) -> list[LinePolicy]:
    """The lines shown in any of these rooms."""
    return [line for line in policy.lines.values() if any(room in rooms for room in line.rooms)]


def queue_of(unit: Unit, policy: Policy, person: Person, lines: list[LinePolicy], view: View) -> Queue:
    """One page of the queue of these lines, as ``person`` may see it."""
    names, people = [line.name for line in lines], keys_of(person, policy)
    counts = tuple(unit.queue_counts(names, people))
    filled: list[Section] = [section for section, many in counts if many]
    section: Section = view.section or (filled[0] if filled else "unassigned")
    found = unit.queue_page(names, people, section, offset=view.offset, platform=person.platform)
    acting = {line.name for line in lines if refusal(person, line, policy) is None}
    entries = tuple(
        replace(
            entry,
            name=entry.name or shown(entry.address),
            address=shown(entry.address),
            may_act=entry.line in acting,
        )
        for entry in found[:PAGE]
    )
    more = len(found) > PAGE and view.offset + PAGE < MOST
    return Queue(view=View(section, view.offset), counts=counts, entries=entries, more=more)


def _is_stale(row: OutboxRow, now: datetime) -> bool:
    return (now - row.created_at).total_seconds() > STALE_SECONDS

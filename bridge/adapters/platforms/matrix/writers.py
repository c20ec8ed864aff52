"""Who is writing in which thread. Matrix tells typing by room alone; the thread is the one they were in last."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import cast

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import objects
from bridge.ports.clock import Clock
from bridge.ports.platform import RawChatEvent

TYPING, RECEIPT = "m.typing", "m.receipt"
MAIN = "main"
THERE = timedelta(minutes=5)
"""Who has read or written in a thread so lately, and nowhere else since, is taken to be in it."""
QUIET = timedelta(minutes=10)
"""A thread is not told again so soon."""


class Writers:
    """What is known of the people of our rooms, for the life of the process."""

    def __init__(self, us: str, clock: Clock) -> None:
        """``us``: the bot's user id."""
        self._us = us
        self._clock = clock
        self._typing: dict[str, Sequence[str]] = {}
        self._places: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._told: dict[tuple[str, str], datetime] = {}

    def take(self, room: str, found: Json) -> Iterator[tuple[str, Sequence[str]]]:
        """Read what a sync says of a room; yields (root, people) where several have begun to write in one thread."""
        for event in objects(mapping(found.get("timeline")).get("events")):
            relates = mapping(mapping(event.get("content")).get("m.relates_to"))
            if text(relates, "rel_type") == "m.thread":
                self._is_at(room, text(event, "sender"), text(relates, "event_id"))
        heard = objects(mapping(found.get("ephemeral")).get("events"))
        for event in heard:
            if text(event, "type") == RECEIPT:
                self._read(room, mapping(event.get("content")))
            elif text(event, "type") == TYPING:
                ids = mapping(event.get("content")).get("user_ids")
                self._typing[room] = [str(one) for one in cast("list[object]", ids)] if isinstance(ids, list) else []
        if heard:
            yield from self._together(room)

    def _read(self, room: str, receipts: Json) -> None:
        for by_kind in receipts.values():
            for person, receipt in mapping(mapping(by_kind).get("m.read")).items():
                self._is_at(room, person, text(mapping(receipt), "thread_id") or MAIN)

    def _is_at(self, room: str, person: str, root: str) -> None:
        if person != self._us:
            self._places[room, person] = (root, self._clock())

    def _together(self, room: str) -> Iterator[tuple[str, Sequence[str]]]:
        now, by_root = self._clock(), dict[str, list[str]]()
        for person in self._typing.get(room, ()):
            root, since = self._places.get((room, person), (MAIN, now))
            if root != MAIN and now - since <= THERE:
                by_root.setdefault(root, []).append(person)
        for root, people in by_root.items():
            last = self._told.get((room, root))
            if len(people) > 1 and (last is None or now - last > QUIET):
                self._told[room, root] = now
                yield root, people


def raw(room: str, root: str, people: Sequence[str], at: datetime) -> RawChatEvent:
    """What is stored of it, in the form ``parse`` reads."""
    event = {"event_id": f"typing:{root}:{at.timestamp():.3f}", "type": TYPING}
    body: Mapping[str, object] = {"room": room, "event": event, "root": root, "people": people, "at": at.isoformat()}
    return RawChatEvent(str(event["event_id"]), json.dumps(body, separators=(",", ":")).encode())

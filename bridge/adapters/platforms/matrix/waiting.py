"""Encrypted events whose key has not come: kept until it does, and told in their threads when it takes too long.

They are words of the memory, written in the transaction that moves the place in the events on: what was said is
neither lost nor read twice, whenever the process dies.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from bridge.adapters.platforms.matrix.crypto.sealed import session_of
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.gathering import relation, replied_to
from bridge.ports.platform import Memory

INDEX = "sealed"
MOST = 1_000
"""More are not kept: somebody who fills a room with what nobody can read must not fill the database too."""
PATIENCE = timedelta(seconds=60)
"""A key that comes later than this is told about; usually it comes before what it opens."""
KEPT = timedelta(days=7)
"""A key that has not come by then will not: the server has forgotten it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An event that waits. ``root``: the message its thread hangs from, empty for none; ``since``: by our clock.

    ``device``: the one that wrote it; ``hopeless``: why no key will open it, as its thread is to be told; else empty.
    """

    event_id: str
    room: str
    session: str
    sender: str
    device: str
    root: str
    since: str
    hopeless: str = ""
    told: bool = False

    @property
    def came(self) -> datetime:
        """When it came."""
        return datetime.fromisoformat(self.since)


class Waiting:
    """What waits, as it will be after the next ``keep``; ``words`` tells the difference."""

    def __init__(self, known: Mapping[str, Sealed] | None = None) -> None:
        """Begin with what was kept."""
        self._all = dict(known or {})
        self._words: dict[str, str] = {}

    def __iter__(self) -> Iterator[Sealed]:
        """Oldest first."""
        return iter(list(self._all.values()))

    def __len__(self) -> int:
        """How many wait."""
        return len(self._all)

    def add(self, room: str, event: Json, now: datetime, *, hopeless: str = "") -> None:
        """Keep an event; one that waits already goes on waiting."""
        event_id = text(event, "event_id")
        if event_id in self._all:
            return
        if len(self._all) >= MOST:
            self.drop(next(iter(self._all)))
        kind, root = relation(event)
        found = root if kind == "m.thread" else replied_to(event)
        device = text(mapping(event.get("content")), "device_id")
        self._all[event_id] = Sealed(
            event_id=event_id,
            room=room,
            session=session_of(event),
            sender=text(event, "sender"),
            device=device,
            root=found,
            since=now.isoformat(),
            hopeless=hopeless,
        )
        self._words[_name(event_id)] = json.dumps(event)

    def drop(self, event_id: str) -> None:
        """Keep it no longer: it was read, or taken back."""
        if self._all.pop(event_id, None) is not None:
            self._words[_name(event_id)] = ""

    def mark_told(self, event_id: str) -> None:
        """Its thread knows now."""
        self._all[event_id] = replace(self._all[event_id], told=True)
        self._words[INDEX] = ""  # a change of the index alone

    def words(self) -> Mapping[str, str]:
        """What is to be kept; empty when nothing changed."""
        if not self._words:
            return {}
        return {**self._words, INDEX: json.dumps([asdict(one) for one in self._all.values()])}

    def kept(self) -> None:
        """Say that ``words`` were kept."""
        self._words = {}


def _name(event_id: str) -> str:
    return f"{INDEX}:{event_id}"


async def remembered(memory: Memory) -> Waiting:
    """What waits since before. Raises ``StoreUnavailable``."""
    known = json.loads(await memory.recall(INDEX) or "[]")
    return Waiting({one["event_id"]: Sealed(**one) for one in known})


async def recalled(memory: Memory, event_id: str) -> Json:
    """An event that waits, empty when it is gone. Raises ``StoreUnavailable``."""
    return mapping(json.loads(await memory.recall(_name(event_id)) or "{}"))

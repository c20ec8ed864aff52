"""What happened: a bounded journal, violations, and a feed of changes for whoever watches."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self

from bridge.sandbox.clock import SandboxClock

EntryKind = Literal["rest", "webhook", "callback", "media_fetch"]
ChangeKind = Literal["message", "phone", "number", "journal", "violation"]
KEPT_ENTRIES = 20_000
KEPT_CHANGES = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One HTTP exchange; ``url`` is a path for REST calls; ``status`` is None when no answer was sent or received."""

    at: datetime
    kind: EntryKind
    where: str
    method: str
    url: str
    status: int | None
    seconds: float
    error: str | None = None
    sid: str | None = None
    params: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Violation:
    """Something a client did that the real Twilio would ignore, refuse or misread."""

    at: datetime
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something changed; ``sid`` names the message, number or handset concerned."""

    kind: ChangeKind
    sid: str = ""


class Subscription:
    """Changes since it was made; the oldest are dropped when nobody reads."""

    def __init__(self, journal: "Journal") -> None:
        """Made by ``TwilioWorld.subscribe``."""
        self._journal = journal
        self._changes: deque[Change] = deque(maxlen=KEPT_CHANGES)
        self._ready = asyncio.Event()
        self._closed = False

    def put(self, change: Change) -> None:
        """Add a change."""
        self._changes.append(change)
        self._ready.set()

    def close(self) -> None:
        """End the iteration after what is already there."""
        self._closed = True
        self._journal.forget(self)
        self._ready.set()

    def __aiter__(self) -> Self:
        """Iterate over the changes as they come."""
        return self

    async def __anext__(self) -> Change:
        """Return the next change."""
        while not self._changes:
            if self._closed:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()
        return self._changes.popleft()


class Journal:
    """The last exchanges (a sequence), the violations, and the feed."""

    def __init__(self, clock: SandboxClock) -> None:
        """Start empty."""
        self._clock = clock
        self._entries: deque[Entry] = deque(maxlen=KEPT_ENTRIES)
        self._subscriptions: list[Subscription] = []
        self.violations: list[Violation] = []

    def __iter__(self) -> Iterator[Entry]:
        """Iterate over the entries, oldest first."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return the number of entries kept."""
        return len(self._entries)

    def __getitem__(self, index: int) -> Entry:
        """Return one entry; -1 is the newest."""
        return self._entries[index]

    def add(self, entry: Entry) -> None:
        """Record an exchange."""
        self._entries.append(entry)
        self.changed("journal", entry.sid or "")

    def violation(self, where: str, detail: str) -> None:
        """Record that a client broke the vendor's contract."""
        self.violations.append(Violation(self._clock.now(), where, detail))
        self.changed("violation", where)

    def changed(self, kind: ChangeKind, sid: str = "") -> None:
        """Tell every subscriber."""
        for subscription in self._subscriptions:
            subscription.put(Change(kind, sid))

    def subscribe(self) -> Subscription:
        """Return a feed of the changes from now on."""
        subscription = Subscription(self)
        self._subscriptions.append(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Feed ``subscription`` no more."""
        if subscription in self._subscriptions:
            self._subscriptions.remove(subscription)

    def close(self) -> None:
        """End every feed."""
        for subscription in list(self._subscriptions):
            subscription.close()

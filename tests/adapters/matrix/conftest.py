"""A room on a real homeserver with two teammates and the bot, whose events go to a memory the test can look at."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.adapters.platforms.matrix.platform import MatrixPlatform
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.domain.events import ChatEvent
from bridge.domain.people import ChatRef
from bridge.ports.platform import RawChatEvent
from bridge.ports.specs import PlatformContext
from bridge.ports.store import StoreUnavailable
from tests.services.matrix import Person, people
from tests.services.synapse import Account, Synapse

PATIENCE = 20.0


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Notebook:
    """Keeps what it is given, unless it is told to fail ``down`` times."""

    events: dict[str, RawChatEvent] = field(default_factory=dict[str, RawChatEvent])
    words: dict[str, str] = field(default_factory=dict[str, str])
    repeats: int = 0
    down: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def recall(self, name: str) -> str | None:
        return self.words.get(name)

    async def keep(self, events: Sequence[RawChatEvent], words: Mapping[str, str]) -> None:
        if self.down:
            self.down -= 1
            raise StoreUnavailable("disk full")
        for event in events:
            self.repeats += event.external_id in self.events
            self.events.setdefault(event.external_id, event)
        self.words |= words
        self.came.set()


@dataclass
class Desk:
    """A room, its people, and the bot's platform."""

    url: str
    bot: Account
    room: str
    ana: Person
    ben: Person
    platform: MatrixPlatform
    notebook: Notebook = field(default_factory=Notebook)
    listening: asyncio.Task[None] | None = None
    commands: tuple[tuple[str, str], ...] = ()

    def made(self, **changed: Any) -> MatrixPlatform:
        """Another bridge with the same account."""
        settings = {"homeserver": self.url, "user_id": self.bot.user_id, "access_token": self.bot.access_token}
        context = PlatformContext(platform="matrix", clock=now, rooms=(self.room,), commands=self.commands)
        return MatrixPlatform(MatrixSettings.model_validate({**settings, **changed}), context)

    async def listen(self) -> None:
        """Begin to follow the room; returns once everything that happens from now on will be seen."""
        self.platform.remember_in(self.notebook)
        await self.platform.start()

        async def unused(_events: Sequence[RawChatEvent]) -> None:
            raise AssertionError

        self.listening = asyncio.create_task(self.platform.listen(unused))
        await self.until(lambda: self.notebook.words.get("cursor"))

    async def deafen(self) -> None:
        """Stop following."""
        if self.listening is not None:
            self.listening.cancel()
            await asyncio.gather(self.listening, return_exceptions=True)
            self.listening = None

    async def until(self, what: Callable[[], Any]) -> Any:
        """What ``what`` gives once it is true."""
        async with asyncio.timeout(PATIENCE):
            while not (found := what()):
                if self.listening is not None and self.listening.done():
                    self.listening.result()
                self.notebook.came.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await self.notebook.came.wait()
            return found

    async def taken(self, event_id: str) -> ChatEvent | None:
        """What is read of an event once it came; None: stored, and nothing is read of it."""
        raw = await self.until(lambda: self.notebook.events.get(event_id))
        return next(iter(self.platform.parse(raw.body)), None)

    async def passed(self) -> None:
        """Return once all that happened so far was seen."""
        mark = await self.ana.say(self.room, "!sms queue")
        await self.until(lambda: mark in self.notebook.events)

    def ref(self, event_id: str) -> ChatRef:
        """A message of the room."""
        return ChatRef("matrix", self.room, event_id)


@contextlib.asynccontextmanager
async def open_desk(synapse: Synapse, *, limited: bool = False) -> AsyncGenerator[Desk]:
    """Make the room with its people; ``limited``: the bot has the rate limit of every account."""
    bot = synapse.register("bot", limited=limited)
    async with people(synapse, "ana", "ben") as (ana, ben):
        room = await ana.make_room(bot.user_id, ben.id)
        await ben.join(room)
        desk = Desk(synapse.url, bot, room, ana, ben, platform=None)  # pyright: ignore[reportArgumentType] - made below
        desk.platform = desk.made()
        try:
            yield desk
        finally:
            await desk.deafen()
            await desk.platform.aclose()


@pytest.fixture
async def desk(synapse: Synapse) -> AsyncIterator[Desk]:
    async with open_desk(synapse) as desk:
        yield desk

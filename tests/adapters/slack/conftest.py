"""A pretend workspace over the wire and the adapter connected to it; what a strict Slack refuses fails the test."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from bridge.adapters.platforms import discover
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.ports.platform import RawChatEvent
from bridge.ports.specs import PlatformContext
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.slack.world import SlackWorld, serve


@pytest.fixture
async def world() -> AsyncIterator[SlackWorld]:
    world = SlackWorld(SandboxClock(), faults=Faults())
    world.add_user("ana", real_name="Ana Souza")
    world.add_user("rui", real_name="Rui Costa")
    world.add_channel("support", members=[world.user("ana").id, world.user("rui").id])
    async with serve(world):
        yield world
    assert world.violations == []


def connect(world: SlackWorld, **settings: str) -> SlackPlatform:
    """The adapter as the composition root builds it."""
    spec = discover()["slack"]
    given = {"bot_token": world.bot_token, "app_token": world.app_token, "api_url": f"{world.base_url}/api/"} | settings
    built = spec.build(
        spec.settings(**{key: value for key, value in given.items() if value}),
        PlatformContext(platform="slack", clock=world.clock.now),
    )
    assert isinstance(built, SlackPlatform)
    return built


@pytest.fixture
async def slack(world: SlackWorld) -> AsyncIterator[SlackPlatform]:
    platform = connect(world)
    await platform.start()
    yield platform
    await platform.aclose()


@pytest.fixture
def room(world: SlackWorld) -> str:
    return world.channel("support").id


class Inbox:
    """Takes events in as the store would: once per external id, and not at all while it is down."""

    def __init__(self) -> None:
        self.raw: dict[str, RawChatEvent] = {}
        self.calls = self.connected = 0
        self.down = False
        self.gate: asyncio.Event | None = None
        self._changed = asyncio.Event()

    async def accept(self, events: Sequence[RawChatEvent]) -> None:
        if not events:
            self.connected += 1
            return
        self.calls += 1
        self._changed.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.down:
            raise OSError("the disk is full")
        for event in events:
            self.raw.setdefault(event.external_id, event)
        self._changed.set()

    async def until(self, true: Callable[[], bool], seconds: float = 10.0) -> None:
        """Return once ``true`` holds after something came in."""
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def listening(world: SlackWorld, platform: SlackPlatform, inbox: Inbox) -> AsyncGenerator[asyncio.Task[None]]:
    """The adapter's receiver at work, its first socket open."""
    task = asyncio.create_task(platform.listen(inbox.accept))
    await eventually(lambda: world.sockets.open_count >= 1)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def eventually(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait for a state of the other side, which has no event to await."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - the state of a server, looked at now and then
            await asyncio.sleep(0.01)


Accept = Callable[[Sequence[RawChatEvent]], Awaitable[None]]

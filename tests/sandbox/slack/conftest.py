"""A small workspace, served over HTTP, and the real slack_sdk client."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld, serve
from tests.sandbox.slack.apps import SocketApp, Sockets
from tests.sandbox.slack.interactive import BUTTONS


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock()


@pytest.fixture
async def world(clock: SandboxClock) -> AsyncIterator[SlackWorld]:
    """A served workspace; a test that breaks Slack's rules on purpose clears ``violations`` itself."""
    world = SlackWorld(clock)
    async with serve(world):
        yield world
    assert world.violations == []


@pytest.fixture
def ana(world: SlackWorld) -> User:
    return world.add_user("ana", real_name="Ana Souza")


@pytest.fixture
def support(world: SlackWorld, ana: User) -> Channel:
    return world.add_channel("support", [ana.id])


@pytest.fixture
async def session(world: SlackWorld) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def client(world: SlackWorld, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(token=world.bot_token, base_url=f"{world.base_url}/api/", retry_handlers=[], session=session)


@pytest.fixture
def sockets(session: aiohttp.ClientSession, client: AsyncWebClient, world: SlackWorld) -> Sockets:
    return Sockets(session, client, world)


@pytest.fixture
async def app(sockets: Sockets, world: SlackWorld) -> SocketApp:
    """An app that is sent what people click and fill in, and no events."""
    world.delivery.subscriptions.clear()
    return await sockets.connect()


@pytest.fixture
async def card(client: AsyncWebClient, support: Channel) -> str:
    return str((await client.chat_postMessage(channel=support.id, text="card", blocks=BUTTONS))["ts"])

"""Fixtures of the flow tests; each checks at its end that nothing was broken, and nothing written, on the way."""

import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, MutableMapping
from functools import partial
from typing import Any

import pytest
from structlog.testing import capture_logs

from bridge.adapters.platforms.matrix import following
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.observability import ALARMS, metrics_text
from bridge.ports.platform import PlatformCapabilities
from tests.flow.world import World, open_world

Entries = list[MutableMapping[str, Any]]
MakeWorld = Callable[..., contextlib.AbstractAsyncContextManager[World]]


@pytest.fixture(autouse=True)
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Entries]:
    """What the bridge logs."""
    caplog.set_level(logging.WARNING)
    with capture_logs() as entries:
        yield entries


@pytest.fixture(autouse=True)
def _no_alarm() -> None:
    """Alarms are of the process: what an earlier test left on is none of the next one's."""
    ALARMS.clear()


@pytest.fixture(autouse=True)
def _unpaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's pace is tested with the adapter; here it would only cost time."""
    monkeypatch.setattr(SlackPlatform, "capabilities", PlatformCapabilities(direct_rooms=True))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Matrix sync that failed is tried again at once."""
    monkeypatch.setattr(following, "FIRST_PAUSE", 0.02)


@pytest.fixture
def make_world(migrated_url: str, open_checked: Callable[..., MakeWorld]) -> MakeWorld:
    """Opens a world whose bridge is still to be started, on SQLite and on PostgreSQL."""
    return open_checked(migrated_url)


@pytest.fixture
def make_sqlite_world(migrated_sqlite_url: str, open_checked: Callable[..., MakeWorld]) -> MakeWorld:
    """The same on SQLite alone, for what is long and not the database's business."""
    return open_checked(migrated_sqlite_url)


@pytest.fixture
def open_checked(logged: Entries, caplog: pytest.LogCaptureFixture) -> Callable[..., MakeWorld]:
    """What makes worlds that are checked at their end."""

    @contextlib.asynccontextmanager
    async def make(database: str, **how: Any) -> AsyncGenerator[World]:
        async with open_world(database, **how) as world:
            yield world
            await world.stop()
            assert world.slack.violations == []
            assert world.twilio.violations == []
            assert_discreet(world, f"{logged}\n{caplog.text}\n{metrics_text().decode()}")

    return partial(partial, make)


@pytest.fixture
async def sqlite_world(make_sqlite_world: MakeWorld) -> AsyncIterator[World]:
    """A world on SQLite whose bridge is still to be started."""
    async with make_sqlite_world() as world:
        yield world


@pytest.fixture
async def world(make_world: MakeWorld) -> AsyncIterator[World]:
    """A world whose bridge runs, without an undo window."""
    async with make_world() as world:
        await world.start()
        yield world


def assert_discreet(world: World, written: str) -> None:
    """Neither words people wrote, nor who wrote them, nor a secret stands in what the bridge wrote."""
    words = [message.words for message in world.twilio.history]
    words += [post.text for post in world.posts() if post.user not in (None, world.slack.bot_user_id)]
    secrets = [world.slack.bot_token, world.slack.app_token, *world.account.auth_tokens]
    for private in (*secrets, *(word for word in words if len(word) > 5), *world.twilio.phones):
        assert private not in written

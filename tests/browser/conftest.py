"""A sandbox with the real bridge, and its page in a real Chromium."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.both import BothScreen
from tests.browser.sandbox import Screen, running

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All share the worker's browser, which lives as long as one event loop."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def shared_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox for every test that only adds a conversation of its own."""
    with running(tmp_path_factory.mktemp("sandbox")) as address:
        yield address


@pytest.fixture(scope="session")
def both_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A sandbox with Slack and a real Synapse, for every test of both."""
    with running(tmp_path_factory.mktemp("both"), "both") as address:
        yield address


@pytest.fixture
def fresh_address(tmp_path: Path) -> Iterator[str]:
    """A sandbox for one test that stops the bridge, makes vendors fail or moves the clock."""
    with running(tmp_path / "sandbox") as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def screen(browser: Browser, shared_address: str) -> AsyncIterator[Screen]:
    """The page of the shared sandbox; neither browser nor vendors may have anything to complain about."""
    screen = await Screen.open(browser, shared_address)
    yield screen
    await screen.settled()


@pytest_asyncio.fixture(loop_scope="session")
async def both(browser: Browser, both_address: str) -> AsyncIterator[BothScreen]:
    """The page with Slack and Matrix side by side; neither browser nor vendors may have anything to complain about."""
    screen = await BothScreen.open(browser, both_address)
    yield screen
    await screen.settled()


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(browser: Browser, fresh_address: str) -> AsyncIterator[Screen]:
    """The page of a fresh sandbox; neither browser nor vendors may have anything to complain about."""
    screen = await Screen.open(browser, fresh_address)
    yield screen
    await screen.settled()

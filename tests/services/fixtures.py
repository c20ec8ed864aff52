"""Fixtures that hand the real parts to tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.services import chromium
from tests.services.postgres import Postgres, shared_server
from tests.services.run import run_directory


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The PostgreSQL server of this run."""
    return shared_server(run_directory())


@pytest.fixture
def postgresql_url(postgres: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database in a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'textbridge.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database: each test that asks for one runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium that reaches loopback only; make a context or a page of it."""
    executable = chromium.executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(chromium.FLAGS))
        try:
            yield browser
        finally:
            await browser.close()

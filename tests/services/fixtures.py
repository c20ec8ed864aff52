"""Fixtures that hand the real parts to tests."""

import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.services import chromium, run
from tests.services.postgres import Postgres, shared_server
from tests.services.run import run_directory
from tests.services.synapse import Synapse, shared_homeserver


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The PostgreSQL server of this run."""
    return shared_server(run_directory())


@pytest.fixture(scope="session")
def synapse() -> Synapse:
    """The Matrix homeserver of this run."""
    return shared_homeserver(run_directory())


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
def migrated_postgresql_url(postgres: Postgres) -> Iterator[str]:
    """A PostgreSQL database with the current tables and nothing in them."""
    pattern = "migrated"
    directory = run_directory()
    with run.one_at_a_time(directory, pattern):
        made = directory / f"{pattern}.made"
        if not made.exists():
            postgres.create(pattern)
            _upgrade(postgres.url(pattern))
            made.touch()
    with postgres.database(pattern) as url:
        yield url


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path, sqlite_url: str) -> str:
    """A SQLite database with the current tables and nothing in them."""
    directory = run_directory()
    pattern = directory / "migrated.db"
    with run.one_at_a_time(directory, "migrated-sqlite"):
        if not pattern.exists():
            _upgrade(f"sqlite:///{pattern}")
    with closing(sqlite3.connect(pattern)) as source, closing(sqlite3.connect(tmp_path / "textbridge.db")) as copy:
        source.backup(copy)
    (tmp_path / "textbridge.db").chmod(0o600)
    return sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A database with the current tables: each test that asks for one runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return url


class Repeatable:
    """Stands for the module ``secrets``."""

    @staticmethod
    def token_hex(count: int) -> str:
        """Return hexadecimal digits of so many bytes."""
        return random.randbytes(count).hex()


def _upgrade(url: str) -> None:
    # Imported here because workers measure coverage only after the fixtures are loaded.
    from bridge.store.migrate import upgrade

    upgrade(url)


@pytest.fixture
def repeatable_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outbox keys, by which rows are sorted, repeat with the example: Hypothesis seeds ``random``."""
    monkeypatch.setattr("bridge.store.outbox.secrets", Repeatable)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium_here() -> AsyncIterator[Browser]:
    """The worker's headless Chromium, which reaches loopback only."""
    executable = chromium.executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(chromium.FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium_here: Browser) -> AsyncIterator[Browser]:
    """It, without anything of earlier tests; make a context or a page of it. The test is ``asyncio`` of the session."""
    yield chromium_here
    for context in chromium_here.contexts:
        await context.close()

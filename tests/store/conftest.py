"""Stores on both databases."""

from collections.abc import AsyncIterator

import pytest

from bridge.ports.store import Store
from bridge.store import open_store
from tests.store.builders import NOW


@pytest.fixture
async def store(migrated_url: str) -> AsyncIterator[Store]:
    """An empty store."""
    opened = await open_store(migrated_url, lambda: NOW)
    yield opened
    await opened.aclose()


@pytest.fixture
async def other(migrated_url: str, store: Store) -> AsyncIterator[Store]:
    """A second process' view of the same database."""
    opened = await open_store(migrated_url, lambda: NOW)
    yield opened
    await opened.aclose()

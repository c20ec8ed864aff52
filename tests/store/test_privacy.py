"""What people wrote is on the disk for the service's user alone."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.store import open_store, upgrade
from bridge.store.alone import alone_on
from tests.store.builders import NOW, text_in


@pytest.fixture(autouse=True)
def _lenient() -> Iterator[None]:
    """The usual umask, under which new files can be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


async def test_a_new_database_and_what_lies_beside_it_is_its_owners(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with alone_on(tmp_path / "a.db"):
        await asyncio.to_thread(upgrade, url)
        store = await open_store(url, lambda: NOW)
        try:
            assert await store.accept(text_in())
            assert modes(tmp_path) == dict.fromkeys(("a.db", "a.db-wal", "a.db-shm", "a.db.lock"), 0o600)
        finally:
            await store.aclose()


def test_behind_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    upgrade(f"sqlite:///{tmp_path / 'link.db'}")
    assert (tmp_path / "real.db").stat().st_mode & 0o777 == 0o600


def test_one_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch(mode=0o640)
    upgrade(f"sqlite:///{tmp_path / 'a.db'}")
    assert (tmp_path / "a.db").stat().st_mode & 0o777 == 0o640

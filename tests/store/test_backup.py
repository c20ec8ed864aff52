"""Backup and restore, from each database into each."""

import asyncio
import gzip
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bridge.domain.messages import Media, MessageStatus
from bridge.ports.store import Store, StoreUnavailable
from bridge.store import backup, inspect, open_store, upgrade
from bridge.store.backup import AT_ONCE
from bridge.store.migrate import current, head, in_transaction
from bridge.store.restore import BackupUnusable, NotEmpty, restore
from tests.store.builders import HOLDER, NOW, call, known, later, post, reply, save, text_in

ODD = "naïve \U0001f642 \u202eright\n\x01"


def ignore(_rows: int) -> None:
    pass


async def a_bit_of_everything(url: str) -> None:
    store = await open_store(url, lambda: NOW)
    try:
        picture = Media("https://example.org/1", "image/png", "a.png", 3, None)
        sent = reply(body=ODD, media=(picture,), status=MessageStatus.SENT)
        await save(store, known(messages=(sent,), posts=(post("9.1", "m1"),)))
        for number in range(AT_ONCE + 3):
            await store.accept(text_in(f"SM{number}"))
        await store.transact(lambda unit: unit.enqueue([call(message="m1"), call("1043:out", at=later(60))], NOW))
    finally:
        await store.aclose()


def lines(file: Path) -> list[Any]:
    with gzip.open(file, "rt") as opened:
        return [json.loads(line) for line in opened]


def written(file: Path, *values: object) -> Path:
    with gzip.open(file, "wt") as opened:
        opened.writelines(json.dumps(value) + "\n" for value in values)
    return file


def rows_of(file: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    columns: dict[str, str] = {}
    for value in lines(file)[1:-1]:
        if isinstance(value, dict):
            columns = value["columns"] if value["table"] == table else {}
        elif columns:
            found.append(dict(zip(columns, value, strict=True)))
    return found


@pytest.fixture
def empty(request: pytest.FixtureRequest, target: str, tmp_path: Path) -> str:
    """The database to restore into."""
    return f"sqlite:///{tmp_path / 'other.db'}" if target == "sqlite" else request.getfixturevalue("postgresql_url")


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
async def test_what_was_backed_up_stands_in_the_other_database(migrated_url: str, empty: str, tmp_path: Path) -> None:
    await a_bit_of_everything(migrated_url)
    first, second = tmp_path / "first", tmp_path / "second"
    rows = await in_thread(backup.backup, migrated_url, first, NOW, ignore)
    assert await in_thread(restore, empty, first, ignore) == rows
    await in_thread(backup.backup, empty, second, NOW, ignore)
    apart = [(one, other) for one, other in zip(lines(first), lines(second), strict=True) if one != other]
    assert [one[0] for one, _ in apart] == ["1042:out", "1043:out"]  # what waited: see below
    assert len(rows_of(second, "inbox")) == AT_ONCE + 3
    assert rows_of(second, "messages")[0]["body"] == ODD
    assert first.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
async def test_a_restored_database_goes_on(migrated_sqlite_url: str, empty: str, tmp_path: Path) -> None:
    await a_bit_of_everything(migrated_sqlite_url)
    await in_thread(backup.backup, migrated_sqlite_url, tmp_path / "file", NOW, ignore)
    await in_thread(restore, empty, tmp_path / "file", ignore)
    store = await open_store(empty, lambda: NOW)
    try:
        assert await store.accept(text_in("SM-new"))
        assert not await store.accept(text_in("SM1"))
        assert (await store.transact(inspect.verify_audit)).problem is None
        heads = await store.transact(lambda unit: unit.claim("main", later(3600), limit=9, lease=60, holder=HOLDER))
        assert [row.status for row in heads] == ["checking", "checking"]  # looked up, never called blindly
        assert [row.attempted_at for row in heads] == [NOW, NOW]
    finally:
        await store.aclose()


async def test_a_backup_shows_one_moment_and_keeps_nobody_from_writing(
    store: Store, migrated_url: str, tmp_path: Path
) -> None:
    for number in range(AT_ONCE):
        await store.accept(text_in(f"SM{number}"))
    written_meanwhile: list[int] = []

    def write_more(rows: int) -> None:
        again = text("INSERT INTO counters (name, value) VALUES ('meanwhile', 1)")
        other = ThreadPoolExecutor(1)  # as another process would
        other.submit(in_transaction, migrated_url, lambda connection: connection.execute(again).close()).result(10)
        other.shutdown()
        written_meanwhile.append(rows)

    await in_thread(backup.backup, migrated_url, tmp_path / "file", NOW, write_more)
    assert len(written_meanwhile) == 1
    assert "meanwhile" not in [row["name"] for row in rows_of(tmp_path / "file", "counters")]


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(database_url: str, tmp_path: Path) -> None:
    file = written(
        tmp_path / "old",
        {"format": "textbridge-backup", "version": 1, "revision": "0001", "at": NOW.isoformat()},
        {"table": "counters", "columns": {"name": "words", "value": "number"}},
        ["audit", 0],
        {"rows": 1},
    )
    assert restore(database_url, file, ignore) == 1
    assert current(database_url) == head()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "not whole"),
        ([[1]], "no backup"),
        ([{"format": "another"}], "no backup"),
        ([{"format": "textbridge-backup", "version": 2, "revision": "0001"}], "later version"),
        ([{"format": "textbridge-backup", "version": 1, "revision": "9999"}], "later version"),
        ([{"format": "textbridge-backup", "version": 1, "revision": "0001"}], "not whole"),
        ([{"format": "textbridge-backup", "version": 1, "revision": "0001"}, ["x"], {"rows": 1}], "no backup"),
        ([{"format": "textbridge-backup", "version": 1, "revision": "0001"}, {"rows": 1}], "not whole"),
    ],
)
def test_what_is_no_backup_changes_nothing(sqlite_url: str, tmp_path: Path, values: list[object], said: str) -> None:
    with pytest.raises(BackupUnusable, match=said):
        restore(sqlite_url, written(tmp_path / "file", *values), ignore)
    assert current(sqlite_url) is None


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
async def test_half_a_backup_changes_nothing(
    migrated_sqlite_url: str, postgresql_url: str, tmp_path: Path, kept: float
) -> None:
    await a_bit_of_everything(migrated_sqlite_url)
    file = tmp_path / "file"
    await in_thread(backup.backup, migrated_sqlite_url, file, NOW, ignore)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(BackupUnusable):
        await in_thread(restore, postgresql_url, file, ignore)
    assert await in_thread(current, postgresql_url) is None


def test_nothing_is_restored_over_what_is_there(database_url: str, tmp_path: Path) -> None:
    upgrade(database_url)
    backup.backup(database_url, tmp_path / "file", NOW, ignore)
    with pytest.raises(NotEmpty):
        restore(database_url, tmp_path / "file", ignore)


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        backup.backup(f"sqlite:///{tmp_path / 'none' / 'x.db'}", tmp_path / "file", NOW, ignore)
    assert list(tmp_path.iterdir()) == []


async def in_thread(work: Callable[..., Any], *arguments: object) -> Any:
    return await asyncio.to_thread(work, *arguments)

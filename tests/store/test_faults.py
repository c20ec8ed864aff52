"""A database that fails: nothing is promised that was not kept, and work goes on by itself when it is back."""

import asyncio
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import psycopg
import pytest
from sqlalchemy import make_url, text

from bridge.domain.decision import Decision
from bridge.domain.messages import MessageStatus
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store, StoreUnavailable, Unit
from bridge.store import open_store, upgrade
from bridge.store.arrivals import Identity, insert_new
from bridge.store.engine_sqlite import make_engine
from bridge.store.errors import ConnectionLost, translated
from bridge.store.inspect import connection_of
from tests.services.postgres import shared_server, stop_server
from tests.store.builders import NOW, call, enqueue, known, reply, save, text_in

T = TypeVar("T")
PATIENCE = 20.0
OTHERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


async def once_back(work: Callable[[], Awaitable[T]]) -> T:
    """What ``work`` gives once the store is available."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await work()
            except StoreUnavailable:
                await asyncio.sleep(0.05)


async def accepted_again(store: Store, name: str) -> float:
    """Seconds until the store accepts again."""
    began = perf_counter()
    assert await once_back(lambda: store.accept(text_in(name)))
    return perf_counter() - began


async def stored(store: Store) -> set[str]:
    rows = await store.transact(lambda unit: unit.next_inbox(10_000))
    return {row.external_id for row in rows}


def limit_pages(unit: Unit, more: int) -> None:
    connection = connection_of(unit)
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages + more}")


async def test_a_full_disk_accepts_nothing_and_recovers(migrated_sqlite_url: str) -> None:
    store = await open_store(migrated_sqlite_url, lambda: NOW)
    try:
        await store.transact(lambda unit: limit_pages(unit, 10))
        kept: set[str] = set()

        async def fill() -> None:
            for number in range(100):
                await store.accept(InboxDraft("provider:main", f"SM{number}", "webhook", b"x" * 3000))
                kept.add(f"SM{number}")

        with pytest.raises(StoreUnavailable, match="full"):
            await fill()
        assert kept
        # the broken connection is given up, and with it the limit of this test: there is room again
        assert await store.accept(text_in("after"))
        assert await stored(store) == kept | {"after"}
    finally:
        await store.aclose()


@contextmanager
def locked(url: str) -> Generator[None]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        yield
        rival.execute("ROLLBACK")


async def test_a_locked_database_is_unavailable_and_recovers(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.store.engine_sqlite.BUSY_TIMEOUT", 0.05)
    store = await open_store(migrated_sqlite_url, lambda: NOW)
    try:
        with locked(migrated_sqlite_url), pytest.raises(StoreUnavailable, match="locked"):
            await store.accept(text_in("SM0"))
        assert await store.accept(text_in("SM0"))
    finally:
        await store.aclose()


async def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'missing' / 'a.db'}", lambda: NOW)
    try:
        with pytest.raises(StoreUnavailable):
            await store.accept(text_in())
    finally:
        await store.aclose()


def test_sqlite_keeps_its_promises_through_a_power_cut(migrated_sqlite_url: str) -> None:
    """What is acknowledged must be on the disk: write-ahead log, and a wait for the disk at each commit."""
    with make_engine(make_url(migrated_sqlite_url)).connect() as connection:
        shown = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert shown == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def other_backends(url: str) -> list[int]:
    with psycopg.connect(url, autocommit=True) as connection:
        return [int(row[0]) for row in connection.execute(OTHERS)]


def end_all(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for (pid,) in connection.execute(OTHERS).fetchall():
            connection.execute("SELECT pg_terminate_backend(%s)", (pid,))


@pytest.fixture
async def on_postgres(migrated_postgresql_url: str) -> AsyncIterator[Store]:
    store = await open_store(migrated_postgresql_url, lambda: NOW)
    yield store
    await store.aclose()


async def test_connections_that_are_ended_are_replaced_unnoticed(
    on_postgres: Store, migrated_postgresql_url: str
) -> None:
    for number in range(3):
        assert await on_postgres.accept(text_in(f"SM{number}"))
        await asyncio.to_thread(end_all, migrated_postgresql_url)
        await asyncio.gather(*(enqueue(on_postgres, call(f"lane{lane}")) for lane in range(4)))
    assert await stored(on_postgres) == {"SM0", "SM1", "SM2"}


@pytest.fixture
def mortal_url() -> Generator[str]:
    """A database on a server of its own: when one of its processes is killed, the server restarts them all."""
    directory = Path(tempfile.mkdtemp(prefix="textbridge-mortal-"))
    directory.chmod(0o755)  # PostgreSQL runs as another user when the tests run as root
    url = shared_server(directory).url("postgres")
    upgrade(url)
    yield url
    stop_server(directory)
    shutil.rmtree(directory)


async def test_a_killed_backend_loses_nothing_acknowledged(mortal_url: str) -> None:
    """What was acknowledged is there afterwards, though this server would not wait for its disk by itself."""
    store = await open_store(mortal_url, lambda: NOW)
    kept: set[str] = set()
    refused, begun = 0, asyncio.Event()

    async def send(sender: int) -> None:
        nonlocal refused
        for number in range(40):
            name = f"SM{sender}-{number}"
            try:
                await store.accept(text_in(name))
                kept.add(name)
                begun.set()
            except StoreUnavailable:
                refused += 1
                await asyncio.sleep(0.05)

    senders = [asyncio.create_task(send(sender)) for sender in range(8)]
    await begun.wait()
    pids = await asyncio.to_thread(other_backends, mortal_url)
    os.kill(pids[0], signal.SIGKILL)
    await asyncio.gather(*senders)
    assert await accepted_again(store, "after") < 5
    # The server may notice only now that one of its processes is gone.
    assert kept <= await once_back(lambda: stored(store))
    await store.aclose()


async def test_it_hears_again_after_its_connection_broke(on_postgres: Store, migrated_postgresql_url: str) -> None:
    there = await open_store(migrated_postgresql_url, lambda: NOW)
    try:
        assert await there.accept(text_in("SM0"))
        await asyncio.to_thread(end_all, migrated_postgresql_url)
        await on_postgres.wait("inbox", 0.1)
        woken = asyncio.create_task(on_postgres.wait("inbox", PATIENCE))
        began = perf_counter()
        await accepted_again(there, "SM1")
        await woken
        assert perf_counter() - began < 5
    finally:
        await there.aclose()


async def test_a_text_stored_though_its_answer_was_lost_is_stored_once(
    on_postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The statement commits by itself, so it is done again without knowing whether it was done."""
    lost: list[None] = []

    def insert(*arguments: Any) -> set[Identity]:
        found = insert_new(*arguments)
        if not lost:
            lost.append(None)
            raise ConnectionResetError
        return found

    monkeypatch.setattr("bridge.store.engine_postgres.insert_new", insert)
    assert not await on_postgres.accept(text_in("SM0"))
    assert lost
    assert await stored(on_postgres) == {"SM0"}


async def test_a_server_that_is_away_is_unavailable(postgresql_url: str) -> None:
    away = postgresql_url.replace("127.0.0.1:", "127.0.0.1:1?port=").partition("?")[0]
    store = await open_store(away + "/nothing", lambda: NOW)
    try:
        with pytest.raises(StoreUnavailable, match="no connection"):
            await store.accept(text_in())
    finally:
        await store.aclose()


async def test_a_message_changed_meanwhile_makes_the_work_start_again(
    on_postgres: Store, migrated_postgresql_url: str
) -> None:
    """Decided on an old state and saved on a new one, a reply just stopped would leave all the same."""
    await save(on_postgres, known(messages=(reply(),)))
    seen: list[MessageStatus] = []

    def meet(unit: Unit) -> None:
        message = unit.load_message("m1").message
        assert message is not None
        seen.append(message.status)
        if len(seen) == 1:
            change_elsewhere()
        unit.save(Decision(messages=(replace(message, status=MessageStatus.CANCELLED),)), NOW)

    def change_elsewhere() -> None:
        with psycopg.connect(migrated_postgresql_url, autocommit=True) as rival:
            rival.execute("UPDATE messages SET version = 7, status = 'sending'")

    await on_postgres.transact(meet)
    assert seen == [MessageStatus.QUEUED, MessageStatus.SENDING]


async def test_errors_tell_nothing_of_what_was_to_be_stored(store: Store) -> None:
    await store.accept(text_in("SM0"))

    def twice(unit: Unit) -> None:
        secret = {"number": 7, "line": "a secret", "contact": "nobody", "now": NOW}
        connection_of(unit).execute(
            text("INSERT INTO threads (id, conversation, platform) VALUES (:line, :number, :contact)"), secret
        )

    with pytest.raises(Exception, match="threads") as caught:
        await store.transact(twice)
    assert "secret" not in str(caught.value).partition("DETAIL")[0]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), ConnectionLost),
        (TimeoutError(), ConnectionLost),
        (StoreUnavailable("x"), StoreUnavailable),
        (ValueError("x"), type(None)),
    ],
)
def test_errors_are_sorted(error: Exception, kind: type) -> None:
    assert type(translated(error)) is kind

"""A database that takes nothing: nobody is told "received", and nothing is missing afterwards."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import event

from bridge.ports.store import StoreUnavailable
from tests.flow.conftest import MakeWorld
from tests.flow.test_threads import alarms
from tests.flow.world import CONTACT, LINE, World


async def test_an_unavailable_store_acknowledges_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.open()
    assert world.service is not None
    store, real = world.service.store, world.service.store.accept

    async def refuse(_draft: Any) -> bool:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(store, "accept", refuse)
    sent = await world.twilio.text_in(CONTACT, LINE, "not now")
    assert [attempt.status for attempt in sent.attempts] == [503]
    world.reply("not yet")
    await world.slack.delivery.settled()
    assert world.slack.delivery.pending == 1, "acknowledged without being stored"
    monkeypatch.setattr(store, "accept", real)
    world.skip(61)
    await world.until(lambda: world.got() == ["not yet"])
    await world.text("but now")
    await world.until(lambda: "but now" in world.shown())


async def test_a_full_disk_is_answered_503_with_an_alarm_and_passes(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        await world.open("before")
        await world.idle()
        disk = Disk(world)
        disk.fill()
        statuses: list[int | None] = []
        for number in range(400):
            sent = await world.twilio.text_in(CONTACT, LINE, f"{number} " + "x" * 1500)
            statuses += [attempt.status for attempt in sent.attempts]
            if statuses[-1] != 200:
                break
        assert statuses[-1] == 503
        await world.until(lambda: alarms("nothing can be stored") == 1)
        disk.free()
        await world.text("room again")
        await world.until(lambda: "room again" in world.shown(), 30)
        accepted = statuses.count(200)
        await world.until(lambda: len(world.shown()) == accepted + 2, 30)
        await world.until(lambda: alarms("nothing can be stored") == 0)


class Disk:
    """Lets the database's file grow no more, whoever connects, or again."""

    def __init__(self, world: World) -> None:
        assert world.service is not None
        self._thread = world.service.store._thread  # pyright: ignore[reportAttributeAccessIssue] - only SQLite has one
        self._file = world.database.removeprefix("sqlite:///")
        self._pages = 2**30
        event.listen(self._thread._engine, "connect", self._limit_new)

    def fill(self) -> None:
        with closing(sqlite3.connect(self._file)) as connection:
            self._pages = connection.execute("PRAGMA page_count").fetchone()[0]
        self._limit(self._thread._connection.connection.driver_connection)

    def free(self) -> None:
        self._pages = 2**30
        self._limit(self._thread._connection.connection.driver_connection if self._thread._connection else None)

    def _limit_new(self, connection: sqlite3.Connection, _record: object) -> None:
        self._limit(connection)

    def _limit(self, connection: sqlite3.Connection | None) -> None:
        if connection is not None:
            connection.execute(f"PRAGMA max_page_count={self._pages}").close()

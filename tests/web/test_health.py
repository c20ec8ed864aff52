"""What ``/health/ready`` answers while the database is in trouble, and how soon."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any, cast

import aiohttp
import pytest
from sqlalchemy import text

from bridge.observability import ALARMS
from bridge.pipeline.intake import Intake
from bridge.ports.store import Store, StoreUnavailable, Unit
from bridge.store import inspect
from bridge.store.migrate import head
from bridge.web.health import Health
from tests.flow.conftest import MakeWorld
from tests.flow.test_store_trouble import Disk
from tests.flow.world import CONTACT, LINE, World
from tests.store.builders import NOW


async def ready(world: World) -> tuple[int, str]:
    """The status, and the word about the database."""
    async with aiohttp.ClientSession() as session, session.get(f"{world.url}/health/ready") as answer:
        return answer.status, (await answer.json())["database"]


async def test_a_full_disk_is_not_ready_until_it_can_be_written_again(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        await world.open("before")
        await world.idle()
        assert await ready(world) == (200, "ok")
        disk = Disk(world)
        disk.fill()
        for number in range(400):
            sent = await world.twilio.text_in(CONTACT, LINE, f"{number} " + "x" * 1500)
            if sent.attempts[-1].status != 200:
                break
        assert await ready(world) == (503, "cannot be written")
        assert await ready(world) == (503, "cannot be written"), "it was tried once more"
        refusing = ALARMS.labels("nothing can be stored", "inbox")
        assert refusing._value.get() == 1
        disk.free()
        assert await ready(world) == (200, "ok"), "nobody had to text first"
        assert refusing._value.get() == 0


async def test_tables_that_another_version_changed_are_not_ready(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        assert world.service is not None

        async def revised(number: str) -> tuple[int, str]:
            def work(unit: Unit) -> None:
                inspect.connection_of(unit).execute(
                    text("UPDATE alembic_version SET version_num = :it"), {"it": number}
                )

            assert world.service is not None
            await world.service.store.transact(work)
            async with aiohttp.ClientSession() as session, session.get(f"{world.url}/health/ready") as answer:
                return answer.status, (await answer.json())["migrations"]

        assert await revised("9999") == (503, "of another version")
        assert await revised(head()) == (200, "current")


async def test_a_locked_database_is_not_ready_and_says_so_soon(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        with closing(sqlite3.connect(world.database.removeprefix("sqlite:///"), isolation_level=None)) as rival:
            rival.execute("BEGIN IMMEDIATE").close()
            async with asyncio.timeout(4):
                assert await asyncio.gather(*(ready(world) for _ in range(20))) == [(503, "unavailable")] * 20
            rival.execute("ROLLBACK").close()

        async def well() -> bool:
            return await ready(world) == (200, "ok")

        await world.until_async(well)


class _Stuck:
    """A database that does not answer before it may."""

    def __init__(self) -> None:
        self.asked = 0
        self.free = asyncio.Event()

    async def transact(self, _work: Callable[..., Any]) -> Any:
        self.asked += 1
        await self.free.wait()
        raise StoreUnavailable("still locked")


async def test_those_who_ask_meanwhile_share_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.web.health.PATIENCE_SECONDS", 0.05)
    stuck = _Stuck()
    store = cast("Store", stuck)
    health = Health(store, Intake(store, {}), lambda: NOW)
    for _ in range(3):
        found = await asyncio.gather(*(health.look() for _ in range(10)), return_exceptions=True)
        assert [str(one) for one in found] == ["the database does not answer in time"] * 10
    assert stuck.asked == 1
    stuck.free.set()
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="still locked"):
            await health.look()
    assert stuck.asked == 2
    stuck.free.clear()
    assert await health.facts() == (False, {"database": "unavailable"})
    await health.aclose()
    await health.aclose()

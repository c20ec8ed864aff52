"""Due timers, and workers for targets that have something to do."""

from datetime import time, timedelta

import pytest

from bridge.domain.events import TimerFired
from bridge.domain.people import RoomRef
from bridge.pipeline.dispatcher import Dispatcher
from bridge.pipeline.in_force import InForce
from bridge.pipeline.timers import POLL_SECONDS, Timers
from bridge.ports.platform import PlatformCapabilities
from bridge.ports.rows import TimerRow
from tests.unit.pipeline.able import AbleRooms
from tests.unit.pipeline.conftest import Start
from tests.unit.pipeline.scripted import Script, outside, row, until
from tests.unit.pipeline.scripted_store import ScriptedStore
from tests.unit.rules.builders import NOW, line, policy
from tests.unit.rules.clockwork import STANDARD


class PacedRooms(AbleRooms):
    """A platform with limits."""

    capabilities = PlatformCapabilities(rate=1.0, burst=4, edit_rate=2.0, edit_burst=7)


async def test_due_timers_become_events_after_the_database_is_back(start: Start, pauses: list[float]) -> None:
    due = TimerRow(id=7, kind="held", conversation=1042, subject="m1", due=NOW)
    store = ScriptedStore(Script(timers=[due]), down=1)
    start(Timers(store.port, lambda: NOW, InForce(policy())).run())
    await until(lambda: store.waits)
    assert pauses == [1.0]
    external_id = f"timer:7:{NOW.isoformat()}"
    assert store.script.told == [TimerFired(external_id=external_id, kind="held", conversation=1042, subject="m1")]


@pytest.mark.parametrize(("ahead", "seconds"), [(None, POLL_SECONDS), (2.0, 2.0), (99.0, POLL_SECONDS)])
async def test_timers_wait_for_the_next_one_but_look_again_now_and_then(
    start: Start, ahead: float | None, seconds: float
) -> None:
    store = ScriptedStore(Script(due=None if ahead is None else NOW + timedelta(seconds=ahead)))
    start(Timers(store.port, lambda: NOW, InForce(policy())).run())
    await until(lambda: store.waits)
    assert store.waits == [("timers", seconds, None)]


async def test_what_has_times_to_keep_is_looked_at_once_at_the_start(start: Start, pauses: list[float]) -> None:
    store = ScriptedStore(Script(due=NOW + timedelta(seconds=1)), down=1)
    desk = line(close_after=timedelta(days=7), digest=time(9))
    never = line(name="never", rooms=(RoomRef("slack", "C9"),), digest="opening")
    asked = policy(lines={"front-desk": desk, "never": never}, sla={"standard": STANDARD})
    start(Timers(store.port, lambda: NOW, InForce(asked)).run())
    await until(lambda: store.waits)
    assert pauses == [1.0]
    assert store.script.watched == [
        ("sla_response", ["front-desk", "never"], None),
        ("sla_resolution", ["front-desk", "never"], None),
        ("closing", ["front-desk"], NOW + timedelta(days=7)),
    ]
    assert store.script.armed == [("digest", "slack/C1", NOW + timedelta(hours=23))]


async def test_what_had_times_to_keep_is_looked_at_once_more_when_they_are_taken_back(start: Start) -> None:
    store, in_force = ScriptedStore(Script(due=NOW + timedelta(seconds=1))), InForce(policy(sla={"standard": STANDARD}))
    start(Timers(store.port, lambda: NOW, in_force).run())
    await until(lambda: store.waits)
    for many in (4, 4):
        seen = len(store.waits)
        in_force.replace(policy())
        store.news.set()
        await until(lambda seen=seen: len(store.waits) > seen)
        assert len(store.script.watched) == many


async def test_each_configured_target_gets_one_worker(start: Start, pauses: list[float]) -> None:
    waiting = [row(target=name) for name in ("line:front-desk", "line:gone", "room:slack/C1", "room:gone/C1")]
    store = ScriptedStore(Script(rows=waiting), down=1)
    dispatcher = Dispatcher(store.port, outside(), lambda: NOW, holder="here")
    started: list[str] = []
    make = dispatcher._worker
    dispatcher._worker = lambda target: started.append(target) or make(target)
    start(dispatcher.run())
    await until(lambda: len([wait for wait in store.waits if wait[2] is None]) > 1 or store.news.set())
    assert pauses[0] == 1.0
    assert started == ["line:front-desk", "room:slack/C1"]


@pytest.mark.parametrize(
    ("target", "burst"),
    [("line:front-desk", 3), ("room:slack/C1", 4), ("card:slack", 7), ("assistant", 10), ("webhook:crm", 100)],
)
def test_each_kind_of_target_has_a_pace_of_its_own(target: str, burst: int) -> None:
    dispatcher = Dispatcher(ScriptedStore().port, outside(rooms=PacedRooms()), lambda: NOW, holder="here")
    assert dispatcher._pace(target).available(NOW, 100) == burst

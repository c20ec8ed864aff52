"""How many calls may go, and what is held back meanwhile."""

import asyncio
from datetime import timedelta

from bridge.pipeline.gate import Gate
from bridge.pipeline.pace import Pace
from tests.unit.rules.builders import NOW

SECOND = timedelta(seconds=1)


def test_without_a_rate_as_many_go_as_come() -> None:
    pace = Pace(None, 1)
    assert pace.available(NOW, 50) == 50
    pace.take(50)
    assert pace.available(NOW, 50) == 50
    assert pace.opens_at(NOW) == NOW


def test_a_burst_goes_at_once_and_then_as_many_as_the_rate_lets() -> None:
    pace = Pace(2.0, 3)
    assert pace.available(NOW, 10) == 3
    assert pace.opens_at(NOW) == NOW
    pace.take(3)
    assert pace.available(NOW, 10) == 0
    assert pace.opens_at(NOW) == NOW + SECOND / 2
    assert pace.available(NOW + SECOND, 10) == 2
    assert pace.available(NOW + 100 * SECOND, 10) == 3


def test_a_closed_target_opens_at_the_latest_moment_it_was_closed_until() -> None:
    pace = Pace(None, 1)
    pace.close_until(NOW + 9 * SECOND)
    pace.close_until(NOW + 5 * SECOND)
    assert pace.available(NOW + 6 * SECOND, 1) == 0
    assert pace.opens_at(NOW) == NOW + 9 * SECOND
    assert pace.available(NOW + 9 * SECOND, 1) == 1


async def test_a_gate_opens_when_the_last_part_was_caught_up() -> None:
    gate = Gate(60.0)
    await gate.passed()
    gate.close("a")
    gate.close("b")
    waiting = asyncio.ensure_future(gate.passed())
    gate.open("a")
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.open("b")
    await waiting


async def test_nobody_waits_at_a_gate_longer_than_its_patience() -> None:
    gate = Gate(0.001)
    gate.close("a")
    await gate.passed()

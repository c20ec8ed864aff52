"""Parts that run for ever, whatever happens."""

from collections.abc import Iterator
from typing import cast

from structlog.testing import capture_logs

from bridge.observability import ALARMS
from bridge.pipeline.parts import LOGIN_REFUSED_SECONDS, PART_RETRY_SECONDS, keep_running, log_in
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Platform
from tests.unit.pipeline.able import given


async def test_a_part_with_a_bug_is_started_again_and_one_that_ends_stays_ended(pauses: list[float]) -> None:
    ends: Iterator[Exception | None] = iter([RuntimeError("a bug"), RuntimeError("again"), None])

    async def work() -> None:
        given(next(ends))

    await keep_running("a part", work)
    assert next(ends, "all used") == "all used"
    assert pauses == [PART_RETRY_SECONDS] * 2
    assert ALARMS.labels("part failed", "a part")._value.get() == 1


class _Door:
    """A platform whose log-in ends one way after the other."""

    def __init__(self, *ends: str | Exception) -> None:
        self.ends = list(ends)
        self.alarms: list[float] = []
        self.silent: list[float] = []

    async def start(self) -> str:
        self.alarms.append(ALARMS.labels("credentials refused", "platform:door")._value.get())
        self.silent.append(ALARMS.labels("no events arrive", "door")._value.get())
        return given(self.ends.pop(0))


async def test_log_in_is_tried_until_it_works_and_refused_credentials_are_shown_meanwhile(pauses: list[float]) -> None:
    door = _Door(SendDeferred("busy"), CredentialsRejected("no"), SendOutcomeUnknown("lost"), "BOT")
    await log_in("door", cast("Platform", door))
    assert pauses == [1.0, LOGIN_REFUSED_SECONDS, 2.0]
    assert door.alarms == [0, 0, 1, 1]
    assert ALARMS.labels("credentials refused", "platform:door")._value.get() == 0


async def test_a_log_in_that_keeps_failing_is_an_alarm_and_is_tried_less_and_less_often(pauses: list[float]) -> None:
    door = _Door(
        *[SendDeferred("It cannot be reached")] * 8, SendDeferred("busy", 90.0), SendRejected("x", "no"), "BOT"
    )
    with capture_logs() as entries:
        assert await log_in("door", cast("Platform", door)) == "BOT"
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 90, 60]
    assert door.silent == [0, 0, 0] + [1] * 8
    assert ALARMS.labels("no events arrive", "door")._value.get() == 0
    told = [entry["reason"] for entry in entries if entry["event"] == "log-in failed"]
    assert told == ["It cannot be reached"] * 8 + ["busy", "x: no"]

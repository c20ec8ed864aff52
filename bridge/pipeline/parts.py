"""Parts of the service that run for ever, whatever goes wrong in them."""

import asyncio
from collections.abc import Awaitable, Callable

from bridge.observability import alarm, log
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Platform

LOGIN_FIRST_SECONDS, LOGIN_LONGEST_SECONDS = 1.0, 60.0
LOGIN_ALARM_AFTER = 3
"""Failures in a row, which take a few seconds: one alone may be a matter of a moment."""
LOGIN_REFUSED_SECONDS = 60.0
PART_RETRY_SECONDS = 2.0
NO_EVENTS = "no events arrive"


async def keep_running(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Start ``work`` again when it fails in an unforeseen way: one part with a bug must not stop the others."""
    while True:
        try:
            await work()
        except Exception as problem:  # noqa: BLE001 - told, and tried again
            log().error("part failed", part=name, error=type(problem).__name__)
            alarm("part failed", name, on=True)
            await asyncio.sleep(PART_RETRY_SECONDS)
        else:
            return


async def log_in(name: str, platform: Platform) -> str:
    """Log in, and try again until it works: texts are taken in meanwhile. Returns the bot's own person id."""
    failures = 0
    while True:
        try:
            bot = await platform.start()
        except CredentialsRejected:
            alarm("credentials refused", f"platform:{name}", on=True)
            await asyncio.sleep(LOGIN_REFUSED_SECONDS)
        except (SendDeferred, SendOutcomeUnknown, SendRejected) as problem:
            failures += 1
            log().warning("log-in failed", platform=name, reason=str(problem), failures=failures)
            if failures >= LOGIN_ALARM_AFTER:
                alarm(NO_EVENTS, name, on=True)
            await asyncio.sleep(_pause(failures, problem))
        else:
            alarm("credentials refused", f"platform:{name}", on=False)
            alarm(NO_EVENTS, name, on=False)
            return bot


def _pause(failures: int, problem: Exception) -> float:
    asked = problem.retry_after if isinstance(problem, SendDeferred) else None
    return max(min(LOGIN_FIRST_SECONDS * 2.0 ** min(failures - 1, 16), LOGIN_LONGEST_SECONDS), asked or 0.0)

"""Parts of the service that run for ever, whatever goes wrong in them."""

import asyncio
from collections.abc import Awaitable, Callable

from bridge.observability import alarm, log
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import Platform

LOGIN_RETRY_SECONDS = 5.0
LOGIN_REFUSED_SECONDS = 60.0
PART_RETRY_SECONDS = 2.0


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
    while True:
        try:
            bot = await platform.start()
        except CredentialsRejected:
            alarm("credentials refused", f"platform:{name}", on=True)
            await asyncio.sleep(LOGIN_REFUSED_SECONDS)
        except (SendDeferred, SendOutcomeUnknown, SendRejected) as problem:
            log().warning("log-in failed", platform=name, error=type(problem).__name__)
            await asyncio.sleep(LOGIN_RETRY_SECONDS)
        else:
            alarm("credentials refused", f"platform:{name}", on=False)
            return bot

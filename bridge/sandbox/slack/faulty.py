"""How a call fails when a fault is on order."""

import asyncio
import math

from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Fault

SIGN_IN_PAGE = (
    "<!DOCTYPE html><html><head><title>Slack</title></head><body><h1>Sign in to Pretend Inc</h1></body></html>"
)
POLL_SECONDS = 0.05


def before(request: web.Request, fault: Fault) -> web.Response | None:
    """The answer of a call that fails before anything is done; None for faults that strike afterwards."""
    match fault.kind:
        case "lose_request":
            cut(request)
            return web.Response(status=500)
        case "status":
            return web.Response(status=int(fault.value), text="pretend trouble")
        case "rate_limited":
            headers = {"Retry-After": str(max(1, math.ceil(fault.value)))}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        case "html":
            return web.Response(text=SIGN_IN_PAGE, content_type="text/html")
        case _:
            return None


async def after(clock: SandboxClock, request: web.Request, fault: Fault) -> None:
    """Withhold the answer of a call that was carried out."""
    match fault.kind:
        case "lose_answer":
            cut(request)
        case "delay":
            await clock.sleep(fault.value)
        case "hang":
            await _until_given_up(request)
        case _:
            pass


def cut(request: web.Request) -> None:
    """Break the connection without a word."""
    if request.transport:
        request.transport.abort()


async def _until_given_up(request: web.Request) -> None:
    # aiohttp tells a handler nothing when the caller hangs up, so the connection is looked at now and then.
    while request.transport and not request.transport.is_closing():  # noqa: ASYNC110 - there is no event to await
        await asyncio.sleep(POLL_SECONDS)

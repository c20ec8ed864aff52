"""Sockets that open and then are of no use."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bridge.adapters.platforms.slack.connection import Timing
from bridge.adapters.platforms.slack.identity import Json
from bridge.adapters.platforms.slack.receiver import Backoff, Receiver
from bridge.sandbox.listening import listening
from tests.adapters.slack.conftest import eventually

QUICK = Timing(handshake=0.3, heartbeat=0.1, silence=0.3, drain=0.2, farewell=0.2, stable=0.0)


class Server:
    """Opens sockets, says ``greeting`` if any, and answers no ping."""

    def __init__(self, greeting: dict[str, str] | None) -> None:
        self.greeting = greeting
        self.opened = 0
        self.ended = 0
        self.tickets = 0

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        self.opened += 1
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        if self.greeting:
            await socket.send_json(self.greeting)
        async for _ in socket:
            pass
        self.ended += 1
        return socket


@asynccontextmanager
async def received(
    server: Server, timing: Timing, connected: Callable[[], Awaitable[None]] | None = None
) -> AsyncGenerator[asyncio.Task[None]]:
    app = web.Application()
    app.router.add_get("/", server.handle)

    async def ticket() -> str:
        server.tickets += 1
        return f"{url}/"

    async def take(kind: str, payload: Json) -> None:
        raise AssertionError(kind)

    async with listening(app, patience=0.1) as url, aiohttp.ClientSession() as session:
        backoff = Backoff(first=0.01, most=0.02)
        receiver = Receiver(ticket, lambda: session, take, connected=connected, timing=timing, backoff=backoff)
        task = asyncio.create_task(receiver.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    ("greeting", "timing"),
    [
        (None, QUICK),
        ({"type": "surprise"}, QUICK),
        ({"type": "disconnect", "reason": "too_many_websockets"}, QUICK),
        ({"type": "hello"}, QUICK),
        ({"type": "hello"}, Timing(heartbeat=60.0, silence=0.2, drain=0.2, farewell=0.2, stable=0.0)),
        ({"type": "hello"}, Timing(heartbeat=60.0, silence=60.0, lifetime=0.1, drain=0.2, farewell=0.2, stable=0.0)),
    ],
)
async def test_a_useless_socket_is_given_up_for_a_new_one(greeting: dict[str, str] | None, timing: Timing) -> None:
    server = Server(greeting)
    async with received(server, timing) as task:
        await eventually(lambda: server.opened >= 3)
        assert server.tickets >= server.opened
        assert not task.done()


async def test_a_socket_that_opens_as_the_receiver_is_stopped_is_closed() -> None:
    server, receiving = Server({"type": "hello"}), list[asyncio.Task[None]]()

    async def connected() -> None:
        receiving[0].cancel()
        await asyncio.sleep(0)

    async with received(server, Timing(), connected) as task:
        receiving.append(task)
        await asyncio.wait({task}, timeout=5)
        assert task.cancelled()
        await eventually(lambda: server.ended == 1)


def test_waiting_grows_to_a_bound_and_is_spread() -> None:
    backoff = Backoff(first=0.5, most=30.0)
    assert [backoff.after(failures, 1.0) for failures in (1, 2, 3, 10, 10_000)] == [0.5, 1.0, 2.0, 30.0, 30.0]
    assert backoff.after(10, 0.0) == 15.0

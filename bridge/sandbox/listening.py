"""Serving an application on loopback for a while."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

ACCEPT_TURNS = 3
"""Turns of the loop from taking a connection to the server's knowing of it: accept, task, connection made."""


@asynccontextmanager
async def listening(app: web.Application, port: int = 0, *, patience: float = 0.5) -> AsyncGenerator[str]:
    """Serve an application; gives its base address. ``patience``: seconds that requests in hand get at the end."""
    loop = asyncio.get_running_loop()
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=patience)
    await runner.setup()
    try:
        assert runner.server is not None  # noqa: S101 - made by setup
        listener = await loop.create_server(runner.server, "127.0.0.1", port)
        host, bound = listener.sockets[0].getsockname()
        try:
            yield f"http://{host}:{bound}"
        finally:
            for sock in listener.sockets:
                loop.remove_reader(sock.fileno())
            for _ in range(ACCEPT_TURNS):  # asyncio leaks a connection whose listener is closed within these
                await asyncio.sleep(0)
            listener.close()
    finally:
        await runner.cleanup()

"""Serving for a while: at its end no connection is left to nobody."""

import asyncio
import gc
import socket
import warnings

import pytest
from aiohttp import web

from bridge.sandbox import listening
from bridge.web import listener


async def connected_at_the_end(turns: int, door: str) -> socket.socket:
    """Connect so shortly before the end that the server takes the connection in its last turns."""
    sock = socket.socket()
    sock.setblocking(False)
    if door == "sandbox":
        async with listening.listening(web.Application()) as address:
            await _connect(sock, int(address.rpartition(":")[2]), turns)
    else:
        port = _free_port()
        async with listener.listening(web.Application(), "127.0.0.1", port):
            await _connect(sock, port, turns)
    for _ in range(2):  # what was closed is told so
        await asyncio.sleep(0)
    return sock


async def _connect(sock: socket.socket, port: int, turns: int) -> None:
    sock.connect_ex(("127.0.0.1", port))
    for _ in range(turns):
        await asyncio.sleep(0)


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.mark.parametrize("turns", range(6))
@pytest.mark.parametrize("door", ["sandbox", "bridge"])
def test_a_connection_of_the_last_moment_is_closed(door: str, turns: int) -> None:
    loop = asyncio.new_event_loop()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with loop.run_until_complete(connected_at_the_end(turns, door)):
            loop.close()
            gc.collect()
            assert [str(one.message) for one in warned] == []

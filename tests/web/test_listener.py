"""Connections that dawdle, come in crowds, or speak no HTTP."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from tests.flow.conftest import Entries, MakeWorld
from tests.flow.world import World

LIVE = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
async def world(make_sqlite_world: MakeWorld) -> AsyncIterator[World]:
    async with make_sqlite_world() as world:
        await world.start()
        yield world


@contextlib.asynccontextmanager
async def connection(world: World) -> AsyncGenerator[Ends]:
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def said(reader: asyncio.StreamReader) -> bytes:
    """All that is said until the other side hangs up."""
    async with asyncio.timeout(5):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def alive(ends: Ends) -> None:
    """Ask, and read the whole answer."""
    reader, writer = ends
    writer.write(LIVE)
    async with asyncio.timeout(5):
        assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(2) == b"ok"


@pytest.mark.parametrize("sent", [b"", b"POST /webh", b"POST /webhooks/main HTTP/1.1\r\nHost: x\r\nX-Sl"])
async def test_a_head_that_does_not_end_is_cut_off(world: World, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.web.listener.HEAD_SECONDS", 0.2)
    async with connection(world) as (reader, writer):
        writer.write(sent)
        assert await said(reader) == b""


async def test_a_dripping_head_is_cut_off_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.web.listener.HEAD_SECONDS", 0.3)
    async with connection(world) as (reader, writer):
        writer.write(b"GET /health/live HTTP/1.1\r\n")

        async def drip() -> None:
            while True:
                writer.write(b"X-More: y\r\n")
                await asyncio.sleep(0.05)

        dripping = asyncio.create_task(drip())
        assert await said(reader) == b""
        dripping.cancel()


async def test_an_idle_connection_is_kept_and_its_next_head_has_a_deadline_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.web.listener.HEAD_SECONDS", 0.2)
    async with connection(world) as (reader, writer):
        await alive((reader, writer))
        await asyncio.sleep(0.4)  # longer than a head may take
        await alive((reader, writer))
        writer.write(b"GET /health/live HTTP/1.1\r\n")
        assert await said(reader) == b""


async def test_what_is_no_http_is_refused_in_a_word(
    world: World, logged: Entries, caplog: pytest.LogCaptureFixture
) -> None:
    for sent in (
        b"POST /webhooks/main HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
        b"POST /webhooks/main HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 9000 + b"\r\n\r\n",
        b"\x16\x03\x01 not http at all\r\n\r\n",
        b"GET / HTTP/9.9\r\nsecretheader\x00: x\r\n\r\n",
        b"POST /webhooks/main HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    ):
        async with connection(world) as (reader, writer):
            writer.write(sent)
            head, _, body = (await said(reader)).partition(b"\r\n\r\n")
        assert b" 400 " in head.splitlines()[0], sent[:40]
        assert body in (b"bad request", b"bad request: address or header too long"), body
        assert b"aiohttp" not in head
    assert "secretheader" not in str(logged)
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_connection_too_many_is_told_to_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.stop()
    monkeypatch.setattr("bridge.web.listener.CONNECTIONS_LIMIT", 2)
    await world.start()
    async with connection(world) as first, connection(world) as second:
        await alive(first)
        await alive(second)
        async with connection(world) as (reader, _):
            answer = await said(reader)
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert answer.endswith(b"try again")
    await world.until_async(lambda: answers(world))


async def answers(world: World) -> bool:
    """Whether there is room again."""
    with contextlib.suppress(AssertionError, asyncio.IncompleteReadError):
        async with connection(world) as ends:
            await alive(ends)
            return True
    return False

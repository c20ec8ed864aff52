"""Where connections come in: bounded in number, and in how long the head of a request may take."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncGenerator, Generator
from functools import partial
from typing import cast

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from bridge.observability import REFUSED, log

HEAD_SECONDS = 10.0
"""From the first sign of a request, or the connection, to the end of its headers."""
KEEPALIVE_SECONDS = 75.0
SHUTDOWN_SECONDS = 5.0
CONNECTIONS_LIMIT = 4000
ACCEPT_TURNS = 3
"""Turns of the loop from taking a connection to the server's knowing of it: accept, task, connection made."""
FILES_KEPT_BACK = 200
"""Open files for the database, the vendors and the rest, which connections from outside may not use up."""
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntry again"


@contextlib.asynccontextmanager
async def listening(application: web.Application, host: str, port: int) -> AsyncGenerator[None]:
    """Take connections while inside. Raises ``OSError`` when the address cannot be used."""
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        assert runner.server is not None  # noqa: S101 - made by setup
        serve = partial(_protocol, runner.server, _room())
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(serve, host or None, port, backlog=1024)
        try:
            yield
        finally:
            for sock in listener.sockets:
                loop.remove_reader(sock.fileno())
            for _ in range(ACCEPT_TURNS):  # asyncio leaks a connection whose listener is closed within these
                await asyncio.sleep(0)
            listener.close()
    finally:
        await runner.cleanup()


@contextlib.contextmanager
def in_hand(request: web.Request) -> Generator[None]:
    """Tell the connection that a request's head is complete; until the block ends its deadline does not run."""
    connection = request.protocol
    if not isinstance(connection, Connection):
        yield
        return
    connection.begin()
    try:
        yield
    finally:
        connection.end()


def _room() -> int:
    """Return how many connections may be open at once."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return CONNECTIONS_LIMIT
    return max(1, min(CONNECTIONS_LIMIT, files - FILES_KEPT_BACK))


def _protocol(server: web.Server, room: int) -> asyncio.Protocol:
    if len(server.connections) < room:
        return Connection(server)
    return _TurnedAway()


class _TurnedAway(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so and hang up."""
        REFUSED.labels("connection", "overload").inc()
        stream = cast("asyncio.WriteTransport", transport)
        stream.write(_FULL)
        stream.close()


class Connection(web.RequestHandler):
    """One connection. Its sender may idle between requests, but not dawdle within the head of one."""

    def __init__(self, server: web.Server) -> None:
        """Belongs to ``server``, which closes it at the end."""
        loop = asyncio.get_running_loop()
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # pyright: ignore[reportArgumentType] - how the library says "no log"
            keepalive_timeout=KEEPALIVE_SECONDS,
        )
        self._deadline: asyncio.TimerHandle | None = None
        self._in_hand = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, not for ever."""
        super().connection_made(transport)
        self._start_deadline()

    def data_received(self, data: bytes) -> None:
        """Take what came; the first bytes of a request start its deadline."""
        if not self._in_hand:
            self._start_deadline()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Nothing is waited for any more."""
        self._stop_deadline()
        super().connection_lost(exc)

    def begin(self) -> None:
        """A request's head is complete."""
        self._in_hand += 1
        self._stop_deadline()

    def end(self) -> None:
        """A request was handled."""
        self._in_hand -= 1

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what could not be read, without what the parser thinks of it, and hang up."""
        del request, message  # they hold what the sender wrote
        REFUSED.labels("connection", "unreadable").inc()
        log().warning("request unreadable", status=status, error=type(exc).__name__)
        answer = _Nameless(status=status, text=_word(status, exc))
        answer.force_close()
        return answer

    def _start_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._cut_off)

    def _stop_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _cut_off(self) -> None:
        self._deadline = None
        REFUSED.labels("connection", "slow").inc()
        self.force_close()


class _Nameless(web.Response):
    """An answer outside of the application, without which versions of what run here."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        self.headers.pop("Server", None)


def _word(status: int, problem: BaseException | None) -> str:
    if isinstance(problem, LineTooLong):
        return "bad request: address or header too long"
    return "bad request" if status == 400 else "internal error"  # noqa: PLR2004 - HTTP

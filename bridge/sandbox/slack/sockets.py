"""Socket Mode: single-use tickets, up to ten connections, envelopes to any one of them."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bridge.sandbox.slack.journal import Change, Json
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.transport import Answer, Envelope, failed

AWAY = "no_connection"
MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
LIFETIME_SECONDS = 18_060.0
DEBUG_LIFETIME_SECONDS = 360.0
WARNING_SECONDS = 10.0


@dataclass(slots=True, eq=False)
class Connection:
    """One open socket: frames to send (None closes it) and envelopes it has not acknowledged."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    outgoing: asyncio.Queue[Json | None] = field(default_factory=asyncio.Queue[Json | None])
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict[str, asyncio.Future[Answer]])
    ageing: asyncio.Task[None] | None = None


class Sockets:
    """Every open connection of the app."""

    late = "timeout"

    def __init__(self, state: State) -> None:
        """Start without connections."""
        self._state = state
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self.link_disabled = False
        self.refuse_handshakes = 0
        self.handshakes = 0

    @property
    def open_count(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    def ticket_url(self) -> str:
        """An address that opens one connection, once, within thirty seconds."""
        ticket = self._state.secret(32)
        self._tickets[ticket] = self._state.clock.timestamp() + TICKET_SECONDS
        return f"{self._state.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._state.app_id}"

    def start(self, envelope: Envelope) -> asyncio.Future[Answer]:
        """Send an envelope to a random connection."""
        if not self._connections:
            return failed(AWAY)
        connection = self._state.random.choice(self._connections)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope.id] = future
        future.add_done_callback(lambda _: connection.waiting.pop(envelope.id, None))
        connection.outgoing.put_nowait(_frame(envelope))
        return future

    def refresh(self, *, warn: bool = True) -> None:
        """Ask every connection to reconnect and close it; ``warn`` announces it ten seconds of sandbox time ahead."""
        for connection in list(self._connections):
            if warn:
                self._schedule_end(connection, WARNING_SECONDS)
            else:
                self._dismiss(connection, "refresh_requested")

    def disconnect(self, reason: str) -> None:
        """Close every connection with this reason."""
        for connection in list(self._connections):
            self._dismiss(connection, reason)

    def cut(self) -> None:
        """Break every connection without a word."""
        for connection in list(self._connections):
            self._forget(connection)
            if connection.transport:
                connection.transport.abort()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve ``GET /link/``."""
        self.handshakes += 1
        expires = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if self.refuse_handshakes > 0:
            self.refuse_handshakes -= 1
            return web.Response(status=503, text="try again")
        if expires < self._state.clock.timestamp():
            return web.Response(status=401, text="invalid ticket")
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        connection = Connection(socket, request.transport)
        debug = request.query.get("debug_reconnects") == "true"
        lifetime = DEBUG_LIFETIME_SECONDS if debug else LIFETIME_SECONDS
        writer = asyncio.ensure_future(self._write(connection))
        self._schedule_end(connection, lifetime)
        try:
            self._welcome(connection, lifetime)
            await self._read(connection)
        finally:
            self._forget(connection)
            writer.cancel()
            if connection.ageing:
                connection.ageing.cancel()
            await socket.close()
        return socket

    def _welcome(self, connection: Connection, lifetime: float) -> None:
        if self.link_disabled:
            self._dismiss(connection, "link_disabled")
        elif len(self._connections) >= MOST_CONNECTIONS:
            self._dismiss(connection, "too_many_websockets")
        else:
            self._connections.append(connection)
            connection.outgoing.put_nowait(self._hello(lifetime))
            self._state.feed.publish(Change("connection", data={"open": self.open_count}))

    def _hello(self, lifetime: float) -> Json:
        return {
            "type": "hello",
            "num_connections": self.open_count,
            "connection_info": {"app_id": self._state.app_id},
            "debug_info": {"host": "applink-0", "build_number": 1, "approximate_connection_time": int(lifetime)},
        }

    async def _read(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(connection, message.data)

    def _acknowledged(self, connection: Connection, text: str) -> None:
        try:
            frame: Json = json.loads(text)
            envelope_id, payload = frame["envelope_id"], frame.get("payload")
        except (ValueError, TypeError, KeyError, AttributeError):
            self._state.violate("socket", "a frame without envelope_id")
            return
        holders = [connection, *self._connections]
        future = next((one.waiting[envelope_id] for one in holders if envelope_id in one.waiting), None)
        if future and not future.done():
            future.set_result(Answer(acknowledged=True, payload=payload or None))

    async def _write(self, connection: Connection) -> None:
        with contextlib.suppress(ConnectionError):
            while (frame := await connection.outgoing.get()) is not None:
                await connection.socket.send_str(json.dumps(frame, ensure_ascii=False))
            await connection.socket.close()

    async def _age(self, connection: Connection, lifetime: float) -> None:
        await self._state.clock.sleep(lifetime - WARNING_SECONDS)
        connection.outgoing.put_nowait(_disconnect("warning"))
        await self._state.clock.sleep(WARNING_SECONDS)
        self._dismiss(connection, "refresh_requested")

    def _schedule_end(self, connection: Connection, lifetime: float) -> None:
        if connection.ageing:
            connection.ageing.cancel()
        connection.ageing = asyncio.ensure_future(self._age(connection, lifetime))

    def _dismiss(self, connection: Connection, reason: str) -> None:
        self._forget(connection)
        connection.outgoing.put_nowait(_disconnect(reason))
        connection.outgoing.put_nowait(None)

    def _forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self._state.feed.publish(Change("connection", data={"open": self.open_count}))


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-0"}}


def _frame(envelope: Envelope) -> Json:
    frame: Json = {
        "envelope_id": envelope.id,
        "type": envelope.kind,
        "payload": envelope.payload,
        "accepts_response_payload": envelope.kind != "events_api",
    }
    if envelope.kind == "events_api":
        frame |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
    return frame

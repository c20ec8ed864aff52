"""One Socket Mode connection from its greeting to its end."""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp

from bridge.adapters.platforms.slack.identity import Json, mapping, text
from bridge.observability import log

KINDS = frozenset({"events_api", "interactive", "slash_commands"})
_ENDED = frozenset(
    {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds, and sizes. ``silence``: no frame and no pong for so long means the socket is dead.

    ``lifetime``: replaced after so long even when Slack does not ask. ``farewell``: how long a socket Slack has given
    up may still deliver. ``drain``: how long what is being stored may take when a socket ends. ``stable``: one that
    lasted so long had no trouble. ``concurrency``: envelopes stored at once; beyond that nothing more is read.
    """

    handshake: float = 15.0
    heartbeat: float = 15.0
    silence: float = 45.0
    lifetime: float = 7_200.0
    farewell: float = 15.0
    drain: float = 5.0
    stable: float = 5.0
    concurrency: int = 64
    frame_bytes: int = 16 * 1024 * 1024


class Dismissed(Exception):
    """Slack ended the connection instead of saying hello; ``reason`` is Slack's word for why, empty if it gave none."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason or "no hello")
        self.reason = reason


class Socket:
    """Reads envelopes, stores each, and acknowledges it here and nowhere else."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        take: Callable[[str, Json], Awaitable[Json | None]],
        timing: Timing,
    ) -> None:
        """``take`` raises when an envelope could not be stored; then it is not acknowledged and comes again."""
        self._socket = socket
        self._take = take
        self._timing = timing
        self._room = asyncio.Semaphore(timing.concurrency)
        self._storing: set[asyncio.Task[None]] = set()
        self._retired = asyncio.Event()
        self.leaving = asyncio.Event()
        self._opened = time.monotonic()
        self._told_to_leave = False
        self._useful = False

    @property
    def sound(self) -> bool:
        """Whether it delivered anything or lasted a while."""
        return self._useful or time.monotonic() - self._opened >= self._timing.stable

    async def greeted(self) -> None:
        """Return once Slack said hello. Raises ``Dismissed`` when it says anything else."""
        frame = await self._frame()
        if frame is None or frame.get("type") != "hello":
            raise Dismissed(text(frame or {}, "reason"))

    def retire(self) -> None:
        """A successor is open: finish what is begun, then close."""
        self._retired.set()

    async def serve(self) -> None:
        """Read until the connection ends, is retired, or falls silent; then finish what is being stored."""
        reading = asyncio.create_task(self._read())
        retiring = asyncio.create_task(self._retired.wait())
        ageing = asyncio.create_task(self._age())
        try:
            await asyncio.wait({reading, retiring}, return_when=asyncio.FIRST_COMPLETED)
            if self._told_to_leave:  # Slack closes behind its last frame: nothing it sent is missed
                await asyncio.wait({reading}, timeout=self._timing.farewell)
            if reading.done():
                reading.result()
        finally:
            self.leaving.set()
            await self._end(reading, retiring, ageing)

    async def _end(self, *tasks: asyncio.Task[object]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._storing:
            await asyncio.wait(self._storing, timeout=self._timing.drain)
        for task in self._storing:
            task.cancel()
        await self.close()

    async def close(self) -> None:
        """Close the connection, whatever was begun on it."""
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with asyncio.timeout(self._timing.drain):
                await self._socket.close()

    async def _age(self) -> None:
        await asyncio.sleep(self._timing.lifetime)
        self.leaving.set()

    async def _read(self) -> None:
        while (frame := await self._frame()) is not None:
            kind = text(frame, "type")
            if kind == "disconnect":
                log().info("slack asks for another socket", reason=text(frame, "reason"))
                self._told_to_leave = True
                self.leaving.set()
            elif kind in KINDS:
                self._useful = True
                await self._room.acquire()
                task = asyncio.create_task(self._store(kind, frame))
                self._storing.add(task)
                task.add_done_callback(self._stored)

    async def _frame(self) -> Json | None:
        """The next frame, None at the end. Slack's pings and our own pongs count against silence."""
        while True:
            message = await self._socket.receive(timeout=self._timing.silence)
            if message.type in _ENDED:
                return None
            if message.type is aiohttp.WSMsgType.TEXT:
                with contextlib.suppress(ValueError, RecursionError):
                    return mapping(json.loads(message.data))

    async def _store(self, kind: str, frame: Json) -> None:
        envelope = text(frame, "envelope_id")
        try:
            answer = await self._take(kind, mapping(frame.get("payload")))
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the envelope is not stored and must come again
            log().warning("slack envelope not stored, so not acknowledged", kind=kind, error=type(error).__name__)
            return
        with contextlib.suppress(aiohttp.ClientError, ConnectionError, RuntimeError):  # gone: Slack sends it again
            await self._socket.send_str(json.dumps({"envelope_id": envelope} | ({"payload": answer} if answer else {})))

    def _stored(self, task: asyncio.Task[None]) -> None:
        self._storing.discard(task)
        self._room.release()

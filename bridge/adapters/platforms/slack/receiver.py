"""Socket Mode: a socket that is always there, and an acknowledgement only for what is stored.

Every attempt takes a fresh ticket, the next socket is open before the last one is closed, an acknowledgement leaves by
the socket its envelope came by, and a silent socket is given up.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

import aiohttp

from bridge.adapters.platforms.slack.connection import Dismissed, Socket, Timing
from bridge.adapters.platforms.slack.identity import Json
from bridge.observability import alarm, log
from bridge.ports.errors import CredentialsRejected, SendDeferred

Take = Callable[[str, Json], Awaitable[Json | None]]
"""Stores a payload of an envelope type, or answers one; raises when it could not. Returns what to acknowledge with."""
LINK_DISABLED = "link_disabled"
ALARM = "no events arrive"
ALARM_AFTER = 5


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds between attempts: doubling from ``first`` to ``most``, each shortened by chance to at least half."""

    first: float = 0.5
    most: float = 30.0
    refused: float = 60.0

    def after(self, failures: int, chance: float) -> float:
        """How long to wait after so many failures in a row; ``chance`` is 0..1."""
        return min(self.first * 2 ** min(failures - 1, 16), self.most) * (0.5 + chance / 2)


class Receiver:
    """Keeps one socket open, two while one is replaced."""

    def __init__(
        self,
        open_ticket: Callable[[], Awaitable[str]],
        session: Callable[[], aiohttp.ClientSession],
        take: Take,
        *,
        connected: Callable[[], Awaitable[None]] | None = None,
        timing: Timing | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        """``open_ticket`` gives the address of a new connection, good once. ``connected``: told of each."""
        self._open_ticket = open_ticket
        self._session = session
        self._take = take
        self._connected = connected
        self._timing = timing or Timing()
        self._backoff = backoff or Backoff()
        self._chance = Random()  # noqa: S311 - spreads attempts, guards nothing
        self._failures = 0
        self._unserved: set[Socket] = set()
        """Sockets nobody closes yet: a task that is cancelled before its first step does nothing at all."""

    async def run(self) -> None:
        """Receive until cancelled; what is being stored then is still acknowledged."""
        try:
            async with asyncio.TaskGroup() as sockets:
                await self._keep_one(sockets)
        finally:
            for socket in self._unserved:
                await socket.close()

    async def _keep_one(self, sockets: asyncio.TaskGroup) -> None:
        last: Socket | None = None
        while True:
            socket = await self._connect()
            self._unserved.add(socket)
            alarm(ALARM, "slack", on=False)
            if self._connected is not None:
                await self._connected()
            if last is not None:
                last.retire()
            sockets.create_task(self._serve(socket))
            await socket.leaving.wait()
            last = socket
            await self._pause(socket)

    async def _connect(self) -> Socket:
        """A socket that has said hello; tries for as long as it takes."""
        while True:
            try:
                async with asyncio.timeout(self._timing.handshake):
                    return await self._attempt()
            except CredentialsRejected as error:
                log().error("slack refuses the app token", reason=str(error))
                alarm(ALARM, "slack", on=True)
                await self._wait(self._backoff.refused)
            except Dismissed as error:
                await self._dismissed(error.reason)
            except SendDeferred as error:
                log().warning("no ticket for a slack socket", reason=error.reason, failures=self._failures)
                await self._wait(error.retry_after or 0.0)
            except Exception as error:  # noqa: BLE001 - whatever happened, only another attempt can help
                log().warning("slack socket did not open", error=type(error).__name__, failures=self._failures)
                await self._wait(0.0)

    async def _dismissed(self, reason: str) -> None:
        if reason == LINK_DISABLED:
            log().error("socket mode is switched off in the app's settings; switch it on again")
            alarm(ALARM, "slack", on=True)
        else:
            log().warning("slack takes no socket now", reason=reason, failures=self._failures)
        await self._wait(0.0)

    async def _attempt(self) -> Socket:
        address = await self._open_ticket()
        opened = await self._session().ws_connect(
            address, heartbeat=self._timing.heartbeat, max_msg_size=self._timing.frame_bytes, proxy=None
        )
        socket = Socket(opened, self._take, self._timing)
        try:
            await socket.greeted()
        except BaseException:
            with contextlib.suppress(Exception):
                await opened.close()
            raise
        return socket

    async def _serve(self, socket: Socket) -> None:
        self._unserved.discard(socket)
        try:
            await socket.serve()
        except Exception as error:  # noqa: BLE001 - this socket is over, the next one is on its way
            log().warning("slack socket broke", error=type(error).__name__)
        finally:
            socket.leaving.set()

    async def _pause(self, socket: Socket) -> None:
        """Hold on only when the socket ended at once: another like it would follow."""
        if socket.sound:
            self._failures = 0
        else:
            await self._wait(0.0)

    async def _wait(self, at_least: float) -> None:
        self._failures += 1
        if self._failures == ALARM_AFTER:
            alarm(ALARM, "slack", on=True)
        await asyncio.sleep(max(at_least, self._backoff.after(self._failures, self._chance.random())))

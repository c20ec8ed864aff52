"""Keeps every open page up to date: a whole picture when it connects, and a new one whenever something changed."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from bridge.sandbox.acts.base import Stage
from bridge.sandbox.process import StripRow
from bridge.sandbox.view import first_person, page_view

SHORTEST_PAUSE = 0.1
"""Seconds between two pictures."""
LOOK_AGAIN = 1.0
"""Seconds after which the bridge's own records are read again without any other change."""
log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Watcher:
    """One open page; ``user`` is the teammate whose Slack it shows."""

    socket: web.WebSocketResponse
    user: str
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Watching:
    """All open pages."""

    def __init__(self, stage: Stage) -> None:
        """Nobody watches yet."""
        self._stage = stage
        self._watchers: set[Watcher] = set()
        self._changed = asyncio.Event()
        self._strip: list[StripRow] = []
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Follow both worlds and the bridge."""
        loop = asyncio.get_running_loop()
        work: list[Coroutine[Any, Any, None]] = [self._follow_slack(), self._follow_twilio(), self._follow_bridge()]
        self._tasks = [loop.create_task(one) for one in work]
        self._stage.keeper.on_change(self.touch)
        if self._stage.matrix is not None:
            self._stage.matrix.keeper.on_change(self.touch)

    async def close(self) -> None:
        """Send everyone away and stop following."""
        for watcher in list(self._watchers):
            with contextlib.suppress(ConnectionError):
                await watcher.socket.close(code=WSCloseCode.GOING_AWAY)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def touch(self) -> None:
        """Something changed: every page gets a new picture soon."""
        self._changed.set()
        for watcher in self._watchers:
            watcher.changed.set()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Show one page what happens until it goes; it may say ``{"user": id}`` to see another teammate's Slack."""
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        watcher = Watcher(socket, first_person(self._stage))
        self._watchers.add(watcher)
        self.touch()
        sending = asyncio.get_running_loop().create_task(self._send(watcher))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._heard(watcher, frame.data)
        finally:
            self._watchers.discard(watcher)
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
        return socket

    def _heard(self, watcher: Watcher, text: str) -> None:
        try:
            said: Any = json.loads(text)
            watcher.user = self._stage.slack.user(said["user"]).id
        except (ValueError, KeyError, TypeError, AttributeError):
            return
        watcher.changed.set()

    async def _send(self, watcher: Watcher) -> None:
        shown = ""
        while True:
            await watcher.changed.wait()
            watcher.changed.clear()
            picture = json.dumps(page_view(self._stage, watcher.user, self._strip), separators=(",", ":"))
            if picture != shown:
                try:
                    await watcher.socket.send_str(picture)
                except ConnectionError:
                    return
                shown = picture
            await asyncio.sleep(SHORTEST_PAUSE)

    async def _follow_slack(self) -> None:
        async for _ in self._stage.slack.subscribe():
            self.touch()

    async def _follow_twilio(self) -> None:
        async for _ in self._stage.twilio.subscribe():
            self._stage.trouble.next_text.look()
            self.touch()

    async def _follow_bridge(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):  # not wait_for: on 3.11 it may swallow a cancellation
                    await self._changed.wait()
            self._changed.clear()
            self._stage.keeper.state()
            if self._watchers:
                await self._read_strip()
            await asyncio.sleep(SHORTEST_PAUSE)

    async def _read_strip(self) -> None:
        try:
            rows = list(await self._stage.keeper.process.strip())
        except Exception:  # the page goes on showing what it has; the bridge may be half started
            log.warning("the bridge's records cannot be read just now", exc_info=True)
            return
        if rows != self._strip:
            self._strip = rows
        for watcher in self._watchers:
            watcher.changed.set()

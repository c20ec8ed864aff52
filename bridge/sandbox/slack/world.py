"""The pretend workspace as one object."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.listening import listening
from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.control import add_control_routes
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.people import People
from bridge.sandbox.slack.snapshot import snapshot
from bridge.sandbox.slack.web import BODY_BYTES, add_routes


class SlackWorld(Backend):
    """All state of the pretend Slack, what people do in it, and how it is served. See README.md beside this file."""

    def __init__(
        self, clock: SandboxClock, *, faults: Faults | None = None, seed: int = 1, strict: bool = True
    ) -> None:
        """One workspace with one installed app and nobody in it yet."""
        super().__init__(clock, faults=faults, seed=seed, strict=strict)
        self.people = People(self, self.talk, self.delivery, self.interactions, self.responses)

    def bind(self, base_url: str) -> None:
        """Hand out addresses under this one from now on."""
        self.base_url = base_url.rstrip("/")

    def add_routes(self, app: web.Application) -> None:
        """Add every address, and those of the page under ``/control/slack/``, to an application."""
        add_routes(app, self)
        add_control_routes(app, self, self.people)
        app.on_shutdown.append(self._shut_down)

    def application(self) -> web.Application:
        """An application with every address; call ``bind`` once its own address is known."""
        app = web.Application(client_max_size=BODY_BYTES)
        self.add_routes(app)
        return app

    def snapshot(self, user: str) -> Json:
        """Everything that user sees, as JSON."""
        return snapshot(self, self.user(user))

    async def close(self) -> None:
        """Give up deliveries under way and close connections."""
        self.sockets.cut()
        await self.delivery.close()
        await self.http.close()

    async def _shut_down(self, _app: web.Application) -> None:
        await self.close()


@asynccontextmanager
async def serve(world: SlackWorld, port: int = 0) -> AsyncGenerator[str]:
    """Serve a world on loopback; gives and binds its base address."""
    async with listening(world.application(), port) as url:
        world.bind(url)
        yield url

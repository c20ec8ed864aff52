"""A small app on the other side of Socket Mode and HTTP, to see what the pretend Slack sends."""

import asyncio
from typing import Any
from urllib.parse import parse_qs

import aiohttp
from aiohttp import web
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.world import SlackWorld

Frame = dict[str, Any]


class SocketApp:
    """One Socket Mode connection that keeps every frame and acknowledges when told to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.frames: list[Frame] = []

    async def next(self) -> Frame:
        async with asyncio.timeout(5):
            frame: Frame = await self._socket.receive_json()
        self.frames.append(frame)
        return frame

    async def ack(self, frame: Frame, payload: Frame | None = None) -> None:
        answer: Frame = {"envelope_id": frame["envelope_id"]}
        await self._socket.send_json(answer | ({"payload": payload} if payload else {}))

    async def event(self) -> Frame:
        """The next event, acknowledged."""
        frame = await self.next()
        await self.ack(frame)
        return frame["payload"]["event"]

    async def events(self, count: int) -> list[Frame]:
        return [await self.event() for _ in range(count)]

    async def closed(self) -> bool:
        async with asyncio.timeout(5):
            kind = (await self._socket.receive()).type
        return kind in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


class Sockets:
    """Opens Socket Mode connections the way an app does."""

    def __init__(self, session: aiohttp.ClientSession, client: AsyncWebClient, world: SlackWorld) -> None:
        self._session, self._client, self._world = session, client, world

    async def ticket(self) -> str:
        answer = await self._client.apps_connections_open(app_token=self._world.app_token)
        return str(answer["url"])

    async def connect(self, query: str = "", *, hello: bool = True) -> SocketApp:
        app = SocketApp(await self._session.ws_connect(await self.ticket() + query))
        if hello:
            assert (await app.next())["type"] == "hello"
        return app


class _SandboxNow(Clock):
    """slack_sdk's clock, in sandbox time."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world

    def now(self) -> float:
        return self._world.clock.timestamp()


class HttpApp:
    """A signature-checking HTTP app whose answers a test prepares; it keeps what it was sent."""

    def __init__(self, world: SlackWorld) -> None:
        self._verifier = SignatureVerifier(world.signing_secret, clock=_SandboxNow(world))
        self.requests: list[tuple[str, dict[str, str], Frame]] = []
        self.answers: list[web.Response] = []
        self.arrived = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        assert self._verifier.is_valid_request(text, dict(request.headers))
        json_body = request.content_type == "application/json"
        body = await request.json() if json_body else {key: value[0] for key, value in parse_qs(text).items()}
        if body.get("type") == "url_verification":
            return web.Response(text=body["challenge"])
        self.requests.append((request.path, dict(request.headers), body))
        self.arrived.set()
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> tuple[str, dict[str, str], Frame]:
        async with asyncio.timeout(5):
            while not self.requests:
                self.arrived.clear()
                await self.arrived.wait()
        return self.requests.pop(0)

"""A proxy in front of a homeserver that loses answers, refuses, or answers nonsense when asked to."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from yarl import URL

_HOP = {"transfer-encoding", "connection", "content-encoding", "content-length", "keep-alive"}


@dataclass
class Fault:
    """What happens to the next ``times`` requests whose ``METHOD path`` matches.

    ``status`` 0: the request is carried out and its answer lost; ``status`` -1: the connection is cut before that.
    """

    where: str
    status: int
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    times: int = 1


@dataclass
class Proxy:
    """Where it listens, what goes wrong, and what passed: ``METHOD path``."""

    url: str = ""
    faults: list[Fault] = field(default_factory=list[Fault])
    seen: list[str] = field(default_factory=list[str])

    def count(self, where: str) -> int:
        """How many requests matched."""
        return sum(bool(re.search(where, one)) for one in self.seen)

    def next_fault(self, request: str) -> Fault | None:
        """The fault this request suffers, used up by it."""
        for fault in self.faults:
            if fault.times and re.search(fault.where, request):
                fault.times -= 1
                return fault
        return None


@asynccontextmanager
async def faulty(behind: str, port: int = 0) -> AsyncGenerator[Proxy]:
    """Pass everything on to ``behind``, apart from what is told to go wrong. ``port``: where to listen; 0: anywhere."""
    proxy = Proxy()
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def handle(request: web.Request) -> web.StreamResponse:
            line = f"{request.method} {request.raw_path}"
            proxy.seen.append(line)
            fault = proxy.next_fault(line)
            if fault is not None and fault.status > 0:
                return web.Response(status=fault.status, text=fault.body, headers=fault.headers)
            if fault is None or fault.status == 0:
                headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
                data = await request.read()
                address = URL(behind + request.raw_path, encoded=True)
                try:
                    async with session.request(request.method, address, data=data, headers=headers) as answer:
                        body = await answer.read()
                except aiohttp.ClientError:  # the homeserver is away
                    return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
                if fault is None:
                    kept = {name: value for name, value in answer.headers.items() if name.lower() not in _HOP}
                    return web.Response(status=answer.status, body=body, headers=kept)
            if request.transport is not None:  # whoever asked may be gone
                request.transport.abort()
            return web.Response()

        application = web.Application(client_max_size=20_000_000)
        application.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield proxy
        finally:
            await runner.cleanup()

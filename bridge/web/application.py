"""The aiohttp application. It answers in one word and never with a traceback."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from bridge.observability import REFUSED, log, metrics_text
from bridge.pipeline.intake import Intake, UnknownAccount
from bridge.ports.clock import Clock
from bridge.ports.errors import WebhookRejected
from bridge.ports.platform import HttpRequest, Platform, TakesHttp
from bridge.ports.provider import MediaContent, WebhookRequest
from bridge.ports.store import Store, StoreUnavailable
from bridge.web.disposition import disposition
from bridge.web.links import MediaLinks
from bridge.web.listener import in_hand

BODY_LIMIT = 1024 * 1024
BODY_SECONDS = 10.0
WAITING_LIMIT = 2000
"""Requests in hand at once; more are told to come back rather than to wait past the sender's patience."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the HTTP side needs. ``ready``: (is it, facts to show)."""

    intake: Intake
    platforms: Mapping[str, Platform]
    store: Store
    links: MediaLinks
    public_url: str
    ready: Callable[[], Awaitable[tuple[bool, Mapping[str, object]]]]
    clock: Clock


def make_application(door: Door) -> web.Application:
    """Return the application with all its paths."""
    pages = _Pages(door)
    longest = max([BODY_LIMIT, *(platform.capabilities.http_limit for platform in door.platforms.values())])
    application = web.Application(client_max_size=longest, middlewares=[_calm])
    application.add_routes(
        [
            web.post("/webhooks/{account}", pages.webhook),
            web.route("*", "/platforms/{platform}", pages.platform),
            web.route("*", "/platforms/{platform}/{rest:.*}", pages.platform),
            web.get("/health/live", pages.live),
            web.get("/health/ready", pages.ready),
            web.get("/metrics", pages.metrics),
            web.get("/media/{token}", pages.media),
        ]
    )
    application.on_response_prepare.append(_nameless)
    return application


async def _nameless(_request: web.Request, answer: web.StreamResponse) -> None:
    """Leave out which versions of what run here."""
    answer.headers.pop("Server", None)


@web.middleware
async def _calm(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what went wrong into one word; the sender learns nothing else."""
    try:
        with in_hand(request):
            return await handler(request)
    except web.HTTPException as problem:
        return web.Response(status=problem.status, text=problem.reason, headers=_only_allow(problem))
    except StoreUnavailable as problem:
        log().error("nothing can be stored", error=str(problem))
        return web.Response(status=503, text="try again", headers={"Retry-After": "5"})
    except TimeoutError:
        return web.Response(status=408, text="too slow")
    except (ConnectionError, asyncio.IncompleteReadError, web.RequestPayloadError):
        return web.Response(status=400, text="bad request")
    except Exception as problem:  # noqa: BLE001 - nothing of it may reach the sender
        log().error("request failed", method=request.method, error=type(problem).__name__)
        return web.Response(status=500, text="internal error")


def _only_allow(problem: web.HTTPException) -> dict[str, str]:
    return {name: value for name, value in problem.headers.items() if name == "Allow"}


class _Pages:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._waiting = 0

    async def webhook(self, request: web.Request) -> web.Response:
        """``POST /webhooks/{account}``: verified, stored, then answered."""
        if self._waiting >= WAITING_LIMIT:
            REFUSED.labels("provider", "overload").inc()
            return web.Response(status=503, text="try again", headers={"Retry-After": "1"})
        self._waiting += 1
        try:
            incoming = WebhookRequest(
                request.method,
                self._door.public_url + request.raw_path,
                {name.lower(): value for name, value in request.headers.items()},
                await _body(request),
            )
            status, content_type, body = await self._door.intake.webhook(request.match_info["account"], incoming)
        except UnknownAccount:
            return web.Response(status=404, text="not found")
        except WebhookRejected as problem:
            log().warning("webhook refused", account=request.match_info["account"], why=str(problem))
            return web.Response(status=403, text="forbidden")
        finally:
            self._waiting -= 1
        return web.Response(status=status, body=body.encode(), content_type=content_type or None)

    async def platform(self, request: web.Request) -> web.Response:
        """``/platforms/{platform}``: a platform's own requests."""
        name = request.match_info["platform"]
        platform = self._door.platforms.get(name)
        if not isinstance(platform, TakesHttp):
            return web.Response(status=404, text="not found")
        incoming = HttpRequest(
            request.method,
            request.raw_path,
            {key.lower(): value for key, value in request.headers.items()},
            await _body(request, platform.capabilities.http_limit),
        )
        reply = await platform.handle_http(incoming, self._door.intake.chat(name))
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)

    async def live(self, _request: web.Request) -> web.Response:
        """``GET /health/live``: the process answers."""
        return web.Response(text="ok")

    async def ready(self, _request: web.Request) -> web.Response:
        """``GET /health/ready``: the database answers and is of this version; how old the oldest open rows are."""
        good, facts = await self._door.ready()
        return web.json_response({"ready": good, **facts}, status=200 if good else 503, dumps=_plain_json)

    async def metrics(self, _request: web.Request) -> web.Response:
        """``GET /metrics``: Prometheus' text form."""
        return web.Response(body=metrics_text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def media(self, request: web.Request) -> web.Response:
        """``GET /media/{token}``: our own copy of an outgoing medium, for the provider to fetch."""
        stored = self._door.links.read(request.match_info["token"], self._door.clock())
        content: MediaContent | None = None
        if stored is not None:
            content = await self._door.store.transact(lambda unit: unit.get_media(stored))
        if content is None:
            return web.Response(status=404, text="not found")
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": disposition(content.content_type, content.name),
        }
        return web.Response(body=content.data, content_type=content.content_type, headers=headers)


async def _body(request: web.Request, limit: int = BODY_LIMIT) -> bytes:
    if (told := request.content_length or 0) > limit:  # the library would wait for it before it refuses
        raise web.HTTPRequestEntityTooLarge(limit, told)
    if request.content.is_eof():  # it came along with its header, as nearly all do
        return await _whole(request, limit)
    async with asyncio.timeout(BODY_SECONDS):
        return await _whole(request, limit)


async def _whole(request: web.Request, limit: int) -> bytes:
    body = await request.read()
    if len(body) > limit:  # nobody told how long it would be
        raise web.HTTPRequestEntityTooLarge(limit, len(body))
    return body


def _plain_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), default=str)

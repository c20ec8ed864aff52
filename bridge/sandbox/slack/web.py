"""Every address of the pretend Slack, and how to serve it."""

import asyncio
import json
from html import escape

from aiohttp import web

from bridge.sandbox.slack.api import Api
from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.errors import SlackError
from bridge.sandbox.slack.faulty import SIGN_IN_PAGE, after, before
from bridge.sandbox.slack.journal import Json

BODY_BYTES = 64 * 1024 * 1024
AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">'
    '<rect width="72" height="72" rx="12" fill="hsl({},45%,42%)"/>'
    '<text x="36" y="48" font-family="sans-serif" font-size="34" fill="#fff" text-anchor="middle">{}</text></svg>'
)


class Files:
    """Uploads, downloads, response URLs and pictures of people."""

    def __init__(self, world: Backend) -> None:
        """Serve this world."""
        self._world = world

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of a file, raw or as a form, once."""
        fault = self._world.faults.take("files.upload")
        if fault and (refusal := before(request, fault)) is not None:
            return refusal
        file = self._world.files.get(self._world.upload_tickets.pop(request.match_info["ticket"], ""))
        if file is None:
            return web.Response(status=404, text="no such upload")
        content = await _content(request)
        if len(content) != file.expected:
            self._world.violate("files.upload", f"{len(content)} bytes came, {file.expected} were announced")
            return web.Response(status=400, text="length differs from what was announced")
        file.content, file.uploaded = content, True
        if fault:
            await after(self._world.clock, request, fault)
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Give a file to a token that may see it; anyone else gets a sign-in page with status 200."""
        world = self._world
        fault = world.faults.take("files.download")
        if fault and (refusal := before(request, fault)) is not None:
            return refusal
        file = world.files.get(request.match_info["file"].rpartition("-")[2])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        seen = bool(file) and any(
            world.bot_user_id in world.channels[share].members for share in (file.shares if file else ())
        )
        if file is None or token != world.bot_token or world.revoked or "files:read" not in world.scopes or not seen:
            return web.Response(text=SIGN_IN_PAGE, content_type="text/html")
        if fault:
            await after(world.clock, request, fault)
        return web.Response(body=file.content, headers={"Content-Type": file.mimetype})

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Take what the app sends to a response_url."""
        fault = self._world.faults.take("response_url")
        if fault and (refusal := before(request, fault)) is not None:
            return refusal
        try:
            body: Json = json.loads(await request.text())
            self._world.responses.use(request.match_info["key"], body)
        except SlackError as error:
            if error.violation:
                self._world.violate("response_url", error.violation)
            return web.json_response(error.answer, status=404 if error.code.endswith("_url") else 400)
        except ValueError:
            self._world.violate("response_url", "body is not JSON")
            return web.Response(status=400, text="invalid_payload")
        if fault:
            await after(self._world.clock, request, fault)
        return web.Response(text="ok")

    async def avatar(self, request: web.Request) -> web.StreamResponse:
        """A picture with a person's initial."""
        user = self._world.users.get(request.match_info["user"])
        if user is None:
            raise web.HTTPNotFound
        hue = sum(map(ord, user.id + user.name)) * 37 % 360
        return web.Response(text=AVATAR.format(hue, escape(user.real_name[:1])), content_type="image/svg+xml")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return await asyncio.to_thread(value.file.read)
    return b""


def add_routes(app: web.Application, world: Backend) -> None:
    """Add every address the app and files need; the addresses handed out start with ``world.base_url``."""
    api, files = Api(world), Files(world)
    app.router.add_route("*", "/api/{method}", api.handle)
    app.router.add_get("/link/", world.sockets.handle)
    app.router.add_post("/upload/v1/{ticket}", files.upload)
    app.router.add_get("/files-pri/{file}/{name}", files.download)
    app.router.add_get("/files-pri/{file}/download/{name}", files.download)
    app.router.add_post("/actions/{team}/{key}", files.respond)
    app.router.add_get("/avatars/{user}.svg", files.avatar)

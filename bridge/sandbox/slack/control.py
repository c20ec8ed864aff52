"""The pretend Slack's own control addresses: acts, snapshots and changes for a page or another process."""

import asyncio
import contextlib
import inspect
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import asdict, is_dataclass
from typing import Any

from aiohttp import WSCloseCode, web

from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.journal import Change, Json
from bridge.sandbox.slack.model import Message, User
from bridge.sandbox.slack.people import People
from bridge.sandbox.slack.shapes import message_shape, user_shape
from bridge.sandbox.slack.snapshot import snapshot

ACTS = frozenset(
    [
        "post",
        "edit",
        "delete",
        "delete_root",
        "unfurl",
        "react",
        "unreact",
        "upload",
        "change_user",
        "archive",
        "unarchive",
        "rename_channel",
        "invite",
        "kick",
        "click",
        "select",
        "click_view",
        "options",
        "shortcut",
        "slash",
        "submit_view",
        "close_view",
        "open_home",
        "other_bot",
        "delete_channel",
        "change_channel_id",
        "set_usergroup",
        "uninstall",
    ]
)


class Control:
    """Serves ``/control/slack/``."""

    def __init__(self, world: Backend, people: People) -> None:
        """Let others act in this world."""
        self._world = world
        self._people = people
        self._watching: set[web.WebSocketResponse] = set()

    async def snapshot(self, request: web.Request) -> web.Response:
        """What the user named in the query sees."""
        try:
            user = self._world.user(request.query.get("user", ""))
        except KeyError:
            raise web.HTTPNotFound from None
        return web.json_response(snapshot(self._world, user))

    async def act(self, request: web.Request) -> web.Response:
        """Do an act with the body's keyword arguments; file content is base64 in ``content``."""
        name = request.match_info["act"]
        if name not in ACTS:
            raise web.HTTPNotFound
        arguments: Json = json.loads(await request.text() or "{}")
        if name == "upload":
            arguments["content"] = b64decode(arguments["content"])
        try:
            done = getattr(self._people, name)(**arguments)
            result = await done if inspect.isawaitable(done) else done
        except ActRefused as refused:
            return web.json_response({"ok": False, "error": str(refused)}, status=409)
        except KeyError as missing:
            return web.json_response({"ok": False, "error": f"not found: {missing}"}, status=404)
        except TypeError as wrong:
            return web.json_response({"ok": False, "error": str(wrong)}, status=400)
        return web.json_response({"ok": True, "result": self._plain(result)})

    async def changes(self, request: web.Request) -> web.WebSocketResponse:
        """Every change from now on, one JSON object a frame."""
        socket = web.WebSocketResponse(heartbeat=30)
        changes = self._world.subscribe()
        await socket.prepare(request)
        self._watching.add(socket)
        telling = asyncio.ensure_future(_tell(socket, changes))
        try:
            async for _ in socket:
                pass  # a watcher says nothing; reading is what notices its close
        finally:
            telling.cancel()
            self._watching.discard(socket)
        return socket

    async def close(self, _app: web.Application) -> None:
        """Send everyone who watches away."""
        for socket in list(self._watching):
            with contextlib.suppress(ConnectionError):
                await socket.close(code=WSCloseCode.GOING_AWAY)

    def _plain(self, result: Any) -> Any:
        if isinstance(result, Message):
            return message_shape(self._world, result)
        if isinstance(result, User):
            return user_shape(self._world, result)
        return asdict(result) if is_dataclass(result) and not isinstance(result, type) else result


async def _tell(socket: web.WebSocketResponse, changes: AsyncIterator[Change]) -> None:
    with contextlib.suppress(ConnectionError):
        async for change in changes:
            await socket.send_json(asdict(change))


def add_control_routes(app: web.Application, world: Backend, people: People) -> None:
    """Add the control addresses."""
    control = Control(world, people)
    app.router.add_get("/control/slack/snapshot", control.snapshot)
    app.router.add_post("/control/slack/acts/{act}", control.act)
    app.router.add_get("/control/slack/changes", control.changes)
    app.on_shutdown.append(control.close)

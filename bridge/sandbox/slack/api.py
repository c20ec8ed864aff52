"""The Web API's front door: token, scope, limits, arguments, faults, and a note of every call."""

import json
import math
from typing import Any

from aiohttp import web

from bridge.sandbox.slack import api_chat, api_conversations, api_files, api_people, api_views
from bridge.sandbox.slack.backend import Backend
from bridge.sandbox.slack.errors import RateLimited, SlackError
from bridge.sandbox.slack.faulty import after, before
from bridge.sandbox.slack.journal import Call, Change, Json
from bridge.sandbox.slack.methods import Method, demand

METHODS: dict[str, Method] = {
    **api_chat.METHODS,
    **api_conversations.METHODS,
    **api_files.METHODS,
    **api_people.METHODS,
    **api_views.METHODS,
}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Api:
    """Serves ``/api/{method}``."""

    def __init__(self, world: Backend) -> None:
        """Serve this world."""
        self._world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, or fail it the way a fault on order says."""
        name = request.match_info["method"]
        fault = self._world.faults.take(name)
        if fault and (refusal := before(request, fault)) is not None:
            self._note(name, {}, {"fault": fault.kind}, refusal.status)
            return refusal
        body, problem = await _read(request)
        status, answer, headers = self._answer(name, request, body, problem)
        if fault:
            await after(self._world.clock, request, fault)
        text = json.dumps(answer, ensure_ascii=False)
        return web.Response(text=text, status=status, headers=headers, content_type="application/json")

    def _answer(
        self, name: str, request: web.Request, body: Json, problem: str | None
    ) -> tuple[int, Json, dict[str, str]]:
        token, arguments = _token(request, body)
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._world.scopes)), "X-Slack-Req-Id": self._world.secret()}
        status = 200
        try:
            _refuse(problem)
            answer = {"ok": True} | self._run(name, token, arguments, typed=request.content_type == "application/json")
        except SlackError as error:
            answer = error.answer
            if error.violation:
                self._world.violate(name, error.violation)
        except RateLimited as limited:
            answer, status = {"ok": False, "error": "ratelimited"}, 429
            headers["Retry-After"] = str(max(1, math.ceil(limited.seconds)))
        self._note(name, arguments, answer, status)
        return status, answer, headers

    def _run(self, name: str, token: str, arguments: Json, *, typed: bool) -> Json:
        world = self._world
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", violation="unknown method", req_method=name)
        self._admit(method, token)
        if method.scope:
            demand(world, method.scope)
        world.limits.check_call(name, method.tier)
        return method.run(world, world.judge.arguments(name, arguments, typed=typed))

    def _admit(self, method: Method, token: str) -> None:
        world = self._world
        kinds = {world.bot_token: "bot", world.app_token: "app"}
        if not token:
            raise SlackError("not_authed", violation="no token")
        if token not in kinds:
            raise SlackError("invalid_auth")
        if world.revoked:
            raise SlackError("token_revoked")
        if kinds[token] != method.kind:
            raise SlackError("not_allowed_token_type", violation=f"takes a {method.kind} token")

    def _note(self, name: str, arguments: Json, answer: Json, status: int) -> None:
        self._world.journal.add(Call(self._world.clock.timestamp(), name, arguments, answer, status))
        ok = bool(answer.get("ok"))
        self._world.feed.publish(Change("call", data={"method": name, "ok": ok, "error": answer.get("error")}))


def _refuse(problem: str | None) -> None:
    if problem:
        raise SlackError(problem, violation=f"body: {problem}")


async def _read(request: web.Request) -> tuple[Json, str | None]:
    """The arguments of query and body together, and the error code when the body cannot be read."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body: Any = json.loads(await request.text() or "{}")
        except ValueError:
            return arguments, "invalid_json"
        if not isinstance(body, dict):
            return arguments, "json_not_object"
        return arguments | body, None
    if request.content_type in FORMS:
        return arguments | dict(await request.post()), None
    if request.can_read_body and await request.read():
        return arguments, "invalid_post_type"
    return arguments, None


def _token(request: web.Request, body: Json) -> tuple[str, Json]:
    """The token, from the header or the arguments, and the arguments without it."""
    header = request.headers.get("Authorization", "")
    token = header.removeprefix("Bearer ").strip() or str(body.get("token", ""))
    return token, {name: value for name, value in body.items() if name != "token"}

"""A pretend language model: OpenAI's chat completions on loopback, judging each question as strictly as theirs.

Source: https://platform.openai.com/docs/api-reference/chat/create.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from aiohttp import web

MODEL, KEY = "small-1", "sk-local-0123456789"
KNOWN = {"model", "messages", "max_tokens", "temperature", "response_format"}
"""What the bridge may say; the vendor knows more, and refuses what it does not know."""


@dataclass
class Completions:
    """What it answers, and what it was asked. ``status``: of every answer; ``held``: it answers once this is set."""

    base_url: str = ""
    answer: str = "Hello"
    status: int = 200
    raw: str | None = None
    asked: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    held: asyncio.Event | None = None

    def sorts(self, category: str, confidence: float) -> None:
        """Answer with a category from now on."""
        self.answer = json.dumps({"category": category, "confidence": confidence})

    async def _complete(self, request: web.Request) -> web.Response:
        if (refused := self._refused(request)) is not None:
            return refused
        question: Any = await request.json()
        if (wrong := _wrong(question)) is not None:
            return _error(400, wrong)
        self.asked.append(question)
        if self.held is not None:
            await self.held.wait()
        if self.raw is not None:
            return web.Response(text=self.raw, content_type="application/json")
        if self.status != 200:
            return _error(self.status, "as the test wants it")
        message = {"role": "assistant", "content": self.answer, "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}
        return web.json_response(answer)

    async def _models(self, request: web.Request) -> web.Response:
        refused = self._refused(request)
        listed = {"object": "list", "data": [{"id": MODEL, "object": "model"}]}
        return web.json_response(listed) if refused is None else refused

    def _refused(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return _error(401, "Incorrect API key provided")
        return None


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": {"message": message, "type": "invalid_request_error"}}, status=status)


def _wrong(question: Any) -> str | None:
    """What is wrong with a question, None: nothing."""
    if not isinstance(question, dict):
        return "no object"
    asked = cast("dict[str, Any]", question)
    if odd := asked.keys() - KNOWN:
        return f"Unrecognized request argument supplied: {min(odd)}"
    if asked.get("model") != MODEL:
        return f"The model {asked.get('model')} does not exist"
    roles = [message.get("role") for message in asked.get("messages", ())]
    if roles != ["system", "user"] or not all(isinstance(one["content"], str) for one in asked["messages"]):
        return "Invalid messages"
    wanted = asked.get("response_format")
    return None if wanted is None else _wrong_schema(wanted)


def _wrong_schema(wanted: Any) -> str | None:
    """What strict structured output asks of a schema: every property required, and no others."""
    if wanted.keys() != {"type", "json_schema"} or wanted["type"] != "json_schema":
        return "Invalid response_format"
    named = wanted["json_schema"]
    if named.keys() != {"name", "strict", "schema"} or named["strict"] is not True:
        return "Invalid json_schema"
    schema = named["schema"]
    closed = schema.get("additionalProperties") is False
    if schema.get("type") != "object" or not closed or set(schema["required"]) != set(schema["properties"]):
        return "Invalid schema for response_format"
    return None


@asynccontextmanager
async def completions() -> AsyncGenerator[Completions]:
    """A running one on a free port."""
    model = Completions()
    application = web.Application()
    application.add_routes([web.post("/v1/chat/completions", model._complete), web.get("/v1/models", model._models)])
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    model.base_url = f"http://127.0.0.1:{port}/v1"
    try:
        yield model
    finally:
        await runner.cleanup()

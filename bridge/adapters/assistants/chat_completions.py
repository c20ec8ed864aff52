"""Any endpoint that speaks OpenAI's chat completions: a hosted one, or a server of one's own (Ollama, vLLM, llama.cpp).

Source: https://platform.openai.com/docs/api-reference/chat/create. One POST a question, one attempt, bounded in time
and size; neither questions nor answers are logged.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, cast

import aiohttp

from bridge.domain.assistant import Prompt
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendRejected
from bridge.ports.provider import Finding

MAX_ANSWER: Final = 256 * 1024
MAX_TOKENS: Final = 700
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY, _TIMED_OUT, _SERVER_ERROR = 200, 401, 403, 404, 429, 408, 500
_LATER = "it is busy"


class ChatCompletions:
    """One model at one endpoint."""

    def __init__(self, base_url: str, model: str, api_key: str | None, timeout: timedelta) -> None:
        """``base_url``: what stands before ``/chat/completions``, as ``http://127.0.0.1:11434/v1``."""
        self._base = base_url.rstrip("/")
        self._model = model
        self._headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds(), connect=5)
        self._session: aiohttp.ClientSession | None = None

    async def complete(self, prompt: Prompt) -> str:
        """Return its answer. Raises ``SendDeferred``, ``SendRejected`` or ``CredentialsRejected``."""
        found = await self._call("POST", "/chat/completions", self._question(prompt))
        answer = _answer(found)
        if answer is None:
            raise SendRejected("no_answer", "its answer cannot be read")
        return answer

    def _question(self, prompt: Prompt) -> Mapping[str, object]:
        question: dict[str, object] = {
            "model": self._model,
            "messages": [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
            "max_tokens": MAX_TOKENS,
            "temperature": 0,
        }
        if prompt.schema is not None:
            schema = {"name": "answer", "strict": True, "schema": prompt.schema}
            question["response_format"] = {"type": "json_schema", "json_schema": schema}
        return question

    async def check(self) -> Sequence[Finding]:
        """Ask which models there are; no question is put."""
        try:
            found = await self._call("GET", "/models", None)
        except CredentialsRejected:
            return [_error("It refuses the key.", "Check assistant.api_key.")]
        except (SendDeferred, SendRejected) as problem:
            return [
                _error(f"It does not answer: {problem.reason}.", "Check assistant.base_url, and that it is running.")
            ]
        listed = found.get("data")
        entries = cast("list[Any]", listed) if isinstance(listed, list) else []
        names = [str(cast("dict[str, Any]", entry).get("id")) for entry in entries if isinstance(entry, dict)]
        if names and self._model not in names:
            return [
                _error(f"It has no model {self._model}.", f"Set assistant.model to one of: {', '.join(names[:10])}.")
            ]
        return [Finding("ok", "assistant", f"It answers, with the model {self._model}.")]

    async def _call(self, method: str, path: str, question: Mapping[str, object] | None) -> dict[str, Any]:
        try:
            calling = self._opened().request(
                method, self._base + path, json=question, headers=self._headers, allow_redirects=False
            )
            async with calling as response:
                _judge(response)
                body = await response.content.read(MAX_ANSWER)
        except TimeoutError:
            raise SendDeferred("it took too long") from None
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise SendDeferred(f"it cannot be reached ({type(problem).__name__})") from None
        try:
            found: Any = json.loads(body)
        except (ValueError, RecursionError):
            raise SendRejected("no_answer", "its answer cannot be read") from None
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def _error(message: str, remedy: str) -> Finding:
    return Finding("error", "assistant", message, remedy)


def _judge(response: aiohttp.ClientResponse) -> None:
    status = response.status
    if status == _OK:
        return
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        raise CredentialsRejected("it refuses the key")
    if status in (_TOO_MANY, _TIMED_OUT) or status >= _SERVER_ERROR:
        raise SendDeferred(f"{_LATER} (HTTP {status})")
    what = "it does not know the model or the address" if status == _NOT_FOUND else "it refused the question"
    raise SendRejected(str(status), f"{what} (HTTP {status})")


def _answer(found: Mapping[str, Any]) -> str | None:
    """The words of the first choice; None when there are none, as when it was cut off or would not answer."""
    choices: Any = found.get("choices")
    if not isinstance(choices, list) or not choices:
        return None
    first: Any = cast("list[Any]", choices)[0]
    message: Any = cast("dict[str, Any]", first).get("message") if isinstance(first, dict) else None
    content: Any = cast("dict[str, Any]", message).get("content") if isinstance(message, dict) else None
    return content if isinstance(content, str) and content.strip() else None

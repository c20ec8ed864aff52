"""Our own HTTP client under Twilio's library: bounded in time, one attempt, no redirects, nothing logged.

The library's own has no time-out, repeats POSTs when asked for retries, logs phone numbers and, on aiohttp 3.14, passes
arguments that are on their way out. This one also sorts what went wrong by what is certain about it.
"""

import base64
import json
import logging
from typing import Any, Final, cast
from urllib.parse import urlencode, urlsplit

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    InvalidURL,
    TCPConnector,
)
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

TIMEOUT: Final = ClientTimeout(total=20, connect=5)
MAX_ANSWER: Final = 16 * 1024 * 1024
_CONNECTIONS = 50
_REDIRECT, _BAD_REQUEST, _TIMED_OUT, _TOO_MANY, _SERVER_ERROR = 300, 400, 408, 429, 500
_TOO_MANY_CODE = "20429"
_LONGEST_WAIT = 3600.0


class NotSentError(Exception):
    """The request never left: no connection was made."""


class ThrottledError(Exception):
    """Refused because of too many requests. ``retry_after``: seconds, None when Twilio did not say."""

    def __init__(self, retry_after: float | None) -> None:
        """Keep how long to wait."""
        super().__init__("too many requests")
        self.retry_after = retry_after


class RefusedError(Exception):
    """Refused with HTTP ``status`` 4xx. ``code``: Twilio's own, None when the answer had none."""

    def __init__(self, status: int, code: str | None) -> None:
        """Keep the numbers; Twilio's words may quote a phone number."""
        super().__init__(f"HTTP {status}, error {code or '-'}")
        self.status = status
        self.code = code


class NoAnswerError(Exception):
    """The request may have been carried out: the answer was lost, late or unreadable."""


def origin(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of ``url``; raises ``ValueError`` when it has none that can be read."""
    parts = urlsplit(url)
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", parts.port or standard


def basic_auth(login: tuple[str, str]) -> str:
    """Return the value of an Authorization header."""
    return "Basic " + base64.b64encode(":".join(login).encode()).decode()


class HttpClient(AsyncHttpClient):
    """Carries the library's calls to one origin over one shared session."""

    def __init__(self, api_url: str, timeout: ClientTimeout = TIMEOUT) -> None:
        """Credentials go to ``api_url``'s origin and nowhere else. The session is opened by the first call."""
        super().__init__(logging.getLogger(__name__), is_async=True)
        self._origin = origin(api_url)
        self._limits = timeout
        self._session: ClientSession | None = None

    @property
    def session(self) -> ClientSession:
        """The shared session. Needs a running loop."""
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=_CONNECTIONS), cookie_jar=DummyCookieJar(), timeout=self._limits
            )
        return self._session

    async def aclose(self) -> None:
        """Close the session."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def request(  # noqa: PLR0917 -- the parameters are the library's
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 -- the library's; ours is the same for all calls
        allow_redirects: bool = False,  # noqa: ARG002 -- never
    ) -> Response:
        """Try once and return a 2xx answer that holds a JSON object. Raises the four errors above."""
        if origin(uri) != self._origin:
            raise NotSentError("the address is on another host")
        sent = {**(headers or {}), **({"Authorization": basic_auth(auth)} if auth else {})}
        body = urlencode(data, doseq=True).encode() if data else None
        query: Any = {name: str(value) for name, value in params.items()} if params else None
        try:
            async with self.session.request(
                method.upper(), uri, params=query, data=body, headers=sent, timeout=self._limits, allow_redirects=False
            ) as answer:
                text = await read_answer(answer)
                return _judged(answer, text)
        except (ClientConnectorError, ConnectionTimeoutError, InvalidURL) as error:
            raise NotSentError(type(error).__name__) from None
        except (ClientError, TimeoutError, OSError) as error:
            raise NoAnswerError(type(error).__name__) from None


async def read_answer(answer: ClientResponse) -> str:
    """Return the body as text; raises ``NoAnswerError`` when it has no end in sight."""
    content = bytearray()
    async for chunk in answer.content.iter_any():
        content += chunk
        if len(content) > MAX_ANSWER:
            raise NoAnswerError("the answer is too long")
    return content.decode("utf-8", "replace")


def _judged(answer: ClientResponse, text: str) -> Response:
    status, found = answer.status, _json_object(text)
    code = None if found is None else _code(found)
    if status == _TOO_MANY or (code == _TOO_MANY_CODE and status < _SERVER_ERROR):
        raise ThrottledError(retry_after(answer))
    if status >= _SERVER_ERROR or status in (_TIMED_OUT, *range(_REDIRECT, _BAD_REQUEST)):
        raise NoAnswerError(f"HTTP {status}")
    if status >= _BAD_REQUEST:
        raise RefusedError(status, code)
    if found is None:
        raise NoAnswerError(f"HTTP {status} without JSON")
    return Response(status, text, answer.headers)


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", found) if isinstance(found, dict) else None


def _code(found: dict[str, Any]) -> str | None:
    code = found.get("code")
    return str(code) if isinstance(code, int) or (isinstance(code, str) and code.isdecimal()) else None


def retry_after(answer: ClientResponse) -> float | None:
    """Return the seconds of the Retry-After header, None when it has none or a date."""
    value = answer.headers.get("Retry-After", "")
    return min(float(value), _LONGEST_WAIT) if value.isascii() and value.isdigit() else None

"""Twilio as an HTTP client: webhooks and callbacks with connection settings, and fetching of media.

Settings: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. Times are real seconds.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import parse_qsl, urlencode

import aiohttp
from yarl import URL

from bridge.sandbox.twilio.journal import Entry, EntryKind
from bridge.sandbox.twilio.model import Attempt, Delivery
from bridge.sandbox.twilio.signature import sign, signed_url
from bridge.sandbox.twilio.state import State

Outcome = Literal["2xx", "3xx", "4xx", "5xx", "ct", "rt"]
_RANGES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_RETRIABLE = frozenset({"4xx", "5xx", "ct", "rt"})
_AGENT = {"User-Agent": "TwilioProxy/1.1"}
_MEDIA_TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)
_BIG_TYPES = frozenset({"image/jpeg", "image/png", "image/gif"})
_PASSED_ON = re.compile(
    r"^(image|audio|video)/.+$|^text/(vcard|x-vcard|csv|rtf|richtext|calendar|directory)$|^application/(pdf|vcard)$"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Connection settings of an address: seconds, number of retries, and which outcomes are retried."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    retried: frozenset[str] = frozenset({"ct"})


def read_settings(url: str) -> tuple[Settings, list[str]]:
    """Return the settings in the fragment of ``url`` and what in it Twilio would not understand."""
    numbers: dict[str, int] = {}
    retried, wrong = Settings().retried, list[str]()
    for name, value in parse_qsl(url.partition("#")[2], keep_blank_values=True):
        if name in _RANGES and value.isdecimal() and _RANGES[name][0] <= int(value) <= _RANGES[name][1]:
            numbers[name] = int(value)
        elif name == "rp" and set(value.split(",")) <= _RETRIABLE | {"all"}:
            retried = _RETRIABLE if "all" in value.split(",") else frozenset(value.split(","))
        elif name not in ("e", "sni"):
            wrong.append(f"{name}={value}")
    settings = Settings(
        connect=numbers.get("ct", 5_000) / 1_000,
        read=numbers.get("rt", 15_000) / 1_000,
        total=numbers.get("tt", 15_000) / 1_000,
        retries=numbers.get("rc", 1),
        retried=retried,
    )
    return settings, wrong


@dataclass(frozen=True, slots=True)
class Post:
    """A webhook or callback to make; ``secret`` signs it; ``where`` names it in the journal."""

    kind: EntryKind
    where: str
    url: str
    fields: Mapping[str, str]
    secret: str
    sid: str
    method: str = "POST"
    token: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    attempt: Attempt
    outcome: Outcome
    body: bytes = b""
    content_type: str = ""


class Poster:
    """Makes the world's own HTTP calls."""

    def __init__(self, state: State) -> None:
        """Connect only when needed."""
        self._state = state
        self._session: aiohttp.ClientSession | None = None
        # Waiting for one's turn is Twilio's own queue: it does not eat into the time the address has.
        self._turns = asyncio.Semaphore(100)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A kept connection to a server that restarted would look like a broken answer: open one per call.
            connector = aiohttp.TCPConnector(force_close=True, limit=0)
            cookies = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=cookies, headers=_AGENT)
        return self._session

    async def deliver(self, post: Post, fallback: tuple[str, str] | None = None) -> list[Delivery]:
        """Post with retries, then to the ``fallback`` (address, method) with the error added."""
        post = replace(post, token=self._state.ids.token())
        async with self._turns:
            return await self._deliver(post, fallback)

    async def _deliver(self, post: Post, fallback: tuple[str, str] | None) -> list[Delivery]:
        deliveries = [await self._tries(post)]
        if fallback and fallback[0] and not deliveries[0].answered:
            error = {"ErrorCode": str(deliveries[0].error_code), "ErrorUrl": signed_url(post.url)}
            url, method = fallback
            second = replace(post, where="fallback", url=url, method=method, fields={**post.fields, **error})
            deliveries.append(await self._tries(second))
        return deliveries

    async def _tries(self, post: Post) -> Delivery:
        settings, wrong = read_settings(post.url)
        for detail in wrong:
            self._state.journal.violation(post.where, f"connection setting {detail} is not understood")
        end = time.monotonic() + settings.total
        answers: list[_Answer] = []
        while True:
            answers.append(await self._once(post, settings, end - time.monotonic()))
            last = answers[-1]
            if last.outcome not in settings.retried or len(answers) > settings.retries or time.monotonic() >= end:
                break
        code = None if last.outcome == "2xx" else 11205 if last.outcome == "ct" else 11200
        return Delivery(post.url, tuple(one.attempt for one in answers), code, last.body, last.content_type)

    async def _once(self, post: Post, settings: Settings, left: float) -> _Answer:
        at, began = self._state.now(), time.monotonic()
        status, error, body, content_type = None, None, b"", ""
        outcome: Outcome = "rt"
        url = signed_url(post.url)
        timeout = aiohttp.ClientTimeout(total=max(left, 0.001), sock_connect=settings.connect, sock_read=settings.read)
        try:
            async with self._client().request(
                post.method,
                _target(post, url),
                data=_body(post),
                headers=_headers(post, url),
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                status, content_type = response.status, _content_type(response)
                body = await response.read()
                outcome = _outcome(status)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as failed:
            outcome, error = "ct", type(failed).__name__
        except (aiohttp.ClientError, TimeoutError) as failed:
            status, error = None, type(failed).__name__
        attempt = Attempt(post.url, status, error, at, time.monotonic() - began)
        entry = Entry(
            at, post.kind, post.where, post.method, url, status, attempt.seconds, error, post.sid, post.fields
        )
        self._state.journal.add(entry)
        return _Answer(attempt, outcome, body, content_type)

    async def fetch_media(self, url: str, sid: str) -> tuple[str, bytes] | int:
        """Return the type and content of what a ``MediaUrl`` answers, or the error code the message fails with."""
        at, began = self._state.now(), time.monotonic()
        status, error = None, None
        result: tuple[str, bytes] | int = 11200
        try:
            async with self._client().get(URL(url), timeout=_MEDIA_TIMEOUT) as response:
                status = response.status
                if _outcome(status) == "2xx":
                    result = await _read_media(response)
        except (aiohttp.ClientError, TimeoutError, ValueError) as failed:
            error = type(failed).__name__
        if isinstance(result, int):
            error = error or str(result)
        seconds = time.monotonic() - began
        self._state.journal.add(Entry(at, "media_fetch", "media_url", "GET", url, status, seconds, error, sid))
        return result


async def _read_media(response: aiohttp.ClientResponse) -> tuple[str, bytes] | int:
    content_type = _content_type(response)
    if not _PASSED_ON.match(content_type):
        return 12300
    limit = 5_000_000 if content_type in _BIG_TYPES else 500_000
    content = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        content += chunk
        if len(content) > limit:
            return 11751
    return content_type, bytes(content)


def _outcome(status: int) -> Outcome:
    outcomes: dict[int, Outcome] = {2: "2xx", 3: "3xx", 4: "4xx"}
    return outcomes.get(status // 100, "5xx")


def _content_type(response: aiohttp.ClientResponse) -> str:
    return response.content_type if response.headers.get("Content-Type") else ""


def _target(post: Post, url: str) -> URL:
    """Return the address exactly as it is signed; a GET carries its fields in the query."""
    if post.method == "GET":
        url += ("&" if "?" in url else "?") + urlencode(list(post.fields.items()))
    return URL(url, encoded=True)


def _body(post: Post) -> bytes | None:
    return None if post.method == "GET" else urlencode(list(post.fields.items())).encode()


def _headers(post: Post, url: str) -> dict[str, str]:
    headers = {"I-Twilio-Idempotency-Token": post.token, "X-Home-Region": "us1", "Accept": "*/*"}
    if post.method == "GET":
        return headers | {"X-Twilio-Signature": sign(post.secret, str(_target(post, url)))}
    headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    return headers | {"X-Twilio-Signature": sign(post.secret, url, post.fields.items())}

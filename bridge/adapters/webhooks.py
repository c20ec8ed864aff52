"""Calls to the operator's own programs, signed as Standard Webhooks says.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. One POST, one
attempt, bounded in time; redirects are not followed, and nothing of an answer is read but its status.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from bridge.adapters._hosts import PublicResolver, is_public
from bridge.ports.errors import SendDeferred, SendRejected

TIMEOUT: Final = aiohttp.ClientTimeout(total=15, connect=5)
PREFIX: Final = "whsec_"
_FIRST_GOOD, _FIRST_BAD, _TIMED_OUT, _TOO_MANY, _SERVER_ERROR = 200, 300, 408, 429, 500


class SignedWebhook:
    """One address with its secret. Where ``private`` is not allowed, only the open internet is called."""

    def __init__(self, url: str, secret: str, *, private: bool, timeout: aiohttp.ClientTimeout = TIMEOUT) -> None:
        """Nothing is opened before the first call."""
        self._url = url
        self._key = key_of(secret)
        self._private = private
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def call(self, body: bytes, *, key: str, at: datetime) -> None:
        """Post JSON. ``key``: the same for a repeated call. Raises ``SendDeferred`` or ``SendRejected``."""
        if not self._private and not is_public(urlsplit(self._url).hostname or ""):
            raise SendRejected("private_host", "its address is private; webhooks.NAME.private_hosts allows that")
        headers = {"Content-Type": "application/json", **signed(self._key, body, key, at)}
        try:
            calling = self._opened().post(self._url, data=body, headers=headers, allow_redirects=False)
            async with calling as answer:
                _judge(answer.status)
        except TimeoutError:
            raise SendDeferred("it took too long") from None
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            raise SendDeferred(f"it cannot be reached ({type(problem).__name__})") from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = None if self._private else PublicResolver()
            connector = aiohttp.TCPConnector(resolver=resolver)
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=jar, connector=connector)
        return self._session

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def key_of(secret: str) -> bytes:
    """Return the bytes of a secret: base64 behind ``whsec_``, else as it is written."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def signed(key: bytes, body: bytes, name: str, at: datetime) -> dict[str, str]:
    """Return the headers that say who calls, when, and that the body is ours."""
    seconds = str(int(at.timestamp()))
    made = hmac.new(key, b".".join((name.encode(), seconds.encode(), body)), hashlib.sha256).digest()
    return {
        "webhook-id": name,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(made).decode()}",
    }


def _judge(status: int) -> None:
    if _FIRST_GOOD <= status < _FIRST_BAD:
        return
    if status in (_TIMED_OUT, _TOO_MANY) or status >= _SERVER_ERROR:
        raise SendDeferred(f"it is busy (HTTP {status})")
    raise SendRejected(str(status), f"it refused the call (HTTP {status})")

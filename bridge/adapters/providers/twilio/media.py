"""Fetches media of incoming texts: our credentials to the right host and path only, and never more than asked for."""

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from bridge.adapters._hosts import PublicResolver, is_public
from bridge.adapters._sniff import content_type
from bridge.adapters.providers.twilio.facts import explain
from bridge.adapters.providers.twilio.http import basic_auth, origin, retry_after
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.domain.messages import Media
from bridge.ports.errors import CredentialsRejected, MediaRefused, SendDeferred
from bridge.ports.provider import MediaContent

TIMEOUT: Final = ClientTimeout(total=60, connect=5, sock_read=20)
_REDIRECTS = 3
_CHUNK = 64 * 1024
_MOVED = (301, 302, 303, 307, 308)
_OK, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TIMED_OUT, _GONE = 200, 401, 403, 404, 408, 410
_TOO_MANY, _SERVER_ERROR = 429, 500
# A medium may be missing for seconds after its webhook; an expired address of the store is renewed by asking again.
_SOON = 2.0
_ADDRESS_WORDS = "The attachment is at an address the bridge does not fetch from."


class MediaFetcher:
    """Fetches for one account. Where ``api_url`` is on the open internet, nothing off it is ever asked."""

    def __init__(self, settings: TwilioSettings, timeout: ClientTimeout = TIMEOUT) -> None:
        """Nothing is opened before the first fetch."""
        self._origin = origin(settings.api_url)
        self._login = settings.login
        self._limits = timeout
        self._session: ClientSession | None = None
        base, sid = re.escape(urlsplit(settings.api_url).path), re.escape(settings.account_sid)
        self._own_path = re.compile(rf"{base}/2010-04-01/Accounts/{sid}/Messages/[0-9A-Za-z]+/Media/[0-9A-Za-z]+")
        self._schemes = ("https", "http") if self._origin[0] == "http" else ("https",)
        self._inner = not is_public(self._origin[1])

    async def fetch(self, media: Media, limit: int) -> MediaContent:
        """Return at most ``limit`` bytes. Raises ``MediaRefused``, ``SendDeferred`` or ``CredentialsRejected``."""
        url, headers = media.source, {"Accept-Encoding": "identity"}
        if self._is_own(url):
            headers["Authorization"] = basic_auth(self._login)
        try:
            for _ in range(_REDIRECTS + 1):
                self._allow(url)
                async with self._opened().get(
                    URL(url, encoded=True), headers=headers, allow_redirects=False, timeout=self._limits
                ) as answer:
                    if answer.status not in _MOVED:
                        return await _content(answer, media, limit, own="Authorization" in headers)
                    url = urljoin(url, answer.headers.get("Location", ""))
                headers.pop("Authorization", None)
        except (ClientError, TimeoutError, OSError):
            raise SendDeferred("The attachment cannot be fetched now.") from None
        except ValueError:
            raise MediaRefused(_ADDRESS_WORDS) from None
        raise MediaRefused("The attachment cannot be fetched: its address leads from one to the next.")

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> ClientSession:
        if self._session is None:
            resolver = None if self._inner else PublicResolver()
            # auto_decompress off: a small answer must not unfold into a big one before it is measured
            self._session = ClientSession(
                connector=TCPConnector(limit=10, resolver=resolver),
                cookie_jar=DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session

    def _is_own(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            same = origin(url) == self._origin
        except ValueError:
            return False
        plain = not parts.query and not parts.fragment and "@" not in parts.netloc
        return same and plain and self._own_path.fullmatch(parts.path) is not None

    def _allow(self, url: str) -> None:
        """Raise ``ValueError`` unless ``url`` may be asked for."""
        scheme, host, _ = origin(url)
        if scheme not in self._schemes or not host or "@" in urlsplit(url).netloc:
            raise ValueError("not an address to fetch from")
        if not self._inner and not is_public(host):
            raise ValueError("not on the open internet")


async def _content(answer: ClientResponse, media: Media, limit: int, *, own: bool) -> MediaContent:
    if answer.status != _OK:
        raise _failure(answer, own=own)
    data = bytearray()
    if (answer.content_length or 0) > limit:
        raise _too_big(limit)
    async for chunk in answer.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > limit:
            raise _too_big(limit)
    declared = media.content_type or answer.headers.get("Content-Type", "")
    kind = content_type(bytes(data), declared)
    if kind is None:
        raise MediaRefused("This kind of file is not passed on. Ask the contact for a picture, a PDF or plain text.")
    return MediaContent(bytes(data), kind, media.name)


def _too_big(limit: int) -> MediaRefused:
    return MediaRefused(f"The attachment is larger than {limit / 1_000_000:.3g} MB, the most that is passed on.")


def _failure(answer: ClientResponse, *, own: bool) -> CredentialsRejected | SendDeferred | MediaRefused:
    """Sort an answer other than 200; ``own``: it was asked for with our credentials."""
    status = answer.status
    if own and status in (_UNAUTHORIZED, _FORBIDDEN):
        return CredentialsRejected(explain("20003"))
    if status in (_FORBIDDEN, _NOT_FOUND):
        return SendDeferred("The attachment is not there yet.", _SOON)
    if status == _TOO_MANY:
        return SendDeferred(explain("20429"), retry_after(answer), whole_target=True)
    if status == _TIMED_OUT or status >= _SERVER_ERROR:
        return SendDeferred("The attachment cannot be fetched now.")
    if status == _GONE:
        return MediaRefused("The attachment is no longer there. Ask the contact to send it again.")
    return MediaRefused(f"The attachment was refused (HTTP {status}). Ask the contact to send it again.")

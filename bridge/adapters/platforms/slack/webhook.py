"""HTTP mode: Slack's signed requests. What is not certainly from Slack is refused and leaves no trace."""

import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier

from bridge.adapters.platforms.slack.identity import Json, mapping, text
from bridge.observability import log
from bridge.ports.clock import Clock
from bridge.ports.platform import HttpReply, HttpRequest

_MOST_FIELDS = 100
_STAMP = re.compile(r"[0-9]{1,15}")
_FORM = "application/x-www-form-urlencoded"
_OK, _REFUSED, _UNREADABLE, _UNSTORED = HttpReply(200), HttpReply(403), HttpReply(400), HttpReply(503)


class Webhook:
    """Verifies, stores, and only then answers 200."""

    def __init__(self, signing_secret: str, clock: Clock, take: Callable[[str, Json], Awaitable[Json | None]]) -> None:
        """``take`` raises when the payload of an envelope type could not be stored."""
        self._verifier = SignatureVerifier(signing_secret, _Now(clock))
        self._take = take

    async def handle(self, request: HttpRequest) -> HttpReply:
        """403 for what Slack did not sign, 400 for what cannot be read, 503 when it cannot be stored."""
        if request.method != "POST" or not self.signed(request):
            return _REFUSED
        try:
            kind, payload = _envelope(request)
        except (ValueError, RecursionError):
            return _UNREADABLE
        if text(payload, "type") == "url_verification":
            return HttpReply(200, "text/plain", text(payload, "challenge").encode("utf-8", "replace"))
        try:
            answer = await self._take(kind, payload)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, it is not stored and Slack must send it again
            log().warning("slack request not stored", kind=kind, error=type(error).__name__)
            return _UNSTORED
        return HttpReply(200, "application/json", json.dumps(answer).encode()) if answer else _OK

    def signed(self, request: HttpRequest) -> bool:
        """Whether Slack signed these very bytes within five minutes of now."""
        stamp = request.headers.get("x-slack-request-timestamp", "")
        given = request.headers.get("x-slack-signature", "")
        # the SDK raises on these instead of refusing them
        if not _STAMP.fullmatch(stamp) or not given.isascii():
            return False
        try:
            return self._verifier.is_valid(request.body, stamp, given)
        except UnicodeDecodeError:
            return False


class _Now(SdkClock):
    """Our clock in the form the SDK asks for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


def _envelope(request: HttpRequest) -> tuple[str, Json]:
    """The envelope type Socket Mode would have given, and the payload."""
    if not request.headers.get("content-type", "").lower().startswith(_FORM):
        return "events_api", _object(request.body)
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    if "payload" in form:
        return "interactive", _object(form["payload"].encode("utf-8", "replace"))
    if "ssl_check" in form:
        return "ssl_check", {}
    return "slash_commands", form


def _object(body: bytes) -> Json:
    payload = mapping(json.loads(body))
    if not payload:
        raise ValueError("not an object")
    return payload

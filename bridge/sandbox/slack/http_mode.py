"""HTTP mode: signed requests to the app's request URLs."""

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.state import State
from bridge.sandbox.slack.transport import Answer, Envelope, failed

MOST_REDIRECTS = 2
"""The third is one too many."""


class HttpMode:
    """Posts envelopes to the request URLs; set them before switching ``delivery.mode`` to ``http``."""

    late = "http_timeout"

    def __init__(self, state: State) -> None:
        """Start without request URLs."""
        self._state = state
        self._session: aiohttp.ClientSession | None = None
        self.events_url: str | None = None
        self.interactivity_url: str | None = None
        self.commands_url: str | None = None

    def start(self, envelope: Envelope) -> asyncio.Future[Answer]:
        """Post an envelope as Slack does for its kind."""
        urls = {
            "events_api": self.events_url,
            "interactive": self.interactivity_url,
            "slash_commands": self.commands_url,
        }
        url = urls[envelope.kind]
        if url is None:
            return failed("connection_failed")
        return asyncio.ensure_future(self._post(url, envelope))

    async def verify_url(self) -> bool:
        """Send ``url_verification`` to the events URL; true when the challenge comes back."""
        challenge = self._state.secret()
        body: Json = {"type": "url_verification", "token": self._state.verification_token, "challenge": challenge}
        async with self._client().post(
            self.events_url or "", data=json.dumps(body), headers=self._headers(json.dumps(body), "application/json")
        ) as response:
            return response.ok and challenge in await response.text()

    async def app_rate_limited(self) -> int:
        """Tell the app that events are held back for a minute; the status it answered."""
        body = json.dumps(
            {
                "type": "app_rate_limited",
                "token": self._state.verification_token,
                "team_id": self._state.team_id,
                "minute_rate_limited": self._state.seconds() // 60 * 60,
                "api_app_id": self._state.app_id,
            }
        )
        headers = self._headers(body, "application/json")
        async with self._client().post(self.events_url or "", data=body, headers=headers) as response:
            return response.status

    async def close(self) -> None:
        """Close the client."""
        if self._session:
            await self._session.close()

    def sign(self, body: str, timestamp: str) -> str:
        """The ``X-Slack-Signature`` of a body sent at ``timestamp``."""
        base = f"v0:{timestamp}:{body}".encode()
        return "v0=" + hmac.new(self._state.signing_secret.encode(), base, hashlib.sha256).hexdigest()

    async def _post(self, url: str, envelope: Envelope) -> Answer:
        body, content_type = _body(envelope)
        headers = self._headers(body, content_type)
        if envelope.attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
        try:
            sent = self._client().post(url, data=body, headers=headers, max_redirects=MOST_REDIRECTS + 1)
            async with sent as response:
                text = await response.text()
                if response.ok:
                    return Answer(acknowledged=True, payload=_payload(text))
                stop = response.headers.get("X-Slack-No-Retry") == "1"
                return Answer(acknowledged=False, reason="http_error", stop=stop)
        except aiohttp.TooManyRedirects:
            return Answer(acknowledged=False, reason="too_many_redirects")
        except aiohttp.ClientConnectionError:
            return Answer(acknowledged=False, reason="connection_failed")
        except aiohttp.ClientError:
            return Answer(acknowledged=False, reason="unknown_error")

    def _headers(self, body: str, content_type: str) -> dict[str, str]:
        timestamp = str(self._state.seconds())
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": self.sign(body, timestamp),
        }

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session


def _body(envelope: Envelope) -> tuple[str, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload), "application/json"
    form = {"payload": json.dumps(envelope.payload)} if envelope.kind == "interactive" else envelope.payload
    return urlencode(form), "application/x-www-form-urlencoded"


def _payload(text: str) -> Json | None:
    """The answer's body: JSON, or plain text that answers a command."""
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}

"""Calls to Slack's Web API: one attempt each, bounded in time, errors sorted by what is certain."""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.adapters.platforms.slack import errors
from bridge.adapters.platforms.slack.identity import Json, items, mapping, text
from bridge.adapters.platforms.slack.methods import METHODS
from bridge.domain.people import who_is_in
from bridge.ports.errors import SendDeferred

TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5, sock_connect=5)
PAGE = 200
MAX_PAGES = 25
_OK, _TOO_MANY = 200, 429


class Answer:
    """A good answer: its members and its headers (lower-case names)."""

    __slots__ = ("data", "headers")

    def __init__(self, data: Json, headers: Mapping[str, str]) -> None:
        """Keep what Slack sent."""
        self.data = data
        self.headers = headers


class SlackWeb:
    """The Web API of one workspace, over one shared session."""

    def __init__(self, api_url: str, bot_token: str, app_token: str | None = None) -> None:
        """Nothing is opened before the first call."""
        self.api_url = api_url
        self._bot_token = bot_token
        self._app_token = app_token
        self._directs: dict[str, str] = {}
        self._session: aiohttp.ClientSession | None = None
        self._client: AsyncWebClient | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The session every call to Slack shares; made on first use, in the running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=TIMEOUT, trust_env=False)
            self._client = None
        return self._session

    def bearer(self) -> dict[str, str]:
        """The header that carries the bot's token, for Slack's own file host only."""
        return {"Authorization": f"Bearer {self._bot_token}"}

    async def call(self, method: str, **arguments: Any) -> Answer:
        """Call a method of ``METHODS`` with the bot's token; arguments that are None are left out.

        A person's direct message may stand where a channel does. Raises the errors of ``bridge.ports.errors``.
        """
        given = {key: value for key, value in arguments.items() if value is not None}
        for name in ("channel", "channel_id"):
            person = who_is_in(str(given.get(name, "")))
            if person is not None:
                given[name] = await self.direct(person)
        return await self._call(method, given)

    async def direct(self, person: str) -> str:
        """The channel of our direct messages with a person, which is always the same."""
        if person not in self._directs:
            answer = await self._call("conversations.open", {"users": person})
            found = text(mapping(answer.data.get("channel")), "id")
            if not found:
                raise errors.uncertain("conversations.open", "no channel")
            self._directs[person] = found
        return self._directs[person]

    async def open_socket(self) -> str:
        """The address of a new Socket Mode connection, good once and for a short while."""
        answer = await self._call("apps.connections.open", {"token": self._app_token or ""})
        return text(answer.data, "url")

    async def pages(self, method: str, member: str, *, most: int = MAX_PAGES, **arguments: Any) -> AsyncIterator[Json]:
        """The objects of a paged answer, at most ``most`` pages. Raises ``SendDeferred`` when there are more."""
        cursor = None
        for _ in range(most):
            answer = await self.call(method, limit=PAGE, cursor=cursor, **arguments)
            for entry in items(answer.data.get(member)):
                yield entry
            cursor = text(mapping(answer.data.get("response_metadata")), "next_cursor")
            if not cursor:
                return
        raise SendDeferred(f"{method} has more pages than can be read at once")

    async def aclose(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def _call(self, method: str, arguments: dict[str, Any]) -> Answer:
        how = METHODS[method]
        body, query = (arguments, None) if how.json else (None, _query(arguments))
        try:
            response = await self._sdk().api_call(method, json=body, params=query)
        except SlackApiError as error:
            raise _sorted(method, error) from None
        except aiohttp.ClientConnectorError as error:
            raise SendDeferred(f"Slack cannot be reached ({type(error).__name__})") from None
        except aiohttp.ConnectionTimeoutError:
            raise SendDeferred("Slack cannot be reached (connection timed out)") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError) as error:
            # AttributeError: the SDK cannot read an answer in plain text
            raise errors.uncertain(method, type(error).__name__) from None
        return Answer(mapping(response.data), {name.lower(): value for name, value in response.headers.items()})

    def _sdk(self) -> Any:  # the SDK's own types are partly unknown
        session = self.session
        if self._client is None:
            logger = logging.getLogger("bridge.slack.sdk")
            logger.setLevel(logging.WARNING)  # at debug the SDK logs what people write
            self._client = AsyncWebClient(
                token=self._bot_token,
                base_url=self.api_url,
                session=session,
                retry_handlers=[],  # a lost answer would be posted again
                logger=logger,
            )
            self._client.proxy = None  # taken from the environment without regard to NO_PROXY
        return self._client


def _query(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {key: json.dumps(value) if isinstance(value, list | dict) else value for key, value in arguments.items()}


def _sorted(method: str, error: SlackApiError) -> Exception:
    response: Any = error.response
    # a body that is no JSON comes with aiohttp's response, everything else with the SDK's
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    data = mapping(getattr(response, "data", None))
    if status == _TOO_MANY:
        return errors.limited(response.headers)
    if status == _OK and text(data, "error"):
        return errors.refusal(method, data)
    return errors.uncertain(method, f"HTTP {status}")

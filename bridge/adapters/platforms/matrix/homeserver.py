"""Calls to the homeserver by matrix-nio's client, one attempt each.

nio's own calls read an answer before they look at its status, repeat what they should not and ignore ``Retry-After``;
so nio carries the requests, and what came back is judged here. (aiohttp below it may repeat a request once when a kept
connection turns out to be dead; transaction ids make that harmless.)
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, cast
from urllib.parse import quote, urlencode

import aiohttp
from nio import AsyncClient, AsyncClientConfig

from bridge.adapters.platforms.matrix.errors import Json, mapping, refusal, uncertain
from bridge.ports.errors import SendDeferred, SendRejected

V1, V3 = "/_matrix/client/v1", "/_matrix/client/v3"
CALL_SECONDS, CONNECT_SECONDS, FILE_SECONDS = 20.0, 5.0, 180.0
SYNC_SECONDS, SYNC_PATIENCE = 30.0, 20.0
PAGE = 100
_SUCCESS = range(200, 300)
_JSON = {"Content-Type": "application/json"}


def path(*parts: str, under: str = V3, **query: str | int | None) -> str:
    """Return the path of an endpoint; every part is escaped, and a query's None left out."""
    asked = urlencode({name.rstrip("_"): value for name, value in query.items() if value is not None})
    return "/".join([under, *(quote(part, safe="") for part in parts)]) + (f"?{asked}" if asked else "")


class Homeserver:
    """One account on one homeserver. ``token`` and ``device`` are empty until somebody logged in."""

    def __init__(self, address: str, user_id: str) -> None:
        """Nothing is opened before the first call."""
        config = AsyncClientConfig(max_limit_exceeded=0, max_timeouts=1, encryption_enabled=False)
        self._client = AsyncClient(address, user_id, config=config)
        self.user_id = user_id
        self.token = ""
        self.device = ""
        self.masquerade: Mapping[str, str] = {}
        """Whom an application service speaks as, in every request; an account's token says it by itself."""
        self.time: datetime | None = None
        """The server's clock as of its last answer, at the latest: what it took before then was not later than this."""

    async def call(
        self,
        what: str,
        method: str,
        address: str,
        body: object = None,
        *,
        sends: bool = False,
        seconds: float = CALL_SECONDS,
    ) -> Json:
        """Make one call; raises the errors of ``bridge.ports.errors``. ``sends``: it leaves something behind."""
        data = None if body is None else json.dumps(body)
        async with self._answer(what, method, address, data, _JSON, sends=sends, seconds=seconds) as response:
            return await _read(what, response, sends=sends)

    async def ask(self, method: str, address: str, body: object) -> tuple[int, Json]:
        """Make one call whose refusal has something to say; returns the status and the answer."""
        async with self._answer(
            "call", method, address, json.dumps(body), _JSON, sends=False, seconds=CALL_SECONDS
        ) as response:
            return response.status, mapping(_parsed(await response.read()))

    @asynccontextmanager
    async def _answer(
        self,
        what: str,
        method: str,
        address: str,
        data: str | bytes | None,
        headers: Mapping[str, str],
        *,
        sends: bool,
        seconds: float,
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        # nio hands the timeout on to aiohttp, which wants more than the number nio's annotation speaks of
        timeout: Any = aiohttp.ClientTimeout(total=seconds, sock_connect=CONNECT_SECONDS)
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        body: Any = data
        try:
            where = self._as_ourselves(address)
            response = await self._client.send(method, where, body, {**headers, **bearer}, None, timeout)
            async with response:
                self.time = _time(response.headers.get("Date", "")) or self.time
                yield response
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise SendDeferred("The homeserver cannot be reached") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise uncertain(what, type(error).__name__, sends=sends) from None

    def _as_ourselves(self, address: str) -> str:
        if not self.masquerade:
            return address
        return f"{address}{'&' if '?' in address else '?'}{urlencode(self.masquerade)}"

    async def who_am_i(self) -> Json:
        """Whose the token is."""
        return await self.call("whoami", "GET", path("account", "whoami"))

    async def log_in(self, user_id: str, password: str, device: str | None) -> Json:
        """Log in with a password, on a device of this id; None: on a new one."""
        who = {"type": "m.id.user", "user": user_id}
        asked = {"type": "m.login.password", "identifier": who, "password": password}
        asked |= {} if device is None else {"device_id": device}
        return await self.call("login", "POST", path("login"), {**asked, "initial_device_display_name": "Textbridge"})

    async def register(self, name: str) -> None:
        """Make the account of an application service; nothing happens when it is there."""
        asked = {"type": "m.login.application_service", "username": name, "inhibit_login": True}
        try:
            await self.call("register", "POST", path("register"), asked)
        except SendRejected as error:
            if error.code != "M_USER_IN_USE":
                raise

    async def make_device(self, device: str) -> None:
        """Make a device of an application service's account; nothing happens when it is there."""
        await self.call("device", "PUT", path("devices", device), {"display_name": "Textbridge"})

    async def sync(self, since: str | None, wanted: Json, *, seconds: float = SYNC_SECONDS) -> Json:
        """What happened since then; waits for up to ``seconds`` when that is nothing."""
        asked = json.dumps(wanted, separators=(",", ":"))
        address = path("sync", since=since, set_presence="offline", filter_=asked, timeout_=int(seconds * 1000))
        return await self.call("sync", "GET", address, seconds=seconds + SYNC_PATIENCE)

    async def send(self, room: str, kind: str, content: Json, key: str) -> str:
        """Send an event under our own id for it, and return the server's; the same id twice is one event."""
        answer = await self.call("send", "PUT", path("rooms", room, "send", kind, key), content, sends=True)
        event_id = answer.get("event_id")
        if not isinstance(event_id, str) or not event_id:
            raise uncertain("send", "no event id", sends=True)
        return event_id

    async def redact(self, room: str, event_id: str, key: str) -> None:
        """Take an event back."""
        await self.call("redact", "PUT", path("rooms", room, "redact", event_id, key), {}, sends=True)

    async def event(self, room: str, event_id: str) -> Json:
        """One event as it stands."""
        return await self.call("event", "GET", path("rooms", room, "event", event_id))

    async def annotations(self, room: str, event_id: str) -> Sequence[Json]:
        """The reactions to an event."""
        return await self.relations(room, event_id, "m.annotation")

    async def relations(self, room: str, event_id: str, *kind: str) -> Sequence[Json]:
        """The events that relate to an event, newest first; ``kind``: only those that do in this way."""
        found: list[Json] = []
        page: str | None = None
        where = ("rooms", room, "relations", event_id, *kind)
        while True:
            answer = await self.call("relations", "GET", path(*where, under=V1, limit=PAGE, from_=page))
            found += objects(answer.get("chunk"))
            page = text_of(answer.get("next_batch"))
            if page is None:
                return found

    async def before(self, room: str, start: str | None, until: str | None) -> tuple[Sequence[Json], str | None]:
        """Events between ``until`` and ``start`` (None: now), newest first, and where to go on; None: that is all."""
        asked = path("rooms", room, "messages", dir="b", from_=start, to=until, limit=PAGE)
        answer = await self.call("messages", "GET", asked)
        return objects(answer.get("chunk")), text_of(answer.get("end"))

    async def after(self, room: str, start: str) -> tuple[Sequence[Json], str | None]:
        """Events behind ``start``, oldest first, and where to go on; None: that is all."""
        answer = await self.call("messages", "GET", path("rooms", room, "messages", dir="f", from_=start, limit=PAGE))
        return objects(answer.get("chunk")), text_of(answer.get("end"))

    async def behind(self, room: str, event_id: str) -> str | None:
        """The place right behind an event. Raises ``SendRejected`` for one that we may not see."""
        answer = await self.call("context", "GET", path("rooms", room, "context", event_id, limit=0))
        return text_of(answer.get("end"))

    async def join(self, room: str, via: str = "") -> None:
        """Join a room we are invited to, or that is open; ``via``: a server knowing it. Harmless in one we are in."""
        address = path("join", room, server_name=via or None, via=via or None)
        await self.call("join", "POST", address, {}, sends=True)

    async def state(self, room: str, kind: str, key: str = "", *, whole: bool = False) -> Json:
        """What a room's state of one kind says, or the ``whole`` event. Raises ``SendRejected`` when there is none."""
        address = path("rooms", room, "state", kind, key, format="event" if whole else None)
        return await self.call("state", "GET", address)

    async def upload(self, data: bytes, content_type: str, name: str) -> str:
        """Upload a file; returns its mxc address. Nobody sees it before a message shows it."""
        address = path("upload", under="/_matrix/media/v3", filename=name)
        kind = {"Content-Type": content_type}
        async with self._answer("upload", "POST", address, data, kind, sends=False, seconds=FILE_SECONDS) as response:
            found = text_of((await _read("upload", response, sends=False)).get("content_uri"))
        if found is None or not found.startswith("mxc://"):
            raise uncertain("upload", "no address", sends=False)
        return found

    @asynccontextmanager
    async def download(self, server: str, media: str) -> AsyncGenerator[aiohttp.ClientResponse]:
        """A file's answer, whatever it says."""
        address = path("media", "download", server, media, under=V1)
        async with self._answer("download", "GET", address, None, {}, sends=False, seconds=FILE_SECONDS) as response:
            yield response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()


def _time(header: str) -> datetime | None:
    """The moment of a Date header, which knows whole seconds."""
    try:
        return parsedate_to_datetime(header).astimezone(UTC) + timedelta(seconds=1)
    except ValueError:
        return None


def objects(value: object) -> Sequence[Json]:
    """The objects of a JSON list; none for anything else."""
    return [mapping(one) for one in cast("list[object]", value)] if isinstance(value, list) else []


def text_of(value: object) -> str | None:
    """A string that says something, else None."""
    return value if isinstance(value, str) and value else None


async def _read(what: str, response: aiohttp.ClientResponse, *, sends: bool) -> Json:
    parsed = _parsed(await response.read())
    answer = mapping(parsed)
    if response.status not in _SUCCESS or not isinstance(parsed, dict):
        raise refusal(what, response.status, response.headers, answer, sends=sends)
    return answer


def _parsed(data: bytes) -> object:
    try:
        return cast("object", json.loads(data))
    except (ValueError, RecursionError):
        return None

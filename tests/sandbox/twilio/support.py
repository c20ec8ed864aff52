"""A client of the pretend Twilio as the vendor's own library is one, and an endpoint that receives webhooks."""

import asyncio
import base64
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast

from aiohttp import web
from multidict import CIMultiDictProxy, MultiDict
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bridge.sandbox.twilio import Account, TwilioWorld

Result = TypeVar("Result")
Answer = tuple[int, str, str] | Literal["cut", "hang"]
GOOD: Answer = (200, '<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")
LINE, PHONE = "+15550100001", "+15550100200"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


def basic(login: str, secret: str) -> dict[str, str]:
    """Return the header of basic auth."""
    return {"Authorization": "Basic " + base64.b64encode(f"{login}:{secret}".encode()).decode()}


async def until(reached: Callable[[], object]) -> None:
    """Return once ``reached()`` is true; the test's own time limit is the deadline."""
    while not reached():  # noqa: ASYNC110 -- the world sets no events for tests to await
        await asyncio.sleep(0.002)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request the endpoint got."""

    method: str
    url: str
    headers: CIMultiDictProxy[str]
    form: MultiDict[str]

    def signed_by(self, auth_token: str) -> bool:
        """Ask the vendor's own library."""
        form: Any = self.form if self.method == "POST" else {}
        validator = cast("Any", RequestValidator(auth_token))
        return bool(validator.validate(self.url, form, self.headers.get("X-Twilio-Signature", "")))


@dataclass(slots=True)
class Endpoint:
    """Answers what it is told to, then well; keeps what it saw."""

    seen: list[Seen] = field(default_factory=list[Seen])
    answers: deque[Answer] = field(default_factory=deque[Answer])
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict[str, tuple[str, bytes]])
    base_url: str = ""
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str) -> str:
        """Return the address of ``path``."""
        return self.base_url + path

    def at(self, path: str) -> list[Seen]:
        """Return the requests to ``path``, in order."""
        return [one for one in self.seen if one.url.startswith(self.url(path))]

    def statuses(self) -> list[str]:
        """Return the message statuses reported, in order."""
        return [one.form["MessageStatus"] for one in self.seen if "MessageStatus" in one.form]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Record and answer."""
        if request.path in self.files:
            content_type, content = self.files[request.path]
            return web.Response(body=content, headers={"Content-Type": content_type})
        form = cast("MultiDict[str]", MultiDict(await request.post()))
        self.seen.append(Seen(request.method, self.url(request.raw_path), request.headers, form))
        answer = self.answers.popleft() if self.answers else GOOD
        if isinstance(answer, tuple):
            status, text, content_type = answer
            return web.Response(
                status=status, text=text, headers={"Content-Type": content_type} if content_type else {}
            )
        if answer == "hang":
            await self.let_go.wait()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()


@dataclass(slots=True)
class Setting:
    """A served world with one account, one line, one handset, an endpoint, and the vendor's client."""

    world: TwilioWorld
    account: Account
    endpoint: Endpoint
    client: Any

    def client_of(self, login: str, secret: str, account_sid: str | None = None) -> Any:
        """Return the vendor's client with other credentials."""
        client = cast("Any", Client(login, secret, account_sid))
        client.api.base_url = self.world.base_url
        return client

    async def call(self, work: Callable[..., Result], **arguments: Any) -> Result:
        """Run a call of the blocking client."""
        return await asyncio.to_thread(work, **arguments)

    async def create(self, **arguments: Any) -> Any:
        """Create a message; sender, recipient and body are filled in."""
        filled = {"to": PHONE, "from_": LINE, "body": "hello"} | arguments
        wanted = {name: value for name, value in filled.items() if value is not None}
        return await self.call(self.client.messages.create, **wanted)

    async def refusal(self, **arguments: Any) -> tuple[int, int]:
        """Create a message that is refused; return HTTP status and code."""
        try:
            made = await self.create(**arguments)
        except TwilioRestException as refused:
            return refused.status, refused.code or 0
        raise AssertionError(f"{made.sid} was accepted")

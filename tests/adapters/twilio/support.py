"""A Twilio account of ours in the pretend Twilio, reached over HTTP, and a receiver of what it posts to us."""

from dataclasses import dataclass, field

from aiohttp import ClientTimeout, web

from bridge.adapters.providers.twilio.provider import Twilio
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.ports.provider import OutboundMessage, WebhookRequest
from bridge.ports.specs import ProviderContext
from bridge.sandbox.faults import Fault, FaultKind
from bridge.sandbox.twilio import Account, TwilioWorld
from bridge.sandbox.twilio.journal import Entry

LINE, CONTACT = "+15550100001", "+15550100200"


@dataclass(slots=True)
class Callbacks:
    """Receives what is posted to us and keeps it, as the web layer would hand it on."""

    url: str = ""
    seen: list[WebhookRequest] = field(default_factory=list[WebhookRequest])

    async def handle(self, request: web.Request) -> web.Response:
        """Keep and answer."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        self.seen.append(WebhookRequest(request.method, self.url + request.raw_path, headers, body))
        return web.Response(text='<?xml version="1.0" encoding="UTF-8"?><Response/>', content_type="text/xml")


@dataclass(slots=True)
class Setting:
    """The world, our account in it, and adapters made for it."""

    world: TwilioWorld
    account: Account
    callbacks: Callbacks
    violations_expected: bool = False
    made: list[Twilio] = field(default_factory=list[Twilio])

    def adapter(self, *lines: str, timeout: float = 5.0, **settings: object) -> Twilio:
        """Return an adapter; ``settings`` replace or add to those of the account."""
        filled = {
            "account_sid": self.account.sid,
            "auth_token": self.account.auth_token,
            "api_url": self.world.base_url,
        }
        context = ProviderContext(
            account="main", public_url=self.callbacks.url, lines=lines or (LINE,), clock=self.world.clock.now
        )
        read = TwilioSettings.model_validate({**filled, **settings})
        self.made.append(Twilio(read, context, ClientTimeout(total=timeout, connect=2)))
        return self.made[-1]

    def text(self, body: str = "On my way", key: str = "01KAN5Z3M8W2", **more: object) -> OutboundMessage:
        """Return a text from our line to the contact whose attempt begins now."""
        filled: dict[str, object] = {"sender": LINE, "recipient": CONTACT, "attempted_at": self.world.now()}
        return OutboundMessage(key=key, body=body, **{**filled, **more})  # pyright: ignore[reportArgumentType] -- a test's

    def fault(self, where: str, kind: FaultKind, value: float = 0.0, times: int = 1) -> None:
        """Make the next calls fail."""
        self.world.faults.add(Fault(where, kind, value, times))

    def calls(self, where: str) -> list[Entry]:
        """Return the REST calls of this name, oldest first."""
        return [one for one in self.world.journal if one.kind == "rest" and one.where == where]

    def received(self) -> list[str]:
        """Return the bodies on the contact's handset."""
        return [one.body for one in self.world.phone(CONTACT).inbox]

    async def aclose(self) -> None:
        """Close every adapter."""
        for one in self.made:
            await one.aclose()

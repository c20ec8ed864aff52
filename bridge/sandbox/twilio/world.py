"""The pretend Twilio, put together: see README.md beside this file."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from aiohttp import web

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.twilio.calls import Gate
from bridge.sandbox.twilio.cdn import Cdn
from bridge.sandbox.twilio.inbound import Inbound
from bridge.sandbox.twilio.journal import Subscription, Violation
from bridge.sandbox.twilio.model import Account, Behaviour, Message, Number, Phone, Place, Service, Text, TextIn
from bridge.sandbox.twilio.outbound import Outbound
from bridge.sandbox.twilio.posting import Poster
from bridge.sandbox.twilio.rest import Rest
from bridge.sandbox.twilio.snapshot import snapshot
from bridge.sandbox.twilio.state import State

_LINE_PLACE = Place("SAN FRANCISCO", "CA", "94103")
_PHONE_PLACE = Place("SPRINGFIELD", "IL", "62701")


class TwilioWorld(State):
    """Accounts, numbers, handsets and the API between them."""

    def __init__(self, clock: SandboxClock, *, faults: Faults | None = None, seed: int | None = None) -> None:
        """Start empty; the same ``seed`` gives the same ids."""
        super().__init__(clock, faults, seed)
        self._poster = Poster(self)
        self._outbound = Outbound(self, self._poster)
        self._inbound = Inbound(self, self._poster)
        self._gate = Gate(self)
        self._rest = Rest(self, self._outbound, self._gate)
        self._cdn = Cdn(self, self._gate)

    def application(self) -> web.Application:
        """Return an application that serves the world at its root."""
        app = web.Application()
        self.add_routes(app)
        return app

    def add_routes(self, app: web.Application, prefix: str = "") -> None:
        """Serve the world under ``prefix``; it is closed when ``app`` is."""
        self._rest.add_routes(app, prefix)
        self._cdn.add_routes(app, prefix)
        app.router.add_route("*", f"{prefix}/2010-04-01/{{rest:.*}}", self._gate.refuse)

        async def serving(_: web.Application) -> AsyncIterator[None]:
            yield
            await self.close()

        async def closing(_: web.Application) -> None:
            self.closing.set()

        app.cleanup_ctx.append(serving)
        app.on_shutdown.append(closing)

    async def close(self) -> None:
        """End everything under way and close the connections."""
        await self.stop()
        await self._poster.close()

    def add_account(self, name: str = "", *, auth_token: str | None = None, test: bool = False) -> Account:
        """Open an account; ``test`` makes it one of test credentials with the magic numbers."""
        sid, token = self.ids.sid("AC"), auth_token or self.ids.secret()
        account = Account(sid, name, [token], self.now(), self.ids, test=test)
        self.accounts[account.sid] = account
        return account

    def add_api_key(self, account: Account) -> tuple[str, str]:
        """Return the id and secret of a new API key; it logs in and never signs."""
        key, secret = self.ids.sid("SK"), self.ids.secret()
        account.api_keys[key] = secret
        return key, secret

    def add_service(
        self,
        account: Account,
        *,
        inbound_url: str | None = None,
        fallback_url: str | None = None,
        status_callback: str | None = None,
        advanced_opt_out: bool = False,
    ) -> Service:
        """Make a Messaging Service."""
        sid = self.ids.sid("MG")
        service = Service(sid, account, inbound_url, fallback_url, status_callback, advanced_opt_out)
        self.services[service.sid] = service
        return service

    def add_number(
        self,
        account: Account,
        phone_number: str,
        *,
        sms_url: str = "",
        fallback_url: str = "",
        method: str = "POST",
        service: Service | None = None,
        place: Place | None = _LINE_PLACE,
        friendly_name: str = "",
    ) -> Number:
        """Give the account a number; raises ``ValueError`` when somebody owns it already."""
        if phone_number in self.numbers:
            raise ValueError(f"{phone_number} is owned already")
        now = self.now()
        number = Number(
            self.ids.sid("PN"),
            account,
            phone_number,
            now,
            now,
            sms_url=sms_url,
            sms_method=method,
            sms_fallback_url=fallback_url,
            friendly_name=friendly_name or phone_number,
            service=service,
            place=place,
        )
        self.numbers[phone_number] = number
        self.journal.changed("number", phone_number)
        return number

    def add_template(self, account: Account, body: str) -> str:
        """Return the ``ContentSid`` of a new template."""
        del account
        sid = self.ids.sid("HX")
        self.templates[sid] = body
        return sid

    def add_phone(
        self,
        number: str,
        *,
        name: str = "",
        behaviour: Behaviour = "deliver",
        error_code: int | None = None,
        delay: float = 0.0,
        place: Place | None = _PHONE_PLACE,
    ) -> Phone:
        """Add a handset, or change the one with this number."""
        phone = self.phone(number)
        phone.name, phone.place = name, place
        phone.behaviour, phone.error_code, phone.delay = behaviour, error_code, delay
        self.journal.changed("phone", number)
        return phone

    async def text_in(
        self,
        from_number: str,
        to_number: str,
        body: str,
        media: Sequence[tuple[str, bytes]] = (),
        *,
        copies: int | None = None,
        forged: bool | None = None,
        **extra: str,
    ) -> TextIn:
        """Text from a handset; returns what became of the webhook. Raises ``LookupError`` for a number nobody owns."""
        message, fields = self._inbound.receive(Text(from_number, to_number, body, tuple(media), extra))
        return await self._inbound.post(message, fields, copies=copies, forged=forged)

    async def texts_in(self, texts: Sequence[Text], *, shuffled: bool = False) -> list[TextIn]:
        """Text many at once; ``shuffled`` posts the webhooks in another order. Outcomes come in the texts' order."""
        received = [self._inbound.receive(text) for text in texts]
        order = list(range(len(received)))
        if shuffled:
            self.ids.random.shuffle(order)
        outcomes = await asyncio.gather(*(self._inbound.post(*received[index]) for index in order))
        by_index = dict(zip(order, outcomes, strict=True))
        return [by_index[index] for index in range(len(received))]

    @property
    def messages(self) -> list[Message]:
        """Every message of every account, oldest first."""
        return list(self.stored.values())

    def message(self, sid: str) -> Message:
        """Return a message; raises ``KeyError``."""
        return self.stored[sid]

    @property
    def violations(self) -> list[Violation]:
        """What clients did that the real Twilio would ignore, refuse or misread."""
        return self.journal.violations

    def subscribe(self) -> Subscription:
        """Return a feed of the changes from now on."""
        return self.journal.subscribe()

    def snapshot(self) -> dict[str, Any]:
        """Return the world as JSON for a page."""
        return snapshot(self)

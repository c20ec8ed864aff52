"""The adapter of one Twilio account: each promise of the ports, put together from the parts beside this file."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import ClassVar

from aiohttp import ClientTimeout
from twilio.base.values import unset
from twilio.rest.api.v2010.account.message import MessageInstance

from bridge.adapters.providers._laml import callback_url, report
from bridge.adapters.providers.twilio.calls import FAILURES, Calls, failed_look, failed_send
from bridge.adapters.providers.twilio.check import Checks
from bridge.adapters.providers.twilio.facts import CAPABILITIES, NAME, explain
from bridge.adapters.providers.twilio.http import TIMEOUT, RefusedError
from bridge.adapters.providers.twilio.lists import Lists
from bridge.adapters.providers.twilio.media import MediaFetcher
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.adapters.providers.twilio.webhooks import Webhooks
from bridge.domain.events import DeliveryReported, ProviderEvent, TextReceived
from bridge.domain.messages import Media
from bridge.ports.errors import SendOutcomeUnknown, SendRejected
from bridge.ports.provider import (
    Finding,
    MediaContent,
    OutboundMessage,
    ProviderCapabilities,
    SendReceipt,
    WebhookRequest,
)
from bridge.ports.specs import ProviderContext

_REMEMBERED = 10_000
LONGEST_WAIT, SHORTEST_WAIT = 36_000, 15
"""Seconds. Twilio takes less than the second, but then drops texts that would have been on time."""


class Twilio:
    """An account at Twilio. Connections are opened by the first call and closed by ``aclose``."""

    name: ClassVar[str] = NAME
    capabilities: ClassVar[ProviderCapabilities] = CAPABILITIES

    def __init__(self, settings: TwilioSettings, context: ProviderContext, timeout: ClientTimeout = TIMEOUT) -> None:
        """``timeout``: of each REST call."""
        self._context = context
        self._calls = Calls(settings, timeout)
        self._webhooks = Webhooks(settings, context.account)
        self._lists = Lists(self._calls.account, settings.api_url, settings.account_sid, context.account)
        self._media = MediaFetcher(settings)
        self._checks = Checks(self._calls, settings, context)
        self._known: OrderedDict[str, str] = OrderedDict()

    def verify(self, request: WebhookRequest) -> None:
        """Raise ``WebhookRejected`` unless Twilio signed this for our account."""
        self._webhooks.verify(request)

    def parse(self, request: WebhookRequest) -> Sequence[ProviderEvent]:
        """Read a verified request."""
        return self._webhooks.parse(request)

    async def send(self, message: OutboundMessage) -> SendReceipt:
        """Create the message with our outbox id in its status callback; one call, no repetition.

        With a Messaging Service the line's number is named as well, so that the contact hears from it and no other.
        """
        _require_unicode(message)
        try:
            made = await self._calls.account.messages.create_async(
                to=message.recipient,
                from_=message.sender or unset,
                messaging_service_sid=message.messaging_service or unset,
                body=message.body or unset,
                media_url=list(message.media_urls) or unset,
                validity_period=_validity(message) or unset,
                status_callback=callback_url(self._context.public_url, self._context.account, message.key),
            )
            if not made.sid:
                raise SendOutcomeUnknown("The answer names no message.")
            return self._receipt(message, made.sid, made)
        except FAILURES as error:
            raise failed_send(error) from None

    async def find_sent(self, message: OutboundMessage) -> SendReceipt | None:
        """Look in Twilio's list, never taking a message known to be another row's.

        Content is all the list has to compare; a status callback, which carries ``message.key``, is surer.
        """
        others = {sid for sid, key in self._known.items() if key != message.key}
        found = await self._lists.find_sent(message, others | message.taken)
        return self._receipt(message, found.sid, found) if found and found.sid else None

    async def delivery(self, provider_id: str) -> DeliveryReported | None:
        """Ask for one message's status."""
        try:
            found = await self._calls.account.messages(provider_id).fetch_async()
            return report(self._context.account, provider_id, str(found.status), str(found.error_code or ""), explain)
        except RefusedError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise failed_look(error) from None
        except FAILURES as error:
            raise failed_look(error) from None

    async def list_received(self, line: str, since: datetime) -> Sequence[TextReceived]:
        """Return texts to ``line`` from Twilio's list, oldest first."""
        return await self._lists.received(line, since)

    async def fetch_media(self, media: Media, *, limit: int) -> MediaContent:
        """Fetch a medium. Raises ``CredentialsRejected`` too, when Twilio refuses ours."""
        return await self._media.fetch(media, limit)

    async def check(self) -> Sequence[Finding]:
        """Look at the credentials and at each line's webhook."""
        return await self._checks.run()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._calls.aclose()
        await self._media.aclose()

    def _receipt(self, message: OutboundMessage, sid: str, made: MessageInstance) -> SendReceipt:
        self._known[sid] = message.key
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        segments = str(made.num_segments or 0)
        return SendReceipt(sid, int(segments) if segments.isdecimal() else 0)


def _validity(message: OutboundMessage) -> int | None:
    """Seconds that Twilio keeps it waiting, within its bounds; None: as long as it ever does."""
    seconds = LONGEST_WAIT if message.valid_for is None else int(message.valid_for.total_seconds())
    return None if seconds >= LONGEST_WAIT else max(SHORTEST_WAIT, seconds)


def _require_unicode(message: OutboundMessage) -> None:
    try:
        (message.body + message.recipient).encode()
    except UnicodeEncodeError:
        raise SendRejected("text", "The text holds characters that cannot be sent. Write it again.") from None

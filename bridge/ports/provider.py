"""The outside: what a provider of texts must offer, and what it may offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Literal, Protocol, TypeAlias, runtime_checkable

from bridge.domain.events import DeliveryReported, ProviderEvent, TextReceived
from bridge.domain.messages import Media

Level: TypeAlias = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check, with its remedy in one plain sentence (empty when ok)."""

    level: Level
    check: str
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderCapabilities:
    """Facts about a provider, as data.

    ``media_count``/``media_bytes``/``media_types``: what one message may carry; ``body_limit``: characters;
    ``rate``/``burst``: calls per second and account line (None: no pacing); ``findable``: a lost send can be looked up;
    ``handles_stop``: the provider itself answers and blocks STOP; ``webhook_reply``: (status, content type, body).
    """

    media_count: int = 0
    media_bytes: int = 0
    media_types: tuple[str, ...] = ()
    body_limit: int = 1600
    delivery_reports: bool = True
    handles_stop: bool = False
    idempotent_send: bool = False
    findable: bool = False
    lists_inbound: bool = False
    rate: float | None = None
    burst: int = 1
    webhook_reply: tuple[int, str, str] = (204, "", "")


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request as it came, unparsed. ``url``: the public URL it was sent to, as the provider signed it.

    ``headers``: lower-case names; ``body``: raw bytes.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """One text to send. ``key``: our outbox id, carried along where the provider can (it comes back in callbacks).

    ``media_urls``: public links. For ``FindsSent``: ``attempted_at`` is when the first attempt began, ``taken`` are ids
    of the provider that other texts have. ``valid_for``: how long it may wait on its way; then it had better not come.
    """

    key: str
    sender: str
    recipient: str
    body: str
    media_urls: tuple[str, ...] = ()
    messaging_service: str | None = None
    attempted_at: datetime | None = None
    taken: frozenset[str] = frozenset()
    valid_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SendReceipt:
    """The provider took the text. ``segments`` is 0 when it did not say."""

    provider_id: str
    segments: int = 0


@dataclass(frozen=True, slots=True)
class MediaContent:
    """Bytes of a medium and the type found by looking at them."""

    data: bytes = field(repr=False)
    content_type: str
    name: str = ""


class Provider(Protocol):
    """The outside side. One instance per account."""

    name: ClassVar[str]
    capabilities: ClassVar[ProviderCapabilities]

    def verify(self, request: WebhookRequest) -> None:
        """Raise ``WebhookRejected`` unless the provider signed this. No I/O; constant-time comparison."""
        ...

    def parse(self, request: WebhookRequest) -> Sequence[ProviderEvent]:
        """Read a verified request. Pure; unknown kinds give an empty result; may raise ``ValueError``."""
        ...

    async def send(self, message: OutboundMessage) -> SendReceipt:
        """Try once, bounded in time, never repeating inside. Raises the errors of ``bridge.ports.errors``."""
        ...

    async def check(self) -> Sequence[Finding]:
        """Look at credentials and set-up for ``doctor``; sends nothing and never raises for a failed check."""
        ...

    async def aclose(self) -> None:
        """Close what was opened."""
        ...


@runtime_checkable
class FindsSent(Protocol):
    """A send whose answer was lost can be looked up."""

    async def find_sent(self, message: OutboundMessage) -> SendReceipt | None:
        """The text if the provider has it and it is not ``taken``; None when it does not list it (yet).

        Raises ``SendDeferred`` if it cannot tell, ``CredentialsRejected`` if it refuses to.
        """
        ...


@runtime_checkable
class TellsDelivery(Protocol):
    """What became of a text can be asked, for when its status callback was lost."""

    capabilities: ClassVar[ProviderCapabilities]

    async def delivery(self, provider_id: str) -> DeliveryReported | None:
        """What a status callback would tell now; None when the text is not known there (any more).

        Raises ``SendDeferred`` or ``CredentialsRejected``.
        """
        ...


@runtime_checkable
class PollsInbound(Protocol):
    """Texts that came while we were away can be listed."""

    async def list_received(self, line: str, since: datetime) -> Sequence[TextReceived]:
        """Texts to the address ``line`` since then, oldest first, marked ``recovered``.

        Raises ``SendDeferred`` or ``CredentialsRejected``.
        """
        ...


@runtime_checkable
class FetchesMedia(Protocol):
    """Media of incoming texts must be fetched."""

    async def fetch_media(self, media: Media, *, limit: int) -> MediaContent:
        """At most ``limit`` bytes.

        Raises ``MediaRefused`` (final), ``SendDeferred`` (try later) or ``CredentialsRejected``.
        """
        ...

"""The things a pretend Twilio holds: accounts, numbers, services, handsets, messages and their media."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bridge.sandbox.twilio.ids import Ids

Behaviour = Literal["deliver", "slow", "silent", "undelivered", "unreachable", "failed", "opted_out"]
Direction = Literal["inbound", "outbound-api", "outbound-reply"]
Status = Literal[
    "accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "received"
]
SETTLED: frozenset[Status] = frozenset({"sent", "delivered", "undelivered", "failed", "canceled", "received"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number is registered; every field may be empty."""

    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = "US"


@dataclass(slots=True)
class Account:
    """An account; the first auth token is the primary one, which signs; every token and API key logs in."""

    sid: str
    name: str
    auth_tokens: list[str]
    created: datetime
    ids: Ids
    api_keys: dict[str, str] = field(default_factory=dict[str, str])
    status: Literal["active", "suspended", "closed"] = "active"
    media_auth: bool = False
    test: bool = False

    @property
    def auth_token(self) -> str:
        """The primary auth token."""
        return self.auth_tokens[0]

    def add_secondary(self) -> str:
        """Begin a rotation: return a second auth token that logs in but does not sign yet."""
        self.auth_tokens = [self.auth_token, self.ids.secret()]
        return self.auth_tokens[1]

    def promote(self) -> None:
        """End a rotation: the second token signs from now on, the old one is void."""
        self.auth_tokens = self.auth_tokens[1:] or self.auth_tokens

    def accepts(self, login: str, secret: str) -> bool:
        """Say whether basic auth of ``login`` and ``secret`` opens this account."""
        return secret in self.auth_tokens if login == self.sid else self.api_keys.get(login) == secret


@dataclass(slots=True)
class Service:
    """A Messaging Service; without ``inbound_url`` the number's own address is used."""

    sid: str
    account: Account
    inbound_url: str | None = None
    fallback_url: str | None = None
    status_callback: str | None = None
    advanced_opt_out: bool = False


@dataclass(slots=True)
class Number:
    """A number the account owns; addresses may carry connection settings in their fragment."""

    sid: str
    account: Account
    phone_number: str
    created: datetime
    updated: datetime
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    status_callback: str = ""
    friendly_name: str = ""
    service: Service | None = None
    place: Place | None = None

    @property
    def consent_key(self) -> str:
        """What an opt-out is recorded against: the service, else the number."""
        return self.service.sid if self.service else self.phone_number


@dataclass(slots=True)
class Medium:
    """A file of a message."""

    sid: str
    message_sid: str
    content_type: str
    content: bytes
    created: datetime


@dataclass(slots=True)
class Message:
    """A message in either direction; ``times`` holds when each status was reached.

    ``body`` is what Twilio keeps and may be redacted; ``words`` is what the handset shows; ``validity``: seconds after
    which it is dropped instead.
    """

    sid: str
    account: Account
    direction: Direction
    sender: str | None
    to: str
    body: str
    status: Status
    created: datetime
    updated: datetime
    num_media: int = 0
    num_segments: int = 1
    sent: datetime | None = None
    error_code: int | None = None
    service: Service | None = None
    status_callback: str | None = None
    media_urls: tuple[str, ...] = ()
    media: list[Medium] = field(default_factory=list[Medium])
    times: dict[Status, datetime] = field(default_factory=dict[Status, datetime])
    words: str = ""
    received: bool = False
    send_at: datetime | None = None
    validity: int | None = None

    def reach(self, status: Status, at: datetime) -> None:
        """Move to ``status``."""
        self.status = status
        self.updated = self.times[status] = at
        if status in ("sent", "received"):
            self.sent = at


@dataclass(slots=True)
class Phone:
    """A contact's handset; ``inbox`` holds what it has received, in the order of arrival."""

    number: str
    name: str = ""
    behaviour: Behaviour = "deliver"
    error_code: int | None = None
    delay: float = 0.0
    place: Place | None = None
    inbox: list[Message] = field(default_factory=list[Message])
    opted_out: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True)
class Text:
    """A text a person is about to send."""

    sender: str
    to: str
    body: str = ""
    media: tuple[tuple[str, bytes], ...] = ()
    extra: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a webhook: the answer's HTTP status, or why there was none; ``seconds`` is how long it took."""

    url: str
    status: int | None
    error: str | None
    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook with all its tries; ``error_code`` is Twilio's, None when it was answered well."""

    url: str
    attempts: tuple[Attempt, ...]
    error_code: int | None
    answer: bytes = b""
    content_type: str = ""

    @property
    def answered(self) -> bool:
        """Whether the last try was answered 2xx."""
        status = self.attempts[-1].status if self.attempts else None
        return status is not None and status // 100 == 2  # noqa: PLR2004 -- 2xx


@dataclass(frozen=True, slots=True)
class TextIn:
    """A text that came in, and what became of its webhooks: one delivery per copy, plus fallbacks."""

    message: Message
    deliveries: tuple[Delivery, ...]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every try of every delivery."""
        return tuple(attempt for delivery in self.deliveries for attempt in delivery.attempts)

    @property
    def accepted(self) -> bool:
        """Whether some delivery was answered 2xx."""
        return any(delivery.answered for delivery in self.deliveries)

"""The door: verify, store, and only then say "received"."""

import asyncio
import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from bridge.domain.events import DeliveryReported, ProviderEvent, TextReceived
from bridge.domain.messages import Media, MessageStatus
from bridge.domain.people import ChatRef
from bridge.observability import ACCEPTED, IGNORED, REFUSED, UNREADABLE, alarm, log
from bridge.pipeline.gate import Gate
from bridge.pipeline.reasons import kind_and_reason
from bridge.ports.errors import WebhookRejected
from bridge.ports.platform import AcceptChatEvents, RawChatEvent
from bridge.ports.provider import Provider, WebhookRequest
from bridge.ports.rows import InboxDraft
from bridge.ports.store import Store, StoreUnavailable

REFUSING = "nothing can be stored"
PROVIDER_PATIENCE = 5.0
"""Seconds a webhook may wait for texts of before; Twilio waits for 15."""
CHAT_PATIENCE = 10.0
"""Seconds an event may wait for those of before. Slack sends it again after 3, which is absorbed; order counts."""

CLOCKS_APART = timedelta(seconds=2)
"""A platform's clock and ours are trusted to agree so far."""
THREADS_KNOWN = 1000
LATE = "late"
"""Kind of a row: a post that no longer stood where it was written when that was read."""

_KEPT_HEADERS = ("content-type", "i-twilio-idempotency-token")


class UnknownAccount(LookupError):
    """No account of this name is configured."""


class ChatDoor:
    """Where a platform's events come in.

    ``gap``: set while events may have been missed; ``connections``: counts them; ``hurried``: threads waited for.
    """

    def __init__(self) -> None:
        """Nothing came yet."""
        self.gate = Gate(CHAT_PATIENCE)
        self.gap = asyncio.Event()
        self.connections = 0
        self.hurried: set[ChatRef] = set()
        self._read_at: dict[ChatRef, datetime] = {}
        self._being_read: dict[ChatRef, Gate] = {}

    def connected(self) -> None:
        """Events come from now on; what was written before must be read first."""
        self.gate.close("threads")
        self.connections += 1
        self.gap.set()

    def was_read(self, thread: ChatRef, connection: int, at: datetime | None) -> None:
        """All that stood in a thread ``at`` a time is stored; nothing is known of it when that is None.

        What came after may be missing when a new ``connection`` began meanwhile.
        """
        self._read_at.pop(thread, None)
        if at is not None:
            self._read_at[thread] = at
        if len(self._read_at) > THREADS_KNOWN:
            del self._read_at[next(iter(self._read_at))]
        if connection == self.connections:
            self.hurried.discard(thread)
            self.gate.let_through(thread)

    def is_late(self, event: RawChatEvent) -> bool:
        """Whether a post comes after its thread was read, where it would have been found if it still stood."""
        read_at = self._read_at.get(event.thread) if event.thread is not None else None
        return read_at is not None and event.posted_at is not None and event.posted_at < read_at - CLOCKS_APART

    @contextmanager
    def reading(self, thread: ChatRef) -> Generator[None]:
        """Hold back what comes in a thread: it was written after what is read now, and comes after it."""
        gate = self._being_read[thread] = Gate(CHAT_PATIENCE)
        gate.close("thread")
        try:
            yield
        finally:
            del self._being_read[thread]
            gate.open("thread")

    async def passed(self, event: RawChatEvent) -> None:
        """Return when an event may be stored: its thread was read, or nobody can wait for that any longer."""
        if event.urgent:
            return
        if not self.gate.is_open:
            if event.thread is not None:
                self.hurried.add(event.thread)
            await self.gate.passed(event.thread)
        being_read = self._being_read.get(event.thread) if event.thread is not None else None
        if being_read is not None:
            await being_read.passed()


class Intake:
    """Takes requests of providers and events of platforms into the inbox."""

    def __init__(self, store: Store, providers: Mapping[str, Provider]) -> None:
        """``providers`` by account name."""
        self._store = store
        self._providers = providers
        self.gates = {account: Gate(PROVIDER_PATIENCE) for account in providers}
        self.refusing = False
        """Whether the last attempt to store something failed."""
        self._chats: dict[str, ChatDoor] = {}
        self._accepted = {account: ACCEPTED.labels(f"provider:{account}") for account in providers}

    async def webhook(self, account: str, request: WebhookRequest) -> tuple[int, str, str]:
        """Store a provider's request; returns (status, content type, body) to answer.

        Raises ``UnknownAccount``, ``WebhookRejected`` (nothing stored) and ``StoreUnavailable`` (nothing stored).
        """
        provider = self._providers.get(account)
        if provider is None:
            REFUSED.labels("provider", "unknown account").inc()
            raise UnknownAccount(account)
        source = f"provider:{account}"
        try:
            provider.verify(request)
        except WebhookRejected:
            REFUSED.labels(source, "signature").inc()
            raise
        await self.gates[account].passed()
        await self._keep(self._draft(source, provider, request))
        self._accepted[account].inc()
        return provider.capabilities.webhook_reply

    async def listed(self, account: str, event: TextReceived) -> bool:
        """Store a text found by listing; True when it was not stored yet."""
        draft = InboxDraft(f"provider:{account}", event.external_id, "listed", encode_text(event))
        return await self._keep(draft)

    async def reported(self, account: str, event: DeliveryReported) -> bool:
        """Store what a provider answered about a text; True when its status callback had not told."""
        return await self._keep(InboxDraft(f"provider:{account}", event.external_id, "reported", encode_report(event)))

    async def _keep(self, draft: InboxDraft) -> bool:
        try:
            new = await self._store.accept(draft)
        except StoreUnavailable:
            self.note(stored=False)
            raise
        self.note(stored=True)
        return new

    def note(self, *, stored: bool) -> None:
        """Take down how the last attempt to store something ended."""
        if self.refusing is stored:
            self.refusing = not stored
            alarm(REFUSING, "inbox", on=self.refusing)

    def _draft(self, source: str, provider: Provider, request: WebhookRequest) -> InboxDraft:
        body = encode_request(request)
        try:
            events = provider.parse(request)
        except Exception as problem:  # noqa: BLE001 - a bug in a parser must not lose a text
            UNREADABLE.labels(source).inc()
            log().error("request kept unread", source=source, error=kind_and_reason(problem))
            return InboxDraft(source, _digest(body), "webhook", body)  # read once more, then set aside and told
        if not events:
            IGNORED.labels(source).inc()
            log().warning("request holds neither a text nor a status", source=source)
        return InboxDraft(source, _joined(events) or _digest(body), "webhook", body)

    def door(self, platform: str) -> "ChatDoor":
        """Return what events of a platform pass through."""
        return self._chats.setdefault(platform, ChatDoor())

    def chat(self, platform: str) -> AcceptChatEvents:
        """Return the function a platform hands its live events to."""
        door, source = self.door(platform), f"chat:{platform}"

        async def accept(events: Sequence[RawChatEvent]) -> None:
            if not events:
                door.connected()
                return
            for event in events:
                await door.passed(event)
                await self._chat_event(source, event, LATE if door.is_late(event) else "event")

        return accept

    def missed(self, platform: str) -> AcceptChatEvents:
        """Return the function that takes in what was missed, ahead of what waits at the gate."""
        source = f"chat:{platform}"

        async def accept(events: Sequence[RawChatEvent]) -> None:
            for event in events:
                await self._chat_event(source, event, "event")

        return accept

    async def _chat_event(self, source: str, event: RawChatEvent, kind: str) -> None:
        await self._keep(InboxDraft(source, event.external_id, kind, event.body))
        ACCEPTED.labels(source).inc()


def drafts(platform: str, events: Sequence[RawChatEvent]) -> list[InboxDraft]:
    """Return a platform's events as rows to store."""
    return [InboxDraft(f"chat:{platform}", event.external_id, "event", event.body) for event in events]


def _joined(events: Sequence[ProviderEvent]) -> str:
    ids = [event.external_id for event in events]
    joined = "+".join(ids)
    return joined if len(joined) <= 200 else _digest(joined.encode())  # noqa: PLR2004 - width of the column


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def encode_request(request: WebhookRequest) -> bytes:
    """Return a request as bytes for the inbox, without its credentials."""
    headers = {name: request.headers[name] for name in _KEPT_HEADERS if name in request.headers}
    value = {"method": request.method, "url": request.url, "headers": headers}
    return json.dumps({**value, "body": b64encode(request.body).decode()}, separators=(",", ":")).encode()


def decode_request(body: bytes) -> WebhookRequest:
    """Return the request ``encode_request`` wrote."""
    value = json.loads(body)
    return WebhookRequest(value["method"], value["url"], value["headers"], b64decode(value["body"]))


def encode_text(event: TextReceived) -> bytes:
    """Return a listed text as bytes for the inbox."""
    value = asdict(event)
    value["sent_at"] = event.sent_at.isoformat() if event.sent_at else None
    return json.dumps(value, separators=(",", ":")).encode()


def decode_text(body: bytes) -> TextReceived:
    """Return the text ``encode_text`` wrote."""
    value = json.loads(body)
    value["media"] = tuple(Media(**medium) for medium in value["media"])
    value["sent_at"] = datetime.fromisoformat(value["sent_at"]) if value["sent_at"] else None
    return TextReceived(**value)


def encode_report(event: DeliveryReported) -> bytes:
    """Return an answer about a text as bytes for the inbox."""
    return json.dumps(asdict(event), separators=(",", ":")).encode()


def decode_report(body: bytes) -> DeliveryReported:
    """Return the answer ``encode_report`` wrote."""
    value = json.loads(body)
    value["status"] = MessageStatus(value["status"])
    return DeliveryReported(**value)

"""What the world holds and the knobs that turn it; the engines share it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Faults
from bridge.sandbox.twilio.ids import Ids
from bridge.sandbox.twilio.journal import Journal
from bridge.sandbox.twilio.model import Account, Medium, Message, Number, Phone, Place, Service

_OTHER_NAME = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


@dataclass(slots=True)
class CallbackKnobs:
    """How status callbacks go wrong.

    ``order`` other than ``in order`` holds them back until the message has come to rest. ``copies`` of each are posted,
    ``delay`` seconds after the status was reached, except those of the ``missing`` statuses. ``before_answer``: the
    message comes to rest and its callbacks are answered before the create call is.
    """

    order: Literal["in order", "reversed", "shuffled"] = "in order"
    copies: int = 1
    delay: float = 0.0
    missing: set[str] = field(default_factory=set[str])
    before_answer: bool = False


@dataclass(slots=True)
class WebhookKnobs:
    """How webhooks go wrong: ``copies`` at once, the next ``lost`` never, ``delay`` seconds late, ``forged``."""

    copies: int = 1
    lost: int = 0
    delay: float = 0.0
    forged: bool = False


@dataclass(slots=True)
class MediaKnobs:
    """Media answer 404 for ``missing_for`` seconds; an address on the CDN is good for ``lifetime`` seconds."""

    missing_for: float = 0.0
    lifetime: float = 300.0


@dataclass(slots=True)
class Limits:
    """More than ``creates_per_second`` per account answer 429 with 20429; None is no limit."""

    creates_per_second: float | None = None


class State:
    """Everything the world knows, in memory."""

    def __init__(self, clock: SandboxClock, faults: Faults | None, seed: int | None) -> None:
        """Start empty."""
        self.clock = clock
        self.faults = faults or Faults()
        self.ids = Ids(seed)
        self.journal = Journal(clock)
        self.base_url = "https://api.twilio.com"
        self._cdn_url: str | None = None
        self.pace = 0.0
        self.callbacks = CallbackKnobs()
        self.webhooks = WebhookKnobs()
        self.media = MediaKnobs()
        self.limits = Limits()
        self.accounts: dict[str, Account] = {}
        self.services: dict[str, Service] = {}
        self.numbers: dict[str, Number] = {}
        self.phones: dict[str, Phone] = {}
        self.stored: dict[str, Message] = {}
        self.history: list[Message] = []
        self.files: dict[str, Medium] = {}
        self.templates: dict[str, str] = {}
        self.last_sender: dict[tuple[str, str], str] = {}
        self.cdn_key = self.ids.secret()
        self.closing = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def cdn_url(self) -> str:
        """Where media are redirected to: by default the other name of the loopback host, so another origin."""
        if self._cdn_url is not None:
            return self._cdn_url
        host = urlsplit(self.base_url).hostname or ""
        return self.base_url.replace(f"//{host}", f"//{_OTHER_NAME.get(host, host)}", 1)

    @cdn_url.setter
    def cdn_url(self, url: str) -> None:
        self._cdn_url = url

    def now(self) -> datetime:
        """Sandbox time, UTC."""
        return self.clock.now()

    def phone(self, number: str) -> Phone:
        """Return the handset with this number; one that delivers is made when there is none."""
        if number not in self.phones:
            self.phones[number] = Phone(number, place=Place("SPRINGFIELD", "IL", "62701"))
            self.journal.changed("phone", number)
        return self.phones[number]

    def store(self, message: Message) -> None:
        """Keep a new message."""
        message.times[message.status] = message.created
        message.words = message.body
        self.history.append(message)
        self.stored[message.sid] = message
        self.journal.changed("message", message.sid)

    def attach(self, message: Message, content_type: str, content: bytes) -> None:
        """Give a message a file."""
        medium = Medium(self.ids.sid("ME"), message.sid, content_type, content, self.now())
        message.media.append(medium)
        self.files[medium.sid] = medium

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` beside everything else until it ends or the world closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self) -> None:
        """Return once nothing is under way: every text at rest, every callback out."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def stop(self) -> None:
        """End everything under way."""
        self.closing.set()
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.journal.close()

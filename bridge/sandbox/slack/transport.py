"""What travels from the pretend Slack to the app, and how it ended."""

import asyncio
from dataclasses import dataclass
from typing import Literal, Protocol

from bridge.sandbox.slack.journal import Json

EnvelopeKind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One attempt to hand something to the app. ``attempt`` is 0 for the first, then 1 to 3."""

    id: str
    kind: EnvelopeKind
    payload: Json
    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt ended: acknowledged with a payload, or failed for ``reason`` (``stop``: do not retry)."""

    acknowledged: bool
    payload: Json | None = None
    reason: str = ""
    stop: bool = False


class Transport(Protocol):
    """A way to the app."""

    late: str
    """The reason a retry gives after a missing acknowledgement."""

    def start(self, envelope: Envelope) -> asyncio.Future[Answer]:
        """Send at once, in the order of the calls; the future ends with the app's answer."""
        ...


def failed(reason: str) -> asyncio.Future[Answer]:
    """A future that has already ended badly."""
    future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    future.set_result(Answer(acknowledged=False, reason=reason))
    return future

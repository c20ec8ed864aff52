"""A claimed row as the call it stands for."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias, TypeVar

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef
from bridge.domain.policy import Policy
from bridge.pipeline.enqueue import drafts
from bridge.pipeline.in_force import InForce
from bridge.ports.assistant import Assistant
from bridge.ports.erasing import Erased
from bridge.ports.platform import Platform, Posted
from bridge.ports.provider import MediaContent, Provider, SendReceipt
from bridge.ports.rows import OutboxRow, Settlement
from bridge.ports.store import Unit
from bridge.ports.webhooks import Webhook

T = TypeVar("T")


class Read(Protocol):
    """Asks the database while a call is made."""

    async def __call__(self, work: Callable[[Unit], T], /) -> T:
        """Return what ``work`` found in a transaction of its own. Raises ``StoreUnavailable``."""
        ...


Found: TypeAlias = ChatRef | SendReceipt | None


@dataclass(frozen=True, slots=True)
class Fetched:
    """Files of a message that were fetched, or refused, by their place in it."""

    files: Mapping[int, MediaContent | str]


@dataclass(frozen=True, slots=True)
class Lingering:
    """A new mark was put, but the one before is still there."""

    ref: ChatRef
    mark: Mark


Answer: TypeAlias = AssistantAnswered | ChatRef | Erased | Posted | SendReceipt | Fetched | Lingering | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to the outside. ``find`` looks up what became of an earlier attempt; None: repeating is harmless.

    ``begins``: the row goes in flight first. ``once``: not worth repeating when it fails. ``fetches``: places in the
    message of the files it fetches. ``thread``: the one posted in. ``more``: its row is not done with it and is planned
    again. ``rereads``: what stands in the thread it opens can be read. ``linked``: names of files that go as links,
    which work for ``link_seconds``.
    """

    row: OutboxRow
    run: Callable[[], Awaitable[Answer]]
    find: Callable[[], Awaitable[Found]] | None = None
    begins: bool = True
    once: bool = False
    fetches: tuple[int, ...] = ()
    thread: str | None = None
    more: bool = False
    role: str | None = None
    root_of: str | None = None
    rereads: bool = False
    digest: tuple[str, str] | None = None
    shown: tuple[ChatRef, Any] | None = None
    linked: str = ""
    link_seconds: int = 0


Planned: TypeAlias = Call | Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Everything a call may need: who is out there, and what the operator set."""

    providers: Mapping[str, Provider]
    platforms: Mapping[str, Platform]
    in_force: InForce
    media_link: Callable[[str, datetime], str]
    media_life: timedelta
    media_limit: int
    read: Read
    assistant: Assistant | None = None
    webhooks: Mapping[str, Webhook] = field(default_factory=dict[str, Webhook])

    @property
    def policy(self) -> Policy:
        """What decisions are made by now."""
        return self.in_force.policy


def apply(unit: Unit, state: State, decision: Decision, now: datetime) -> None:
    """Save a decision and enqueue what leaves the process."""
    unit.save(decision, now, conversation=state.conversation.number if state.conversation else None)
    if waiting := drafts(state, decision):
        unit.enqueue(waiting, now)


def digest_of(face: object) -> str:
    """Return a short name of what a card looks like."""
    return hashlib.sha256(repr(face).encode()).hexdigest()[:32]


def skip(row: OutboxRow) -> Settlement:
    """Return the end of a row that needs no call any more."""
    return Settlement(row=row, status="skipped")


async def nothing() -> None:
    """Find nothing."""
    return

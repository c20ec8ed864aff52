"""Rows of inbox, outbox and timers as they go in and out of the store, and what else it tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from bridge.domain.events import OwnEvent
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef

RowStatus: TypeAlias = Literal["pending", "preparing", "in_flight", "checking", "done", "failed", "unknown", "skipped"]


@dataclass(frozen=True, slots=True)
class InboxDraft:
    """A request or event to store. (``source``, ``external_id``) is unique; a repeat is absorbed.

    ``source``: ``provider:{account}``, ``chat:{platform}`` or ``own``. ``kind``: ``webhook``, ``event`` or an own
    event's class name. ``problem``: set when it is known not to be readable, then it waits for ``inbox replay``.
    """

    source: str
    external_id: str
    kind: str
    body: bytes = field(repr=False)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored request or event. ``event``: what an ``own`` row holds; None for others, or when it cannot be read."""

    id: int
    source: str
    external_id: str
    kind: str
    received_at: datetime
    attempts: int
    body: bytes = field(repr=False)
    problem: str | None = None
    event: OwnEvent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxDraft:
    """A call to make. Rows of one ``lane`` are done one after the other; ``target`` has a worker of its own.

    ``kind``: name of the effect. ``payload``: JSON values only.
    """

    lane: str
    target: str
    kind: str
    conversation: int
    message: str | None = None
    payload: Mapping[str, object] = field(default_factory=dict[str, object])
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A call claimed, or shown to an operator. ``key`` is unique for ever and goes along to the vendor.

    ``attempts`` counts calls begun; ``attempted_at`` is when the first of them began; ``checks`` counts look-ups, the
    one a row is claimed for included. ``token``: tells this claim of the lane from later ones, which make it void.
    """

    key: str
    lane: str
    seq: int
    target: str
    kind: str
    conversation: int
    message: str | None
    payload: Mapping[str, object]
    status: RowStatus
    attempts: int
    checks: int
    created_at: datetime
    not_before: datetime | None
    attempted_at: datetime | None
    problem: str | None = None
    token: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a claimed row ended, or why it goes on waiting.

    ``status``: ``done``, ``failed``, ``unknown`` or ``skipped`` end it and let the lane go on; ``pending`` and
    ``checking`` keep it at the head until ``next_at``. ``event``: what to tell the rules, as a row of the inbox.
    ``posted``: the chat message that came out of it, and ``posted_at`` when; ``root_of``: the thread it is the root of;
    ``unread``: what may stand in that thread must be read before what comes live counts. ``role``/``message``: what
    that chat message is. ``shown``: mark now visible on a chat message. ``digest``: (thread, what its card looks like
    now).
    """

    row: OutboxRow
    status: RowStatus
    next_at: datetime | None = None
    problem: str | None = None
    event: OwnEvent | None = None
    posted: ChatRef | None = None
    posted_at: datetime | None = None
    root_of: str | None = None
    unread: bool = False
    role: str | None = None
    shown: tuple[ChatRef, Mark] | None = None
    digest: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRow:
    """A timer that fell due."""

    id: int
    kind: str
    conversation: int
    subject: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostView:
    """A chat message of ours or a teammate's with the mark it should have and the one it has."""

    ref: ChatRef
    mark: Mark
    shown: Mark
    message: str | None


@dataclass(frozen=True, slots=True)
class LeftText:
    """A reply the provider took. ``at``: when."""

    message: str
    provider_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ThreadsInUse:
    """Roots with the time of their beginning. ``since``: no thread used from then on is left out."""

    threads: Sequence[tuple[ChatRef, datetime]]
    since: datetime

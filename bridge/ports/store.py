"""What must survive: rows of inbox, outbox and timers, and the record of conversations.

A ``Unit`` is one transaction; its methods are plain functions, so that a whole batch costs one hop to the database.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias, TypeVar

from bridge.domain.conversations import State, Thread
from bridge.domain.decision import Decision
from bridge.domain.effects import Recorded
from bridge.domain.events import Event, OwnEvent
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef
from bridge.ports.rows import (
    InboxDraft,
    InboxRow,
    OutboxDraft,
    OutboxRow,
    PostView,
    Settlement,
)
from bridge.ports.side_tables import SideTables

Topic: TypeAlias = Literal["inbox", "outbox", "timers", "threads"]
T = TypeVar("T")


class Unit(SideTables, Protocol):
    """One transaction. Nothing here commits; leaving the function that was given to ``Store.transact`` does."""

    # inbox
    def next_inbox(self, limit: int) -> Sequence[InboxRow]:
        """The oldest unhandled rows; other processors wait until this transaction ends."""
        ...

    def forget(self, row: InboxRow) -> None:
        """Drop a row as if it had never come; should it come again, it is new."""
        ...

    def handled(self, rows: Sequence[InboxRow], now: datetime) -> None:
        """Mark rows handled."""
        ...

    def set_aside(self, row: InboxRow, problem: str, now: datetime) -> None:
        """Keep a row that could not be handled, for ``doctor`` and ``inbox replay``."""
        ...

    def savepoint(self, work: Callable[[], T]) -> T:
        """Run ``work``; if it raises, undo just what it wrote and raise on."""
        ...

    # conversations
    def load(self, event: Event) -> State:
        """All that deciding this event needs."""
        ...

    def load_line(self, line: str, sender: str) -> State:
        """The latest conversation of a line with an address, for a text that just came."""
        ...

    def fresh_number(self) -> int:
        """A conversation number never used before."""
        ...

    def load_message(self, message: str) -> State:
        """A message with its conversation, for a call about it."""
        ...

    def load_conversation(self, number: int) -> State:
        """A conversation without a subject."""
        ...

    def find_thread(self, thread: str) -> Thread | None:
        """The thread of this id, whichever conversation's it is."""
        ...

    def words_since(self, conversation: int, since: datetime, limit: int) -> Sequence[Message]:
        """The oldest texts and replies of a conversation since then, oldest first."""
        ...

    def provider_ids(self, conversation: int, since: datetime) -> frozenset[str]:
        """The provider's ids that texts from this line to this contact have had since then, and maybe some others."""
        ...

    def save(self, decision: Decision, now: datetime, *, conversation: int | None = None) -> None:
        """Write the decision's rows, timers and audit entries; its outgoing effects are enqueued by the pipeline.

        ``conversation``: whose timers and entries they are, when the decision holds no row that tells.
        """
        ...

    def comments(self, conversation: int, limit: int) -> Sequence[Message]:
        """The newest comments of a conversation, oldest first."""
        ...

    def acts(self, conversation: int, limit: int) -> Sequence[Recorded]:
        """What is on record of a conversation, newest first."""
        ...

    # outbox
    def enqueue(self, drafts: Sequence[OutboxDraft], now: datetime) -> None:
        """Add rows at the end of their lanes, in this order."""
        ...

    def reschedule(self, message: str, at: datetime) -> None:
        """Move the waiting row of a message to ``at``, keeping its place in the lane."""
        ...

    def targets(self) -> Sequence[str]:
        """Every target with an unsettled row."""
        ...

    def claim(self, target: str, now: datetime, *, limit: int, lease: float, holder: str) -> Sequence[OutboxRow]:
        """Take the heads of due lanes. A head found in flight (its holder died) comes back as ``checking``."""
        ...

    def begin(self, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
        """Note that the calls start now, as ``in_flight``; committed before the call.

        Returns the rows as they are then; those claimed by somebody else meanwhile are left out and must not be called.
        """
        ...

    def settle(self, settlements: Sequence[Settlement], now: datetime, *, holder: str) -> int:
        """Write results; a row whose lease went to somebody else is left alone. Returns how many were written."""
        ...

    def next_due(self, target: str) -> datetime | None:
        """When the next lane of a target falls due, leased ones at the end of their lease."""
        ...

    def post(self, ref: ChatRef) -> PostView | None:
        """What is known of a chat message."""
        ...

    def card_digest(self, thread: str) -> str | None:
        """What the card last looked like."""
        ...

    def accept(self, drafts: Sequence[InboxDraft], now: datetime) -> int:
        """Store requests or events; returns how many were new."""
        ...

    def accept_in_order(self, drafts: Sequence[InboxDraft], now: datetime) -> int:
        """Store events of one source one after the other, those too that wait already; returns how many were stored."""
        ...

    def set_unread(self, threads: Sequence[ChatRef]) -> None:
        """Have threads read before what comes live in them counts: not all that stands there was taken in."""
        ...

    def tell(self, events: Sequence[OwnEvent], now: datetime) -> int:
        """Put events of our own into the inbox; returns how many were new."""
        ...


class Store(Protocol):
    """The database, whichever it is."""

    async def transact(self, work: Callable[[Unit], T], *, urgent: bool = False) -> T:
        """Run ``work`` in one transaction and commit; ``urgent`` jumps the queue. Raises ``StoreUnavailable``."""
        ...

    async def accept(self, draft: InboxDraft) -> bool:
        """Store one request or event; returns after the commit (shared with others). True when it was new."""
        ...

    async def wait(self, topic: Topic, timeout: float, *, target: str | None = None) -> None:  # noqa: ASYNC109 - reaching it is no error
        """Return when rows of ``topic`` may have come since this task last waited, or after ``timeout`` seconds.

        ``target``: only its rows of the outbox are waited for.
        Call it directly from the task that looks for the rows: what comes between looking and waiting is not missed.
        """
        ...

    def wake(self) -> None:
        """Let everybody who waits look again: the clock was moved."""
        ...

    async def aclose(self) -> None:
        """Finish and close."""
        ...


class StoreUnavailable(Exception):
    """The database cannot take this now: full, locked, gone. Nothing was written."""

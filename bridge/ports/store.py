"""What must survive: rows of inbox, outbox and timers, and the record of conversations.

A ``Unit`` is one transaction; its methods are plain functions, so that a whole batch costs one hop to the database.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias, TypeVar

from bridge.domain.automation import Facts, Wanted
from bridge.domain.canned import Canned
from bridge.domain.consent import Consented
from bridge.domain.conversations import Absence, Related, Reminder, State, Thread
from bridge.domain.decision import Decision
from bridge.domain.effects import Recorded
from bridge.domain.events import Event, OwnEvent
from bridge.domain.messages import Message
from bridge.domain.past import Past
from bridge.domain.people import ChatRef, RoomRef
from bridge.domain.queue import QueueEntry, Section
from bridge.domain.reports import Strand
from bridge.ports.provider import MediaContent
from bridge.ports.rows import (
    InboxDraft,
    InboxRow,
    LeftText,
    OutboxDraft,
    OutboxRow,
    PostView,
    Settlement,
    ThreadsInUse,
    TimerRow,
)

Topic: TypeAlias = Literal["inbox", "outbox", "timers"]
T = TypeVar("T")


class Unit(Protocol):
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

    # timers
    def due_timers(self, now: datetime, limit: int) -> Sequence[TimerRow]:
        """Timers that fell due, oldest first; taken from the table, to be put into the inbox in this transaction."""
        ...

    def next_timer(self) -> datetime | None:
        """When the next timer falls due."""
        ...

    def opted_out(self, lines: Sequence[str], since: datetime) -> int:
        """How many conversations of these lines, whose contact wrote since then, are opted out."""
        ...

    def arm(self, kind: str, subject: str, now: datetime, due: datetime) -> None:
        """Set a timer of no conversation, due then; one that is overdue ``now`` stays as it is."""
        ...

    def watch(self, kind: str, lines: Sequence[str], now: datetime, *, waiting: bool) -> None:
        """Set a timer of this kind, due now, for each open conversation of these lines.

        ``waiting``: of those somebody waits in, in the place of one there is; else of the others, where there is none.
        """
        ...

    def reminders(self, conversation: int) -> Sequence[Reminder]:
        """What people want to be told of a conversation, soonest first."""
        ...

    def accept(self, drafts: Sequence[InboxDraft], now: datetime) -> int:
        """Store requests or events; returns how many were new."""
        ...

    def tell(self, events: Sequence[OwnEvent], now: datetime) -> int:
        """Put events of our own into the inbox; returns how many were new."""
        ...

    # what rules ask
    def facts(self, wanted: Wanted, contact: str, before: int, now: datetime) -> Facts:
        """What rules ask of a contact (its id); ``before``: the number of the conversation they are about."""
        ...

    def pasts(self, since: datetime, *, after: int, limit: int) -> Sequence[Past]:
        """The next conversations that something was texted in since then, by number, to try rules on."""
        ...

    # who is away
    def absences(self, now: datetime) -> Sequence[Absence]:
        """Who is away now."""
        ...

    def assigned(self, people: Sequence[str], lines: Sequence[str], limit: int) -> Sequence[Related]:
        """The conversations of these lines, not closed, that are one of these people's (``Person.key``)."""
        ...

    # consent
    def elsewhere(self, contacts: Sequence[str], lines: Sequence[str], limit: int) -> Sequence[Related]:
        """The conversations of these contacts (by id) on these lines, newest first."""
        ...

    def consent(self, contacts: Sequence[str], limit: int) -> Sequence[Consented]:
        """What the ledger says about these contacts (by id), newest first."""
        ...

    # canned responses
    def canned(self, names: Sequence[str]) -> Sequence[Canned]:
        """The stored responses of these names, everybody's and every team's."""
        ...

    def find_canned(self, teams: Sequence[str], words: str, limit: int) -> Sequence[Canned]:
        """What everybody and these teams may use, most used first; ``words``: part of the name or text.

        Rows that only count the uses of the configuration's own come along whatever ``words`` are.
        """
        ...

    # the queue
    def queue_counts(self, lines: Sequence[str], people: Sequence[str]) -> Sequence[tuple[Section, int]]:
        """How many conversations of these lines each section holds, counted up to ``COUNTED``.

        ``people``: each ``Person.key`` of who asks.
        """
        ...

    def queue_page(
        self, lines: Sequence[str], people: Sequence[str], section: Section, *, offset: int, platform: str
    ) -> Sequence[QueueEntry]:
        """One page of a section, and one entry more when there is a next; names and addresses as stored.

        ``platform``: whose threads the entries link to.
        """
        ...

    def strands(self, lines: Sequence[str], since: datetime, *, after: int, limit: int) -> Sequence[Strand]:
        """What was said since then in the next ``limit`` of these lines' conversations in use, from ``after`` on."""
        ...

    # media
    def put_media(self, message: str, index: int, content: MediaContent, now: datetime) -> str:
        """Keep our own copy; returns its id. The same (message, index) twice keeps the first."""
        ...

    def get_media(self, stored: str) -> MediaContent | None:
        """Our own copy by id."""
        ...

    # catching up
    def remembered(self, source: str, name: str) -> str | None:
        """What was last kept for a source under a name."""
        ...

    def remember(self, source: str, words: Mapping[str, str]) -> None:
        """Keep words for a source, by name."""
        ...

    def followed_rooms(self) -> Mapping[RoomRef, RoomRef]:
        """Rooms that took the place of others (``FollowRoom``), by those."""
        ...

    def seen_until(self, source: str) -> datetime | None:
        """How far a source is known to be complete."""
        ...

    def set_seen_until(self, source: str, at: datetime) -> None:
        """Note how far a source is complete."""
        ...

    def unreported(self, line: str, since: datetime, until: datetime, limit: int) -> Sequence[LeftText]:
        """Texts of a line that left after ``since``, of which no end is known, oldest first."""
        ...

    def open_threads(self, platform: str, since: datetime, limit: int) -> ThreadsInUse:
        """Threads in use since then, at most ``limit``, those used last first."""
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

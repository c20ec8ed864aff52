"""What is read and written beside the flow, as the port of the database has it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias, TypeVar

from bridge.domain.automation import Facts, Wanted
from bridge.domain.canned import Canned
from bridge.domain.consent import Consented
from bridge.domain.conversations import Absence, Related, Reminder
from bridge.domain.past import Past
from bridge.domain.people import ChatRef, RoomRef
from bridge.domain.queue import QueueEntry, Section
from bridge.domain.reports import Strand
from bridge.ports.provider import MediaContent
from bridge.ports.rows import (
    LeftText,
    ThreadsInUse,
    TimerRow,
)

Topic: TypeAlias = Literal["inbox", "outbox", "timers"]
T = TypeVar("T")


class SideTables(Protocol):
    """The tables around the flow, in the transaction of the ``Unit`` it is part of."""

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

    def watch(self, kind: str, lines: Sequence[str], now: datetime, *, latest: datetime | None = None) -> None:
        """Set a timer of this kind, due now, for each open conversation of these lines.

        Of those somebody waits in, in the place of one there is; with ``latest``: of the others, where there is none or
        one that is due later than that.
        """
        ...

    def reminders(self, conversation: int) -> Sequence[Reminder]:
        """What people want to be told of a conversation, soonest first."""
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

    def search(self, lines: Sequence[str], words: Sequence[str], *, limit: int, platform: str) -> Sequence[QueueEntry]:
        """The newest conversations of these lines that hold all these words, the newest first, each with an excerpt.

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

    def may_be_ours(self, thread: ChatRef, target: str) -> bool:
        """Whether a thread hangs from a card of ours, or may: one may stand in its room (``target``) unknown to us."""
        ...

    def is_unread(self, thread: ChatRef) -> bool:
        """Whether a thread must be read before what comes live in it counts."""
        ...

    def set_read(self, thread: ChatRef) -> None:
        """A thread was read, or is none of ours."""
        ...

    def unread_threads(self, platform: str) -> Sequence[tuple[ChatRef, datetime | None]]:
        """Threads to read first and when they began; None: no card that it hangs from is known."""
        ...

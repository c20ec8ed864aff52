"""The tables around the flow: timers, absences, canned responses, queue, media, cursors."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bridge.domain.automation import Facts, Wanted
from bridge.domain.canned import Canned
from bridge.domain.consent import Consented
from bridge.domain.conversations import Absence, Related, Reminder
from bridge.domain.past import Past
from bridge.domain.people import ChatRef, RoomRef
from bridge.domain.queue import SECTIONS, QueueEntry, Section
from bridge.domain.reports import Strand
from bridge.ports.provider import MediaContent
from bridge.ports.rows import LeftText, ThreadsInUse, TimerRow
from bridge.store import (
    absences,
    asking,
    canned,
    catching_up,
    consent,
    media,
    pasts,
    queue,
    related,
    reminders,
    reporting,
    searching,
    timers,
    unread,
)


class SideTables:
    """What of the port's ``Unit`` is read and written as it stands."""

    def __init__(self, connection: Connection) -> None:
        """Work on ``connection``; whoever gave it commits."""
        self.connection = connection

    # timers

    def due_timers(self, now: datetime, limit: int) -> Sequence[TimerRow]:
        """Timers that fell due, oldest first, taken from the table."""
        return timers.take_due(self.connection, now, limit)

    def next_timer(self) -> datetime | None:
        """When the next timer falls due."""
        return timers.next_timer(self.connection)

    def arm(self, kind: str, subject: str, now: datetime, due: datetime) -> None:
        """Set a timer of no conversation; one that is overdue stays as it is."""
        timers.arm(self.connection, kind, subject, now, due)

    def watch(self, kind: str, lines: Sequence[str], now: datetime, *, latest: datetime | None = None) -> None:
        """Set a timer for each open conversation of these lines, due now."""
        timers.watch(self.connection, kind, lines, now, latest=latest)

    def reminders(self, conversation: int) -> Sequence[Reminder]:
        """What people want to be told of a conversation, soonest first."""
        return reminders.of(self.connection, conversation)

    # what rules ask

    def facts(self, wanted: Wanted, contact: str, before: int, now: datetime) -> Facts:
        """What rules ask of a contact (its id); ``before``: the number of the conversation they are about."""
        return asking.facts(self.connection, wanted, contact, before, now)

    def pasts(self, since: datetime, *, after: int, limit: int) -> Sequence[Past]:
        """The next conversations that something was texted in since then, by number."""
        return pasts.pasts(self.connection, since, after=after, limit=limit)

    # who is away

    def absences(self, now: datetime) -> Sequence[Absence]:
        """Who is away now."""
        return absences.now_away(self.connection, now)

    def assigned(self, people: Sequence[str], lines: Sequence[str], limit: int) -> Sequence[Related]:
        """The conversations of these lines, not closed, that are one of these people's."""
        return related.assigned(self.connection, people, lines, limit)

    # consent

    def elsewhere(self, contacts: Sequence[str], lines: Sequence[str], limit: int) -> Sequence[Related]:
        """The conversations of these contacts on these lines, newest first."""
        return related.of_contacts(self.connection, contacts, lines, limit)

    def consent(self, contacts: Sequence[str], limit: int) -> Sequence[Consented]:
        """What the ledger says about these contacts, newest first."""
        return consent.newest(self.connection, contacts, limit)

    # canned responses

    def canned(self, names: Sequence[str]) -> Sequence[Canned]:
        """The stored responses of these names, everybody's and every team's."""
        return canned.named(self.connection, names)

    def find_canned(self, teams: Sequence[str], words: str, limit: int) -> Sequence[Canned]:
        """What everybody and these teams may use, most used first."""
        return canned.find(self.connection, teams, words, limit)

    # the queue

    def opted_out(self, lines: Sequence[str], since: datetime) -> int:
        """How many conversations of these lines, whose contact wrote since then, are opted out."""
        return queue.opted_out(self.connection, lines, since)

    def queue_counts(self, lines: Sequence[str], people: Sequence[str]) -> Sequence[tuple[Section, int]]:
        """How many conversations each section of the queue holds, counted up to ``COUNTED``."""
        return queue.counts(self.connection, lines, people) if lines else [(section, 0) for section in SECTIONS]

    def queue_page(
        self, lines: Sequence[str], people: Sequence[str], section: Section, *, offset: int, platform: str
    ) -> Sequence[QueueEntry]:
        """One page of a section, and one entry more when there is a next."""
        if not lines:
            return ()
        return queue.page(self.connection, lines, people, section, offset=offset, platform=platform)

    def search(self, lines: Sequence[str], words: Sequence[str], *, limit: int, platform: str) -> Sequence[QueueEntry]:
        """The newest conversations of these lines that hold all these words, each with an excerpt."""
        if not lines:
            return ()
        return searching.found(self.connection, lines, words, limit=limit, platform=platform)

    def strands(self, lines: Sequence[str], since: datetime, *, after: int, limit: int) -> Sequence[Strand]:
        """What was said since then in the next ``limit`` conversations of these lines in use."""
        return reporting.strands(self.connection, lines, since, after=after, limit=limit)

    # media

    def put_media(self, message: str, index: int, content: MediaContent, now: datetime) -> str:
        """Keep our own copy; returns its id."""
        return media.put(self.connection, message, index, content, now)

    def get_media(self, stored: str) -> MediaContent | None:
        """Our own copy by id."""
        return media.get(self.connection, stored)

    # catching up

    def remembered(self, source: str, name: str) -> str | None:
        """What was last kept for a source under a name."""
        return catching_up.remembered(self.connection, source, name)

    def remember(self, source: str, words: Mapping[str, str]) -> None:
        """Keep words for a source, by name."""
        catching_up.remember(self.connection, source, words)

    def followed_rooms(self) -> Mapping[RoomRef, RoomRef]:
        """Rooms that took the place of others, by those."""
        return catching_up.followed_rooms(self.connection)

    def seen_until(self, source: str) -> datetime | None:
        """How far a source is known to be complete."""
        return catching_up.seen_until(self.connection, source)

    def set_seen_until(self, source: str, at: datetime) -> None:
        """Note how far a source is complete."""
        catching_up.set_seen_until(self.connection, source, at)

    def unreported(self, line: str, since: datetime, until: datetime, limit: int) -> Sequence[LeftText]:
        """Texts that left, of which no end is known."""
        return catching_up.unreported(self.connection, line, since, until, limit)

    def open_threads(self, platform: str, since: datetime, limit: int) -> ThreadsInUse:
        """Threads in use since then."""
        return catching_up.open_threads(self.connection, platform, since, limit)

    def may_be_ours(self, thread: ChatRef, target: str) -> bool:
        """Whether a thread hangs from a card of ours, or may."""
        return unread.may_be_ours(self.connection, thread, target)

    def is_unread(self, thread: ChatRef) -> bool:
        """Whether a thread must be read before what comes live in it counts."""
        return unread.is_unread(self.connection, thread)

    def set_read(self, thread: ChatRef) -> None:
        """A thread was read, or is none of ours."""
        unread.set_read(self.connection, thread)

    def unread_threads(self, platform: str) -> Sequence[tuple[ChatRef, datetime | None]]:
        """Threads to read first and when they began."""
        return unread.unread_threads(self.connection, platform)

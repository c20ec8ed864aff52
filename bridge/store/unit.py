"""One transaction.

New calls and audit entries are kept back until its end: then they are few statements for a whole batch, and lanes are
locked in one go, in order.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from bridge.domain.conversations import State, Thread
from bridge.domain.decision import Decision
from bridge.domain.effects import ArmTimer, DisarmTimer, Record, Recorded
from bridge.domain.events import Event, OwnEvent
from bridge.domain.keeping import (
    CountUse,
    DropReminder,
    EndAbsence,
    FollowRoom,
    NoteConsent,
    RemoveCanned,
    SaveAbsence,
    SaveCanned,
    SaveReminder,
    SaveTurn,
)
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
from bridge.store import (
    absences,
    asking,
    audit,
    canned,
    catching_up,
    consent,
    conversations,
    inbox,
    lanes,
    outbox,
    related,
    reminders,
    taken,
    timers,
    unread,
)
from bridge.store.arrivals import insert_new
from bridge.store.errors import translated
from bridge.store.events import load
from bridge.store.loading import Loader
from bridge.store.settle import settle
from bridge.store.side_tables import SideTables
from bridge.store.types import dump
from bridge.store.wakeups import key

T = TypeVar("T")


class StoreUnit(SideTables):
    """The port's ``Unit`` over one connection. ``touched``: keys to wake, in order, when it is committed."""

    def __init__(self, connection: Connection) -> None:
        """Begin with nothing kept back."""
        super().__init__(connection)
        self.touched: dict[str, None] = {}
        self._drafts: list[tuple[OutboxDraft, datetime]] = []
        self._entries: list[audit.Entry] = []
        self._fresh: int | None = None
        self._leased: dict[str, int] = {}
        self._loader = Loader(connection)

    def finish(self) -> None:
        """Write what was kept back; the last act before the commit."""
        self._flush()
        audit.append(self.connection, self._entries)
        self._entries = []

    def _flush(self) -> None:
        drafts, self._drafts = self._drafts, []
        outbox.enqueue(self.connection, drafts)

    def savepoint(self, work: Callable[[], T]) -> T:
        """Run ``work``; if it raises, undo just what it wrote and raise on."""
        drafts, entries, fresh = len(self._drafts), len(self._entries), self._fresh
        versions = dict(self._loader.versions)
        try:
            with self.connection.begin_nested():
                return work()
        except BaseException as error:
            del self._drafts[drafts:], self._entries[entries:]
            self._fresh = fresh
            self._leased.clear()
            self._loader.versions = versions
            self._loader.contacts.clear()
            self._loader.ahead.forget()
            if (unavailable := translated(error)) is not None and unavailable is not error:
                raise unavailable from error
            raise

    # inbox

    def next_inbox(self, limit: int) -> Sequence[InboxRow]:
        """The oldest unhandled rows; none while another process handles some."""
        return inbox.next_inbox(self.connection, limit)

    def forget(self, row: InboxRow) -> None:
        """Drop a row as if it had never come."""
        inbox.forget(self.connection, row)

    def handled(self, rows: Sequence[InboxRow], now: datetime) -> None:
        """Mark rows handled."""
        inbox.handled(self.connection, rows, now)

    def set_unread(self, threads: Sequence[ChatRef]) -> None:
        """Have threads read before what comes live in them counts."""
        unread.set_unread(self.connection, threads)
        self.touched["threads"] = None

    def set_aside(self, row: InboxRow, problem: str, now: datetime) -> None:  # noqa: ARG002 - the row says when it came
        """Keep a row that could not be handled."""
        inbox.set_aside(self.connection, row, problem)

    def accept(self, drafts: Sequence[InboxDraft], now: datetime) -> int:
        """Store requests or events; returns how many were new."""
        self.touched["inbox"] = None
        return len(insert_new(self.connection, drafts, now))

    def accept_in_order(self, drafts: Sequence[InboxDraft], now: datetime) -> int:
        """Store events of one source one after the other, those too that wait already."""
        self.touched["inbox"] = None
        return inbox.accept_in_order(self.connection, drafts, now)

    def tell(self, events: Sequence[OwnEvent], now: datetime) -> int:
        """Put events of our own into the inbox; returns how many were new."""
        return self.accept(inbox.own(events), now)

    # conversations

    def load(self, event: Event) -> State:
        """All that deciding this event needs."""
        return load(self._loader, event)

    def load_line(self, line: str, sender: str) -> State:
        """The latest conversation of a line with an address."""
        return self._loader.latest(line, sender)

    def load_message(self, message: str) -> State:
        """A message with its conversation."""
        return self._loader.about(self._loader.message_by_id(message))

    def load_conversation(self, number: int) -> State:
        """A conversation without a subject."""
        return self._loader.state(number)

    def find_thread(self, thread: str) -> Thread | None:
        """The thread of this id, whichever conversation's it is."""
        return related.thread(self.connection, thread)

    def words_since(self, conversation: int, since: datetime, limit: int) -> Sequence[Message]:
        """The oldest texts and replies of a conversation since then, oldest first."""
        return self._loader.words(conversation, since, limit)

    def provider_ids(self, conversation: int, since: datetime) -> frozenset[str]:
        """The provider's ids that texts from this line to this contact have had since then, and maybe some others."""
        return taken.provider_ids(self.connection, conversation, since)

    def fresh_number(self) -> int:
        """A conversation number never used before; the same again until a conversation with it is saved."""
        if self._fresh is None:
            self._fresh = conversations.next_number(self.connection)
        return self._fresh

    def save(self, decision: Decision, now: datetime, *, conversation: int | None = None) -> None:
        """Write the decision's rows, timers and audit entries."""
        contact, known = decision.contact, self._loader.contacts
        same = contact is not None and known.get(contact.id) == contact
        conversations.save(self.connection, decision, now, self._loader.versions, contact_known=same)
        for one in (contact, *decision.contacts):
            if one is not None:
                known[one.id] = one
        if self._fresh is not None and self._fresh in {
            one.number for one in (decision.conversation, *decision.others) if one
        }:
            conversations.use_number(self.connection, self._fresh)
            self._fresh = None
        number = conversations.conversation_of(decision) if conversation is None else conversation
        self._loader.ahead.forget(None if decision.others or decision.contacts else number)
        for effect in decision.effects:
            if isinstance(effect, Record):
                self._entries.append(audit.Entry(now, number, effect))
            elif isinstance(effect, SaveCanned | RemoveCanned | CountUse):
                canned.change(self.connection, effect)
            elif isinstance(effect, SaveAbsence | EndAbsence):
                absences.change(self.connection, effect, now)
            elif isinstance(effect, SaveReminder | DropReminder):
                reminders.change(self.connection, effect)
            elif isinstance(effect, NoteConsent):
                consent.add(self.connection, effect.entry, now)
            elif isinstance(effect, FollowRoom):
                self.remember(catching_up.ROOMS, {effect.before.key: effect.after.key})
            elif isinstance(effect, SaveTurn):
                asking.save_turn(self.connection, effect)
            elif isinstance(effect, ArmTimer | DisarmTimer):
                self.touched["timers"] = None
                timers.change(self.connection, number or 0, effect)

    def comments(self, conversation: int, limit: int) -> Sequence[Message]:
        """The newest comments of a conversation, oldest first."""
        return self._loader.comments(conversation, limit)

    def acts(self, conversation: int, limit: int) -> Sequence[Recorded]:
        """What is on record of a conversation, newest first; what this transaction adds is not among it."""
        return audit.newest(self.connection, conversation, limit)

    # outbox

    def enqueue(self, drafts: Sequence[OutboxDraft], now: datetime) -> None:
        """Add rows at the end of their lanes, in this order."""
        for draft in drafts:
            dump(draft.payload)  # what is no JSON fails here and now, inside its savepoint
        self._drafts.extend((draft, now) for draft in drafts)
        self._touch_targets(draft.target for draft in drafts)

    def _touch_targets(self, targets: Iterable[str]) -> None:
        """Whoever has the first row is woken first: a text does not wait for its card."""
        self.touched.update(dict.fromkeys(key("outbox", target) for target in targets))
        self.touched["outbox"] = None

    def reschedule(self, message: str, at: datetime) -> None:
        """Move the waiting text of a message to ``at``, keeping its place in the lane."""
        self._flush()
        if targets := outbox.reschedule(self.connection, message, at):
            self._touch_targets(targets)

    def targets(self) -> Sequence[str]:
        """Every target with an unsettled row."""
        self._flush()
        return lanes.targets(self.connection)

    def claim(self, target: str, now: datetime, *, limit: int, lease: float, holder: str) -> Sequence[OutboxRow]:
        """Take the heads of due lanes."""
        self._flush()
        rows = outbox.claim(self.connection, target, now, limit=limit, lease=lease, holder=holder)
        self._leased.update((row.lane, row.token) for row in rows)
        if len(rows) > 1:
            self._loader.ahead.expect({row.conversation for row in rows}, {row.message for row in rows if row.message})
        return rows

    def begin(self, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
        """Note that the calls start now; rows whose lease was lost are left out."""
        return outbox.begin(self.connection, rows, now, self._leased)

    def settle(self, settlements: Sequence[Settlement], now: datetime, *, holder: str) -> int:
        """Write results; a row whose lease was lost is left alone. Returns how many were written."""
        written, more = settle(self.connection, settlements, now, holder)
        for one in written:
            self._leased.pop(one.row.lane, None)
        self._loader.ahead.forget()
        if more:
            self._touch_targets({one.row.target for one in written})
        if any(one.event is not None for one in written):
            self.touched["inbox"] = None
        if found := [one.posted for one in written if one.unread and one.posted]:
            self.set_unread(found)
        return len(written)

    def next_due(self, target: str) -> datetime | None:
        """When the next lane of a target falls due, leased ones at the end of their lease."""
        self._flush()
        return lanes.next_due(self.connection, target)

    def post(self, ref: ChatRef) -> PostView | None:
        """What is known of a chat message."""
        return conversations.post_view(self.connection, ref)

    def card_digest(self, thread: str) -> str | None:
        """What the card last looked like."""
        known = self._loader.ahead.digests
        return known[thread] if thread in known else conversations.card_digest(self.connection, thread)

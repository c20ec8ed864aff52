"""A database that says what the test wrote down."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from bridge.domain.consent import Consented
from bridge.domain.conversations import Absence, Related, Reminder, State, Thread
from bridge.domain.decision import Decision
from bridge.domain.effects import Recorded
from bridge.domain.events import Event, OwnEvent
from bridge.domain.messages import Message
from bridge.domain.people import ChatRef
from bridge.pipeline.calls import Call, Outside, Planned
from bridge.pipeline.in_force import InForce
from bridge.ports.platform import Platform
from bridge.ports.provider import MediaContent, Provider
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
from bridge.ports.store import Unit
from tests.unit.pipeline.able import AblePhones, AbleRooms
from tests.unit.rules.builders import NOW, policy

T = TypeVar("T")


@dataclass
class Script:
    """One transaction after the other on the same memory: what is asked was written down by the test."""

    state: State = field(default_factory=State)
    rows: list[OutboxRow] = field(default_factory=list[OutboxRow])
    inbox: list[InboxRow] = field(default_factory=list[InboxRow])
    timers: list[TimerRow] = field(default_factory=list[TimerRow])
    due: datetime | None = None
    seen: dict[str, datetime] = field(default_factory=dict[str, datetime])
    threads: list[tuple[ChatRef, datetime]] = field(default_factory=list[tuple[ChatRef, datetime]])
    words: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    accepted: list[InboxDraft] = field(default_factory=list[InboxDraft])
    reached: datetime | None = None
    unread: dict[ChatRef, datetime | None] = field(default_factory=dict[ChatRef, "datetime | None"])
    awaited: set[str] = field(default_factory=set[str])
    view: PostView | None = None
    digest: str | None = None
    media: dict[str, MediaContent] = field(default_factory=dict[str, MediaContent])
    taken: frozenset[str] = frozenset()
    elsewhere_: list[Related] = field(default_factory=list[Related])
    ledger: list[Consented] = field(default_factory=list[Consented])
    begins: bool = True
    saved: list[Decision] = field(default_factory=list[Decision])
    enqueued: list[OutboxDraft] = field(default_factory=list[OutboxDraft])
    settled: list[Settlement] = field(default_factory=list[Settlement])
    done: list[InboxRow] = field(default_factory=list[InboxRow])
    forgotten: list[int] = field(default_factory=list[int])
    aside: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    moved: list[tuple[str, datetime]] = field(default_factory=list[tuple[str, datetime]])
    told: list[OwnEvent] = field(default_factory=list[OwnEvent])
    comments_: list[Message] = field(default_factory=list[Message])
    unreported_: list[LeftText] = field(default_factory=list[LeftText])
    asked: list[tuple[str, datetime, datetime, int]] = field(default_factory=list[tuple[str, datetime, datetime, int]])
    away_: list[Absence] = field(default_factory=list[Absence])
    mine_: list[Related] = field(default_factory=list[Related])
    words_: list[Message] = field(default_factory=list[Message])
    acts_: list[Recorded] = field(default_factory=list[Recorded])
    reminders_: list[Reminder] = field(default_factory=list[Reminder])
    armed: list[tuple[str, str, datetime]] = field(default_factory=list[tuple[str, str, datetime]])
    watched: list[tuple[str, list[str], datetime | None]] = field(
        default_factory=list[tuple[str, list[str], datetime | None]]
    )

    @property
    def unit(self) -> Unit:
        """The script as the pipeline knows it."""
        return cast("Unit", self)

    def reminders(self, conversation: int) -> Sequence[Reminder]:
        return self.reminders_

    def next_inbox(self, limit: int) -> Sequence[InboxRow]:
        rows, self.inbox = self.inbox[:limit], self.inbox[limit:]
        return rows

    def handled(self, rows: Sequence[InboxRow], now: datetime) -> None:
        self.done += rows

    def set_aside(self, row: InboxRow, problem: str, now: datetime) -> None:
        self.aside.append((row.id, problem))

    def forget(self, row: InboxRow) -> None:
        self.forgotten.append(row.id)

    def may_be_ours(self, thread: ChatRef, target: str) -> bool:
        return target in self.awaited

    def set_unread(self, threads: Sequence[ChatRef]) -> None:
        self.unread |= dict.fromkeys(threads)

    def is_unread(self, thread: ChatRef) -> bool:
        return thread in self.unread

    def set_read(self, thread: ChatRef) -> None:
        del self.unread[thread]

    def unread_threads(self, platform: str) -> Sequence[tuple[ChatRef, datetime | None]]:
        return list(self.unread.items())

    def accept_in_order(self, drafts: Sequence[InboxDraft], now: datetime) -> int:
        return self.accept(drafts, now)

    def savepoint(self, work: Callable[[], T]) -> T:
        return work()

    def load(self, event: Event) -> State:
        return self.state

    def load_line(self, line: str, sender: str) -> State:
        return self.state

    def fresh_number(self) -> int:
        return 1042

    def load_message(self, message: str) -> State:
        return self.state

    def comments(self, conversation: int, limit: int) -> Sequence[Message]:
        return self.comments_[-limit:]

    def acts(self, conversation: int, limit: int) -> Sequence[Recorded]:
        return self.acts_[:limit]

    def load_conversation(self, number: int) -> State:
        return self.state

    def absences(self, now: datetime) -> Sequence[Absence]:
        return self.away_

    def assigned(self, people: Sequence[str], lines: Sequence[str], limit: int) -> Sequence[Related]:
        return self.mine_

    def elsewhere(self, contacts: Sequence[str], lines: Sequence[str], limit: int) -> Sequence[Related]:
        return self.elsewhere_

    def consent(self, contacts: Sequence[str], limit: int) -> Sequence[Consented]:
        return self.ledger[:limit]

    def find_thread(self, thread: str) -> Thread | None:
        return next((one for one in self.state.threads if one.id == thread), None)

    def words_since(self, conversation: int, since: datetime, limit: int) -> Sequence[Message]:
        return self.words_[:limit]

    def provider_ids(self, conversation: int, since: datetime) -> frozenset[str]:
        return self.taken

    def save(self, decision: Decision, now: datetime, *, conversation: int | None = None) -> None:
        self.saved.append(decision)

    def enqueue(self, drafts: Sequence[OutboxDraft], now: datetime) -> None:
        self.enqueued += drafts

    def reschedule(self, message: str, at: datetime) -> None:
        self.moved.append((message, at))

    def targets(self) -> Sequence[str]:
        return [row.target for row in self.rows]

    def claim(self, target: str, now: datetime, *, limit: int, lease: float, holder: str) -> Sequence[OutboxRow]:
        rows, self.rows = self.rows[:limit], self.rows[limit:]
        return rows

    def begin(self, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
        return [replace(row, status="in_flight", attempts=row.attempts + 1) for row in rows] if self.begins else []

    def settle(self, settlements: Sequence[Settlement], now: datetime, *, holder: str) -> int:
        self.settled += settlements
        return len(settlements)

    def next_due(self, target: str) -> datetime | None:
        return self.due

    def post(self, ref: ChatRef) -> PostView | None:
        return self.view

    def card_digest(self, thread: str) -> str | None:
        return self.digest

    def due_timers(self, now: datetime, limit: int) -> Sequence[TimerRow]:
        rows, self.timers = self.timers, []
        return rows

    def arm(self, kind: str, subject: str, now: datetime, due: datetime) -> None:
        self.armed.append((kind, subject, due))

    def watch(self, kind: str, lines: Sequence[str], now: datetime, *, latest: datetime | None = None) -> None:
        self.watched.append((kind, list(lines), latest))

    def next_timer(self) -> datetime | None:
        return self.due

    def tell(self, events: Sequence[OwnEvent], now: datetime) -> int:
        self.told += events
        return len(events)

    def put_media(self, message: str, index: int, content: MediaContent, now: datetime) -> str:
        self.media[f"{message}/{index}"] = content
        return f"{message}/{index}"

    def get_media(self, stored: str) -> MediaContent | None:
        return self.media.get(stored)

    def seen_until(self, source: str) -> datetime | None:
        return self.seen.get(source)

    def set_seen_until(self, source: str, at: datetime) -> None:
        self.seen[source] = at

    def remembered(self, source: str, name: str) -> str | None:
        return self.words.get((source, name))

    def remember(self, source: str, words: Mapping[str, str]) -> None:
        self.words |= {(source, name): word for name, word in words.items()}

    def accept(self, drafts: Sequence[InboxDraft], now: datetime) -> int:
        self.accepted += drafts
        return len(drafts)

    def unreported(self, line: str, since: datetime, until: datetime, limit: int) -> Sequence[LeftText]:
        self.asked.append((line, since, until, limit))
        return self.unreported_

    def open_threads(self, platform: str, since: datetime, limit: int) -> ThreadsInUse:
        return ThreadsInUse(self.threads, max(since, self.reached or since))


async def unread(work: Callable[[Unit], Any], /) -> Any:
    """Read nothing: no call of these tests asks the store on its own."""
    raise AssertionError(work)


def outside(phones: object | None = None, rooms: object | None = None, **changed: Any) -> Outside:
    """One account and one platform."""
    plain = Outside(
        providers={"main": cast("Provider", phones or AblePhones())},
        platforms={"slack": cast("Platform", rooms or AbleRooms())},
        in_force=InForce(policy()),
        media_link=lambda stored, _at: f"https://files/{stored}",
        media_life=timedelta(days=1),
        media_limit=1000,
        read=unread,
    )
    return replace(plain, **changed)


def row(kind: str = "SendText", payload: dict[str, object] | None = None, **changed: Any) -> OutboxRow:
    """A claimed row; texts go to the line, the rest to the room."""
    target = "line:front-desk" if kind == "SendText" else "room:slack/C1"
    plain = OutboxRow(
        key="k1",
        lane=f"1042:{target}",
        seq=1,
        target=target,
        kind=kind,
        conversation=1042,
        message="m1",
        payload=({"ticket": 1} if kind == "SendText" else {"thread": "t1"}) if payload is None else payload,
        status="preparing",
        attempts=0,
        checks=0,
        created_at=NOW,
        not_before=None,
        attempted_at=None,
    )
    return replace(plain, **changed)


def a_call(planned: Planned) -> Call:
    """The plan, which must be a call."""
    assert isinstance(planned, Call)
    return planned


async def until(there: Callable[[], object]) -> None:
    """Let the other tasks go on until it is there; everything is in memory, so turns of the loop are enough."""
    for _ in range(1000):
        if there():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came")

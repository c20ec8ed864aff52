"""The operator's settings that decisions read."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, time, timedelta, tzinfo
from typing import Literal, TypeAlias

from bridge.domain.assistant import AssistantPolicy
from bridge.domain.automation import NO_RULES, Automation
from bridge.domain.consent import Scope
from bridge.domain.hours import Hours
from bridge.domain.messages import Media
from bridge.domain.people import RoomRef, Team, Teammate

ReplyMode: TypeAlias = Literal["reply", "confirm", "explicit"]
MayReply: TypeAlias = Literal["room_members", "teammates"]
Ping: TypeAlias = Literal["assignee", "team", "nobody"]

DEFAULT_MARKERS = ("//", "note:", "internal:", "private:", "🔒")


@dataclass(frozen=True, slots=True)
class Boundary:
    """When a new text opens a new conversation. ``reopen_within``: after a close, None: reopen whenever."""

    kind: Literal["same_thread", "new_after_close", "reopen_within"] = "reopen_within"
    reopen_within: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardPolicy:
    """What the send guard looks for on a line. ``words``: RE2 patterns, each matched as whole words in any case.

    ``private_hosts``: host names of the operator's own network, their subdomains included.
    """

    mentions: bool = True
    broadcast: bool = True
    secrets: bool = True
    code: bool = True
    hosts: bool = True
    placeholders: bool = True
    remarks: bool = True
    words: tuple[str, ...] = ()
    private_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlaStep:
    """Who is told ``after`` so much business time since the step before, the first since the breach.

    ``notify``: ``assignee``, ``team``, ``manager``, the name of a teammate, or ``hand back``: nobody's again.
    """

    after: timedelta
    notify: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlaPolicy:
    """Times to keep, in business hours; None: not kept. ``warn_at``: the part of a time after which it is warned.

    ``labels``: conversations with one of these have it, whatever their line's is.
    """

    name: str
    first_response: timedelta | None = None
    next_response: timedelta | None = None
    resolution: timedelta | None = None
    warn_at: float = 0.7
    ladder: tuple[SlaStep, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The contact's night, from ``start`` to ``end`` as clocks show it where they are; it may pass midnight.

    ``replies``: what becomes of a teammate's reply meanwhile, ``automatic``: of an automatic text; all others are held.
    ``override``: who may send one all the same.
    """

    start: time
    end: time
    replies: Literal["hold", "send"] = "send"
    automatic: Literal["hold", "send"] = "hold"
    override: Literal["members", "managers", "nobody"] = "members"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePolicy:
    """One line as decisions see it. ``undo``: zero switches the undo window off.

    ``ping``: whom a new text notifies: ``assignee`` alone, with ``team`` the team's room while nobody is assigned.
    ``bump_after``: a text after so long a quiet is shown in the room as well; zero: never. ``stale_stop``: hold a reply
    whose writer could not have seen the latest words. ``thanks_reopens``: whether a bare "thanks" after a close takes
    the conversation up again. ``zone``: of the times people write, that of ``hours`` where there are any.
    ``answers_stop``: whether its provider itself tells a contact who texts STOP that they get no more texts.
    ``personal``: the teammate whose direct message is its room, until a conversation is shared with ``shared_rooms``.
    ``sla``: the name of its SLA policy. ``close_after``: an open conversation in which nobody waits is closed after so
    long a quiet; zero: never. ``digest``: when its rooms are told what waits, on each day with business hours.
    """

    name: str
    account: str
    address: str
    rooms: tuple[RoomRef, ...]
    messaging_service: str | None = None
    may_reply: MayReply = "room_members"
    reply_mode: ReplyMode = "reply"
    undo: timedelta = timedelta(seconds=5)
    boundary: Boundary = Boundary()
    max_segments: int = 3
    team: str | None = None
    first_responder_becomes_assignee: bool = True
    ping: Ping = "team"
    bump_after: timedelta = timedelta(hours=12)
    stale_stop: bool = True
    guard: GuardPolicy = GuardPolicy()
    thanks_reopens: bool = False
    zone: tzinfo = UTC
    hours: Hours | None = None
    personal: str | None = None
    shared_rooms: tuple[RoomRef, ...] = ()
    quiet: QuietHours | None = None
    sla: str | None = None
    close_after: timedelta = timedelta()
    digest: time | Literal["opening"] | None = None
    answers_stop: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPolicy:
    """What counts as a refusal, and how far one reaches: the ``line`` it was sent to, its account's, or all lines.

    ``opt_out_words``, ``opt_in_words``: the operator's own, besides those that carriers know. ``confirmation``: what a
    contact is texted who opted out, where the provider does not do so. ``opt_out_line``: put below the first text of a
    conversation ``begun`` from our side, or below the ``first`` of all, once for each contact. ``before_first_text``:
    what becomes of a text that begins a conversation with somebody who never wrote nor agreed: sent, held until they
    answer YES to ``request``, or refused.
    """

    scope: Scope = "everything"
    opt_out_words: tuple[str, ...] = ()
    opt_in_words: tuple[str, ...] = ()
    confirmation: str = "You get no more texts from us. Reply START if you want them again."
    opt_out_line: str | None = None
    opt_out_line_on: Literal["begun", "first"] = "begun"
    before_first_text: Literal["send", "ask", "refuse"] = "send"
    request: str = "May we text you from this number? Reply YES to agree, STOP to refuse."


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The whole configuration as decisions see it. ``bots``: the bot's own person id by platform.

    ``direct``: platforms on which the bot can write to a person directly. ``followed``: rooms that took the place of
    others, which a platform may tell at any time; the rooms of ``lines`` and ``teams`` are then those of now.
    ``automation``: the operator's rules. ``outsiders``: the ``Person.key`` of configured teammates who are guests or
    of another organisation, as the platforms said last.
    """

    lines: dict[str, LinePolicy]
    teammates: tuple[Teammate, ...] = ()
    teams: dict[str, Team] = field(default_factory=dict[str, Team])
    comment_markers: tuple[str, ...] = DEFAULT_MARKERS
    bots: Mapping[str, str] = field(default_factory=dict[str, str])
    outsiders: AbstractSet[str] = frozenset()
    direct: frozenset[str] = frozenset()
    canned: Mapping[str, str] = field(default_factory=dict[str, str])
    canned_files: Mapping[str, tuple[Media, ...]] = field(default_factory=dict[str, tuple[Media, ...]])
    canned_teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    held_reminder: timedelta = timedelta(minutes=15)
    automation: Automation = NO_RULES
    assistant: AssistantPolicy | None = None
    consent: ConsentPolicy = ConsentPolicy()
    followed: dict[RoomRef, RoomRef] = field(default_factory=dict[RoomRef, RoomRef])

    def now(self, room: RoomRef) -> RoomRef:
        """Return the room that took the place of this one, itself when none did."""
        seen = {room}
        while (after := self.followed.get(room)) is not None and after not in seen:
            seen.add(after)
            room = after
        return room

    sla: Mapping[str, SlaPolicy] = field(default_factory=dict[str, SlaPolicy])

"""The operator's own rules as values: when a rule is asked, what must hold, and what it does then."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, get_args

from bridge.domain.conditions import All, Condition
from bridge.domain.people import RoomRef

Trigger: TypeAlias = Literal[
    "message_received",
    "conversation_opened",
    "conversation_closed",
    "conversation_reopened",
    "assigned",
    "labelled",
    "categorized",
    "delivery_failed",
    "no_reply",
]
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
Strategy: TypeAlias = Literal["round_robin", "random", "least_busy", "sticky"]

SURFACE = "rule"
"""How acts of rules are told from those of people, on record."""
RAN = "rule_ran"
"""The entry that says what a rule did."""


@dataclass(frozen=True, slots=True)
class AssignPerson:
    """Make the conversation this teammate's."""

    name: str


@dataclass(frozen=True, slots=True)
class AssignTeam:
    """Make it this team's; with ``by``: and one of its members', chosen so."""

    team: str
    by: Strategy | None = None


@dataclass(frozen=True, slots=True)
class ChangeLabels:
    """Add labels, or take away those behind a minus, as ``!label`` does."""

    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Text the contact: a template. ``canned``: the response it is, empty: the rule's own words.

    ``again_after``: not to somebody whom the same rule has texted less long ago.
    """

    template: str
    canned: str = ""
    again_after: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Remark:
    """Keep a comment in the conversation: a template."""

    template: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Call a teammate, everybody in a team's rooms, or a room; ``words``: a template."""

    person: str | None = None
    team: str | None = None
    room: RoomRef | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class PutAway:
    """Snooze: ``until`` as ``!snooze`` takes it; empty: until the next opening."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the conversation."""


@dataclass(frozen=True, slots=True)
class KeepTimes:
    """Give the conversation the SLA policy of this name."""

    sla: str


@dataclass(frozen=True, slots=True)
class CallOut:
    """Tell a program of the operator's: the webhook of this name."""

    webhook: str


Action: TypeAlias = (
    AssignPerson | AssignTeam | ChangeLabels | Answer | Remark | Notify | PutAway | Close | KeepTimes | CallOut
)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """So long nobody has answered: so much of the line's business hours or, with ``any_hours``, by the clock."""

    time: timedelta
    any_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When one of ``on`` happens and ``condition`` holds: do ``actions``, in order; with ``stop`` ask no rule after it.

    ``after``: how long nobody has answered, for ``no_reply``.
    """

    name: str
    on: tuple[Trigger, ...]
    condition: Condition = field(default_factory=All)
    actions: tuple[Action, ...] = ()
    stop: bool = False
    after: Unanswered | None = None

    @property
    def actor(self) -> str:
        """Who it is on record."""
        return f"{SURFACE}:{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Automation:
    """All rules, in order. ``per_hour``: the most automatic texts to one contact. Two are never the same value.

    Comparing thousands of rules whenever something made from them is looked up would take longer than asking them.
    """

    rules: tuple[Rule, ...] = ()
    per_hour: int = 3


NO_RULES = Automation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which facts the rules that an event may concern ask for. ``automatic``: of so long ago at most, zero: none."""

    turns: bool = False
    loads: bool = False
    last_assignee: bool = False
    first_time: bool = False
    automatic: timedelta = timedelta()
    language: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What rules ask besides the conversation.

    ``turns``: (team, who of it was last in turn), by configured name; ``loads``: (``Person.key``, how many open
    conversations); ``last_assignee``: who had the contact last (``Person.key``); ``automatic``: (rule, when) of the
    latest automatic texts to the contact; ``first_time``: there is no earlier conversation with the contact;
    ``language``: the text's, see ``InLanguage``; empty where there is no text.
    """

    turns: tuple[tuple[str, str], ...] = ()
    loads: tuple[tuple[str, int], ...] = ()
    last_assignee: str | None = None
    automatic: tuple[tuple[str, datetime], ...] = ()
    first_time: bool = True
    language: str = ""

"""What happened in stored conversations, for trying rules on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bridge.domain.messages import Media
from bridge.domain.people import Contact

Happening: TypeAlias = Literal[
    "text", "reply", "closed", "reopened", "assigned", "unassigned", "labelled", "failed", "sorted"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happened.

    ``detail``: of ``assigned``, the ``Person.key``; of ``labelled``, the changes; of ``sorted``, the category and how
    sure the assistant was: ``complaint 0.93``. ``id``: the message's, of a text, and of the text that was sorted.
    """

    at: datetime
    kind: Happening
    detail: str = ""
    id: str = ""
    body: str = ""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One conversation, its steps oldest first. ``whole``: from its beginning; ``first``: the contact's first one."""

    number: int
    line: str
    contact: Contact
    created_at: datetime
    whole: bool
    first: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """What rules did at one step: (rule, what it did), in order."""

    number: int
    at: datetime
    about: str
    did: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two sets of rules part. ``about``: the opening of the text, or what happened."""

    number: int
    at: datetime
    about: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Two sets of rules tried on the same past. ``counts``: (rule, how often it ran before, how often after)."""

    texts: int
    conversations: int
    differences: tuple[Difference, ...]
    counts: tuple[tuple[str, int, int], ...]

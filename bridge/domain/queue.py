"""What waits for the team: conversations by what is to be done about them, one page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from bridge.domain.conversations import ConversationStatus
from bridge.domain.people import ChatRef

Section: TypeAlias = Literal["mine", "unassigned", "waiting", "breached", "held", "failed", "snoozed"]
SECTIONS: tuple[Section, ...] = get_args(Section)
_BY_NAME: dict[str, Section] = {section: section for section in SECTIONS}
PAGE = 20
MOST = 1000
"""Entries of a section that can be paged through; further down nobody looks."""


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the queue is looked at: a section from an entry on. ``section`` None: the first that has any."""

    section: Section | None = None
    offset: int = 0

    def __str__(self) -> str:
        """As a button carries it."""
        return f"{self.section or ''}:{self.offset}"


FIRST = View()


def section_of(name: str) -> Section | None:
    """Return the section called so, None when there is none."""
    return _BY_NAME.get(name)


def read_view(text: str) -> View:
    """Return the view that ``str`` wrote, the first one for anything else."""
    name, _, offset = text.partition(":")
    at = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 6 else 0  # noqa: PLR2004 - digits
    return View(section_of(name), min(at, MOST - PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """A conversation in the queue.

    ``since``: what its section is sorted by: waiting since, a time missed since, held or failed at,
    snoozed until; ``words``: of what was found in it;
    ``name`` and ``address``: of the contact, as shown; ``root``: its thread; ``may_act``: whether who looks may claim
    or close it.
    """

    number: int
    name: str
    address: str
    line: str
    status: ConversationStatus
    since: datetime | None = None
    assignee: str | None = None
    root: ChatRef | None = None
    may_act: bool = True
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One page. ``counts``: (section, how many) up to ``COUNTED``; ``more``: there is a next page.

    ``refused``: what to say instead to who may see none of it; ``found``: what to say instead of counts and section
    about entries that were searched for.
    """

    view: View
    counts: tuple[tuple[Section, int], ...] = ()
    entries: tuple[QueueEntry, ...] = ()
    more: bool = False
    refused: str = ""
    found: str = ""


COUNTED = 100
"""A section is counted up to here; more is said as ``99+``."""

_AROUND = 60
"""Characters on each side of a word that was found."""


def excerpt(body: str, word: str) -> str:
    """Return the part of a text around a word, in one line."""
    text = " ".join(body.split())
    at = max(text.casefold().find(word.casefold()), 0)
    start, end = max(at - _AROUND, 0), at + len(word) + _AROUND
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"

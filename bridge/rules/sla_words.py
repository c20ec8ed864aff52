"""Every sentence the bot says about times to keep."""

from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bridge.domain.cards import INSERT, Note
from bridge.domain.people import Person
from bridge.rules.wording import lasting

What: TypeAlias = Literal["first", "next", "resolution"]
"""Which time it is: the first answer, a further one, the close."""

_DUE: dict[What, str] = {
    "first": f"⏰ The first answer is due {INSERT}.",
    "next": f"⏰ The answer is due {INSERT}.",
    "resolution": f"⏰ This is to be closed by {INSERT}.",
}
_MISSED: dict[What, str] = {
    "first": f"⚠️ Overdue: the first answer was due {INSERT}.",
    "next": f"⚠️ Overdue: the answer was due {INSERT}.",
    "resolution": f"⚠️ Overdue: this was to be closed by {INSERT}.",
}
_HANDED_BACK = "It is nobody's again."


def what(kind: Literal["response", "resolution"], *, first: bool) -> What:
    """Return which time a clock keeps. ``first``: nothing was answered yet."""
    if kind == "resolution":
        return "resolution"
    return "first" if first else "next"


def due(what: What, at: datetime, people: tuple[Person, ...]) -> Note:
    """Warn the thread."""
    return _naming(_DUE[what], at, people)


def missed(what: What, at: datetime, people: tuple[Person, ...], *, handed_back: bool) -> Note:
    """Tell the thread that a time is missed."""
    said = f"{_MISSED[what]} {_HANDED_BACK}" if handed_back else _MISSED[what]
    return _naming(said, at, people)


def _naming(text: str, at: datetime, people: tuple[Person, ...]) -> Note:
    called = ", ".join([INSERT] * len(people))
    return Note(f"{text} {called}".strip(), inserts=(at, *people))


def closed_by_itself(quiet: timedelta) -> Note:
    """Tell the thread that nobody wrote any more."""
    return Note(f"Closed by itself: nobody wrote for {lasting(quiet)}.", quiet=True)

"""What the bot shows on a platform, in words and buttons; each adapter draws it its own way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bridge.domain.people import Person

ButtonStyle: TypeAlias = Literal["default", "primary", "danger"]


@dataclass(frozen=True, slots=True)
class Button:
    """One button: ``action`` is the name that comes back in ``ButtonPressed``, ``value`` its message id."""

    action: str
    label: str
    value: str
    style: ButtonStyle = "default"


@dataclass(frozen=True, slots=True)
class Note:
    """The bot's own words in a thread or in private: plain text (`` `code` `` allowed) and buttons.

    ``by``: who did what the words say, put behind them by name, ringing nobody: "Sent." becomes "Sent by Ana Souza."
    """

    text: str
    buttons: tuple[Button, ...] = ()
    by: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """First message of a thread. Times are shown in each reader's zone where the platform can."""

    number: int
    name: str
    address: str
    line: str
    line_address: str
    status: str
    hint: str
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    waiting_since: datetime | None = None
    next_due: datetime | None = None
    opted_out: bool = False
    earlier: str | None = None
    buttons: tuple[Button, ...] = ()

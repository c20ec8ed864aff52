"""What the bot shows on a platform, in words and buttons; each adapter draws it its own way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from bridge.domain.people import Person

ButtonStyle: TypeAlias = Literal["default", "primary", "danger"]

INSERT = "\ufffc"
"""Stands in a note's text for the next of its ``inserts``: Unicode's own sign for something put between letters."""


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
    ``inserts``: people and times, one for each ``INSERT`` in the text. ``quiet``: people are named without being
    notified. ``link``: an address to open, behind the text. ``everyone``: the whole room is notified; ``bump``: shown
    in the room itself too.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    by: Person | None = None
    inserts: tuple[Person | datetime, ...] = ()
    quiet: bool = False
    link: str = ""
    everyone: bool = False
    bump: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """Something to choose from on a card. ``options``: (value, label); what is chosen comes as the button's value.

    ``kind``: ``choice`` of ``options``; ``people``: the platform's own list of persons; ``more``: actions that need no
    place of their own, each option's value being the name of one.
    """

    action: str
    label: str
    kind: Literal["choice", "people", "more"]
    options: tuple[tuple[str, str], ...] = ()


Control: TypeAlias = Button | Menu


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form. ``kind``: ``person``, ``choice`` of ``options`` (value, label), or ``text``.

    ``search``: a choice among too many to list; options are asked of us while somebody types. ``limit``: characters of
    a text, 0: as many as the platform takes.
    """

    name: str
    label: str
    kind: Literal["person", "choice", "text", "search"]
    options: tuple[tuple[str, str], ...] = ()
    initial: str = ""
    optional: bool = False
    hint: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A window with questions, opened for one person. ``name`` and ``context`` come back in ``FormSubmitted``.

    ``shown``: words as the contact would get them, set apart; ``text``: our own, below them and above the questions.
    """

    name: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    context: str = ""
    shown: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """First message of a thread. Times are shown in each reader's zone where the platform can.

    ``assignee``: by configured name; ``assigned``: the person, whose own name the platform may know. ``held``: how many
    replies wait, by whom (person, configured name). ``later``: link to the thread where the conversation goes on;
    ``merged``: the number it goes on under. ``others``: the contact's further addresses, merged in here;
    ``replies_to``: the one replies go to, empty: there is but one.
    ``until``: the time that the words of the status end with. ``next_due``: when the next of its times ends;
    ``breached_at``: since when one is missed; ``answer_leaves``: when the answer leaves that is held until then.
    """

    number: int
    name: str
    address: str
    line: str
    line_address: str
    status: str
    hint: str
    assignee: str | None = None
    assigned: Person | None = None
    team: str | None = None
    held: tuple[tuple[Person, str | None, int], ...] = ()
    labels: tuple[str, ...] = ()
    waiting_since: datetime | None = None
    next_due: datetime | None = None
    breached_at: datetime | None = None
    answer_leaves: datetime | None = None
    until: datetime | None = None
    opted_out: bool = False
    earlier: str | None = None
    later: str | None = None
    merged: int | None = None
    others: tuple[str, ...] = ()
    replies_to: str = ""
    buttons: tuple[Control, ...] = ()

"""Every sentence the bot says about snoozing."""

from datetime import datetime

from bridge.domain.cards import INSERT, Field, Form, Note
from bridge.domain.people import Person

SNOOZE = "snooze"
WAKE = "wake"
CHOICE, OWN = "until", "own"
UNTIL_THEY_WRITE = "they write"
UNTIL_OPENING = ("opening", "next opening", "open", "we open", "business hours")
UNTIL_REPLY = ("reply", "they write", "the contact writes", "they reply", "they answer")
_CHOICES = (
    ("1h", "1 hour"),
    ("3h", "3 hours"),
    ("tomorrow 9:00", "Tomorrow 9:00"),
    ("mon 9:00", "Monday 9:00"),
    ("opening", "Next opening"),
    ("reply", "Until the contact writes"),
)

AWAKE = Note("The snooze is over: it is open again.")
NOT_SNOOZED = Note("It is not snoozed.")


def snoozed(until: datetime | None) -> Note:
    """Tell the actor until when."""
    if until is None:
        return Note("Snoozed until the contact writes.")
    return Note(f"Snoozed until {INSERT}, or until the contact writes.", inserts=(until,))


def over(assignee: Person | None) -> Note:
    """Tell the thread, and ring the assignee."""
    if assignee is None:
        return Note("⏰ The snooze is over.")
    return Note(f"⏰ The snooze is over, {INSERT}.", inserts=(assignee,))


def form(number: int, typed: str = "", why: str = "") -> Form:
    """Ask until when; once more with what was ``typed`` and ``why`` it is no time."""
    choice = Field(name=CHOICE, label="Until", kind="choice", options=_CHOICES, initial=_CHOICES[0][0])
    own = Field(
        name=OWN,
        label="Or another time",
        kind="text",
        optional=True,
        hint="Such as 2h, 3d, fri 14:00 or dec 1 9am. It goes before the choice above.",
        initial=typed,
        limit=80,
    )
    return Form(name=SNOOZE, title="Snooze", submit="Snooze", fields=(choice, own), context=f"#{number}", text=why)

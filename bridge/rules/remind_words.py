"""Every sentence the bot says about reminders."""

from collections.abc import Sequence
from datetime import datetime

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.conversations import Reminder
from bridge.domain.people import Person

REMIND = "remind"
FORGET = "forget"
"""Action of the button that takes a reminder back; its value is the reminder's id behind the conversation's number."""
OFF = ("off", "none", "cancel")

HOW = Note("Write `!remind 2h call them back`: you are told then. `!remind off` takes your reminders here back.")
TOO_MANY = Note("You have as many reminders here as there can be. `!remind off` takes them back.")
NONE = Note("You have no reminder here.")
FORGOTTEN = Note("The reminder is taken back.")
GONE = Note("There is no such reminder any more.")


def set_for(reminder: Reminder) -> Note:
    """Tell the person when, with a way back."""
    button = Button(FORGET, "Take back", f"#{reminder.conversation} {reminder.id}")
    return Note(f"I will remind you {INSERT}.", buttons=(button,), inserts=(reminder.due,))


def listed(reminders: Sequence[Reminder]) -> Note:
    """Tell the person which there are."""
    lines = [f"{INSERT} {reminder.words.replace(INSERT, '')}".strip() for reminder in reminders]
    inserts: tuple[Person | datetime, ...] = tuple(reminder.due for reminder in reminders)
    return Note("\n".join(("Your reminders here (`!remind off` takes them back):", *lines)), inserts=inserts)


def taken_back(count: int) -> Note:
    """Tell the person how many there were."""
    return FORGOTTEN if count == 1 else Note(f"{count} reminders are taken back.")


def due(number: int, name: str, words: str) -> Note:
    """Remind."""
    said = words.replace(INSERT, "").strip() or "you wanted to look at this conversation"
    return Note(f"⏰ {said} (#{number}, {name.replace(INSERT, '')})")


def due_in_thread(person: Person, words: str) -> Note:
    """Remind where the platform has no other place."""
    said = words.replace(INSERT, "").strip() or "you wanted to look at this conversation"
    return Note(f"⏰ {INSERT}: {said}", inserts=(person,))

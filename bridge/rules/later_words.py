"""Every sentence the bot says about replies that are sent later."""

from datetime import datetime

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.people import Person

LATER = "later"
AGAIN, SEND, UNDO = "again", "send", "undo"

HOW = Note("Write the time and the text behind it: `!later tomorrow 9:00 Your order is ready.`")
REMARK_REASON = "the words behind the time begin like a comment"
NO_LONGER = "its writer may no longer text from this line"


def planned(message: str, at: datetime) -> Note:
    """Tell the thread when the reply leaves."""
    return Note(f"⏳ Leaves {INSERT}, unless the contact writes before.", buttons=_buttons(message), inserts=(at,))


def planned_for(message: str, at: datetime, words: str, by: Person) -> Note:
    """The same for a reply that was not written in the thread."""
    said = words.replace(INSERT, "")
    text = f"⏳ {INSERT}: {said}\nLeaves {INSERT}, unless the contact writes before."
    return Note(text, buttons=_buttons(message), inserts=(by, at), quiet=True)


def _buttons(message: str) -> tuple[Button, ...]:
    return (Button(SEND, "Send now", message), Button(UNDO, "Cancel", message))


def outrun(message: str, words: str) -> Note:
    """Tell the thread that the contact wrote first."""
    return Note(
        f"Not sent later, since the contact wrote first: “{words.replace(INSERT, '')}”",
        buttons=(Button(AGAIN, "Send now", message),),
    )


SHORTENED = 120
"""Letters of a reply that are repeated to tell which one is meant."""


def shortened(words: str) -> str:
    """The beginning of a reply."""
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= SHORTENED else f"{one_line[:SHORTENED]}…"

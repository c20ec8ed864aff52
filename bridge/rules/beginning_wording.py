"""What the bot says about conversations begun from our side."""

from collections.abc import Sequence

from bridge.domain.cards import Note
from bridge.domain.people import Person

HOW = Note("Nothing sent. Write `/sms new +1 555 010 0200 text`: the number with its country code, then the words.")
NO_LINE = Note("Nothing sent: no line is shown in this room. Ask in a room that has one.")
NO_WORDS = Note("Nothing sent: write the text behind the number.")
LIKE_A_COMMENT = Note("Nothing sent. That begins like a comment.")
OPTED_OUT = Note("Nothing sent: this contact has opted out of texts (STOP). They can text START to allow it again.")

NOT_AGREED = Note(
    "Nothing sent: this contact never wrote to us nor agreed to texts, and then no first text is sent here. "
    "Ask them to text this line first."
)


def which_line(names: Sequence[str]) -> Note:
    """Ask for the line where a room has several."""
    known = ", ".join(f"`{name}`" for name in names)
    return Note(
        f"Nothing sent: this room has several lines. Write `/sms new {names[0]} +1 555 010 0200 text` ({known})."
    )


def refused(problem: str) -> Note:
    """Say what is wrong with a number."""
    return Note(f"Nothing sent. {problem}")


def is_open(number: int) -> Note:
    """Point to the conversation there is already."""
    return Note(
        f"Nothing sent: there is an open conversation with this contact already, #{number}. Reply in its thread."
    )


def blocked(number: int) -> Note:
    """Say that the contact is blocked."""
    return Note(f"Nothing sent: this contact is blocked (#{number}).")


def first(words: str, who: Person) -> Note:
    """Show the first text in the new thread, since no post there says it."""
    return Note(f"First text: “{words}”", by=who)


def started(number: int) -> Note:
    """Confirm a new conversation."""
    return Note(f"Conversation #{number} is open; its thread is in this room.")


def is_merged(number: int) -> Note:
    """Say that this contact's texts are shown together with those of another number."""
    return Note(f"This number was merged with another in #{number}: write there, after `!reopen` if it is closed.")

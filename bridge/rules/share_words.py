"""Every sentence the bot says about sharing a personal line's conversation."""

from bridge.domain.cards import INSERT, Note
from bridge.domain.people import Person

SHARE = "share"
ROOM = "room"
"""Chosen in the menu for the line's own room."""

SHARED_ALREADY = Note("It is not in anybody's direct messages; `!team name` hands it over to a team.")


def which(names: tuple[str, ...]) -> Note:
    """Say with whom it can be shared."""
    there = ", ".join(f"`{name}`" for name in names) or "none are configured"
    return Note(f"Share it with whom? `!share name` takes a team or a line: {there}.")


def left(name: str, by: Person) -> Note:
    """Tell the old thread."""
    words = f"Shared with {name} by {INSERT}. It goes on there; replies here still reach the contact."
    return Note(words, inserts=(by,), quiet=True)


def arrived(by: Person) -> Note:
    """Tell the new thread."""
    return Note(f"Shared by {INSERT}.", inserts=(by,), quiet=True)


def shared(name: str) -> Note:
    """Tell the actor."""
    return Note(f"Shared with {name}.")

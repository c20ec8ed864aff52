"""Every sentence the bot says about conversations that are merged, separated again, or split."""

from bridge.domain.cards import INSERT, Button, Field, Form, Note
from bridge.domain.people import Person

MERGE = "merge"
UNMERGE = "unmerge"
SPLIT = "split"
NUMBER = "number"

MERGE_HOW = Note("Write the number of the conversation it goes on in behind it: `!merge #1042`.")
ITSELF = Note("This is that conversation: there is nothing to merge.")
NOT_MERGED = Note("Nothing is merged here, and this goes on nowhere else.")
APART = Note("It was merged, and is separate again.", quiet=True)
TOO_MANY = Note("Not merged: there are ten numbers in one conversation already.")
IS_BLOCKED = Note("Not merged: one of the two is blocked. `!unblock` lifts that.")
NO_LINE = Note("Not split: this conversation's line is no longer configured.")
NOTHING_TO_SPLIT = Note("Nothing to split: this conversation is closed. A new text of the contact goes on elsewhere.")


def _unmerge(number: int) -> Button:
    return Button(UNMERGE, "Unmerge", f"#{number}")


def merge_form(number: int) -> Form:
    """Ask for the conversation to merge into."""
    field = Field(name=NUMBER, label="Conversation", kind="text", limit=20, hint="Its number, as its card shows: #1042")
    return Form(name=MERGE, title="Merge into …", submit="Merge", fields=(field,), context=f"#{number}")


def unknown(number: int) -> Note:
    """Say that there is no such conversation, or none that may be known here."""
    return Note(f"Not merged: there is no conversation #{number} you can use from here.")


def merged(number: int) -> Note:
    """Tell the actor."""
    return Note(f"Merged into #{number}.")


def is_merged(number: int) -> Note:
    """Tell somebody who merges what goes on elsewhere already."""
    return Note(f"It is merged into #{number}. `!unmerge` separates it again.")


def is_merged_here(number: int) -> Note:
    """Tell somebody who merges in a circle."""
    return Note(f"#{number} is merged in here already. To turn it round: `!unmerge #{number}` first.")


def goes_on(number: int) -> Note:
    """Tell somebody who acts on a conversation that goes on elsewhere."""
    return Note(f"Nothing done: this conversation goes on in #{number}. Do it there, or `!unmerge` this one.")


def goes_on_reason(number: int) -> str:
    """Say why a reply in the thread of a merged conversation is held."""
    return f"this conversation goes on in #{number}, where the contact's newest words are: write there instead"


def away(number: int, origin: int, by: Person) -> Note:
    """Tell the thread of what was merged. ``number``: where it goes on."""
    return Note(
        f"Merged into #{number} by {INSERT}. New texts are shown there; replies belong there, too.",
        inserts=(by,),
        quiet=True,
        buttons=(_unmerge(origin),),
    )


def here(origin: int, who: str, replies_to: str, held: int, by: Person) -> Note:
    """Tell the thread it goes on in. ``who``: the contact and address; ``held``: replies left waiting over there."""
    left = f" {_replies(held)} in its thread." if held else ""
    return Note(
        f"#{origin} of {who} is merged in here by {INSERT}. Replies go to the number that texted last, "
        f"now {replies_to}.{left}",
        inserts=(by,),
        quiet=True,
        buttons=(_unmerge(origin),),
    )


def _replies(count: int) -> str:
    return "1 reply is still held" if count == 1 else f"{count} replies are still held"


def which(numbers: tuple[int, ...]) -> Note:
    """Ask which of several is meant."""
    return Note(f"Which? Write its number behind it: {', '.join(f'`!unmerge #{number}`' for number in numbers)}.")


def separated(number: int) -> Note:
    """Tell the actor."""
    return Note(f"#{number} goes on by itself again.")


def decided_apart(number: int, by: Person) -> Note:
    """What takes the place of the note whose button was pressed."""
    return Note(f"#{number} was merged, and was separated again by {INSERT}.", inserts=(by,), quiet=True)


def restored(number: int, by: Person) -> Note:
    """Tell the thread of what is separate again. ``number``: where it was."""
    return Note(
        f"Separated from #{number} by {INSERT}: new texts are shown here again. What came meanwhile stays there.",
        inserts=(by,),
        quiet=True,
    )


def gone(origin: int, by: Person) -> Note:
    """Tell the thread it had gone on in."""
    return Note(f"#{origin} was separated by {INSERT} and goes on in its own thread.", inserts=(by,), quiet=True)


def split_off(number: int, by: Person) -> Note:
    """Tell the thread of what was split."""
    return Note(f"Closed and split by {INSERT}: it goes on in #{number}.", inserts=(by,), quiet=True)


def split_from(origin: int, by: Person) -> Note:
    """Tell the new thread."""
    return Note(f"Split from #{origin} by {INSERT}. `!merge #{origin}` undoes it.", inserts=(by,), quiet=True)


def split(number: int) -> Note:
    """Tell the actor."""
    return Note(f"It goes on in #{number}.")

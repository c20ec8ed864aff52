"""Every sentence the bot says about teammates who are away."""

from collections.abc import Sequence
from datetime import datetime

from bridge.domain.cards import INSERT, Button, Note
from bridge.domain.people import Person

AWAY = "away"
BACK = "back"
GIVE_BACK = "give_back"
UNTIL = "until"

BACK_NOTE = Note("Welcome back: texts call you again.")
NOT_AWAY = Note("You are not away.")
NOTHING_TO_GIVE = Note("No open conversation is yours.")
SHOWN = 20


def away(until: datetime | None, mine: Sequence[tuple[int, str]], *, more: bool) -> Note:
    """Tell somebody that they are away, and offer to give back what is theirs: (number, contact) each."""
    how_long = f"until {INSERT}" if until is not None else "until you write `!back`"
    said = f"You are away {how_long}. New texts call the team instead of you."
    inserts = (until,) if until is not None else ()
    if not mine:
        return Note(said, inserts=inserts)
    listed = ", ".join(f"#{number} {name}" for number, name in mine[:SHOWN])
    further = " and more" if more or len(mine) > SHOWN else ""
    yours = f" Still yours: {listed}{further}."
    return Note(said + yours, inserts=inserts, buttons=(Button(GIVE_BACK, "Give back all", ""),))


def is_away(person: Person, until: datetime | None) -> Note:
    """Tell somebody who assigns that the one they chose is away."""
    how_long = f" until {INSERT}" if until is not None else ""
    inserts = (person,) if until is None else (person, until)
    return Note(f"{INSERT} is away{how_long}: texts call the team meanwhile.", inserts=inserts, quiet=True)


def given_back(numbers: Sequence[int]) -> Note:
    """Tell somebody that nobody is assigned to these any more."""
    return Note(f"Given back: {', '.join(f'#{number}' for number in numbers)}. Nobody is assigned to them now.")

"""Events that name another conversation than their own, or may begin one: what must be loaded to decide them."""

from dataclasses import dataclass

from bridge.domain.events import ButtonPressed, ChatPosted, CommandGiven, Event, FormSubmitted
from bridge.rules import commands
from bridge.rules.merging import number_in
from bridge.rules.merging_words import MERGE, NUMBER, SPLIT


@dataclass(frozen=True, slots=True)
class Asked:
    """``number``: of the other conversation; ``fresh``: one that nobody has had is needed."""

    number: int | None = None
    fresh: bool = False


NOTHING = Asked()


def asks_for(event: Event) -> Asked:
    """Return what an event needs besides its own conversation."""
    match event:
        case ChatPosted() | CommandGiven():
            return _of(commands.command_of(event))
        case FormSubmitted() if event.form == MERGE:
            return Asked(number_in(dict(event.values).get(NUMBER, "")))
        case ButtonPressed() if SPLIT in (event.action, event.value):
            return Asked(fresh=True)
        case _:
            return NOTHING


def _of(command: commands.Command | commands.Unknown | None) -> Asked:
    if not isinstance(command, commands.Command):
        return NOTHING
    if command.name == MERGE:
        return Asked(number_in(command.argument))
    return Asked(fresh=command.name == SPLIT)

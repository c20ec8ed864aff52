"""Effects as JSON values in an outbox row, and back."""

from collections.abc import Mapping
from typing import Any

from bridge.domain.cards import Button, Note
from bridge.domain.people import ChatRef, Person


def from_note(note: Note) -> dict[str, object]:
    """Return a note as JSON values."""
    return {
        "text": note.text,
        "buttons": [[button.action, button.label, button.value, button.style] for button in note.buttons],
        "by": from_person(note.by) if note.by else None,
    }


def to_note(value: Any) -> Note:
    """Return the note ``from_note`` wrote."""
    return Note(
        value["text"],
        tuple(Button(*button) for button in value["buttons"]),
        to_person(value["by"]) if value["by"] else None,
    )


def from_ref(ref: ChatRef | None) -> list[str] | None:
    """Return a reference as JSON values."""
    return None if ref is None else [ref.platform, ref.room, ref.id]


def to_ref(value: Any) -> ChatRef | None:
    """Return the reference ``from_ref`` wrote."""
    return None if value is None else ChatRef(*value)


def from_person(person: Person) -> dict[str, object]:
    """Return a person as JSON values."""
    return {"platform": person.platform, "id": person.id, "outsider": person.outsider, "bot": person.bot}


def to_person(value: Mapping[str, Any]) -> Person:
    """Return the person ``from_person`` wrote."""
    return Person(**value)

"""Effects as JSON values in an outbox row, and back."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from bridge.domain.assistant import AskAssistant, Task
from bridge.domain.cards import Button, Field, Form, Note
from bridge.domain.effects import SILENT, Ring
from bridge.domain.people import ChatRef, Person
from bridge.ports.rows import OutboxRow


def from_note(note: Note) -> dict[str, object]:
    """Return a note as JSON values."""
    return {
        "text": note.text,
        "buttons": [[button.action, button.label, button.value, button.style] for button in note.buttons],
        "by": from_person(note.by) if note.by else None,
        "inserts": [one.isoformat() if isinstance(one, datetime) else from_person(one) for one in note.inserts],
        "quiet": note.quiet,
        **({"everyone": True} if note.everyone else {}),
        **({"bump": True} if note.bump else {}),
    }


def to_note(value: Any) -> Note:
    """Return the note ``from_note`` wrote."""
    return Note(
        value["text"],
        tuple(Button(*button) for button in value["buttons"]),
        to_person(value["by"]) if value["by"] else None,
        tuple(
            datetime.fromisoformat(one) if isinstance(one, str) else to_person(one) for one in value.get("inserts", ())
        ),
        value.get("quiet", False),
        everyone=value.get("everyone", False),
        bump=value.get("bump", False),
    )


def from_ring(ring: Ring) -> dict[str, object]:
    """Return whom a text notifies as JSON values."""
    return {"people": [from_person(person) for person in ring.people], "room": ring.room, "bump": ring.bump}


def to_ring(value: Any) -> Ring:
    """Return what ``from_ring`` wrote; silence for a row of an earlier version."""
    if value is None:
        return SILENT
    return Ring(tuple(to_person(person) for person in value["people"]), value["room"], value["bump"])


def from_form(form: Form) -> dict[str, object]:
    """Return a form as JSON values."""
    return asdict(form)


def to_form(value: Any) -> Form:
    """Return the form ``from_form`` wrote."""
    fields: list[Field] = []
    for one in value["fields"]:
        rest = cast("dict[str, Any]", {key: found for key, found in one.items() if key != "options"})
        fields.append(Field(**rest, options=tuple((key, label) for key, label in one["options"])))
    return Form(
        name=value["name"],
        title=value["title"],
        submit=value["submit"],
        fields=tuple(fields),
        context=value["context"],
        shown=value.get("shown", ""),
        text=value.get("text", ""),
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


def to_person(value: Any) -> Person:
    """Return the person ``from_person`` wrote."""
    return Person(**value)


def to_asked(row: OutboxRow) -> AskAssistant:
    """Read what the assistant is asked."""
    tasks: dict[str, Task] = {"category": "category", "draft": "draft", "summary": "summary"}
    task = tasks[str(row.payload["task"])]
    return AskAssistant(task=task, message=row.message, person=str(row.payload["person"]))

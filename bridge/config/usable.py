"""Ids of people and rooms that their platform would not know, ids given twice, and templates that cannot be read."""

from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel

from bridge.config.document import Document, KeyPath
from bridge.config.references import OF_TEAMMATES, matching
from bridge.ports.specs import KnowsIds


def check(document: Document, platforms: Mapping[str, type[BaseModel]]) -> None:
    """Report them. ``platforms``: the model of the settings by kind."""
    kinds = _kinds(document, platforms)
    for path, room in matching(document.data, ("lines", "*", "rooms", "*"), ()):
        if isinstance(room, dict):
            values = cast("dict[str, Any]", room)
            _check_room(document, (*path, "room"), kinds.get(str(values.get("platform"))), values.get("room"))
    seen: dict[tuple[str, str], KeyPath] = {}
    for path, person in matching(document.data, ("teammates", "*", "*"), ()):
        platform = str(path[-1])
        if platform in OF_TEAMMATES or not isinstance(person, str):
            continue
        _check_person(document, path, kinds.get(platform), person)
        first = seen.setdefault((platform, person), path)
        if first != path:
            message = f"the teammate {first[1]} has this id already."
            document.report(path, message, "Give each teammate their own.", at=document.values[path])
    _check_canned(document)


def _check_canned(document: Document) -> None:
    templates = (*matching(document.data, ("canned", "*"), ()), *matching(document.data, ("canned", "*", "text"), ()))
    for path, template in templates:
        if not isinstance(template, str):
            continue
        from bridge.pipeline.prepared import mistake_in  # noqa: PLC0415 - its library is slow to import

        if mistake := mistake_in(template):
            report_template(document, path, mistake)


def report_template(document: Document, path: KeyPath, mistake: str) -> None:
    """Report why a template cannot be used. What names a part of it is left out: no value is repeated here."""
    _, _, known = mistake.partition("; ")
    said = mistake if mistake.startswith("it ") else "a filter, test or name in it is not known"
    remedy = 'Write words and values such as "Hi {{ contact.first_name }}".'
    more = f"; {known}" if known and said is not mistake else ""
    document.report(path, f"is no usable template: {said}{more}.", remedy, at=document.values.get(path))


def _kinds(document: Document, platforms: Mapping[str, type[BaseModel]]) -> Mapping[str, KnowsIds]:
    found: dict[str, KnowsIds] = {}
    for path, kind in matching(document.data, ("platforms", "*", "kind"), ()):
        model = platforms.get(kind) if isinstance(kind, str) else None
        if isinstance(model, KnowsIds):
            found[str(path[1])] = model
    return found


def _check_room(document: Document, path: KeyPath, kind: KnowsIds | None, room: object) -> None:
    if kind is not None and isinstance(room, str) and room and (remedy := kind.room_remedy(room)):
        document.report(path, "is not the id of a room.", remedy, at=document.values[path])


def _check_person(document: Document, path: KeyPath, kind: KnowsIds | None, person: str) -> None:
    if kind is not None and person and (remedy := kind.person_remedy(person)):
        document.report(path, "is not the id of a person.", remedy, at=document.values[path])

"""Events of our own as bytes, for their rows in the inbox. The form outlives a version: fields are only ever added."""

import json
from dataclasses import MISSING, asdict, fields
from typing import Any, cast

from bridge.domain.assistant import AssistantAnswered
from bridge.domain.events import OwnEvent, PostSettled, SendSettled, TimerFired
from bridge.store.types import dump

OWN = "own"
"""Source of such rows."""

KINDS: dict[str, type[OwnEvent]] = {
    kind.__name__: kind for kind in (SendSettled, PostSettled, TimerFired, AssistantAnswered)
}


def kind_of(event: OwnEvent) -> str:
    """The ``kind`` of the event's row. Raises ``TypeError`` for an event that is not our own."""
    name = type(event).__name__
    if name not in KINDS:
        raise TypeError(f"{name} is no event of our own")
    return name


def encode(event: OwnEvent) -> bytes:
    """The ``body`` of the event's row. Raises ``TypeError`` for an event that is not our own."""
    kind_of(event)
    return dump(asdict(event)).encode()


def decode(kind: str, body: bytes) -> OwnEvent | None:
    """The event of a row; None when the row is not of that form. Unknown fields are left out."""
    known = KINDS.get(kind)
    if known is None:
        return None
    try:
        found: Any = json.loads(body)
    except ValueError:
        return None
    return _build(known, cast("dict[str, Any]", found)) if isinstance(found, dict) else None


def _build(kind: type[OwnEvent], found: dict[str, Any]) -> OwnEvent | None:
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    if not needed <= found.keys():
        return None
    return kind(**{field.name: found[field.name] for field in fields(kind) if field.name in found})

"""Judges the parameters of a call by Twilio's published list (``published/twilio_api_v2010.json``)."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.resources import files
from typing import Any, cast
from urllib.parse import urlsplit

from bridge.sandbox.twilio.errors import Refused

Schema = dict[str, Any]
Value = str | bool | int | float | datetime | list[str]
_CODES = {
    ("messages.create", "To"): 21211,
    ("messages.create", "From"): 21212,
    ("messages.create", "Body"): 21617,
    ("messages.create", "MediaUrl"): 21623,
    ("messages.create", "StatusCallback"): 21609,
    ("messages.create", "MessagingServiceSid"): 21701,
    ("messages.create", "ContentSid"): 21655,
    ("messages.create", "SendAt"): 35114,
}
_MISSING = {"To": 21604}


def published() -> dict[str, Any]:
    """Return the pruned and hardened list: ``operations`` and ``schemas``."""
    text = files("bridge.sandbox.twilio.published").joinpath("twilio_api_v2010.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


class Judge:
    """Reads parameters by the published list."""

    def __init__(self) -> None:
        """Load the list."""
        self._operations: dict[str, Any] = published()["operations"]

    def read(self, operation: str, where: str, given: Iterable[tuple[str, str]]) -> dict[str, Value]:
        """Return the parameters as Python values; ``where`` is ``form`` or ``query``.

        Raises ``Refused`` for an unknown, repeated, missing or malformed parameter.
        """
        listed: dict[str, Any] = self._operations[operation]["parameters"]
        grouped: dict[str, list[str]] = {}
        for name, value in given:
            if name not in listed or listed[name]["in"] != where:
                raise Refused(20001, detail=f"unknown parameter {name!r}")
            grouped.setdefault(name, []).append(value)
        for name in self._operations[operation]["required"]:
            if not grouped.get(name, [""])[0]:
                raise Refused(_MISSING.get(name, 20001), detail=f"parameter {name} is required")
        # An empty parameter means "not given", except where it empties something.
        return {
            name: self._value(operation, name, listed[name]["schema"], values)
            for name, values in grouped.items()
            if values != [""] or name == "Body" or operation == "numbers.update"
        }

    def path(self, operation: str, values: dict[str, str]) -> None:
        """Refuse a path whose ids do not look like ids."""
        for name, value in values.items():
            entry = self._operations[operation]["parameters"].get(name, {})
            schema = entry.get("schema", {})
            if entry.get("in") == "path" and not re.search(schema.get("pattern", ""), value):
                raise Refused(20404, 404)

    def _value(self, operation: str, name: str, schema: Schema, values: Sequence[str]) -> Value:
        code = _CODES.get((operation, name), 20001)
        if schema.get("type") == "array":
            if len(values) > schema.get("maxItems", len(values)):
                raise Refused(code, detail=name)
            return list(values)
        if len(values) > 1:
            raise Refused(20001, detail=f"parameter {name} is given {len(values)} times")
        if values == [""] and operation == "numbers.update":
            return ""
        try:
            return read_value(schema, values[0])
        except ValueError as wrong:
            raise Refused(code, detail=f"{name} {wrong}") from None


def read_value(schema: Schema, text: str) -> Value:
    """Return ``text`` as the type of ``schema``; raises ``ValueError`` saying what is wrong."""
    kind = schema.get("type")
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError("is not a boolean")
        return text.lower() == "true"
    if kind in ("integer", "number"):
        return _number(schema, text)
    return _string(schema, text)


def _number(schema: Schema, text: str) -> int | float:
    try:
        value = int(text) if schema["type"] == "integer" else float(text)
    except ValueError:
        raise ValueError(f"is not a {schema['type']}") from None
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        raise ValueError("is out of range")
    return value


def _string(schema: Schema, text: str) -> str | datetime:
    if "enum" in schema and text not in schema["enum"]:
        raise ValueError("is not one of " + ", ".join(schema["enum"]))
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", len(text)):
        raise ValueError("has the wrong length")
    if not re.search(schema.get("pattern", ""), text):
        raise ValueError("does not have the published pattern")
    if schema.get("format") == "date-time":
        return read_time(text)
    if schema.get("format") == "uri" and not is_web_address(text):
        raise ValueError("is not an http(s) address")
    return text


def is_web_address(text: str) -> bool:
    """Say whether ``text`` is an absolute http or https address whose host has no underscore."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "_" not in host and not re.search(r"\s", text)


def read_time(text: str) -> datetime:
    """Return an aware time from an ISO 8601 date or time, or an RFC 2822 time; without a zone it is UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        try:
            time = parsedate_to_datetime(text)
        except ValueError:
            raise ValueError("is not a time") from None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)

"""pydantic's errors as sentences with a place in the file. A value never appears in them."""

import re
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bridge.config.document import Document, KeyPath
from bridge.config.example import how_to_add
from bridge.config.problems import did_you_mean, suggestion

_TEXT_HINT = "Put it in quotes if it is meant as text."
_BLOCK = ("must be a block of settings, each as key: value.", "")
_LIST = ("must be a list.", "Write [one, two], or one entry per line behind a dash.")
_NUMBER = ("must be a number.", "")
_WHOLE = ("must be a whole number.", "")
_TRUTH = ("must be true or false.", "")

# Message and hint by pydantic's type of error; what is not here says what pydantic says, unless that repeats the value.
_FIXED: Mapping[str, tuple[str, str]] = {
    "too_short": ("must not be empty.", ""),
    "string_type": ("must be text.", _TEXT_HINT),
    "string_pattern_mismatch": ("is not a usable name.", "Names hold letters, digits, - _ and . only."),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "dict_type": _BLOCK,
    "mapping_type": _BLOCK,
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "path_type": ("must be a path.", _TEXT_HINT),
}
_OF_RULES: Mapping[str | int, str] = {
    "name": "Write name: and what the rule is called.",
    "on": "Write on: message_received, or another event.",
    "team": "Write {team: support}.",
    "platform": "Write {platform: slack, room: C0000000001}.",
    "room": "Write {platform: slack, room: C0000000001}.",
}
_TOO_LONG = ("string_too_long", "too_long")
_MEANT: Mapping[str, str] = {
    "not": "none",
    "and": "all",
    "or": "any",
    "if_any": "any",
    "if_all": "all",
    "when": "on",
    "event": "on",
    "events": "on",
    "trigger": "on",
    "then": "do",
    "actions": "do",
    "action": "do",
    "conditions": "if",
    "condition": "if",
    "contains": "keyword",
    "country": "region",
}
"""Words that other programs have for keys of rules."""
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("must be more than", "gt"),
    "greater_than_equal": ("must be at least", "ge"),
    "less_than": ("must be less than", "lt"),
    "less_than_equal": ("must be at most", "le"),
}


def report_errors(document: Document, error: ValidationError, model: type[BaseModel], prefix: KeyPath) -> None:
    """Add the errors of reading what stands at ``prefix`` by ``model`` to the document's problems."""
    for detail in error.errors(include_url=False):
        path = _path(document, prefix, detail)
        if any(path[:length] in document.failed for length in range(len(path) + 1)):
            continue  # its substitution is reported already
        if detail["type"] in {"textbridge", "value_error"} and any(one[: len(path)] == path for one in document.failed):
            continue  # what is wrong with the whole is not known while a part of it is missing
        if detail["type"] == "too_short" and detail["input"]:
            continue  # not empty: what it holds is wrong, and is reported
        message, hint = _sentence(detail, path, lambda path=path: known_keys(model, path[len(prefix) : -1]))
        at = None if detail["type"] in {"missing", "extra_forbidden"} else document.values.get(path)
        document.report(path, message, hint, at=at)


def report_unknown_keys(document: Document, path: KeyPath, settings: Mapping[str, Any], model: type[BaseModel]) -> None:
    """Report keys that a model would ignore because it does not forbid them itself."""
    if model.model_config.get("extra") == "forbid":
        return
    known = known_keys(model, ())
    for key in settings:
        if key not in known:
            document.report((*path, key), f'"{key}" is not a setting here.', suggestion(key, known))


def known_keys(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys that a model knows at ``path`` below it."""
    places: list[Any] = [model]
    for part in path:
        places = [inner for place in places for inner in _inside(place, part)]
    return sorted({key for place in places for key in _keys(place)})


def _sentence(detail: ErrorDetails, path: KeyPath, known: Callable[[], list[str]]) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "textbridge":
        return str(context["message"]), str(context["hint"])
    if kind == "extra_forbidden":
        return f'"{path[-1]}" is not a setting here.', _meant(str(path[-1]), known())
    if kind == "missing":
        return "is missing.", _OF_RULES.get(path[-1], "") if path[0] == "rules" else how_to_add(str(path[-1]))
    if kind == "literal_error":
        return _one_of(str(context["expected"]), detail["input"])
    return _limit(kind, context) or _fixed(kind, detail["input"]) or (_harmless(detail), "")


def _limit(kind: str, context: Mapping[str, Any]) -> tuple[str, str] | None:
    if kind in _TOO_LONG:
        return f"is too long: {context['max_length']} are the most.", ""
    if kind in _LIMITS:
        words, limit = _LIMITS[kind]
        return f"{words} {_shown(context[limit])}.", ""
    return None


def _fixed(kind: str, given: object) -> tuple[str, str] | None:
    """What is no text for being a block or a list is not mended by quotes."""
    found = _FIXED.get(kind)
    return (found[0], "") if found and found[1] == _TEXT_HINT and isinstance(given, dict | list) else found


def _meant(word: str, known: list[str]) -> str:
    meant = _MEANT.get(word.casefold(), "")
    return f'Did you mean "{meant}"?' if meant in known else suggestion(word, known)


def _one_of(expected: str, given: object) -> tuple[str, str]:
    """``expected``: the words as pydantic lists them: 'one', 'two' or 'three'."""
    if expected in {"True", "False"}:
        return f"must be {expected.lower()}.", ""
    return f"must be one of {expected.replace(chr(39), '')}.", did_you_mean(
        str(given), re.findall("'([^']*)'", expected)
    )


def _shown(limit: object) -> str:
    return str(limit).removesuffix(".0") if isinstance(limit, int | float) else "zero"


def _harmless(detail: ErrorDetails) -> str:
    """Return what a model of an adapter says, unless it repeats any value that it was given."""
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if any(value in message for value in _texts(detail["input"])):
        return "is not a usable value."
    return message if message.endswith((".", "!", "?")) else f"{message}."


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for child in cast("dict[Any, Any]", value).values():
            yield from _texts(child)
    elif isinstance(value, list | tuple):
        for child in cast("list[Any]", value):
            yield from _texts(child)
    elif isinstance(value, BaseModel):
        yield from _texts(dict(value))
    elif value is not None:
        yield str(value)


def _path(document: Document, prefix: KeyPath, detail: ErrorDetails) -> KeyPath:
    """Return the error's place in the file: pydantic's own steps (tags of a choice, `[key]`) are not in it."""
    path = prefix
    for part in detail["loc"]:
        if (*path, part) in document.values:
            path = (*path, part)
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else path


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    for kind in _alternatives(annotation):
        arguments = get_args(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (field.annotation for name, field in kind.model_fields.items() if part == (field.alias or name))
        elif get_origin(kind) is dict:
            yield arguments[1]
        elif get_origin(kind) in {tuple, list}:
            yield arguments[0]


def _keys(annotation: Any) -> Iterator[str]:
    for kind in _alternatives(annotation):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (field.alias or name for name, field in kind.model_fields.items())


def _alternatives(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for choice in get_args(annotation):
            yield from _alternatives(choice)
    else:
        yield annotation

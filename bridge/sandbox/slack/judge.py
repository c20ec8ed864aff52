"""Judges arguments, blocks, views and metadata by Slack's published types and Slack's own length limits."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, cast

import jsonschema_rs

from bridge.sandbox.slack import lengths
from bridge.sandbox.slack.errors import SlackError, invalid
from bridge.sandbox.slack.journal import Json

EVERYWHERE = frozenset({"token", "team_id"})
"""Accepted by every method: bolt adds ``team_id`` to each call."""
STRUCTURES = frozenset({"blocks", "view", "attachments", "metadata"})
"""Judged apart from the rest, so that the error names the place."""
NEED_CONTENT = frozenset({"chat.postMessage", "chat.postEphemeral"})
CONTENT = ("text", "blocks", "attachments", "markdown_text")
METADATA_CHARACTERS = 16_000
VIEW_BYTES = 250_000
GROUPS = ("Methods", "Conversations", "Reactions", "Uploads", "FileFacts")
UNTYPED = {
    "files.completeUploadExternal": {"blocks", "icon_emoji", "icon_url", "username"},
    "files.getUploadURLExternal": {"alt_txt", "alt_text"},
}
"""Documented arguments the published types lack."""


class Judge:
    """Validators compiled once per process; ``strict=False`` looks only for unknown and missing arguments."""

    def __init__(self, *, strict: bool = True) -> None:
        """Judge strictly unless told not to."""
        self.strict = strict

    def arguments(self, method: str, given: Mapping[str, Any], *, typed: bool) -> Json:
        """The arguments with their right types. ``typed`` tells JSON from a form, where everything is text.

        Raises SlackError.
        """
        shape = _shape(method)
        known = set(shape["types"]) | UNTYPED.get(method, set()) | EVERYWHERE
        if unknown := sorted(set(given) - known):
            raise invalid("invalid_arguments", [f"unknown argument: {name}" for name in unknown])
        arguments = {
            name: _converted(name, value, shape["types"].get(name, set()), typed=typed)
            for name, value in given.items()
            if name not in EVERYWHERE and value is not None
        }
        if missing := sorted(shape["required"] - set(arguments)):
            raise invalid("invalid_arguments", [f"missing required field: {name}" for name in missing])
        if method in NEED_CONTENT and not any(arguments.get(name) for name in CONTENT):
            raise invalid("no_text", ["neither text nor blocks nor attachments"])
        if self.strict:
            self._structures(method, arguments)
            self._rest(method, arguments)
        return arguments

    def blocks(self, blocks: Any) -> list[str]:
        """What is wrong with a message's blocks."""
        return _block_problems(blocks) or _form_blocks(blocks) or list(lengths.message_problems(blocks))

    def view(self, view: Any) -> list[str]:
        """What is wrong with a view."""
        body = _object(view)
        if body is None or _list(body.get("blocks")) is None:
            return ["view: expected an object with blocks"]
        problems = _block_problems(body["blocks"])
        outer: Json = {key: value for key, value in body.items() if key != "blocks"} | {"blocks": []}
        problems += _problems(_validator("View"), outer, "view")
        return problems or list(lengths.view_problems(body))

    def _structures(self, method: str, arguments: Json) -> None:
        if "blocks" in arguments and (problems := self.blocks(arguments["blocks"])):
            raise invalid("invalid_blocks", problems)
        if "view" in arguments and (problems := self.view(arguments["view"])):
            raise invalid("invalid_arguments", problems)
        if len(json.dumps(arguments.get("view"))) > VIEW_BYTES:
            raise SlackError("view_too_large", violation=f"{method}: view over 250 kB")
        if arguments.get("metadata") or ("metadata" in arguments and method != "chat.update"):
            _judge_metadata(arguments["metadata"])

    def _rest(self, method: str, arguments: Json) -> None:
        untyped = UNTYPED.get(method, set())
        rest = {name: value for name, value in arguments.items() if name not in untyped}
        for name in ("blocks", "metadata"):
            if name in rest:
                rest[name] = [] if name == "blocks" else {"event_type": "x", "event_payload": {}}
        if isinstance(rest.get("view"), dict):
            rest["view"] = rest["view"] | {"blocks": []}
        for each in _apart(rest):
            if problems := _problems(_method_validator(method), each, method):
                raise invalid("invalid_arguments", problems)


def _apart(arguments: Json) -> list[Json]:
    """Blocks and attachments each without the other: the types' variants have one of them, a message may have both."""
    if not {"blocks", "attachments"} <= set(arguments):
        return [arguments]
    return [{name: value for name, value in arguments.items() if name != other} for other in ("blocks", "attachments")]


def event_problems(event: Json) -> list[str]:
    """What an event lacks by Slack's published event types."""
    definition = _event_definitions().get((event["type"], event.get("subtype")))
    if definition is None:
        return [f"no event of type {event['type']}"]
    whole = dict(event)
    for key in ("message", "previous_message", "root"):
        if key in event:
            # The types describe a message inside an event as if it were one; Slack leaves these three out.
            kept = {name: event[name] for name in ("channel", "channel_type", "event_ts")}
            whole[key] = kept | event[key]
    return _problems(_validator(definition), whole, event["type"])


@cache
def _event_definitions() -> dict[tuple[str, str | None], str]:
    found: dict[tuple[str, str | None], str] = {}
    for name, definition in definitions().items():
        properties = definition.get("properties", {})
        if name.endswith("Event") and "const" in properties.get("type", {}):
            found[properties["type"]["const"], properties.get("subtype", {}).get("const")] = name
    return found


@cache
def definitions() -> Json:
    """The schema's definitions."""
    text = resources.files("bridge.sandbox.slack").joinpath("slack.schema.json").read_text(encoding="utf-8")
    return json.loads(text)["definitions"]


@cache
def _validator(definition: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": definitions()})


def _schema(method: str) -> Json:
    for group in GROUPS:
        if found := definitions()[group]["properties"].get(method):
            return found
    raise SlackError("unknown_method", violation="unknown method")


@cache
def _method_validator(method: str) -> jsonschema_rs.Draft7Validator:
    return jsonschema_rs.Draft7Validator(_schema(method) | {"definitions": definitions()})


@cache
def _shape(method: str) -> dict[str, Any]:
    """The arguments of a method with their JSON types, and those that every variant requires."""
    branches = list(_branches(_schema(method)))
    types: dict[str, set[str]] = {}
    for branch in branches:
        for name, value in branch.get("properties", {}).items():
            types.setdefault(name, set()).update(_types(value))
    required = [set(branch.get("required", [])) - STRUCTURES for branch in branches]
    return {"types": types, "required": set[str].intersection(*required) if required else set[str]()}


def _branches(schema: Json) -> Iterable[Json]:
    if "$ref" in schema:
        yield from _branches(definitions()[schema["$ref"].rpartition("/")[2]])
    elif variants := schema.get("anyOf") or schema.get("allOf"):
        for variant in variants:
            yield from _branches(variant)
    else:
        yield schema


def _types(schema: Json) -> set[str]:
    found: set[str] = set()
    for branch in _branches(schema):
        kind = branch.get("type", "object")
        found.update([kind] if isinstance(kind, str) else kind)
    return found


def _converted(name: str, value: Any, types: set[str], *, typed: bool) -> Any:
    if not isinstance(value, str) or ("string" in types and name not in STRUCTURES):
        return value
    if types & {"object", "array"} or name in STRUCTURES:
        try:
            return json.loads(value)
        except ValueError:
            raise invalid(_format_error(name), [f"{name}: not JSON"]) from None
    if typed:
        return value
    if "boolean" in types and value.lower() in ("1", "0", "true", "false"):
        return value.lower() in ("1", "true")
    if types & {"number", "integer"} and value.lstrip("-").isdigit():
        return int(value)
    return value


def _object(value: Any) -> Json | None:
    return cast("Json", value) if isinstance(value, dict) else None


def _list(value: Any) -> list[Any] | None:
    return cast("list[Any]", value) if isinstance(value, list) else None


def _format_error(name: str) -> str:
    codes = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
    return codes.get(name, "invalid_arguments")


def _judge_metadata(metadata: Any) -> None:
    if not {"event_type", "event_payload"} <= set(_object(metadata) or {}):
        raise invalid("invalid_metadata_format", ["metadata: event_type and event_payload are required"])
    problems = _problems(_validator("MessageMetadata"), metadata, "metadata")
    if problems:
        raise invalid("invalid_metadata_schema", problems)
    if len(json.dumps(metadata)) > METADATA_CHARACTERS:
        raise invalid("metadata_too_large", ["metadata: too large"])


def _form_blocks(blocks: list[Json]) -> list[str]:
    """Blocks that the types allow everywhere and Slack in forms only."""
    return [f"blocks/{place}: alert in a message" for place, block in enumerate(blocks) if block["type"] == "alert"]


def _block_problems(blocks: Any) -> list[str]:
    found = _list(blocks)
    if found is None:
        return ["blocks: expected an array"]
    problems: list[str] = []
    for number, block in enumerate(found):
        definition = _block_definitions().get((_object(block) or {}).get("type", ""))
        if definition is None:
            problems.append(f"blocks/{number}: unsupported type")
        else:
            problems += _problems(_validator(definition), block, f"blocks/{number}")
    return problems


@cache
def _block_definitions() -> dict[str, str]:
    names = [variant["$ref"].rpartition("/")[2] for variant in definitions()["KnownBlock"]["anyOf"]]
    found: dict[str, str] = {}
    for name in names:
        for branch in _branches(definitions()[name]):
            found[branch["properties"]["type"]["const"]] = name
    return found


def _problems(validator: jsonschema_rs.Draft7Validator, instance: Any, where: str) -> list[str]:
    if validator.is_valid(instance):
        return []
    return [_sentence(error, where) for error in validator.iter_errors(instance)][:5]


def _sentence(error: jsonschema_rs.ValidationError, where: str) -> str:
    """Name the place and the rule, never the value: it may be a person's words."""
    path: Sequence[str | int] = error.instance_path
    return f"{'/'.join([where, *map(str, path)])}: {error.kind.name}"

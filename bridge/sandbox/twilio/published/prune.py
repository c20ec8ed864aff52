"""Make ``twilio_api_v2010.json`` beside this file from Twilio's published OpenAPI file.

Usage: ``python -m bridge.sandbox.twilio.published.prune spec/json/twilio_api_v2010.json COMMIT``, with a checkout of
https://github.com/twilio/twilio-oai (MIT, see ``LICENSE.twilio-oai``). Keeps names, types, patterns and enums of a few
operations, drops prose and examples, and adds ``HARDENED``: what the prose says and the schema does not.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

OUTPUT = Path(__file__).with_name("twilio_api_v2010.json")
ROOT = "/2010-04-01/Accounts"
OPERATIONS = {
    "accounts.fetch": ("get", f"{ROOT}/{{Sid}}.json"),
    "messages.create": ("post", f"{ROOT}/{{AccountSid}}/Messages.json"),
    "messages.list": ("get", f"{ROOT}/{{AccountSid}}/Messages.json"),
    "messages.fetch": ("get", f"{ROOT}/{{AccountSid}}/Messages/{{Sid}}.json"),
    "messages.update": ("post", f"{ROOT}/{{AccountSid}}/Messages/{{Sid}}.json"),
    "messages.delete": ("delete", f"{ROOT}/{{AccountSid}}/Messages/{{Sid}}.json"),
    "media.list": ("get", f"{ROOT}/{{AccountSid}}/Messages/{{MessageSid}}/Media.json"),
    "media.fetch": ("get", f"{ROOT}/{{AccountSid}}/Messages/{{MessageSid}}/Media/{{Sid}}.json"),
    "media.delete": ("delete", f"{ROOT}/{{AccountSid}}/Messages/{{MessageSid}}/Media/{{Sid}}.json"),
    "numbers.list": ("get", f"{ROOT}/{{AccountSid}}/IncomingPhoneNumbers.json"),
    "numbers.fetch": ("get", f"{ROOT}/{{AccountSid}}/IncomingPhoneNumbers/{{Sid}}.json"),
    "numbers.update": ("post", f"{ROOT}/{{AccountSid}}/IncomingPhoneNumbers/{{Sid}}.json"),
}
ADDRESS = r"^([a-z]+:)?\+[1-9][0-9]{6,14}$"
HARDENED: dict[tuple[str, str], dict[str, Any]] = {
    ("messages.create", "To"): {"pattern": ADDRESS},
    ("messages.create", "From"): {
        "pattern": r"^(([a-z]+:)?\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$"
    },
    ("messages.create", "Body"): {"maxLength": 1600},
    ("messages.create", "MediaUrl"): {"maxItems": 10},
    ("messages.create", "ValidityPeriod"): {"minimum": 1, "maximum": 36000},
    ("messages.update", "Body"): {"maxLength": 0},
}
KEPT = frozenset(
    {"type", "format", "pattern", "enum", "minimum", "maximum", "minLength", "maxLength", "maxItems", "items"}
)
Json = dict[str, Any]


def prune(published: Json, commit: str) -> Json:
    """Return the kept operations and the schemas their answers refer to."""
    schemas: Json = published["components"]["schemas"]
    wanted: Json = {}
    operations = {name: _operation(name, published, schemas, wanted) for name in OPERATIONS}
    return {
        "source": f"https://github.com/twilio/twilio-oai at {commit} (MIT), pruned and hardened",
        "operations": operations,
        "schemas": wanted,
    }


def _operation(name: str, published: Json, schemas: Json, wanted: Json) -> Json:
    method, path = OPERATIONS[name]
    operation: Json = published["paths"][path][method]
    parameters = {
        one["name"]: {"in": one["in"], "schema": _resolved(one["schema"], schemas)}
        for one in operation.get("parameters", [])
    }
    form: Json = (
        operation.get("requestBody", {})
        .get("content", {})
        .get("application/x-www-form-urlencoded", {})
        .get("schema", {})
    )
    for one, schema in form.get("properties", {}).items():
        parameters[one] = {"in": "form", "schema": _resolved(schema, schemas)}
    for one, entry in parameters.items():
        entry["schema"] |= HARDENED.get((name, one), {})
    answers: Json = {
        status: _answer(answer.get("content", {}).get("application/json", {}).get("schema"), schemas, wanted)
        for status, answer in operation["responses"].items()
    }
    return {
        "method": method,
        "path": path,
        "parameters": parameters,
        "required": form.get("required", []),
        "answers": answers,
    }


def _resolved(schema: Json, schemas: Json) -> Json:
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
    kept = {key: value for key, value in schema.items() if key in KEPT}
    if schema.get("x-twilio", {}).get("ignoreFormat"):
        del kept["format"]
    if "items" in kept:
        kept["items"] = _resolved(kept["items"], schemas)
    return kept


def _answer(schema: Any, schemas: Json, wanted: Json) -> Any:
    """Turn OpenAPI 3.0 into JSON Schema: ``nullable`` becomes a type, references point at ``#/schemas``."""
    if not isinstance(schema, dict):
        return schema
    node = cast("Json", schema)
    if "$ref" in node:
        name: str = node["$ref"].rsplit("/", 1)[1]
        if name not in wanted:
            wanted[name] = {}
            wanted[name] = _answer(schemas[name], schemas, wanted)
        return {"$ref": f"#/schemas/{name}"}
    kept: Json = {key: value for key, value in node.items() if key in KEPT}
    if node.get("nullable") and "type" in kept:
        kept["type"] = [kept["type"], "null"]
        if "enum" in kept:
            kept["enum"] = [*kept["enum"], None]
    if "items" in kept:
        kept["items"] = _answer(kept["items"], schemas, wanted)
    if "properties" in node:
        kept["properties"] = {key: _answer(value, schemas, wanted) for key, value in node["properties"].items()}
    return kept


if __name__ == "__main__":
    with Path(sys.argv[1]).open(encoding="utf-8") as source:
        pruned = prune(json.load(source), sys.argv[2])
    OUTPUT.write_text(json.dumps(pruned, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

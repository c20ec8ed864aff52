"""The pretend API driven by Twilio's published list: every documented parameter, and every answer's shape."""

import json
import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from importlib.resources import files
from typing import Any

import aiohttp
import jsonschema
import pytest

from bridge.sandbox.twilio.params import published, read_time
from bridge.sandbox.twilio.published.prune import OPERATIONS as PRUNED
from bridge.sandbox.twilio.published.prune import prune
from tests.sandbox.twilio.support import LINE, PHONE, PNG, Setting, basic

OPERATIONS: dict[str, Any] = published()["operations"]


def listed(*where: str) -> list[tuple[str, str]]:
    return [
        (operation, name)
        for operation, entry in OPERATIONS.items()
        for name, parameter in entry["parameters"].items()
        if parameter["in"] in where
    ]


def right(schema: dict[str, Any], name: str) -> str | list[str]:
    """Return a value the schema allows."""
    if schema.get("type") == "array":
        return ["http://127.0.0.1:9/missing"] if name == "MediaUrl" else ["one", "two"]
    if "enum" in schema:
        return str(schema["enum"][-1])
    if schema.get("format") == "uri":
        return "http://127.0.0.1:9/somewhere"
    if schema.get("format") == "date-time":
        return "2026-11-22T10:00:00Z"
    if "32}" in schema.get("pattern", ""):
        return schema["pattern"].strip("^$")[:2] + "0123456789abcdefABCDEF0123456789"
    values = {"integer": str(schema.get("minimum", 1)), "number": "1.5", "boolean": "true"}
    return values.get(schema["type"], "some text")


def wrong(schema: dict[str, Any]) -> str | None:
    """Return a value the schema forbids; None when every text is allowed."""
    checked = schema.get("type") in ("integer", "number", "boolean") or schema.get("format") in ("uri", "date-time")
    if checked or "enum" in schema or "pattern" in schema:
        return "~wrong~"
    return "x" * (schema["maxLength"] + 1) if "maxLength" in schema else None


async def call(setting: Setting, operation: str, parameters: dict[str, Any]) -> tuple[int, Any]:
    entry, world, account = OPERATIONS[operation], setting.world, setting.account
    message = next(one for one in world.messages if one.media)
    sid = {"accounts": account.sid, "numbers": world.numbers[LINE].sid, "media": message.media[0].sid}
    path = entry["path"].format(
        AccountSid=account.sid, MessageSid=message.sid, Sid=sid.get(operation.partition(".")[0], message.sid)
    )
    where: dict[str, Any] = {"data" if entry["method"] == "post" else "params": parameters}
    async with (
        aiohttp.ClientSession(headers=basic(account.sid, account.auth_token)) as session,
        session.request(entry["method"], world.base_url + path, **where) as answer,
    ):
        return answer.status, await answer.json() if answer.status != 204 else None


@pytest.fixture
async def full(setting: Setting) -> Setting:
    await setting.world.text_in(PHONE, LINE, "look", media=[("image/png", PNG)])
    return setting


async def base_of(setting: Setting, operation: str, name: str, value: Any) -> dict[str, Any]:
    """Return a call that succeeds, with ``name`` given as ``value`` and what that one depends on."""
    world = setting.world
    parameters: dict[str, Any] = {}
    if operation == "messages.create":
        parameters = {"To": PHONE, "From": LINE, "Body": "hello"}
    service = world.add_service(setting.account)
    world.numbers[LINE].service = service
    sample = {
        "MessagingServiceSid": service.sid,
        "ContentSid": world.add_template(setting.account, "hello"),
        "To": PHONE,
        "From": LINE,
        "PageToken": f"PA{setting.world.messages[0].sid}",
        "SendAt": (world.now() + timedelta(hours=1)).isoformat(),
    }
    if operation == "media.list":
        sample["PageToken"] = f"PA{world.messages[0].media[0].sid}"
    if operation == "numbers.list":
        sample["PageToken"] = f"PA{world.numbers[LINE].sid}"
    if name == "ScheduleType":
        parameters |= {"SendAt": sample["SendAt"], "MessagingServiceSid": service.sid}
    if (operation, name) == ("messages.update", "Status"):
        made = await setting.create(
            messaging_service_sid=service.sid, schedule_type="fixed", send_at=world.now() + timedelta(hours=1)
        )
        world.stored = {made.sid: world.message(made.sid)} | world.stored
        world.message(made.sid).media.append(world.messages[-1].media[0])
    if (operation, name) == ("messages.update", "Body"):
        value = ""
    return parameters | {name: value if value == "~wrong~" or "x" * 5 in str(value) else sample.get(name, value)}


@pytest.mark.parametrize(("operation", "name"), listed("form", "query"))
async def test_every_documented_parameter_is_accepted(full: Setting, operation: str, name: str) -> None:
    schema = OPERATIONS[operation]["parameters"][name]["schema"]
    parameters = await base_of(full, operation, name, right(schema, name))
    status, answer = await call(full, operation, parameters)
    assert status in (200, 201), answer
    assert not full.world.violations


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (operation, name)
        for operation, name in listed("form", "query")
        if wrong(OPERATIONS[operation]["parameters"][name]["schema"])
    ],
)
async def test_a_wrong_value_is_refused(full: Setting, operation: str, name: str) -> None:
    before = len(full.world.messages)
    value = wrong(OPERATIONS[operation]["parameters"][name]["schema"])
    parameters = ({"To": PHONE, "From": LINE, "Body": "hello"} if operation == "messages.create" else {}) | {
        name: value
    }
    status, answer = await call(full, operation, parameters)
    assert status in (400, 404), answer
    assert answer["code"] > 20000
    assert len(full.world.messages) == before


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_an_unknown_parameter_is_refused_and_recorded(full: Setting, operation: str) -> None:
    status, answer = await call(full, operation, {"Nonsense": "1"})
    assert (status, answer["code"]) == (400, 20001)
    assert [one.where for one in full.world.violations] == [operation]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_answers_have_the_published_shape(full: Setting, operation: str) -> None:
    parameters: dict[str, str] = {}
    if operation == "messages.create":
        parameters = {"To": PHONE, "From": LINE, "Body": "hello"}
    status, answer = await call(full, operation, parameters)
    schema = OPERATIONS[operation]["answers"][str(status)]
    if status == 204:
        assert answer is None
        return
    strict = {name: entry | {"additionalProperties": False} for name, entry in published()["schemas"].items()}
    validator: Any = jsonschema.Draft202012Validator(schema | {"schemas": strict})
    validator.validate(answer)
    assert_dates(answer)


def assert_dates(answer: Any) -> None:
    found = re.findall(r'"date_\w+": "([^"]+)"', json.dumps(answer))
    assert all(parsedate_to_datetime(one).utcoffset() == timedelta(0) for one in found)


@pytest.mark.parametrize("bad", ["nonsense", "SM123", "XX" + "a" * 32])
async def test_paths_with_malformed_ids_are_unknown(full: Setting, bad: str) -> None:
    url = f"{full.world.base_url}/2010-04-01/Accounts/{full.account.sid}/Messages/{bad}.json"
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers=basic(full.account.sid, full.account.auth_token)) as answer,
    ):
        assert answer.status == 404
        assert (await answer.json())["code"] == 20404


def test_the_list_is_small_and_says_where_it_is_from() -> None:
    data = files("bridge.sandbox.twilio.published")
    assert len(data.joinpath("twilio_api_v2010.json").read_bytes()) < 120_000
    assert re.search(r"github\.com/twilio/twilio-oai at [0-9a-f]{40} \(MIT\)", published()["source"])
    assert data.joinpath("LICENSE.twilio-oai").read_text().startswith("MIT License")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-22", "2026-11-22T00:00:00+00:00"),
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00+00:00"),
        ("2026-11-22T10:00:00-05:00", "2026-11-22T15:00:00+00:00"),
        ("Sun, 22 Nov 2026 10:00:00 -0000", "2026-11-22T10:00:00+00:00"),
    ],
)
def test_times(text: str, time: str) -> None:
    assert read_time(text).isoformat() == time


def test_pruning_drops_prose_and_resolves_references() -> None:
    schema = {"type": "string", "description": "prose", "x-twilio": {"ignoreFormat": True}, "format": "uri"}
    operation: dict[str, Any] = {
        "parameters": [
            {"name": "One", "in": "query", "description": "prose", "schema": {"$ref": "#/components/schemas/a"}}
        ],
        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/b"}}}}},
        "requestBody": {
            "content": {
                "application/x-www-form-urlencoded": {"schema": {"required": ["To"], "properties": {"To": schema}}}
            }
        },
    }
    paths: dict[str, Any] = {}
    for method, path in PRUNED.values():
        paths.setdefault(path, {})[method] = operation
    schemas = {
        "a": {"type": "string", "enum": ["x"]},
        "b": {"properties": {"c": {"type": "integer", "nullable": True}}},
    }
    pruned = prune({"paths": paths, "components": {"schemas": schemas}}, "abc")
    assert pruned["operations"]["messages.fetch"]["parameters"] == {
        "One": {"in": "query", "schema": {"type": "string", "enum": ["x"]}},
        "To": {"in": "form", "schema": {"type": "string"}},
    }
    assert pruned["operations"]["messages.create"]["parameters"]["To"]["schema"]["pattern"]
    assert pruned["operations"]["messages.create"]["required"] == ["To"]
    assert pruned["schemas"] == {"b": {"properties": {"c": {"type": ["integer", "null"]}}}}

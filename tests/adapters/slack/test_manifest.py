"""The manifest against Slack's published schema and against what the code does."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from bridge.adapters.platforms import discover
from bridge.adapters.platforms.slack import manifest
from bridge.adapters.platforms.slack.directory import NAMING_EVENTS
from bridge.adapters.platforms.slack.interactions import SHORTCUTS
from bridge.adapters.platforms.slack.methods import METHODS
from bridge.adapters.platforms.slack.parse import EVENT_TYPES
from bridge.adapters.platforms.slack.settings import SlackSettings

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ADAPTER = ROOT / "bridge" / "adapters" / "platforms" / "slack"
SCHEMA = json.loads((HERE / "data" / "manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
FACTS = json.loads((HERE / "data" / "facts.json").read_text(encoding="utf-8"))
HTTP = "https://sms.example.org/platforms/slack"
# Needed by arguments or by features, not by a method as such.
FEATURES = {
    "app_mentions:read": "the event app_mention",
    "channels:join": "joining public rooms for the operator",
    "chat:write.customize": "the contact's name on a text",
    "commands": "the slash command and the shortcuts",
    "im:history": "messages to the bot",
    "im:write": "messages from the bot",
    "users:read.email": "finding teammates by their address",
}
UNLISTED_EVENTS = {
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_unarchive": "groups:read",
}
"""Documented, but missing from the list the facts were taken from."""


def app(http: str | None = None) -> dict[str, Any]:
    return manifest.load(http)


def events() -> set[str]:
    return set(app()["settings"]["event_subscriptions"]["bot_events"])


@pytest.mark.parametrize("http", [None, HTTP])
def test_slack_would_take_it(http: str | None) -> None:
    jsonschema.Draft7Validator(SCHEMA).validate(app(http))
    assert yaml.safe_load(manifest.dump(http)) == app(http)


def test_the_file_in_the_checkout_is_the_one() -> None:
    assert manifest.dump() == (ROOT / "manifests" / "slack.yaml").read_text(encoding="utf-8")


def test_http_mode_sends_everything_to_one_address() -> None:
    http = app(HTTP)
    assert http["settings"]["socket_mode_enabled"] is False
    assert http["settings"]["event_subscriptions"]["request_url"] == HTTP
    assert http["settings"]["interactivity"]["request_url"] == HTTP
    assert {command["url"] for command in http["features"]["slash_commands"]} == {HTTP}
    assert "request_url" not in str(app())


def test_every_event_that_is_read_is_subscribed() -> None:
    wanted = EVENT_TYPES - {"message"} | {"message.channels", "message.groups"} | NAMING_EVENTS
    assert wanted <= events()


def test_every_subscribed_event_exists_and_its_scope_is_asked_for() -> None:
    for event in events():
        known = FACTS["events"]
        for scope in known[event] if event in known else [UNLISTED_EVENTS[event]]:
            assert scope.replace(".", ":", 1) in manifest.bot_scopes() | {"mpim:read"}


def test_every_method_that_is_called_is_known_and_its_scope_is_asked_for() -> None:
    files = [path for path in ADAPTER.glob("*.py") if path.name not in ("methods.py", "errors.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in files).replace("files.slack.com", "")
    families = "apps|auth|chat|conversations|files|reactions|usergroups|users|views"
    named = set(re.findall(rf"\"((?:{families})\.[a-zA-Z.]+)\"", source))
    assert named == set(METHODS) == set(FACTS["methods"])
    for method, facts in FACTS["methods"].items():
        needed = {scope for scope in facts["scopes"] if not scope.startswith(("mpim:", "im:"))}
        assert needed <= manifest.bot_scopes(), method


def test_json_bodies_go_where_slack_reads_them() -> None:
    assert all(FACTS["methods"][name]["json"] for name, method in METHODS.items() if method.json)


def test_every_scope_is_there_for_a_reason() -> None:
    of_methods = {scope for facts in FACTS["methods"].values() for scope in facts["scopes"]}
    of_events = {scope for event in events() for scope in FACTS["events"].get(event, [])}
    assert manifest.bot_scopes() <= of_methods | of_events | set(FEATURES)
    assert len(manifest.bot_scopes()) == 18


def test_shortcuts_and_commands_are_those_the_code_knows() -> None:
    features = app()["features"]
    shortcuts = features["shortcuts"]
    assert [shortcut["callback_id"] for shortcut in shortcuts] == list(SHORTCUTS)
    names = ["Reply with canned", "Assign", "Make comment", "Send again", "Split from here"]
    assert [shortcut["name"] for shortcut in shortcuts] == names
    assert {shortcut["type"] for shortcut in shortcuts} == {"message"}
    assert len(shortcuts) <= 5
    assert [(command["command"], command["should_escape"]) for command in features["slash_commands"]] == [
        ("/sms", True)
    ]
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", features["bot_user"]["display_name"])


def test_listing_the_platforms_loads_no_client() -> None:
    script = (
        "import sys; from bridge.adapters.platforms import discover; specs = discover(); "
        "assert 'slack' in list(specs); before = {name.partition('.')[0] for name in sys.modules}; "
        "assert not {'slack_sdk', 'slack_bolt', 'aiohttp', 'nio'} & before, before; "
        "spec = specs['slack']; after = {name.partition('.')[0] for name in sys.modules}; "
        "assert not {'slack_sdk', 'slack_bolt', 'aiohttp', 'nio'} & after, after; print(spec.name)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "slack\n", done.stderr


def test_a_platform_nobody_wrote_is_not_there() -> None:
    assert "telegraph" not in discover()
    with pytest.raises(KeyError):
        discover()["telegraph"]


GOOD = {"bot_token": "xoxb-1", "app_token": "xapp-1"}


def test_settings_have_one_mode_and_keep_their_secrets() -> None:
    settings = SlackSettings.model_validate(GOOD | {"api_url": "http://127.0.0.1:1/api"})
    assert settings.api_url == "http://127.0.0.1:1/api/"
    assert "xoxb" not in repr(settings)
    assert SlackSettings.model_validate({"bot_token": "xoxb-1", "signing_secret": "s"}).app_token is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"bot_token": "xoxb-1"},
        GOOD | {"signing_secret": "s"},
        GOOD | {"bot_token": "xoxp-verysecret"},
        GOOD | {"app_token": "xoxb-verysecret"},
        {"bot_token": "xoxb-1", "signing_secret": " "},
        GOOD | {"api_url": "slack.com/api"},
        GOOD | {"api_url": "ftp://slack.com/api"},
        GOOD | {"unknown": "x"},
    ],
)
def test_settings_say_what_is_wrong_and_show_no_secret(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        SlackSettings.model_validate(wrong)
    assert "verysecret" not in str(caught.value)

"""The app manifest: what the operator pastes into Slack to create the app."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = "slack.yaml"


@cache
def _source() -> str:
    here = Path(__file__).resolve()
    package = here.parents[3]
    # an installed package carries its manifests inside; a checkout has them beside it
    for folder in (package / "manifests", package.parent / "manifests"):
        if (folder / _FILE).is_file():
            return (folder / _FILE).read_text(encoding="utf-8")
    raise FileNotFoundError("the manifest slack.yaml is missing from this installation")


def load(http_url: str | None = None) -> dict[str, Any]:
    """The manifest as data.

    ``http_url``: where Slack shall send everything in HTTP mode (``https://…/platforms/slack``); None: Socket Mode.
    """
    manifest: dict[str, Any] = yaml.safe_load(_source())
    return manifest if http_url is None else _by_http(manifest, http_url)


def dump(http_url: str | None = None) -> str:
    """The manifest as YAML, comments included unless it is the HTTP variant."""
    if http_url is None:
        return _source()
    return yaml.safe_dump(load(http_url), sort_keys=False, allow_unicode=True, width=120)


def _by_http(manifest: dict[str, Any], url: str) -> dict[str, Any]:
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": url, **settings["event_subscriptions"]}
    settings["interactivity"] = {"request_url": url, **settings["interactivity"]}
    for command in manifest["features"]["slash_commands"]:
        command["url"] = url
    return manifest


def bot_scopes() -> frozenset[str]:
    """The scopes the app asks for."""
    return frozenset(load()["oauth_config"]["scopes"]["bot"])

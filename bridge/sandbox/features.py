"""What the installed app offers in Slack's own menus, read from its manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of *More actions* on a message."""

    name: str
    callback_id: str


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command and the hint shown behind it."""

    command: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Features:
    """The app as people meet it in Slack's menus."""

    name: str = "App"
    shortcuts: Sequence[Shortcut] = ()
    commands: Sequence[Command] = ()
    home: bool = False

    @classmethod
    def of_manifest(cls, manifest: Mapping[str, Any]) -> "Features":
        """Read a Slack app manifest (https://docs.slack.dev/reference/app-manifest). Raises KeyError without a name."""
        features: Mapping[str, Any] = manifest.get("features", {})
        shortcuts: list[Mapping[str, str]] = features.get("shortcuts", [])
        commands: list[Mapping[str, str]] = features.get("slash_commands", [])
        return cls(
            name=manifest["display_information"]["name"],
            shortcuts=[Shortcut(one["name"], one["callback_id"]) for one in shortcuts if one["type"] == "message"],
            commands=[Command(one["command"], one.get("usage_hint", "")) for one in commands],
            home=bool(features.get("app_home", {}).get("home_tab_enabled")),
        )

    def as_json(self) -> dict[str, Any]:
        """The same for the page."""
        return {
            "name": self.name,
            "shortcuts": [asdict(one) for one in self.shortcuts],
            "commands": [asdict(one) for one in self.commands],
            "home": self.home,
        }

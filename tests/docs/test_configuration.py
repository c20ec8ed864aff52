"""The reference of settings has the keys of the models, all of them, and their defaults."""

import re
from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bridge.config import example_config, lines, models, parse
from bridge.config.rules import RuleSection
from bridge.config.values import write_duration
from bridge.outside import settings_models
from tests.architecture.source import ROOT
from tests.docs.reading import README, code, rows, section

PAGE = ROOT / "docs" / "configuration.md"
REQUIRED = "must be given"
SECTIONS: dict[str, type[BaseModel]] = {
    "": models.Config,
    "accounts.<name>.": models.Account,
    "platforms.<name>.": models.PlatformEntry,
    "teammates.<name>.": models.Teammate,
    "teams.<name>.": models.Team,
    "lines.<name>.": lines.Line,
    "lines.<name>.rooms[].": lines.Room,
    "lines.<name>.boundary.": lines.ReopenWithin,
    "lines.<name>.quiet_hours.": lines.QuietHours,
    "lines.<name>.guard.": lines.Guard,
    "hours.<name>.": models.Hours,
    "sla.<name>.": models.Sla,
    "sla.<name>.ladder[].": models.LadderStep,
    "canned.<name>.": models.CannedResponse,
    "automatic.": models.Automatic,
    "webhooks.<name>.": models.Webhook,
    "assistant.": models.Assistant,
    "consent.": lines.Consent,
    "media.": models.Media,
    "logging.": models.Logging,
}
ELSEWHERE = {"accounts.<name>.settings", "platforms.<name>.settings"}  # the tables of Twilio and Slack
NESTED = {
    "automatic",
    "consent",
    "media",
    "logging",
    "lines.<name>.boundary",
    "lines.<name>.guard",
}  # their default is told by their own keys, or in their own form


def fields(model: type[BaseModel], prefix: str = "") -> dict[str, FieldInfo]:
    return {f"{prefix}{field.alias or name}": field for name, field in model.model_fields.items()}


def all_fields() -> dict[str, FieldInfo]:
    found = {key: field for prefix, model in SECTIONS.items() for key, field in fields(model, prefix).items()}
    return {key: field for key, field in found.items() if key not in ELSEWHERE}


def told(text: str) -> dict[str, str]:
    """Return what a table says of each key's default."""
    return {key: row[2] for row in rows(text) for key in code(row[0])}


def written(field: FieldInfo) -> str:
    """Return a default as the table writes it."""
    value: Any = field.default
    if value is PydanticUndefined:
        return REQUIRED
    if isinstance(value, models.SecretStr):
        value = value.get_secret_value()
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{write_duration(value) if isinstance(value, timedelta) else value}`"


def test_every_section_of_the_models_is_known_here() -> None:
    assert {*models.Section.__subclasses__(), models.Teammate} - {RuleSection} == set(SECTIONS.values())


def test_the_reference_has_the_keys_of_the_models_and_no_other() -> None:
    general = PAGE.read_text(encoding="utf-8").partition("\n## ")[0]
    assert set(told(general)) == set(all_fields())


def test_the_reference_tells_the_defaults() -> None:
    general = told(PAGE.read_text(encoding="utf-8").partition("\n## ")[0])
    different = {
        key: (general[key], written(field))
        for key, field in all_fields().items()
        if key not in NESTED and general[key] != written(field)
    }
    assert different == {}


def test_providers_and_platforms_are_told_with_their_keys_and_defaults() -> None:
    providers, platforms = settings_models()
    headings = re.findall(r"^## .*`(?:provider|kind): (\w+)`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted({**providers, **platforms})
    for name, model in {**providers, **platforms}.items():
        heading = re.search(rf"^## .*: {name}`$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
        assert heading is not None
        assert told(section(PAGE, heading[0])) == {key: written(field) for key, field in fields(model).items()}


def test_the_readme_names_every_heading_of_the_file() -> None:
    assert set(told(section(README, "## Configure"))) == set(fields(models.Config))


def test_the_example_can_be_used() -> None:
    secrets = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
    }
    providers, platforms = settings_models()
    config = parse(example_config(), secrets, providers=providers, platforms=platforms)
    assert list(config.lines) == ["front-desk"]


def test_variables_are_those_that_are_asked_for() -> None:
    from bridge.cli.init import HINTS

    connecting = ROOT / "docs" / "connecting.md"
    named = set(re.findall(r"`((?:TWILIO|SLACK|MATRIX)_[A-Z_]+)`", connecting.read_text(encoding="utf-8")))
    assert named == set(HINTS) - {"TWILIO_ACCOUNT_SID"}, "init writes the account SID into the file"
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8")))
    assert needed == set(re.findall(r"^([A-Z_]+)=", section(connecting, "## Docker"), re.MULTILINE))

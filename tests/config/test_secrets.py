"""No secret appears where a person or a log would see it."""

import string
import traceback
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, model_validator

from bridge.config import ConfigError, parse
from bridge.config.redaction import STARS
from tests.config.samples import PLATFORMS, RIGHT, changed, read_text

# Long enough not to be a word of a sentence.
SECRETS = st.text(string.ascii_letters + string.digits + "!&*@%`'\"{}[]:#|>?-_$/+= é", min_size=12, max_size=40).map(
    lambda text: f"s3cr3t{text}"
)
PLACES = (
    "accounts.main.auth_token",
    "accounts.main.account_sid",
    "accounts.main.provider",
    "accounts.main",
    "platforms.slack.bot_token",
    "platforms.slack",
    "database",
    "listen",
    "public_url",
    "comment_markers",
    "teammates.ana",
    "teammates.ana.role",
    "teams.support.members",
    "lines.desk",
    "lines.desk.account",
    "lines.desk.address",
    "lines.desk.rooms",
    "lines.desk.undo",
    "lines.desk.boundary",
    "lines.desk.max_segments",
    "lines.desk.quiet_hours",
    "hours.x",
    "hours.x.zone",
    "sla.x.ladder",
    "sla.x.warn_at",
    "media.max_bytes",
    "logging.level",
)


def shown(text: str, environ: dict[str, str]) -> str:
    """Return everything that reading a text would show."""
    try:
        config = read_text(text, **environ)
    except ConfigError as error:
        parts = [str(error), repr(error), *traceback.format_exception(error), str(error.__context__)]
        return "\n".join([*parts, *map(repr, error.problems)])
    return f"{config!r}\n{config}\n{config.redacted()}"


@given(secret=SECRETS, place=st.sampled_from(PLACES))
def test_what_comes_from_the_environment_is_never_in_an_error_or_a_report(secret: str, place: str) -> None:
    text = changed(place, "${SECRET}") + "unknown: 1\n"
    said = shown(text, {"SECRET": secret})
    assert "unknown" in said
    assert secret not in said


@given(
    secret=SECRETS,
    within=st.sampled_from(["list", "block"]),
    place=st.sampled_from(["accounts.main.auth_token", "accounts.main.account_sid", "database"]),
)
def test_a_wrong_value_of_a_secret_is_never_in_an_error(secret: str, within: str, place: str) -> None:
    said = shown(changed(place, [secret] if within == "list" else {"a": secret}), {})
    assert "problem" in said
    assert secret not in said


@given(secret=SECRETS, before=st.sampled_from(["*", "@", "!", "&", "%", "", "'", '"', "[", "{", "|"]))
def test_broken_yaml_around_a_secret_does_not_show_it(secret: str, before: str) -> None:
    said = shown(RIGHT.replace('"tokentoken"', f"{before}{secret}") + "unknown: 1\n", {})
    assert secret[:12] not in said


@given(secret=SECRETS)
def test_a_right_file_shows_no_secret(secret: str) -> None:
    said = shown(RIGHT.replace("tokentoken", "${TOKEN}").replace("xoxb-1", "${TOKEN}"), {"TOKEN": secret})
    assert "problem" not in said
    assert secret not in said


class Talkative(BaseModel):
    """An adapter's model whose own check repeats what it was given."""

    options: dict[str, list[str]]
    polite: bool = False
    auth_token: str = ""

    @model_validator(mode="before")
    @classmethod
    def refuse(cls, given: dict[str, Any]) -> dict[str, Any]:
        raise ValueError("never right" if given["polite"] else f"cannot use {given['options']['keys'][0]}")


@pytest.mark.parametrize(("polite", "message"), [("false", "is not a usable value."), ("true", "never right.")])
def test_what_an_adapter_says_is_kept_only_without_values(polite: str, message: str) -> None:
    text = RIGHT.replace("account_sid: AC1", f"options: {{keys: [hidden-key]}}, polite: {polite}")
    with pytest.raises(ConfigError) as caught:
        parse(text, {}, providers={"twilio": Talkative}, platforms=PLATFORMS)
    (problem,) = caught.value.problems
    assert (problem.where, problem.message) == ("accounts.main", message)


def test_the_report_shows_where_a_value_comes_from() -> None:
    text = changed("accounts.main.account_sid", "${SID:-ACdefault}").replace("tokentoken", "${TOKEN}")
    account = read_text(text, TOKEN="hidden-token").redacted()["accounts"]["main"]
    assert account == {
        "provider": "twilio",
        "account_sid": "${SID}",
        "auth_token": STARS,
        "api_url": "https://api.twilio.com",
    }


def test_the_report_can_be_written_as_the_file_is() -> None:
    report = read_text(changed("lines.desk.quiet_hours", {"from": "21:00", "to": "08:00"})).redacted()
    report["accounts"]["main"]["auth_token"] = "again"
    again = read_text(yaml.safe_dump({key: _without_nothing(value) for key, value in report.items()}))
    assert again.lines == read_text(changed("lines.desk.quiet_hours", {"from": "21:00", "to": "08:00"})).lines


@pytest.mark.parametrize(
    ("database", "report"),
    [
        ("sqlite:///a.db", "sqlite:///a.db"),
        ("postgresql://user:hidden@host/name", f"postgresql://user:{STARS}@host/name"),
        ("postgresql://user@host/name?password=hidden", f"postgresql://user@host/name?{STARS}"),
        ("${DATABASE}", "${DATABASE}"),
        ("postgresql://user:hidden${TAIL}@host/name", f"postgresql://user:{STARS}@host/name"),
    ],
)
def test_the_report_keeps_the_databases_password(database: str, report: str) -> None:
    config = read_text(changed("database", database), DATABASE="postgresql://user:hidden@host/name", TAIL="x")
    assert config.redacted()["database"] == report
    assert "hidden" not in repr(config)


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(inner) for key, inner in value.items() if inner is not None}
    return value

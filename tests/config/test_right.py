"""A right file becomes the values it says."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridge.config import Config, ConfigError, example_config, load, parse
from bridge.config.lines import ReopenWithin
from bridge.config.models import LadderStep
from bridge.config.policy import policy_of
from bridge.config.values import Listen
from bridge.outside import settings_models
from tests.config.samples import PLATFORMS, PROVIDERS, RIGHT, SlackLike, TwilioLike, changed, read_text

ENVIRONMENT = {
    "TWILIO_ACCOUNT_SID": "AC2",
    "TWILIO_AUTH_TOKEN": "token-of-twilio",
    "SLACK_BOT_TOKEN": "xoxb-2",
    "SLACK_APP_TOKEN": "xapp-2",
}


def test_what_is_not_said_has_its_default() -> None:
    config = read_text(RIGHT)
    line = config.lines["desk"]
    assert config.database_url == "sqlite:///textbridge.db"
    assert config.listen == Listen("127.0.0.1", 8080)
    assert (line.may_reply, line.reply_mode, line.max_segments) == ("room_members", "reply", 3)
    assert line.undo == timedelta(seconds=5)
    assert line.boundary == ReopenWithin(reopen_within=timedelta(days=7))
    assert config.comment_markers == ("//", "note:", "internal:", "private:", "🔒")
    assert config.logging.level == "info"


def test_adapters_models_read_their_settings() -> None:
    config = read_text(RIGHT)
    account, platform = config.accounts["main"], config.platforms["slack"]
    assert account.provider == "twilio"
    assert isinstance(account.settings, TwilioLike)
    assert account.settings.auth_token.get_secret_value() == "tokentoken"
    assert platform.kind == "slack"
    assert isinstance(platform.settings, SlackLike)


def test_teammates_have_an_id_per_platform() -> None:
    ana = read_text(RIGHT).teammates["ana"]
    assert ana.role == "manager"
    assert dict(ana.ids) == {"slack": "U1"}


def test_a_teammate_may_have_a_zone() -> None:
    own = read_text(RIGHT.replace("role: manager", "role: manager, zone: Asia/Tokyo")).teammates["ana"]
    assert (own.zone, dict(own.ids)) == ("Asia/Tokyo", {"slack": "U1"})


def test_the_contracts_sections_are_read() -> None:
    config = read_text(
        RIGHT
        + """\
    hours: office
    sla: standard
    quiet_hours: {from: 21:00, to: "08:00"}
    undo: 0
    boundary: same_thread
hours:
  office:
    {zone: America/New_York, week: {mon-fri: "09:00-17:30", sat: closed}, holidays: [US, NO], closed: [2026-12-24]}
sla:
  standard:
    first_response: 15m
    resolution: 2d
    warn_at: 0.7
    ladder: [assignee, team, {after: 15m, notify: manager}]
canned:
  hours: "We are open {{ hours.today | default('9 to 5') }}."
rules:
  - name: pricing goes to sales
    on: message_received
    if: {all: [{line: desk}, {text: '\\b(price|quote)\\b'}, {hours: open}]}
    do: [{label: lead}, {assign: {team: support, by: round_robin}}]
    stop: true
"""
    )
    line, office, standard = config.lines["desk"], config.hours["office"], config.sla["standard"]
    assert line.quiet_hours is not None
    assert (line.quiet_hours.start, line.quiet_hours.end) == (time(21), time(8))
    assert line.undo == timedelta(0)
    assert line.boundary == "same_thread"
    assert office.week == {"mon-fri": ((time(9), time(17, 30)),), "sat": ()}
    assert office.holidays == ("US", "NO")
    assert office.closed == (date(2026, 12, 24),)
    assert standard.resolution == timedelta(days=2)
    assert standard.ladder[2] == LadderStep(after=timedelta(minutes=15), notify="manager")
    assert config.rules[0].on == "message_received"
    assert config.rules[0].stop is True


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+1 555-000-1000", "+15550001000"),
        ("+49 30 901820", "+4930901820"),
        ("72345", "72345"),
        ("BAKERY 7", "BAKERY 7"),
    ],
)
def test_addresses_are_numbers_short_codes_or_letters(written: str, read: str) -> None:
    assert read_text(changed("lines.desk.address", written)).lines["desk"].address == read


def test_a_number_without_quotes_stays_a_number() -> None:
    assert read_text(RIGHT.replace('"+15550001000"', "+15550001000")).lines["desk"].address == "+15550001000"


@pytest.mark.parametrize(
    ("written", "read"),
    [("0.0.0.0:80", Listen("0.0.0.0", 80)), ("[::1]:8080", Listen("::1", 8080)), (":9000", Listen("", 9000))],
)
def test_where_to_listen(written: str, read: Listen) -> None:
    config = read_text(changed("listen", written))
    assert config.listen == read
    assert str(config.listen) == written


@pytest.mark.parametrize("url", ["https://sms.example.org/bridge/", "http://127.0.0.1:8080", "http://localhost:8080/"])
def test_public_addresses(url: str) -> None:
    assert read_text(changed("public_url", url)).public_url == url.rstrip("/")


def test_values_come_from_environment_and_files(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    text = RIGHT.replace("tokentoken", "${file:token}").replace("xoxb-1", "${BOT}-${KIND:-live}")
    file = tmp_path / "textbridge.yaml"
    file.write_text(text, encoding="utf-8")
    config = load(file, {"BOT": "xoxb"}, providers=PROVIDERS, platforms=PLATFORMS)
    account, platform = config.accounts["main"].settings, config.platforms["slack"].settings
    assert isinstance(account, TwilioLike)
    assert isinstance(platform, SlackLike)
    assert account.auth_token.get_secret_value() == "from-file"
    assert platform.bot_token.get_secret_value() == "xoxb-live"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("$${NAME}", "${NAME}"),
        ("${NAME}", "value"),
        ("${EMPTY:-other}", "other"),
        ("$NAME costs $5", "$NAME costs $5"),
        ("${NAME}${NAME}", "valuevalue"),
        ("${DIGITS}", "0123"),
        ("${TRUTH}", "true"),
    ],
)
def test_ways_to_fill_in(written: str, read: str) -> None:
    config = read_text(changed("canned", {"x": written}), NAME="value", EMPTY="", DIGITS="0123", TRUTH="true")
    assert config.canned["x"] == read


def test_numbers_may_come_from_the_environment() -> None:
    assert read_text(changed("lines.desk.max_segments", "${N}"), N="5").lines["desk"].max_segments == 5


def test_a_heading_with_nothing_below_is_an_empty_section() -> None:
    assert read_text(RIGHT + "canned:\nrules:\n").canned == {}


def test_the_example_is_right_and_says_what_is_left_out() -> None:
    config = _parse_example()
    assert config.lines["front-desk"].address == "+15550001000"
    written: Any = yaml.safe_load(example_config())
    assert config.redacted()["media"] == written["media"]
    assert config.redacted()["lines"]["front-desk"].items() >= written["lines"]["front-desk"].items()


def test_the_example_fits_the_adapters() -> None:
    providers, platforms = settings_models()
    environ = {**ENVIRONMENT, "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000"}
    config = parse(example_config(), environ, providers=providers, platforms=platforms)
    assert "token-of-twilio" not in repr(config)


def test_the_example_is_wrong_only_for_the_missing_secrets() -> None:
    with pytest.raises(ConfigError) as caught:
        read_text(example_config())
    assert [problem.message.split()[3] for problem in caught.value.problems] == list(ENVIRONMENT)


def test_settings_are_fixed_once_read() -> None:
    config = read_text(RIGHT)
    with pytest.raises(ValueError, match="frozen"):
        config.lines["desk"].max_segments = 9


def _parse_example() -> Config:
    return read_text(example_config(), **ENVIRONMENT)


def test_the_guard_is_on_unless_a_check_is_switched_off() -> None:
    assert read_text(RIGHT).lines["desk"].guard.secrets
    chosen = {"secrets": False, "words": ["refund(s|ed)?"], "private_hosts": ["*.Wiki.example.org"]}
    guard = read_text(changed("lines.desk.guard", chosen)).lines["desk"].guard
    assert (guard.secrets, guard.code) == (False, True)
    assert (guard.words, guard.private_hosts) == (("refund(s|ed)?",), ("wiki.example.org",))


def test_a_canned_response_with_files_and_teams(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(b"1")
    (tmp_path / "textbridge.yaml").write_text(
        f"{RIGHT}canned:\n  Way: {{text: This way, files: [map.png], teams: [support]}}\n  bye: Bye\n"
    )
    config = load(tmp_path / "textbridge.yaml", {}, providers=PROVIDERS, platforms=PLATFORMS)
    policy = policy_of(config, {})
    assert policy.canned == {"Way": "This way", "bye": "Bye"}
    (file,) = policy.canned_files["Way"]
    assert (file.source, file.content_type, file.name) == (f"canned:{tmp_path / 'map.png'}", "image/png", "map.png")
    assert policy.canned_teams == {"Way": ("support",)}

"""What the real adapters say about their settings, and ids and templates that cannot be used."""

import pytest

from bridge.app import settings_models
from bridge.config import ConfigError, Problem, parse

SID = "AC" + "0" * 32
RIGHT = """\
public_url: https://sms.example.org
accounts:
  main: {provider: twilio, account_sid: SID, auth_token: tokentoken}
platforms:
  slack: {kind: slack, bot_token: xoxb-1, app_token: xapp-1}
teammates:
  ana: {slack: U1}
  bob: {slack: U2}
canned:
  hello: "Hi {{ contact.first_name }}"
lines:
  desk:
    account: main
    address: "+15550001000"
    rooms: [{platform: slack, room: C1}]
""".replace("SID", SID)
SECOND = """\
  other:
    account: main
    address: "+1 (555) 000-1000"
    rooms: [{platform: slack, room: C1}]
"""


def problems(text: str) -> list[Problem]:
    providers, platforms = settings_models()
    try:
        parse(text, {}, providers=providers, platforms=platforms)
    except ConfigError as error:
        return list(error.problems)
    return []


def test_the_file_above_is_right() -> None:
    assert problems(RIGHT) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "where", "said"),
    [
        (SID, "AC123", 3, "accounts.main.account_sid", "AC and 32 characters"),
        (SID, '""', 3, "accounts.main.account_sid", "Copy it from the Twilio console"),
        ("auth_token", "api_secret: x, api_key: SK1, auth_token", 3, "accounts.main.api_key", "SK and 32 characters"),
        ("auth_token", "api_secret: x, auth_token", 3, "accounts.main", "Give both, or neither."),
        ("app_token", "signing_secret: s, app_token", 5, "platforms.slack", "Keep app_token for Socket Mode"),
        ("room: C1", 'room: "#front"', 15, "lines.desk.rooms[0].room", "ids such as C0123456789"),
        ("slack: U2", "slack: bob", 8, "teammates.bob.slack", "ids such as U0123456789"),
        ("slack: U2", "slack: U1", 8, "teammates.bob.slack", "the teammate ana has this id already"),
        ("contact.first_name }}", "oops", 10, "canned.hello", "check its braces"),
        ("contact.first_name }}", "x | nofilter }}", 10, "canned.hello", "is no usable template"),
    ],
)
def test_a_mistake_is_told_where_it_stands_with_its_remedy(
    old: str, new: str, line: int, where: str, said: str
) -> None:
    assert old in RIGHT
    (problem,) = problems(RIGHT.replace(old, new))
    assert (problem.line, problem.where) == (line, where)
    assert said in f"{problem.message} {problem.hint}"
    assert "nofilter" not in str(problem)


def test_a_number_written_in_two_ways_is_one_number() -> None:
    (problem,) = problems(RIGHT + SECOND)
    assert problem.where == "lines.other.address"
    assert "the line desk has this address already" in problem.message


def test_a_number_is_kept_in_its_normal_form() -> None:
    providers, platforms = settings_models()
    config = parse(RIGHT.replace("+15550001000", "+1 (555) 000-1000"), {}, providers=providers, platforms=platforms)
    assert config.lines["desk"].address == "+15550001000"


def test_a_bracket_that_is_not_closed_is_not_answered_with_quotes() -> None:
    (problem,) = problems("a: [1")
    assert problem.hint == "Close the [ or { before, or add a comma."

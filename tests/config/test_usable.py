"""What the real adapters say about their settings, and ids and templates that cannot be used."""

from pathlib import Path

import pytest

from bridge.config import ConfigError, Problem, parse
from bridge.outside import settings_models

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


def problems(text: str, directory: Path = Path()) -> list[Problem]:
    providers, platforms = settings_models()
    try:
        parse(text, {}, providers=providers, platforms=platforms, directory=directory)
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


HELLO = 'hello: "Hi {{ contact.first_name }}"'


@pytest.mark.parametrize(
    ("written", "where", "said"),
    [
        ("hello: {text: Hi, files: [gone.png]}", "canned.hello.files[0]", "no such file"),
        ("hello: {text: Hi, files: [map.png, big.png]}", "canned.hello.files[1]", "may have 1 to 2,048"),
        ("hello: {text: Hi, files: [empty.png]}", "canned.hello.files[0]", "it has 0 bytes"),
        ("hello: {text: Hi, files: [all.zip]}", "canned.hello.files[0]", "of this kind"),
        ("hello: {text: Hi, files: [run.sh]}", "canned.hello.files[0]", "of this kind"),
        ("hello: {text: Hi, files: [page.txt]}", "canned.hello.files[0]", "it is a program"),
        ("hello: {text: Hi, files: [5]}", "canned.hello.files[0]", ""),
        ("hello: {text: Hi, files: map.png}", "canned.hello.files", ""),
        ("hello: {text: Hi, teams: [nobody]}", "canned.hello.teams[0]", "no such team"),
        ('hello: {text: "Hi {{ oops"}', "canned.hello.text", "check its braces"),
        ("hello: {files: [map.png]}", "canned.hello.text", "missing"),
        ("hello: {text: Hi, file: map.png}", "canned.hello.file", "files"),
        ("hello: {text: Hi, files: [map.png]}", "", ""),
        ("hello: {text: Hi}", "", ""),
    ],
)
def test_files_of_canned_responses_are_looked_for(written: str, where: str, said: str, tmp_path: Path) -> None:
    for name, data in {
        "map.png": b"1",
        "big.png": bytes(3000),
        "empty.png": b"",
        "all.zip": b"1",
        "run.sh": b"1",
    }.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "page.txt").write_bytes(b"#!/bin/sh")
    found = problems(f"media: {{max_bytes: 2048}}\n{RIGHT.replace(HELLO, written)}", tmp_path)
    assert [problem.where for problem in found] == ([where] if where else [])
    assert not where or said in f"{found[0].message} {found[0].hint}"


def test_a_rule_sends_no_files(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(b"1")
    rule = "rules:\n  - {name: way, on: message_received, do: [{reply: {canned: hello}}]}\n"
    right = RIGHT.replace(HELLO, "hello: {text: Hi}")
    assert problems(right + rule) == []
    (problem,) = problems(RIGHT.replace(HELLO, "hello: {text: Hi, files: [map.png]}") + rule, tmp_path)
    assert "has files, which no rule sends" in problem.message
    (asked,) = problems(RIGHT.replace(HELLO, 'hello: {text: "At {{ time }}"}') + rule)
    assert "asks for what only a person can give" in asked.message

"""A wrong file is answered with all of its mistakes, each where it stands and with its remedy."""

from typing import Any

import pytest

from bridge.config import ConfigError
from tests.config.samples import RIGHT, changed, problems_of, read_text


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("database", "mysql://host/name", "must be the address of an SQLite or PostgreSQL database."),
        ("database", "sqlite://", "must name a file."),
        ("database", "sqlite:///:memory:", "must name a file."),
        ("database", "postgresql://host", "must name a host and a database."),
        ("database", "postgresql://host:port/name", "must name a host and a database."),
        ("listen", "8080", "must be an address and a port."),
        ("listen", "::1:8080", "must be an address and a port."),
        ("listen", "127.0.0.1:99999", "must be an address and a port."),
        ("public_url", "sms.example.org", "is not the address of a web server."),
        ("public_url", "http://sms.example.org", "must begin with https://."),
        ("public_url", "https://[", "is not a web address."),
        ("lines.desk.address", "5550001000", "must be a telephone number, a short code or a letter sender."),
        ("lines.desk.address", "+1", "is not a telephone number."),
        ("lines.desk.address", 5550001000, "must be text."),
        ("lines.desk.address", "", "must not be empty."),
        ("lines.desk.undo", "5 parsecs", "must be a duration."),
        ("lines.desk.undo", 5, "must be a duration."),
        ("lines.desk.undo", False, "must be a duration."),
        ("lines.desk.undo", "99999d", "is longer than ten years."),
        ("lines.desk.boundary", "sometimes", "must be one of same_thread or new_after_close."),
        ("lines.desk.reply_mode", "maybe", "must be one of reply, confirm or explicit."),
        ("lines.desk.may_reply", "all", "must be one of room_members or teammates."),
        ("lines.desk.max_segments", 0, "must be at least 1."),
        ("lines.desk.max_segments", 11, "must be at most 10."),
        ("lines.desk.max_segments", 1.5, "must be a whole number."),
        ("lines.desk.max_segments", "many", "must be a whole number."),
        ("lines.desk.guard.secrets", "perhaps", "must be true or false."),
        ("lines.desk.guard.words", "refund", "must be a list."),
        ("lines.desk.guard.private_hosts", "wiki", "must be a list."),
        ("lines.desk.rooms", [], "a line needs a room."),
        ("lines.desk.personal", "zoe", "there is no such teammate."),
        ("lines.desk.rooms", "C1", "must be a list."),
        ("teammates.ana.role", "boss", "must be one of manager, member or observer."),
        ("teams.support.room_mention", "perhaps", "must be true or false."),
        ("comment_markers", [], "must not be empty."),
        ("media.max_bytes", 1, "must be at least 1024."),
        ("logging.level", "loud", "must be one of debug, info, warning or error."),
        ("canned", ["a"], "must be a block of settings, each as key: value."),
        ("rules", {"a": 1}, "must be a list."),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(path: str, value: Any, message: str) -> None:
    (problem,) = problems_of(changed(path, value))
    assert problem.where == path
    assert problem.message == message


@pytest.mark.parametrize(
    ("where", "value", "message"),
    [
        ("hours.x.zone", {"zone": "America/New_Yrok", "week": {"mon": "9:00-17:00"}}, "is not a time zone."),
        ("hours.x.week", {"zone": "UTC", "week": {}}, "must not be empty."),
        ("hours.x.week.mon", {"zone": "UTC", "week": {"mon": "9-5"}}, "must be a time of day."),
        ("hours.x.week.mon", {"zone": "UTC", "week": {"mon": "25:00-26:00"}}, "must be a time of day."),
        (
            "hours.x.week.mon",
            {"zone": "UTC", "week": {"mon": "09:00-9:00"}},
            "a closing time must not be its opening time.",
        ),
        (
            "hours.x.week.mon",
            {"zone": "UTC", "week": {"mon": "9:00-12:00, 11:00-13:00"}},
            "has spans that lie over each other.",
        ),
        (
            "hours.x.week.mon",
            {"zone": "UTC", "week": {"mon": "20:00-02:00, 23:00-23:30"}},
            "has spans that lie over each other.",
        ),
        (
            "hours.x.special.2026-12-31",
            {"zone": "UTC", "week": {"mon": "closed"}, "special": {"2026-12-31": "noon"}},
            "must be a time of day.",
        ),
        ("hours.x.week.mon", {"zone": "UTC", "week": {"mon": 9}}, "must be opening times."),
        ("hours.x.week.monday", {"zone": "UTC", "week": {"monday": "9:00-17:00"}}, "must be days of the week."),
        (
            "hours.x.holidays[0]",
            {"zone": "UTC", "week": {"mon": "closed"}, "holidays": ["USA"]},
            "is not a country whose public holidays are known.",
        ),
        (
            "hours.x.holidays[0]",
            {"zone": "UTC", "week": {"mon": "closed"}, "holidays": ["US-XX"]},
            "names a region that the country does not have.",
        ),
        ("hours.x.closed[0]", {"zone": "UTC", "week": {"mon": "closed"}, "closed": ["2026-13-01"]}, "must be a day."),
        ("sla.x.warn_at", {"warn_at": 2}, "must be at most 1."),
        ("sla.x.warn_at", {"warn_at": 0}, "must be more than 0."),
        ("sla.x.warn_at", {"warn_at": "often"}, "must be a number."),
        ("sla.x.ladder[0].notify", {"ladder": [{"after": "5m"}]}, "is missing."),
        ("sla.x.ladder[1]", {"ladder": ["team", "boss"]}, "is nobody a ladder can call."),
        ("sla.x.ladder[0].notify", {"ladder": [{"after": "5m", "notify": "an"}]}, "is nobody a ladder can call."),
        ("sla.x.first_response", {"first_response": 0}, "must be more than zero."),
    ],
)
def test_a_wrong_schedule_is_told_where_it_stands(where: str, value: Any, message: str) -> None:
    (problem,) = problems_of(changed(".".join(where.split(".")[:2]), value))
    assert (problem.where, problem.message) == (where, message)


@pytest.mark.parametrize(
    ("old", "new", "where", "hint"),
    [
        ("account: main", "account: mian", "lines.desk.account", 'Did you mean "main"?'),
        ("team: support", "team: sales", "lines.desk.team", "Known here: support."),
        ("platform: slack", "platform: slak", "lines.desk.rooms[0].platform", 'Did you mean "slack"?'),
        ("[ana]", "[ana, anna]", "teams.support.members[1]", 'Did you mean "ana"?'),
        ("slack: U1", "slakc: U1", "teammates.ana.slakc", 'Did you mean "slack"?'),
        ("slack: U1, ", "", "teammates.ana", 'Write {slack: "U0000000001"}.'),
        ("team: support", "hours: office", "lines.desk.hours", "Define it under hours."),
        ("team: support", "digest: opening", "lines.desk.digest", 'Give the line hours, or write a time: "9:00".'),
        ("[ana]", "[ana], digest: opening", "teams.support.digest", 'Give the line hours, or write a time: "9:00".'),
        ("team: support", "digest: noon", "lines.desk.digest", 'Write hours and minutes: "21:00".'),
        ("[ana]", "[ana], hours: office", "teams.support.hours", "Define it under hours."),
        ("team: support", "sla: fast", "lines.desk.sla", "Define it under sla."),
        ("provider: twilio", "provider: twillio", "accounts.main.provider", 'Did you mean "twilio"?'),
        ("provider: twilio", "provider: pigeon", "accounts.main.provider", "Known here: signalwire, twilio."),
        ("provider: twilio, ", "", "accounts.main.provider", "Known here: signalwire, twilio."),
        ("kind: slack", "kind: irc", "platforms.slack.kind", "Known here: slack."),
        ("auth_token", "auth_tokn", "accounts.main.auth_tokn", 'Did you mean "auth_token"?'),
        ("kind: slack", "kind: slack, app_tokn: x", "platforms.slack.app_tokn", 'Did you mean "app_token"?'),
        ("team: support", "reply_mod: reply", "lines.desk.reply_mod", 'Did you mean "reply_mode"?'),
        ("room: C1", "room: C1, plattform: x", "lines.desk.rooms[0].plattform", 'Did you mean "platform"?'),
        ("team: support", "boundary: {reopen_within: 7d, x: 1}", "lines.desk.boundary.x", "Known here: reopen_within."),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(old: str, new: str, where: str, hint: str) -> None:
    assert old in RIGHT
    found = {problem.where: problem.hint for problem in problems_of(RIGHT.replace(old, new))}
    assert found[where] == hint


def test_two_lines_cannot_share_an_address() -> None:
    second = RIGHT[RIGHT.index("  desk:") :].replace("desk", "other")
    (problem,) = problems_of(RIGHT + second)
    assert (problem.where, problem.line) == ("lines.other.address", 18)
    assert "the line desk" in problem.message


@pytest.mark.parametrize("section", ["public_url", "accounts", "platforms", "lines"])
def test_what_must_be_there_is_missed(section: str) -> None:
    problems = problems_of("\n".join(_without(RIGHT, section)))
    assert (section, "is missing.") in {(problem.where, problem.message) for problem in problems}


@pytest.mark.parametrize(
    ("old", "where", "hint"),
    [
        ("address: ", "lines.desk.address", 'Add it like this: address: "+15550001000"'),
        ("auth_token: ", "accounts.main.auth_token", "Add it like this: auth_token: ${TWILIO_AUTH_TOKEN}"),
        ("public_url: ", "public_url", "Add it like this: public_url: https://sms.example.org"),
        ("lines:", "lines", "Add it; `textbridge init` writes a file that shows how."),
    ],
)
def test_what_is_missing_is_shown_how_to_add(old: str, where: str, hint: str) -> None:
    found = {problem.where: problem.hint for problem in problems_of(RIGHT.replace(old, f"x_{old}", 1))}
    assert found[where] == hint


def test_what_is_missing_and_in_no_example_is_described_elsewhere() -> None:
    (problem,) = problems_of(changed("sla.x", {"ladder": [{"after": "5m"}]}))
    assert problem.hint == "docs/configuration.md says what it is."


def test_all_mistakes_come_at_once_with_their_lines() -> None:
    text = (
        RIGHT.replace("https://", "http://")
        .replace("provider: twilio", "provider: twilio, x: 1")
        .replace("xoxb-1", "${BOT}")
        .replace("account: main", "account: mian")
        .replace("team: support", "max_segments: x")
    )
    assert [(problem.line, problem.where) for problem in problems_of(text)] == [
        (1, "public_url"),
        (3, "accounts.main.x"),
        (5, "platforms.slack.bot_token"),
        (12, "lines.desk.account"),
        (14, "lines.desk.max_segments"),
    ]


def test_columns_point_at_the_value() -> None:
    (problem,) = problems_of(RIGHT.replace("role: manager", "role: boss"))
    assert RIGHT.splitlines()[problem.line - 1][problem.column - 1 :].startswith("manager")


def test_the_error_reads_as_a_list() -> None:
    with pytest.raises(ConfigError) as caught:
        read_text(RIGHT.replace("[ana]", "[anna]"))
    assert str(caught.value).splitlines() == [
        "textbridge.yaml: 1 problem",
        '  line 9: teams.support.members[0]: there is no such teammate. Did you mean "ana"?',
    ]


def _without(text: str, section: str) -> list[str]:
    kept: list[str] = []
    inside = False
    for line in text.splitlines():
        if not line.startswith(" "):
            inside = line.startswith(f"{section}:")
        if not inside:
            kept.append(line)
    return kept

"""Which settings of a changed file count at once, and which wait for a restart."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.config import Config, ConfigError
from bridge.config.lines import Line
from bridge.config.policy import policy_of
from bridge.config.reloading import KEPT, OF_LINES, SECTIONS, read_back, reloaded, written_down
from bridge.domain.automation import NO_RULES
from tests.config.samples import RIGHT, changed, read_text

RULES = """\
canned:
  pricing: "Hi {{ contact.first_name | default('you') }}."
hours:
  office: {zone: America/New_York, week: {mon-fri: "09:00-17:30"}, closed: [2026-12-24], holidays: [US]}
rules:
  - name: one
    on: [message_received, conversation_opened]
    if: {any: [{keyword: price}, {waiting: 10m}], none: [{contact: {named: true}}]}
    do: [{assign: {team: support, by: sticky}}, {reply: {canned: pricing, again_after: 2h}}, {close: true}]
  - name: two
    on: {no_reply: 30m}
    do: [{notify: {room: {platform: slack, room: C1}}}]
    stop: true
"""


def policy(config: Config) -> Any:
    """What is decided by, but for the rules, of which no two are the same value."""
    found = policy_of(config, {})
    return replace(found, automation=NO_RULES), found.automation.rules


def test_every_setting_counts_at_once_or_waits() -> None:
    assert {*SECTIONS, *KEPT} == set(Config.model_fields)
    assert not {*SECTIONS} & {*KEPT}
    assert {*OF_LINES} <= set(Line.model_fields)


def test_rules_and_manners_count_at_once() -> None:
    running = read_text(RIGHT)
    now, waiting = reloaded(
        running, read_text(RIGHT.replace("team: support\n", "team: support\n    undo: 1m\n") + RULES)
    )
    assert waiting == ()
    assert [rule.name for rule in now.rules] == ["one", "two"]
    assert now.lines["desk"].undo.total_seconds() == 60


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("public_url", "https://other.example.org", "public_url"),
        ("accounts.main.auth_token", "another", "accounts"),
        ("lines.desk.address", "+15550009000", "lines.desk.address"),
        ("lines.desk.rooms", [{"platform": "slack", "room": "C2"}], "lines.desk.rooms"),
        ("lines.other", {"account": "main", "address": "+15550009000", "personal": "ana"}, "lines.other"),
    ],
)
def test_what_things_are_built_with_waits_for_a_restart(path: str, value: Any, told: str) -> None:
    running = read_text(RIGHT)
    now, waiting = reloaded(running, read_text(changed(path, value)))
    assert waiting == (told,)
    assert policy(now) == policy(running)


def test_a_line_cannot_go_nor_the_owner_of_one() -> None:
    running = read_text(RIGHT)
    with pytest.raises(ConfigError, match="cannot be taken away while it is served"):
        reloaded(running, read_text(RIGHT.replace("  desk:", "  counter:")))
    owned = read_text(changed("lines.desk.personal", "ana"))
    gone = RIGHT.replace("ana:", "ben:").replace("[ana]", "[ben]")
    with pytest.raises(ConfigError, match="its teammate is gone"):
        reloaded(owned, read_text(gone))


def test_what_is_written_down_is_read_back_and_holds_no_secret() -> None:
    running = read_text(RIGHT + RULES)
    text = written_down(running)
    assert "tokentoken" not in text
    back = read_back(text, read_text(RIGHT))
    assert back is not None
    assert policy(back) == policy(running)


def test_what_another_version_wrote_down_is_not_read() -> None:
    assert read_back('{"rules": [{"name": "x", "in": "a language to come"}]}', read_text(RIGHT)) is None
    assert read_back("no json", read_text(RIGHT)) is None

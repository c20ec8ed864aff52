"""The reference of rules is made from the models, and its examples do what it says."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import yaml

from bridge.config import Config
from bridge.config.policy import policy_of
from bridge.config.rules import Action, Condition, Rule
from bridge.domain.automation import TRIGGERS, Facts
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import Record
from bridge.domain.messages import Media
from bridge.domain.people import Contact
from bridge.rules.decide import decide
from tests.architecture.source import ROOT
from tests.config.samples import read_text
from tests.docs.rule_examples import ACTIONS, CONDITIONS, FILE, HAPPENINGS
from tests.docs.rule_page import page
from tests.unit.rules import builders

PAGE = ROOT / "docs" / "rules.md"
TOWN = """\
public_url: https://sms.example.org
accounts:
  main: {provider: twilio, account_sid: AC1, auth_token: "tokentoken"}
platforms:
  slack: {kind: slack, bot_token: "xoxb-1"}
teammates:
  ana: {slack: U1}
  ben: {slack: U2}
  dana: {slack: U3}
teams:
  support: {members: [ana]}
  sales: {members: [ben, dana]}
hours:
  office: {zone: America/New_York, week: {mon-fri: "09:00-17:30"}}
lines:
  front-desk:
    {account: main, address: "+15550001000", team: support, hours: office, rooms: [{platform: slack, room: C1}]}
  sales: {account: main, address: "+15550002000", team: sales, hours: office, rooms: [{platform: slack, room: C2}]}
sla:
  standard: {first_response: 15m}
canned:
  hours: "We open {{ hours.next_opening }}."
  pricing: "We send you a price."
"""
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
NEW_YORK = timedelta(hours=5)  # behind UTC in November


def town(rules: str) -> Config:
    """Read a configuration with these rules."""
    return read_text(TOWN + rules)


def rule(condition: str, *actions: str) -> str:
    """A file's rules: one that acts so when a text comes and this holds."""
    does = "".join(f"\n      - {action}" for action in actions)
    return f"rules:\n  - name: example\n    on: message_received\n    if: {condition}\n    do:{does}\n"


def situation(config: Config, **what: Any) -> Decision:
    """Decide a text in a situation: its words, who sends it, and how the conversation stands."""
    now = MONDAY + NEW_YORK + timedelta(hours=what.get("clock", 10))
    line = what.get("line", "front-desk")
    address = what.get("address", builders.CONTACT)
    conversation = builders.conversation(
        line=line,
        labels=what.get("labels", ()),
        assignee=what.get("assignee"),
        waiting_since=now - timedelta(minutes=what.get("waits", 0)),
        last_inbound_at=now,
    )
    state = State(
        conversation=conversation,
        contact=Contact("c1", address, what.get("name")),
        threads=(replace(builders.thread(), room="C1" if line == "front-desk" else "C2"),),
        facts=Facts(first_time=what.get("first_time", True)),
    )
    media = (Media("https://example.org/a.jpg", "image/jpeg"),) if what.get("media") else ()
    event = builders.text(what.get("body", "Hello"), sender=address, recipient=config.lines[line].address, media=media)
    return decide(state, event, policy_of(config, {}), now)


def acted(decision: Decision) -> bool:
    """Whether the rule was carried out."""
    return any(isinstance(effect, Record) and effect.act == "rule_ran" for effect in decision.effects)


@pytest.mark.parametrize("key", CONDITIONS)
def test_a_condition_holds_when_it_says_and_not_otherwise(key: str) -> None:
    example = CONDITIONS[key]
    assert list(yaml.safe_load(example.yaml)) == [key]
    config = town(rule(example.yaml, "comment: seen"))
    assert acted(situation(config, **example.holds))
    assert not acted(situation(config, **example.fails))


@pytest.mark.parametrize("key", ACTIONS)
def test_an_action_does_what_it_says(key: str) -> None:
    example = ACTIONS[key]
    assert list(yaml.safe_load(example.yaml)) == [key]
    before = builders.kinds(situation(town(""), labels=("old",)))
    done = builders.kinds(situation(town(rule("{}", example.yaml)), labels=("old",)))
    assert done[: len(before)] == before
    assert set(example.effects) <= set(done[len(before) :])


def test_every_condition_action_and_event_has_its_example() -> None:
    assert [field.alias or name for name, field in Condition.model_fields.items()] == list(CONDITIONS)
    assert list(Action.model_fields) == list(ACTIONS)
    assert tuple(HAPPENINGS) == TRIGGERS


def test_every_setting_is_described() -> None:
    for model in (Rule, Condition, Action):
        assert all(field.description for field in model.model_fields.values()), model


def test_the_example_at_the_head_can_be_used() -> None:
    assert len(town(FILE).rules) == 2


def test_the_page_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.docs.test_rules"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")

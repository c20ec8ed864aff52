"""The reference of rules is made from the models, and its examples do what it says."""

import sys

import pytest
import yaml

from bridge.config.rule_conditions import Condition
from bridge.config.rules import Action, Rule
from bridge.domain.automation import TRIGGERS
from tests.architecture.source import ROOT
from tests.docs.rule_examples import ACTIONS, CONDITIONS, FILE, HAPPENINGS
from tests.docs.rule_page import page
from tests.unit.rules import builders
from tests.unit.rules.town import ran, rule, situation, town

PAGE = ROOT / "docs" / "rules.md"


@pytest.mark.parametrize("key", CONDITIONS)
def test_a_condition_holds_when_it_says_and_not_otherwise(key: str) -> None:
    example = CONDITIONS[key]
    assert list(yaml.safe_load(example.yaml)) == [key]
    config = town(rule(example.yaml, "comment: seen", on=example.on))
    assert ran(situation(config, **example.holds))
    assert not ran(situation(config, **example.fails))


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

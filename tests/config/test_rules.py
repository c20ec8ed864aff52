"""Rules in the configuration: what is read, and what is wrong with one, with its line and a remedy."""

from datetime import timedelta

import pytest

from bridge.config import rule_checks
from bridge.config.automation import automation_of
from bridge.config.rule_hints import hints
from bridge.domain import automation as domain
from bridge.domain import conditions as ask
from bridge.domain.people import RoomRef
from tests.config.samples import RIGHT, problems_of, read_text

HEAD = (
    RIGHT + "canned: {pricing: We send you a price., parcel: 'Come by {{ day }}.'}\nsla: {standard: {resolution: 2d}}\n"
)


def one(rule: str) -> str:
    """A file with this one rule."""
    return HEAD + f"rules:\n  - {{name: example, {rule}}}\n"


def read(rule: str) -> domain.Rule:
    """The rule as decisions read it."""
    config = read_text(one(rule))
    [found] = automation_of(config.rules, {"pricing": "We send you a price."}, 3).rules
    return found


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("{line: desk}", ask.OnLine(("desk",))),
        ("{area_code: 212}", ask.FromAreaCode(("212",))),
        (
            "{all: [{region: US}, {media: true}]}",
            ask.All((ask.FromRegion(("US",)), ask.WithMedia(True))),
        ),
        ("{any: [{waiting: 5m}]}", ask.AnyOf((ask.Waiting(timedelta(minutes=5)),))),
        ("{none: [{first_time: true}]}", ask.NoneOf((ask.FirstTime(True),))),
        ("{assignee: [ana, none]}", ask.AssignedTo(("ana",), nobody=True)),
        ("{team: support, hours: closed}", ask.All((ask.During(False), ask.OfTeam(("support",))))),
        (
            "{contact: {named: false, name: ^x}}",
            ask.All((ask.Named(False), ask.Named(pattern="^x"))),
        ),
        ("{language: [PT, unknown]}", ask.InLanguage(("pt", "unknown"))),
        (
            "{contact: {zone: Europe/Lisbon, kind: number, consent: [given, asked]}}",
            ask.All((ask.InZone(("Europe/Lisbon",)), ask.OfKind(("number",)), ask.Consents(("given", "asked")))),
        ),
        ("{}", ask.All(())),
    ],
)
def test_conditions_are_read(written: str, condition: ask.Condition) -> None:
    assert read(f"on: assigned, if: {written}").condition == condition


@pytest.mark.parametrize(
    ("written", "action"),
    [
        ("assign: ana", domain.AssignPerson("ana")),
        ("assign: {team: support}", domain.AssignTeam("support")),
        ("label: [Lead, -old]", domain.ChangeLabels(("lead", "-old"))),
        ("reply: {canned: pricing}", domain.Answer("We send you a price.", "pricing")),
        ("notify: {room: {platform: slack, room: C1}}", domain.Notify(room=RoomRef("slack", "C1"))),
        ("snooze: until_reply", domain.PutAway("reply")),
        ("snooze: 2h", domain.PutAway("2h")),
        ("sla: standard", domain.KeepTimes("standard")),
        ("close: true", domain.Close()),
    ],
)
def test_actions_are_read(written: str, action: domain.Action) -> None:
    assert read(f"on: [assigned, labelled], do: [{{{written}}}]").actions == (action,)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("on: message_recieved", 'or delivery_failed. Did you mean "message_received"?'),
        ("on: [mesage_received]", 'Did you mean "message_received"?'),
        ("on: no_reply", "needs its time. Write on: {no_reply: 30m}."),
        ("on: assigned, do: [{close: yes please}]", "must be true."),
        ("on: {no_reply: soon}", "must be a duration."),
        ("on: {no_reply: 30m, hours: anny}", "must be one of open or any."),
        ("on: assigned, if: {lines: desk}", 'Did you mean "line"?'),
        ("on: assigned, if: {all: [{any: [{none: [{line: dsek}]}]}]}", 'there is no such line. Did you mean "desk"?'),
        ("on: assigned, if: {text: '(x'}", "is not a pattern that can be read: a bracket ( is not closed."),
        ("on: assigned, if: {text: '(?=x)'}", "is not a pattern that can be read: look-around"),
        ('on: assigned, if: {text: "\\bprice"}', r"Write single quotes: '\bprice\b'."),
        ("on: assigned, if: {keyword: [price, '!?']}", "has no letter or digit"),
        ("on: assigned, if: {keyword: 24}", "must be text. Put it in quotes"),
        ("on: assigned, if: {label: {add: lead}}", "must be text."),
        ("on: assigned, if: price", "Write {keyword: price}; of several, {all:"),
        ("on: assigned, if: {any: [price, quote]}", "Write {keyword: price}; of several, {all:"),
        ("on: assigned, if: {not: {label: spam}}", 'Did you mean "none"?'),
        ("on: assigned, if: {contact: Maria}", "Write {named: true}."),
        ("on: assigned, then: [{label: lead}]", 'Did you mean "do"?'),
        ("on: [assigned, {no_reply: 5m}]", "Write a rule of its own, on: {no_reply: 30m}."),
        ("do: [{label: lead}]", "is missing. Write on: message_received, or another event."),
        ("on: assigned, do: [close]", "Write {label: lead}, {close: true} or another action"),
        ("on: assigned, do: [{assign: [ana, ben]}]", "must be one teammate, or a team. Write assign: ana"),
        ("on: assigned, do: [{assign: {person: ana}}]", "Write assign: ana."),
        ("on: assigned, do: [{assign: support}]", "It is a team: write {team: support}."),
        ("on: assigned, do: [{reply: pricing}]", "Write {canned: hours} or {text:"),
        ("on: assigned, do: [{notify: ana}]", "Write {person: ana} or {team: support}."),
        (f"on: assigned, if: {{text: '{'x' * 501}'}}", "is too long: 500 are the most."),
        ("on: assigned, if: {region: UX}", "Write two letters, US, or a state or province, US-CA."),
        ("on: assigned, if: {region: us-ca}", "Write US-CA."),
        ("on: assigned, if: {region: [US, Ontario]}", "Write CA-ON."),
        ("on: assigned, if: {contact: {zone: America/NewYork}}", 'Did you mean "America/New_York"?'),
        ("on: assigned, if: {contact: {kind: shortcode}}", 'Did you mean "short_code"?'),
        ("on: assigned, if: {contact: {consent: [optedout]}}", 'Did you mean "opted_out"?'),
        ("on: assigned, if: {language: Spanish}", "is no language that can be told. Write es."),
        ("on: assigned, if: {language: pt-BR}", "is no language that can be told. Write pt."),
        ("on: assigned, if: {language: [xx]}", "Write its code, such as es, or unknown."),
        ("on: assigned, if: {area_code: '2 12'}", "must be the digits behind the country code."),
        ("on: assigned, if: {number: nobody knows it}", "must be a telephone number"),
        ("on: assigned, if: {assignee: [none, anna]}", 'Did you mean "ana"?'),
        ("on: assigned, do: [{assign: {team: suport, by: sticky}}]", 'there is no such team. Did you mean "support"?'),
        ("on: assigned, do: [{assign: {team: support, by: turns}}]", "must be one of round_robin"),
        ("on: assigned, do: [{label: two words}]", "is no label."),
        ("on: assigned, do: [{reply: {canned: prising}}]", 'there is no such canned response. Did you mean "pricing"?'),
        ("on: assigned, do: [{reply: {canned: parcel}}]", "asks for what only a person can give: day."),
        ("on: assigned, do: [{reply: {text: 'Hi {{ teammate.name }}'}}]", "only a person can give: teammate.name."),
        ("on: assigned, do: [{reply: {text: '{% for'}}]", "is no usable template"),
        (
            "on: assigned, do: [{comment: '{{ contact.nmae }}'}]",
            "is not known; there is contact.first_name, contact.name.",
        ),
        ("on: assigned, do: [{comment: '{{ contact.name | up }}'}]", "is not known; these are: default, d, upper"),
        ("on: assigned, do: [{reply: {canned: pricing, text: x}}]", "needs canned or text, and not both."),
        ("on: assigned, do: [{notify: {text: x}}]", "needs one of person, team and room."),
        ("on: assigned, do: [{notify: {room: {platform: slock, room: C1}}}]", 'Did you mean "slack"?'),
        ("on: assigned, do: [{close: true, label: x}]", "must be one action."),
        ("on: assigned, do: [{snooze: whenever}]", "is no time that can be read."),
        ("on: assigned, do: [{sla: gold}]", "there is no such entry under sla."),
        ("on: assigned, do: [{webhook: crm}]", "there is no such webhook."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(rule: str, said: str) -> None:
    problems = problems_of(one(rule))
    assert any(said in str(problem) for problem in problems), problems
    assert {problem.line for problem in problems} == {HEAD.count("\n") + 2}


def test_a_condition_on_the_language_without_what_tells_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> None:
        assert name == "py3langid"

    monkeypatch.setattr(rule_checks, "find_spec", missing)
    [problem] = problems_of(one("on: assigned, if: {any: [{language: es}]}"))
    assert (problem.line, 'pip install "textbridge[language]"' in problem.hint) == (HEAD.count("\n") + 2, True)
    assert read("on: assigned").actions == ()


SORTS = """\
assistant: {base_url: "http://127.0.0.1:1/v1", model: small-1, categories: {complaint: it went wrong}}
"""


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("on: categorized, if: {category: complaint}", ""),
        ("on: [assigned, categorized], if: {any: [{category: {name: [none], at_least: 0.5}}]}", ""),
        ("on: categorized, if: {category: complaints}", 'no category of the assistant. Did you mean "complaint"?'),
        ("on: categorized, if: {category: [complaint, x]}", "Known here: complaint, none."),
        ("on: categorized, if: {category: {name: complant}}", 'Did you mean "complaint"?'),
        ("on: categorized, if: {category: {name: complaint, at_least: 2}}", "must be at most 1."),
        ("on: categorized, if: {category: {at_least: 1}}", "is missing."),
        ("on: message_received, if: {category: complaint}", "Write on: categorized."),
        ("on: {no_reply: 5m}, if: {category: complaint}", "Write on: categorized."),
    ],
)
def test_categories_are_those_of_the_assistant_once_it_has_answered(rule: str, said: str) -> None:
    text = one(rule) + SORTS
    if not said:
        assert read_text(text).rules
        return
    assert any(said in str(problem) for problem in problems_of(text)), problems_of(text)


def test_without_an_assistant_that_sorts_there_are_no_categories() -> None:
    rule = "on: categorized, if: {category: complaint}"
    [problem] = problems_of(one(rule))
    assert (problem.line, problem.message) == (
        HEAD.count("\n") + 2,
        "categorized never happens: there is no assistant.",
    )
    assert "docs/assistant.md" in problem.hint
    bare = one(rule) + 'assistant: {base_url: "http://127.0.0.1:1/v1", model: small-1}\n'
    assert "the assistant has no categories." in str(problems_of(bare)[0])


def test_what_is_missing_in_a_rule_is_shown() -> None:
    [problem] = problems_of(HEAD + "rules:\n  - {name: one, stop: true}\n")
    assert (problem.message, problem.hint) == ("is missing.", "Write on: message_received, or another event.")


def test_a_problem_says_what_its_rule_is_called() -> None:
    named = HEAD + "rules:\n  - {name: prices, on: assigned, if: {lin: desk}}\n"
    assert [problem.where for problem in problems_of(named)] == ["rules[0].if.lin (prices)"]
    long = named.replace("prices", "x" * 60)
    assert problems_of(long)[0].where.endswith(f"({'x' * 40})")
    assert problems_of(named.replace("name: prices", "name: 12"))[-1].where == "rules[0].if.lin"
    secret = named.replace("prices", '"${SECRET:-hidden}"')
    assert [problem.where for problem in problems_of(secret)] == ["rules[0].if.lin"]


def test_a_code_is_as_it_is_written_with_its_first_digit() -> None:
    assert read("on: assigned, if: {area_code: 030}").condition == ask.FromAreaCode(("030",))


def test_settings_are_not_merged() -> None:
    text = HEAD + "rules:\n  - &one {name: one, on: assigned, stop: true}\n  - {<<: *one, name: two}\n"
    [problem] = problems_of(text)
    assert (problem.line, problem.message) == (text.count("\n"), "merging with << is not read.")


def test_two_of_a_name_and_rules_that_are_never_asked_are_told() -> None:
    text = (
        HEAD
        + """\
rules:
  - {name: one, on: [assigned, labelled], stop: true}
  - {name: one, on: message_received}
  - {name: two, on: labelled}
  - {name: three, on: [labelled, message_received]}
  - {name: four, on: {no_reply: 5m}, if: {all: []}, stop: true}
  - {name: five, on: {no_reply: 5m}}
  - {name: six, on: {no_reply: 6m}}
"""
    )
    first = HEAD.count("\n") + 2
    assert [(problem.line, problem.message) for problem in problems_of(text)] == [
        (first + 1, f"the rule on line {first} has this name already."),
        (first + 2, f"is never asked: the rule on line {first} always stops."),
        (first + 5, f"is never asked: the rule on line {first + 4} always stops."),
    ]


def test_what_is_no_rule_at_all_is_told() -> None:
    assert "must be a list." in str(problems_of(HEAD + "rules: {a: 1}\n")[0])
    assert problems_of(HEAD + "rules: [a, {name: b, on: assigned, do: [x], if: [y]}]\n")


def test_labels_that_are_nearly_those_of_other_rules_are_hinted_at() -> None:
    rules = read_text(
        HEAD
        + """\
rules:
  - {name: set, on: message_received, do: [{label: [lead, -old]}]}
  - {name: ask, on: message_received, if: {any: [{label: leed}, {label: vip}], none: [{label: old}]}, stop: true}
  - {name: idle, on: message_received, if: {label: lead}}
  - {name: mute, on: [assigned, labelled], if: {all: [{any: [{media: true}]}, {keyword: price}]}, stop: true}
  - {name: late, on: {no_reply: 5m}, if: {language: es}, stop: true}
  - {name: fine, on: [assigned, categorized], if: {text: price}, stop: true}
assistant: {base_url: "http://127.0.0.1:1/v1", model: small-1, categories: {complaint: it went wrong}}
"""
    ).rules
    assert hints(rules) == [
        'ask: no rule sets the label "leed"; did you mean "lead"?',
        "idle: does nothing.",
        "mute: asks for keyword, and no text comes with what it is on.",
        "late: asks for language, and no text comes with what it is on.",
    ]


def test_the_address_of_a_program_is_checked() -> None:
    for url in ("ftp://x.example.org", "https://user@x.example.org", "http://[x", "https://"):
        text = HEAD + f'webhooks: {{crm: {{url: "{url}", secret: "0123456789abcdef"}}}}\n'
        assert "webhooks.crm.url: is not " in str(problems_of(text)[0])

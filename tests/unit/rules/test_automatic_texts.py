"""Texts that rules send: what keeps them from it, and what is looked at before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.config.policy import policy_of
from bridge.domain.automation import Automation, Facts
from bridge.domain.conversations import Related, State
from bridge.domain.decision import Decision
from bridge.domain.effects import SendText
from bridge.domain.events import SendSettled
from bridge.domain.messages import MessageKind, MessageStatus, Purpose
from bridge.domain.people import Contact
from bridge.rules.automation.engine import automated
from tests.unit.rules import builders
from tests.unit.rules.builders import text
from tests.unit.rules.town import NOON, decided, did, rule, state, town


def test_names_that_are_gone_are_told() -> None:
    config = policy_of(town(rule("{}", "assign: ana", "assign: {team: sales}", "notify: {person: ana}")), {})
    bare = replace(config, teammates=(), teams={})
    begun = Decision(messages=(builders.reply(),), conversation=state().conversation)
    found = did(automated(state(), text(), begun, bare, NOON))
    assert found == "found no ana; found no team sales; found nobody called ana"


def test_who_may_not_text_is_not_assigned() -> None:
    config = replace(policy_of(town(rule("{}", "assign: ana")), {}), outsiders=frozenset({"slack:U1"}))
    begun = Decision(messages=(builders.reply(),), conversation=state().conversation)
    decision = automated(state(), text(), begun, config, NOON)
    assert did(decision) == "left ana out, who may not text from here"
    assert decision.conversation == state().conversation


# texts


@pytest.mark.parametrize(
    ("before", "event", "why"),
    [
        (state(conversation={"opted_out": True}), text(), "the contact opted out"),
        (state(contact=Contact("c1", "72345")), text(sender="72345"), "it is no telephone number"),
        (state(), text("Automatic reply: I am out of office"), "the text sounds automatic"),
        (state(facts=Facts(automatic=(("other", NOON - timedelta(seconds=2)),))), text(), "the text came right behind"),
        (state(facts=Facts(automatic=(("example", NOON - timedelta(hours=2)),))), text(), "it texted this contact not"),
        (
            state(facts=Facts(automatic=tuple((f"r{n}", NOON - timedelta(minutes=9 + n)) for n in range(3)))),
            text(),
            "3 automatic texts an hour are the most",
        ),
    ],
)
def test_what_keeps_a_rule_from_texting(before: State, event: object, why: str) -> None:
    decision = decided(rule("{}", "reply: {canned: pricing}"), event, before)  # pyright: ignore[reportArgumentType] - a text
    assert f"did not text: {why}" in did(decision)
    assert not any(isinstance(effect, SendText) for effect in decision.effects)


def test_an_automatic_text_is_marked_and_shown_and_answers_nobody() -> None:
    decision = decided(rule("{}", "reply: {canned: pricing}", "reply: {text: again}"), text())
    [message] = [one for one in decision.messages if one.kind is MessageKind.REPLY]
    assert (message.author, message.automatic, message.purpose) == (None, "rule:example", Purpose.AUTOMATIC)
    assert decision.conversation is not None
    assert decision.conversation.waiting_since is not None
    assert did(decision) == "texted pricing; did not text: it texted this contact not long ago"
    sent = replace(message, status=MessageStatus.SENDING)
    accepted = SendSettled(external_id="s", message=message.id, outcome="accepted", provider_id="SM7")
    settled = decided("", accepted, state(message=sent))
    assert settled.conversation is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("call 10.0.0.7 at http://10.0.0.7/", "private host"),
        ("x" * 700, "segments, and 3 are the most here"),
        ("{{ contact.first_name | default('') }}", "it would say nothing"),
    ],
)
def test_what_a_rule_would_say_is_looked_at_like_a_reply(words: str, why: str) -> None:
    assert why in did(decided(rule("{}", f'reply: {{text: "{words}"}}'), text()))


def test_a_template_that_cannot_be_filled_is_not_sent() -> None:
    rules = policy_of(town(rule("{}", "reply: {text: 'Hi {{ contact.first_name | default(1) }}'}")), {})
    [one] = rules.automation.rules
    lacking, wrong = "Hi {{ contact.first_name }}", "{% for x in y %}"
    for template, why in ((lacking, "lacks contact.first_name"), (wrong, "did not text")):
        other = replace(one, actions=(replace(one.actions[0], template=template),))
        policy = replace(rules, automation=Automation((other,)))
        begun = Decision(messages=(builders.reply(),), conversation=state().conversation)
        assert why in did(automated(state(), text(), begun, policy, NOON))


def test_a_line_that_is_gone_texts_nobody() -> None:
    policy = policy_of(town(rule("{}", "reply: {canned: pricing}")), {})
    bare = replace(policy, lines={})
    begun = Decision(messages=(builders.reply(),), conversation=state().conversation)
    assert "its line is gone" in did(automated(state(), text(), begun, bare, NOON))


def test_a_reply_goes_to_the_address_that_texted() -> None:
    other = Related(conversation=builders.conversation(number=1001), contact=Contact("c2", "+15550100333"))
    both = state(conversation={"joined": (1001,), "reply_via": 1001}, joined=(other,))
    rules = policy_of(town(rule("{}", "reply: {canned: pricing}")), {})
    begun = Decision(messages=(builders.reply(),), conversation=both.conversation)
    done = automated(both, text(), begun, rules, NOON)
    assert [one.via for one in done.messages if one.automatic] == [1001]


# what else

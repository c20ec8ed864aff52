"""Rules that go by what the assistant says a text is about."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.automation import Facts
from bridge.domain.conversations import ConversationStatus, State
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from tests.unit.rules import builders
from tests.unit.rules.builders import text
from tests.unit.rules.town import NOON, decided, did, ran, rule, sorts, state

COMMENT = "comment: seen"


def read(body: str = "My cake fell over", **changed: Any) -> State:
    """A conversation whose text the assistant has read."""
    received = MessageStatus.RECEIVED
    said = Message(id="m1", conversation=1042, kind=MessageKind.INBOUND, body=body, status=received, created_at=NOON)
    return state(message=said, **changed)


def on_answer(condition: str, *actions: str) -> str:
    """A file's rules: one asked when the assistant has answered."""
    return rule(condition, *(actions or (COMMENT,)), on="categorized")


@pytest.mark.parametrize(
    ("condition", "category", "confidence", "holds"),
    [
        ("{category: complaint}", "complaint", 0.7, True),
        ("{category: complaint}", "complaint", 0.69, False),
        ("{category: complaint}", "pricing", 1, False),
        ("{category: [pricing, complaint]}", "complaint", 0.9, True),
        ("{category: {name: complaint, at_least: 0.4}}", "complaint", 0.4, True),
        ("{category: {name: [complaint], at_least: 0.95}}", "complaint", 0.94, False),
        ("{category: none}", "none", 0.8, True),
        ("{none: [{category: [complaint, pricing]}]}", "complaint", 0.2, True),
        ("{}", "none", 0, True),
    ],
)
def test_a_category_holds_when_the_assistant_is_sure_enough(
    condition: str, category: str, confidence: float, *, holds: bool
) -> None:
    assert bool(ran(decided(on_answer(condition), sorts(category, confidence), read()))) is holds


def test_an_answer_without_a_category_or_to_something_else_asks_no_rule() -> None:
    broken = replace(sorts("complaint", 1), answer="", problem="it took too long")
    summary = replace(sorts("complaint", 1), task="summary", person="slack:U1")
    for event in (broken, sorts("made up", 1), summary):
        assert not ran(decided(on_answer("{}"), event, read()))
    assert not ran(decided(on_answer("{}"), text("complaint")))


def test_what_was_closed_before_the_answer_came_asks_no_rule() -> None:
    done = read(conversation={"status": ConversationStatus.CLOSED, "closed_at": NOON, "waiting_since": None})
    assert not ran(decided(on_answer("{}"), sorts("complaint", 1), done))


def test_conditions_on_the_text_are_about_the_text_that_was_sorted() -> None:
    spoken = read("Su PASTEL se cayó", facts=Facts(language="es"))
    asks = on_answer("{keyword: pastel, text: ca.ó, language: es, media: false}")
    assert ran(decided(asks, sorts("complaint", 1), spoken))
    assert not ran(decided(asks, sorts("complaint", 1), read()))
    assert not ran(decided(asks, sorts("complaint", 1), state()))


def test_the_label_of_the_category_and_the_category_ask_in_one() -> None:
    both = rule("{label: complaint}", COMMENT, on="[labelled, categorized]")
    assert len(ran(decided(both, sorts("complaint", 0.9), read()))) == 1


def test_nobody_is_texted_whom_somebody_answered_while_the_assistant_thought() -> None:
    reply = on_answer("{}", "reply: {text: We are sorry.}")
    event = sorts("complaint", 1)
    assert did(decided(reply, event, read())) == "texted its own words"
    held = builders.reply(hold=Hold.QUIET, author="slack:U1", created_at=NOON, release_at=NOON + timedelta(hours=9))
    for answered in (read(conversation={"waiting_since": None}), read(pending=(held,))):
        assert did(decided(reply, event, answered)) == "did not text: somebody answered meanwhile"
    assert did(decided(reply, event, read("This is an automated message"))) == "did not text: the text sounds automatic"


def test_a_text_right_behind_an_automatic_one_is_not_answered_however_long_the_assistant_takes() -> None:
    reply = on_answer("{}", "reply: {text: We are sorry.}")
    sent = Facts(automatic=(("other", NOON - timedelta(seconds=2)),))
    late = NOON + timedelta(seconds=20)
    done = decided(reply, sorts("complaint", 1), read(facts=sent), late)
    assert did(done) == "did not text: the text came right behind an automatic one"

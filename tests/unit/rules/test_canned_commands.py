"""``/sms canned``: made, changed, removed and listed from a room."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.canned import Canned
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately
from bridge.domain.events import CommandGiven
from bridge.domain.keeping import RemoveCanned, SaveCanned
from bridge.domain.people import Team, Teammate
from tests.unit.rules.builders import ANA, NOW, acts, done, line, observer

KNOWN = Canned(name="thanks", text="Thank you", created_by="slack:U9", uses=4)
COUNTED = Canned(name="hours", text=None, uses=2)
KNOWN_MATE = (Teammate("ana", (("slack", "U1"),)),)


def given(text: str, *rows: Canned, room: str = "C1", author: Any = ANA, **changed: Any) -> Decision:
    event = CommandGiven(external_id="e", platform="slack", room=room, author=author, text=text, handle="https://h")
    teams = {"support": Team("support")}
    return done(
        State(canned=rows), event, line(team="support"), canned={"Hours": "We are open"}, teams=teams, **changed
    )


def told(decision: Decision) -> str:
    (answer,) = [effect for effect in decision.effects if isinstance(effect, AnswerPrivately)]
    assert (answer.person.id, answer.handle) == (ANA.id, "https://h")
    return answer.note.text


def saved(decision: Decision) -> Canned:
    (effect,) = [effect for effect in decision.effects if isinstance(effect, SaveCanned)]
    return effect.canned


def test_one_is_made() -> None:
    decision = given("canned add Bye  See you,\n{{ contact.name }}, at {{ time }}")
    made = Canned(name="bye", text="See you,\n{{ contact.name }}, at {{ time }}", created_by=ANA.key, updated_at=NOW)
    assert saved(decision) == made
    said = "Saved `bye`, about 1 segment: “See you, {{ contact.name }}, at {{ time }}”. "
    assert told(decision) == said + 'In a thread, `!canned bye time="…"` sends it.'
    assert acts(decision) == ["canned_added"]


def test_one_is_made_for_a_team() -> None:
    decision = given("canned add support/thanks Our thanks " + "x" * 200, KNOWN)
    assert (saved(decision).team, saved(decision).name) == ("support", "thanks")
    assert "2 segments" in told(decision)
    own = given("canned add support/hours Ours")
    assert saved(own).title == "support/hours"


def test_one_is_changed_and_keeps_how_often_it_was_used() -> None:
    decision = given("canned edit thanks Many thanks", KNOWN)
    assert saved(decision) == replace(KNOWN, text="Many thanks", created_by=ANA.key, updated_at=NOW)
    assert acts(decision) == ["canned_changed"]


def test_one_is_removed() -> None:
    decision = given("canned remove thanks", KNOWN)
    assert RemoveCanned("thanks", "") in decision.effects
    assert acts(decision) == ["canned_removed"]
    assert "Removed `thanks`" in told(decision)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("canned add thanks Again", "exists already"),
        ("canned add hours Always", "stands in the configuration; choose"),
        ("canned edit hours Always", "an operator changes"),
        ("canned remove hours", "an operator changes"),
        ("canned edit nothing x", "there is no canned response `nothing`"),
        ("canned remove support/thanks", "there is no canned response `support/thanks`"),
        ("canned add a/b/c x", "there is no team `a/b`"),
        ("canned add sales/x y", "there is no team `sales`"),
        ("canned add -x y", "a name is one word"),
        ("canned add x {{ 1 + 1 }}", "it may hold values"),
        ("canned add x " + "y" * 1601, "it is longer"),
        ("canned add x", "/sms canned add name text"),
        ("canned add", "/sms canned add name text"),
        ("canned drop x", "/sms canned add name text"),
    ],
)
def test_what_cannot_be_done_is_told(text: str, said: str) -> None:
    decision = given(text, KNOWN, COUNTED)
    assert said in told(decision)
    assert acts(decision) == []


def test_the_list_is_searched() -> None:
    rows = (KNOWN, COUNTED, Canned(name="refund", text="Your money comes back", team="support"))
    assert told(given("canned", *rows)).count("\n") == 3
    assert "`support/refund`" in told(given("canned list MONEY", *rows))
    assert "no canned response with “xyz”" in told(given("canned list xyz", *rows))
    assert "`hours`" in told(given("canned list", COUNTED, room="C2", teammates=KNOWN_MATE))


def test_who_may_not_text_may_not_change_them_either() -> None:
    assert "Nothing done" in told(given("canned add x y", teammates=observer()))
    assert "Nothing done" in told(given("canned add x y", author=replace(ANA, outsider=True)))
    assert "Nothing done" in told(given("canned add x y", room="C2"))


def test_other_words_are_answered_with_help() -> None:
    assert "`/sms cannedx` is not a command. Did you mean `/sms canned`?" in told(given("cannedx"))

"""Rules tried on what happened before."""

from dataclasses import replace
from datetime import timedelta

from bridge.config.policy import policy_of
from bridge.domain.past import Happening, Past, Step
from bridge.domain.people import Contact
from bridge.rules.automation.replay import rehearsed
from tests.unit.rules.town import NOON, rule, town

PRICES = rule("{keyword: price}", "label: lead", "assign: {team: sales, by: round_robin}", "reply: {canned: pricing}")
BY_HAND = """\
rules:
  - {name: closed, on: conversation_closed, do: [{comment: bye}]}
  - {name: reopened, on: conversation_reopened, do: [{comment: again}]}
  - {name: vip, on: labelled, if: {label: vip}, do: [{comment: hello}]}
  - {name: mine, on: assigned, if: {assignee: ana}, do: [{comment: hers}]}
  - {name: lost, on: delivery_failed, do: [{comment: failed}]}
  - {name: slow, on: {no_reply: 30m}, do: [{comment: slow}]}
"""


def step(minutes: int, kind: Happening, detail: str = "", body: str = "") -> Step:
    """Something that happened so many minutes after noon."""
    return Step(at=NOON + timedelta(minutes=minutes), kind=kind, detail=detail, id=f"m{minutes}", body=body)


def past(*steps: Step, number: int = 1042, **changed: object) -> Past:
    """A conversation of one contact."""
    plain = {"line": "front-desk", "contact": Contact(f"c{number}", "+15550100200"), "created_at": NOON, "whole": True}
    return Past(number=number, steps=steps, **{**plain, "first": True, **changed})  # pyright: ignore[reportArgumentType] - of the right kinds


def spoken(text: str) -> str:
    """A language for the tests: that of a text is its first two letters."""
    return text[:2]


def tried(before: str, after: str, *pasts: Past, hours: int = 5) -> list[tuple[int, list[str], list[str]]]:
    """Where two sets of rules part: the conversation, and which rules ran."""
    policies = policy_of(town(before), {}), policy_of(town(after), {})
    found = rehearsed(pasts, *policies, NOON + timedelta(hours=hours), spoken)
    parts = found.differences
    return [(one.number, [name for name, _ in one.before], [name for name, _ in one.after]) for one in parts]


def test_the_same_rules_do_the_same() -> None:
    talk = past(step(0, "text", body="Your price?"), step(1, "text", body="x" * 60))
    assert tried(PRICES, PRICES, talk) == []


def test_turns_limits_and_labels_go_on_from_text_to_text() -> None:
    one = past(step(0, "text", body="Your price?"), step(9, "text", body="The price?"))
    other = past(step(5, "text", body="price"), number=1043)
    nothing, prices = policy_of(town(""), {}), policy_of(town(PRICES), {})
    found = rehearsed([one, other], nothing, prices, NOON + timedelta(hours=1), spoken)
    assert (found.texts, found.conversations, found.counts) == (3, 2, (("example", 0, 3),))
    said = [one.after[0][1] for one in found.differences]
    assert said[0] == "changed labels: lead; handed it over to sales; assigned it to ben; texted pricing"
    assert "assigned it to dana" in said[1]
    assert said[2] == "did not text: it texted this contact not long ago"


def test_what_people_did_is_taken_as_it_was() -> None:
    talk = past(
        step(0, "text", body="Hello"),
        step(31, "assigned", "slack:U1"),
        step(32, "labelled", "+vip -old"),
        step(33, "reply"),
        step(34, "failed"),
        step(35, "unassigned"),
        step(36, "closed"),
        step(37, "reopened"),
    )
    found = tried("", BY_HAND, talk)
    assert [after for _, _, after in found] == [["slow"], ["mine"], ["vip"], ["lost"], ["closed"], ["reopened"]]
    assert tried("", BY_HAND, past(step(0, "text", body="Hello"), step(5, "reply"))) == []


def test_the_language_of_stored_texts_is_told_again() -> None:
    spanish = rule("{language: es}", "label: spanish")
    talk = past(step(0, "text", body="es hola"), step(1, "text", body="en hello"), step(2, "assigned", "slack:U1"))
    assert tried("", spanish, talk) == [(1042, [], ["example"])]


def test_what_the_assistant_said_is_taken_as_it_was_and_labels_as_the_changed_settings_say() -> None:
    angry = rule("{category: {name: complaint, at_least: 0.9}, language: my}", "label: angry", on="categorized")
    labelled = rule("{label: complaint}", "comment: kind", on="labelled")
    said = step(0, "text", body="my cake fell over")
    answer = replace(step(1, "sorted", "complaint 0.93, small-1, 300 ms"), id="m0")
    assert tried("", angry, past(said, answer)) == [(1042, [], ["example"])]
    assert tried("", labelled, past(said, answer)) == [(1042, [], ["example"])]
    assert tried("", angry, past(said, replace(answer, detail="complaint 0.85, small-1, 300 ms"))) == []
    assert tried("", angry, past(said, replace(answer, detail="gone 1.00, small-1, 300 ms"))) == []
    assert tried("", labelled, past(answer, whole=False)) == [(1042, [], ["example"])]

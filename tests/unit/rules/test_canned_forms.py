"""Canned responses by form: each form leads to the next, the last one sends what it showed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.canned import Canned
from bridge.domain.cards import Form
from bridge.domain.conversations import State
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, CountUse, OpenForm, PostNote, SendText
from bridge.domain.events import CommandGiven, FormSubmitted
from bridge.domain.messages import Hold, Media, MessageStatus
from bridge.domain.policy import Policy
from bridge.rules.canned import Wanted, matching, wanted
from tests.unit.rules.builders import ANA, acts, conversation, done, line, observer, posted, pressed, state

CONFIGURED = {
    "hours": "We are open {{ today | default('9 to 5') }}.",
    "visit": "See you at {{ time }}, {{ contact.first_name }}",
    "bad": "{{ 1 + 1 }}",
    "empty": "{{ a }}",
    "many": " ".join(f"{{{{ a{number} }}}}" for number in range(9)),
    "long": "é" * 1500 + "{{ time }}",
}


def decided(event: Any, the_state: State | None = None, **changed: Any) -> Decision:
    return done(the_state or state(), event, line(), canned=CONFIGURED, **changed)


def submitted(form: str, context: str = "", **values: str) -> FormSubmitted:
    return FormSubmitted(
        external_id="f1",
        platform="slack",
        author=ANA,
        form=form,
        context=f"#1042 {context or '{}'}",
        values=tuple(values.items()),
        trigger="t2",
    )


def form_of(decision: Decision) -> Form:
    (effect,) = [effect for effect in decision.effects if isinstance(effect, OpenForm)]
    return effect.form


def told(decision: Decision) -> str:
    (effect,) = decision.effects
    assert isinstance(effect, AnswerPrivately)
    return effect.note.text


def test_a_button_opens_the_search() -> None:
    decision = decided(pressed("canned", value="", trigger="t1"))
    (effect,) = decision.effects
    assert isinstance(effect, OpenForm)
    assert (effect.trigger, effect.form.name, effect.form.submit) == ("t1", "canned", "Next")
    assert [field.kind for field in effect.form.fields] == ["search"]
    assert effect.form.context.startswith("#1042 ")


def test_without_a_form_the_button_lists() -> None:
    assert "`hours`" in told(decided(pressed("canned", value="")))


def test_a_choice_without_missing_values_is_shown_at_once() -> None:
    form = form_of(decided(submitted("canned", response="hours")))
    assert (form.name, form.submit, form.fields) == ("canned_send", "Send", ())
    assert (form.shown, form.text) == ("We are open 9 to 5.", "1 segment (GSM-7)")
    long = form_of(decided(submitted("canned_values", '{"response":"long"}', time="ŵ")))
    assert "23 segments (UCS-2)" in long.text


def test_a_preview_says_that_the_guard_will_hold_the_text() -> None:
    form = form_of(decided(submitted("canned_values", '{"response":"visit"}', time="// five", **{"place.name": "x"})))
    assert "It will be held, and the thread asked: " in form.text
    assert "`//`" in form.text or "//" in form.text


@pytest.mark.parametrize("changed", [{"opted_out": True}, {"blocked": True}])
def test_what_nobody_may_get_is_neither_used_nor_sent(changed: dict[str, bool]) -> None:
    refused = state(conversation=conversation(**changed))
    assert "It will not be sent. The contact" in form_of(decided(submitted("canned", response="hours"), refused)).text
    by_form = submitted("canned_send", json.dumps({"response": "hours", "text": "Hello"}))
    for event in (by_form, posted("!canned hours"), posted("!canned visit time=password:tulip")):
        decision = decided(event, refused)
        assert decision.messages[0].status is MessageStatus.FAILED
        assert acts(decision) == ["failed"]
        assert not any(isinstance(effect, CountUse) for effect in decision.effects)


def test_missing_values_are_asked_for_and_then_shown() -> None:
    form = form_of(decided(submitted("canned", response="visit")))
    assert (form.name, form.submit, form.shown) == ("canned_values", "Preview", "See you at ‹time›, Maria")
    (field,) = form.fields
    assert (field.name, field.label, field.optional, field.limit) == ("time", "Time", False, 300)
    after = decided(replace(submitted("canned_values", time="5 pm"), context=form.context))
    assert "See you at 5 pm, Maria" in form_of(after).shown


def test_the_last_form_sends_what_it_showed() -> None:
    form = form_of(decided(submitted("canned", response="hours")))
    decision = decided(replace(submitted("canned_send"), context=form.context))
    (message,) = decision.messages
    assert (message.body, message.author, message.origin) == ("We are open 9 to 5.", ANA.key, None)
    assert message.hold is Hold.UNDO
    assert any(isinstance(effect, SendText) for effect in decision.effects)
    note = next(effect.note for effect in decision.effects if isinstance(effect, PostNote))
    assert "“We are open 9 to 5.”" in note.text
    assert (note.inserts, note.quiet) == ((ANA,), True)
    assert "canned_sent" in acts(decision)


def test_the_last_form_sends_it_even_if_the_response_is_gone() -> None:
    context = json.dumps({"response": "support/gone", "text": "Hello"})
    decision = decided(submitted("canned_send", context))
    assert decision.messages[0].body == "Hello"


def test_undo_takes_the_note_and_a_held_one_keeps_it() -> None:
    plain = decided(submitted("canned_send", json.dumps({"response": "hours", "text": "Hello"})))
    assert [note.message for note in plain.effects if isinstance(note, PostNote)] == [plain.messages[0].id]
    held = decided(submitted("canned_send", json.dumps({"response": "hours", "text": "Password: tulip"})))
    assert [note.message for note in held.effects if isinstance(note, PostNote)] == [None, held.messages[0].id]


def test_without_a_thread_nothing_is_posted() -> None:
    context = json.dumps({"response": "hours", "text": "Hello"})
    decision = decided(submitted("canned_send", context), state(threads=()))
    assert decision.messages
    assert not any(isinstance(effect, PostNote) for effect in decision.effects)


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ("nothing", "no canned response `nothing`"),
        ("bad", "cannot be used"),
        ("many", "`many` needs"),
    ],
)
def test_what_cannot_be_used_is_told(response: str, said: str) -> None:
    assert said in told(decided(submitted("canned", response=response)))


def test_a_text_of_blanks_is_told() -> None:
    assert "say nothing" in told(decided(submitted("canned_values", '{"response":"empty"}', a="  ")))


def test_what_does_not_fit_into_a_form_is_told() -> None:
    rows = (Canned(name="x" * 3000, text="Hello"),)
    decision = decided(submitted("canned", response="x" * 3000), replace(state(), canned=rows))
    assert "too long for a form" in told(decision)


@pytest.mark.parametrize("context", ["#1042", "#1042 [1]", "#1042 {", "#1042 null"])
def test_a_context_that_is_none_chooses_nothing(context: str) -> None:
    event = replace(submitted("canned_values"), context=context)
    assert "no canned response" in told(decided(event))


def test_an_observer_is_refused_and_a_stranger_conversation_ignored() -> None:
    assert "Nothing done" in told(decided(submitted("canned", response="hours"), teammates=observer()))
    assert decided(submitted("canned", response="hours"), State()).effects == ()


def test_a_room_command_with_a_number_sends() -> None:
    event = CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text="#1042 canned hours today=noon")
    decision = decided(event)
    assert decision.messages[0].body == "We are open noon."
    wrong = decided(replace(event, text="#1042 canned visit"))
    assert "needs `time`" in told(wrong)


def test_only_what_a_form_is_about_is_loaded() -> None:
    assert wanted(submitted("canned", response="Support/Hours")) == Wanted("hours")
    assert wanted(submitted("canned_values", '{"response":"visit"}')) == Wanted("visit")
    assert wanted(submitted("assign", who="ana")) is None


def test_the_search_finds_names_and_words() -> None:
    policy = Policy(lines={}, canned=CONFIGURED)
    rows = (Canned(name="bye", team="support", text="Good\nbye", uses=3),)
    assert matching(policy, rows, "support", " GOOD ") == [("support/bye", "support/bye · Good bye")]
    assert matching(policy, rows, None, "good") == []
    assert matching(policy, (), None, "visit") == [("visit", "visit · See you at ‹time›, ‹contact.first_name›")]
    assert matching(policy, (), None, "1 + 1") == [("bad", "bad · cannot be used")]
    assert next(title for title, _ in matching(policy, rows, "support", "")) == "support/bye"


MENU = {"hours": (Media("canned:/menu.pdf", "application/pdf", "menu.pdf"),)}


def test_files_go_with_the_text_and_are_named_before() -> None:
    form = form_of(decided(submitted("canned", response="hours"), canned_files=MENU))
    assert form.text == "With `menu.pdf`, as MMS or as a link. 1 segment (GSM-7)"
    by_form = replace(submitted("canned_send"), context=form.context)
    own = Media("F1", "image/png", "own.png")
    for event, files in ((by_form, MENU["hours"]), (posted("!canned hours", files=(own,)), (own, *MENU["hours"]))):
        decision = decided(event, canned_files=MENU)
        assert decision.messages[0].media == files
        assert ("canned_sent" in acts(decision)) is True
    notes = [effect.note.text for effect in decided(by_form, canned_files=MENU).effects if isinstance(effect, PostNote)]
    assert notes[0].endswith("“We are open 9 to 5.” and `menu.pdf`")
    assert "9 to 5') }}. · with `menu.pdf`" in told(decided(pressed("canned", value=""), canned_files=MENU))


def test_what_is_some_teams_is_no_other_teams() -> None:
    mine = Policy(lines={}, canned=CONFIGURED, canned_teams={"hours": ("support",)})
    assert [title for title, _ in matching(mine, (), "support", "hours")] == ["hours"]
    for team in ("sales", None):
        assert matching(mine, (), team, "hours") == []

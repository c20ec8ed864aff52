"""A conversation begun from our side, by word and by form."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.cards import Note
from bridge.domain.conversations import ConversationStatus, Related, State
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, OpenForm, OpenThread, PostNote, SendText
from bridge.domain.events import CommandGiven, FormSubmitted
from bridge.domain.messages import Hold
from bridge.domain.people import Contact, Person, RoomRef
from bridge.domain.policy import LinePolicy
from bridge.rules.beginning import Wanted, begun_by, may_begin, room_of, wanted
from bridge.rules.decide import decide
from tests.unit.rules.builders import (
    ANA,
    CONTACT,
    NOW,
    ROOT,
    acts,
    conversation,
    line,
    observer,
    policy,
    reacted,
    thread,
)

FRESH = State(fresh_number=1050)
BILLING = line(name="billing", address="+442079460000")
TWO = policy(lines={"front-desk": line(), "billing": BILLING})


def asked(text: str, **changed: Any) -> CommandGiven:
    plain = CommandGiven(
        external_id="e1", platform="slack", room="C1", author=ANA, text=text, handle="https://h", trigger="t1"
    )
    return replace(plain, **changed)


def form(context: str = '{"room":"C1"}', **values: str) -> FormSubmitted:
    return FormSubmitted(
        external_id="f1", platform="slack", author=ANA, form="new", context=context, values=tuple(values.items())
    )


def decided(event: Any, the_state: State = FRESH, the_policy: Any = None) -> Decision:
    return decide(the_state, event, the_policy or policy(), NOW)


def told(decision: Decision) -> str:
    (effect,) = decision.effects
    assert isinstance(effect, AnswerPrivately)
    return effect.note.text


def test_a_conversation_is_begun() -> None:
    decision = decided(asked("new +1 555 010 0200 Your order is ready"))
    made = decision.conversation
    assert made is not None
    assert (made.number, made.line, made.status) == (1050, "front-desk", ConversationStatus.OPEN)
    assert decision.contact is not None
    assert decision.contact.address == CONTACT
    (message,) = decision.messages
    assert (message.body, message.hold, message.conversation) == ("Your order is ready", Hold.UNDO, 1050)
    (fresh,) = decision.threads
    assert decision.effects[0] == OpenThread(fresh.id)
    note = decision.effects[1]
    assert isinstance(note, PostNote)
    assert (note.thread, note.note.text, note.note.by) == (fresh.id, "First text: “Your order is ready”", ANA)
    assert any(isinstance(effect, SendText) for effect in decision.effects)
    assert "started" in acts(decision)
    private = [effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately)]
    assert any("#1050" in text for text in private)


def test_a_known_contact_keeps_its_name_and_the_earlier_thread() -> None:
    known = Contact("c1", CONTACT, "Maria")
    decision = decided(asked("new +15550100200 Hello"), replace(FRESH, contact=known, threads=(thread(),)))
    assert decision.contact == known
    assert decision.threads[0].earlier == ROOT


def test_the_guard_holds_the_first_text_as_any_other() -> None:
    decision = decided(asked("new +15550100200 Password: tulip"))
    assert decision.messages[0].hold is Hold.GUARD
    assert decision.conversation is not None
    assert not any(isinstance(effect, SendText) for effect in decision.effects)
    assert [effect.message for effect in decision.effects if isinstance(effect, PostNote)] == [
        None,
        decision.messages[0].id,
    ]


def test_a_line_that_asks_before_each_text_asks_no_more() -> None:
    decision = decided(asked("new +15550100200 Hello"), the_policy=policy(line(reply_mode="confirm")))
    assert any(isinstance(effect, SendText) for effect in decision.effects)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"opted_out": True}, "opted out"),
        ({"blocked": True}, "blocked (#1042)"),
        ({}, "already, #1042"),
        ({"opted_out": True, "status": ConversationStatus.CLOSED}, "opted out"),
    ],
)
def test_what_there_is_already_stops_it(changed: dict[str, Any], said: str) -> None:
    known = State(conversation=conversation(**changed), threads=(thread(),))
    decision = decided(asked("new +15550100200 Hello"), known)
    assert said in told(decision)
    (effect,) = decision.effects
    assert isinstance(effect, AnswerPrivately)
    assert effect.link == (ROOT if not changed else None)
    assert not may_begin(known)


def test_a_closed_conversation_leaves_room_for_a_new_one() -> None:
    closed = State(conversation=conversation(status=ConversationStatus.CLOSED))
    assert may_begin(closed)
    assert may_begin(State())


@pytest.mark.parametrize("joined", [(1001,), ()])
def test_a_merged_number_is_written_to_where_it_goes_on(joined: tuple[int, ...]) -> None:
    closed = conversation(status=ConversationStatus.CLOSED, joined=joined)
    via = None if joined else Related(conversation=conversation(number=1001), contact=Contact("c2", "+15550100300"))
    known = State(conversation=closed, threads=(thread(),), via=via)
    decision = decided(asked("new +15550100200 Hello"), known)
    assert "merged with another in #1042" in told(decision)
    assert not may_begin(known)


def test_a_new_conversation_needs_a_number() -> None:
    with pytest.raises(ValueError, match="number"):
        decided(asked("new +15550100200 Hello"), State())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("new +hello", "This is not a phone number"),
        ("new +1555", "too few digits"),
        ("new Acme Hello", "not a full phone number"),
        ("new 555 Hello", "not a full phone number"),
        ("new +15550001000 Hello", "the line's own number"),
        ("new +15550100200", "write the text"),
    ],
)
def test_what_cannot_be_texted_is_told(text: str, said: str) -> None:
    assert said in told(decided(asked(text)))


def test_only_who_may_text_may_begin() -> None:
    assert "Nothing done" in told(decided(asked("new +15550100200 Hello"), the_policy=policy(teammates=observer())))
    outsider = asked("new +15550100200 Hello", author=Person("slack", "U9", outsider=True))
    assert "Nothing done" in told(decided(outsider))


def test_a_room_without_a_line_has_nothing_to_text_from() -> None:
    assert "no line is shown" in told(decided(asked("new +15550100200 Hello", room="C9")))
    assert "no line is shown" in told(decided(asked("new", room="C9")))


def begins(text: str, the_policy: Any = None) -> tuple[str, str, str]:
    found = wanted(asked(text), the_policy or policy())
    assert isinstance(found, Wanted)
    return found.line.name, found.address, found.words


def test_numbers_are_understood_as_people_write_them() -> None:
    assert begins("new +1 555 010 0200 2 pizzas") == ("front-desk", CONTACT, "2 pizzas")
    assert begins("new +1(555)010-0200 Hi") == ("front-desk", CONTACT, "Hi")
    assert begins("NEW 02079460001 Hi", policy(BILLING)) == ("billing", "+442079460001", "Hi")
    assert begins("new 72345 Hi\nthere") == ("front-desk", "72345", "Hi\nthere")
    short = line(address="72345")
    assert begins("new +15550100200 Hi", policy(short))[1] == CONTACT


def test_a_room_with_several_lines_wants_one_named() -> None:
    assert "`front-desk`, `billing`" in told(decided(asked("new +15550100200 Hello"), the_policy=TWO))
    assert begins("new billing 02079460001 Hi", TWO) == ("billing", "+442079460001", "Hi")


def form_of(decision: Decision) -> Any:
    (effect,) = decision.effects
    assert isinstance(effect, OpenForm)
    return effect.form


def test_without_words_a_form_asks() -> None:
    shown = form_of(decided(asked("new")))
    assert [field.name for field in shown.fields] == ["number", "text"]
    several = form_of(decided(asked("new"), the_policy=TWO))
    assert several.fields[0].options == (
        ("front-desk", "front-desk (+15550001000)"),
        ("billing", "billing (+442079460000)"),
    )
    assert "Write `/sms new" in told(decided(asked("new", trigger="")))


def test_the_form_begins_the_same() -> None:
    decision = decided(form(number="+1 555 010 0200", text=" Hello "))
    assert decision.messages[0].body == "Hello"
    assert decision.conversation is not None
    chosen = wanted(form(line="billing", number="02079460001", text="Hi"), TWO)
    assert isinstance(chosen, Wanted)
    assert chosen.line.name == "billing"
    other = wanted(form(line="gone", number="+15550100200", text="Hi"), TWO)
    assert isinstance(other, Wanted)
    assert other.line.name == "front-desk"


@pytest.mark.parametrize("context", ["", "{", "[1]", "{}"])
def test_a_form_without_its_room_begins_nothing(context: str) -> None:
    event = form(context, number="+15550100200", text="Hi")
    assert room_of(event) == ""
    assert isinstance(wanted(event, policy()), Note)


def test_what_begins_a_conversation() -> None:
    assert begun_by(asked("New +1555"))
    assert begun_by(form())
    assert not begun_by(asked("#1042 new"))
    assert not begun_by(asked("news"))
    assert not begun_by(replace(form(), form="assign"))
    assert not begun_by(reacted("eyes"))


def test_a_room_may_be_another_platforms() -> None:
    elsewhere = LinePolicy(name="x", account="main", address="+15550001001", rooms=(RoomRef("matrix", "C1"),))
    assert isinstance(wanted(asked("new +15550100200 Hi"), policy(elsewhere)), Note)


@pytest.mark.parametrize("words", ["note: internal", "// internal", "🔒 internal"])
def test_a_comment_is_no_first_text(words: str) -> None:
    for event in (asked(f"new +1 555 010 0444 {words}"), form(number="+15550100444", text=words)):
        assert told(decided(event)) == "Nothing sent. That begins like a comment."

"""First texts of conversations begun from our side: how to opt out below them, and asking whether they are wanted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.consent import Consent, ConsentEntry, ConsentKind
from bridge.domain.conversations import ChatPost, Conversation, Related, State
from bridge.domain.decision import Decision
from bridge.domain.effects import AnswerPrivately, DisarmTimer, PostNote, SendText, UpdateNote
from bridge.domain.events import CommandGiven, SendSettled
from bridge.domain.keeping import NoteConsent
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.people import ChatRef, Contact
from bridge.domain.policy import ConsentPolicy
from bridge.rules import beginning_wording as say
from bridge.rules import consent_words
from bridge.rules.decide import decide
from bridge.rules.sending import Drop, Go, before_send
from tests.unit.rules.builders import (
    ANA,
    CONTACT,
    NOTE,
    NOW,
    REPLY,
    acts,
    conversation,
    line,
    policy,
    posted,
    pressed,
    reply,
    state,
    text,
)
from tests.unit.rules.families import after, merged, related, together

OPT_OUT = "Reply STOP to opt out."
NEW = reply(status=MessageStatus.QUEUED, hold=None, release_at=None, purpose=Purpose.PROACTIVE)
MARIA = Contact("c1", CONTACT, "Maria")


def begun(known: State, words: str = "Your order is ready", **consent: Any) -> Decision:
    """``/sms new`` in the room."""
    event = CommandGiven(
        external_id="e9", platform="slack", room="C1", author=ANA, text=f"new {CONTACT} {words}", handle="h"
    )
    return decide(known, event, policy(line(undo=timedelta(0)), consent=ConsentPolicy(**consent)), NOW)


def fresh(**changed: Any) -> State:
    """Nobody there yet."""
    return State(fresh_number=1050, **changed)


def told(decision: Decision) -> list[str]:
    return [effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately)]


def entries(decision: Decision) -> list[ConsentEntry]:
    return [effect.entry for effect in decision.effects if isinstance(effect, NoteConsent)]


def test_how_to_opt_out_stands_below_the_first_text_once() -> None:
    decision = begun(fresh(), opt_out_line=OPT_OUT)
    [message] = decision.messages
    assert message.body == f"Your order is ready\n{OPT_OUT}"
    assert decision.conversation is not None
    assert decision.conversation.consent.told
    again = begun(fresh(contact=MARIA, earlier=decision.conversation), opt_out_line=OPT_OUT)
    assert again.messages[0].body == "Your order is ready"
    own = begun(fresh(), "Sale! reply stop to opt out.", opt_out_line=OPT_OUT)
    assert own.messages[0].body == "Sale! reply stop to opt out."
    assert begun(fresh()).messages[0].body == "Your order is ready"


def test_it_counts_in_the_segments() -> None:
    decision = begun(fresh(), "x" * 450, opt_out_line=OPT_OUT)
    assert decision.messages[0].hold is Hold.LENGTH
    assert begun(fresh(), "x" * 450).messages[0].hold is None


def test_who_opted_out_elsewhere_is_not_texted() -> None:
    out = Related(conversation=conversation(line="sales", opted_out=True), contact=MARIA)
    decision = begun(fresh(contact=MARIA, elsewhere=(out,)))
    assert (decision.messages, told(decision)) == ((), [say.OPTED_OUT.text])
    by_hand = conversation(line="sales", opted_out=True, consent=Consent(by="person", noted_by="slack:U9"))
    out = Related(conversation=by_hand, contact=MARIA)
    [said] = told(begun(fresh(contact=MARIA, elsewhere=(out,))))
    assert said.startswith("Nothing sent. Opted out by a teammate: nothing may be sent.")


def wrote(**changed: Any) -> State:
    """The contact wrote to us before."""
    return fresh(contact=MARIA, **changed)


@pytest.mark.parametrize(
    "known",
    [
        wrote(earlier=conversation()),
        wrote(elsewhere=(Related(conversation=conversation(line="sales"), contact=MARIA),)),
        wrote(earlier=conversation(last_inbound_at=None, consent=Consent(given=True))),
    ],
)
def test_who_wrote_or_agreed_is_not_asked(known: State) -> None:
    for rule in ("ask", "refuse"):
        decision = begun(known, before_first_text=rule)
        assert decision.conversation is not None
        assert (decision.conversation.consent.asking, len(decision.messages)) == ("", 1)


def test_a_first_text_is_refused_by_setting() -> None:
    decision = begun(fresh(), before_first_text="refuse")
    assert (decision.messages, told(decision)) == ((), [say.NOT_AGREED.text])


def unasked(asking: Any = "due", **changed: Any) -> Conversation:
    return conversation(**{"last_inbound_at": None, "consent": Consent(asking=asking), **changed})


def verdict(message: Message, known: Conversation, **changed: Any) -> Any:
    return before_send(state(message, **{"conversation": known, **changed}), 1, policy(), NOW)


def test_the_contact_is_asked_first_and_the_text_held() -> None:
    decision = begun(fresh(), before_first_text="ask")
    held, request = decision.messages
    assert (held.hold, held.purpose) == (Hold.CONSENT, Purpose.PROACTIVE)
    assert (request.purpose, request.body, request.author) == (Purpose.REQUEST, ConsentPolicy().request, None)
    assert SendText(request.id, 1) in decision.effects
    assert after(decision, 1050).consent == Consent(asking="asked", told=True)
    assert [entry.kind for entry in entries(decision)] == [ConsentKind.ASKED]
    notes = [effect.note.text for effect in decision.effects if isinstance(effect, PostNote)]
    assert notes[1:] == [consent_words.HELD_FOR_YES, consent_words.confirmed(request.body).text]
    assert isinstance(verdict(request, unasked("asked")), Go)


def test_a_text_that_the_guard_holds_asks_the_contact_once_a_person_sends_it() -> None:
    decision = begun(fresh(), "Dear {{name}}", before_first_text="ask")
    [held] = decision.messages
    assert (held.hold, after(decision, 1050).consent.asking) == (Hold.GUARD, "due")
    question = replace(state(replace(held, id="m1", conversation=1042)), conversation=unasked())
    sent = decide(question, pressed("send"), policy(), NOW)
    assert [one.purpose for one in sent.messages] == [Purpose.PROACTIVE, Purpose.REQUEST]
    assert DisarmTimer("held", "m1") in sent.effects
    replied = decide(replace(question, message=None, pending=()), posted("Hello?"), policy(), NOW)
    assert [one.purpose for one in replied.messages] == [Purpose.REPLY, Purpose.REQUEST]
    quiet = decide(replace(question, contact=None, conversation=unasked()), pressed("send"), policy(), NOW)
    assert [one.purpose for one in quiet.messages] == [Purpose.PROACTIVE]


def test_until_they_answer_nothing_else_is_texted_and_once_they_write_replies_are() -> None:
    for purpose in (Purpose.PROACTIVE, Purpose.AUTOMATIC, Purpose.SCHEDULED, Purpose.REPLY):
        waiting = verdict(replace(NEW, purpose=purpose), unasked("asked"))
        assert isinstance(waiting, Drop)
        assert [one.hold for one in waiting.decision.messages] == [Hold.CONSENT]
    wrote_back = unasked("asked", last_inbound_at=NOW)
    assert isinstance(verdict(replace(NEW, purpose=Purpose.REPLY), wrote_back), Go)
    assert isinstance(verdict(NEW, wrote_back), Drop)
    assert isinstance(verdict(NEW, unasked("")), Go)


def test_yes_sends_what_waited_and_stop_does_not() -> None:
    waiting = replace(NEW, status=MessageStatus.HELD, hold=Hold.CONSENT)
    known = state(conversation=unasked("asked"), pending=(waiting,))
    yes = decide(known, text("Yes"), policy(), NOW)
    assert after(yes, 1042).consent == Consent(given=True)
    assert SendText(NEW.id, 2) in yes.effects
    no = decide(known, text("STOP"), policy(), NOW)
    assert after(no, 1042).opted_out
    [let_go] = [one for one in no.messages if one.id == NEW.id]
    refused = before_send(state(let_go, conversation=after(no, 1042)), 2, policy(), NOW)
    assert isinstance(refused, Drop)
    assert refused.decision.messages[0].error_code == "opted_out"
    by_hand = decide(known, posted("!optin agreed on the phone"), policy(), NOW)
    assert SendText(NEW.id, 2) in by_hand.effects
    assert "opted_in" not in acts(by_hand)


def test_what_was_said_of_a_text_that_waited_is_replaced() -> None:
    waiting = replace(NEW, status=MessageStatus.HELD, hold=Hold.CONSENT)
    begun_here = replace(waiting, id="m2", origin=None, body="Your order is ready")
    there = ChatRef("slack", "C1", "4.0")
    notes = tuple(
        ChatPost(ref=ref, conversation=1042, role="note", message=who)
        for ref, who in ((NOTE, NEW.id), (there, "m2"), (REPLY, "m3"))
    )
    known = state(conversation=unasked("asked"), pending=(waiting, begun_here), plans=notes)
    told = [one for one in decide(known, text("Yes"), policy(), NOW).effects if isinstance(one, UpdateNote)]
    assert [(one.ref, one.note.text, one.note.buttons) for one in told] == [
        (NOTE, "No longer held.", ()),
        (there, "No longer held: “Your order is ready”.", ()),
    ]


def test_nobody_is_asked_twice() -> None:
    decision = decide(state(conversation=unasked("asked")), posted("Hello?"), policy(), NOW)
    assert [(one.purpose, one.hold) for one in decision.messages] == [(Purpose.REPLY, Hold.UNDO)]
    assert entries(decision) == []


def test_a_merged_number_is_asked_itself() -> None:
    inner = replace(merged(), last_inbound_at=None, consent=Consent(asking="due"))
    both = together(inner, conversation=conversation(joined=(1001,), reply_via=1001))
    decision = decide(both, posted("Hello?"), policy(), NOW)
    assert after(decision, 1001).consent.asking == "asked"
    assert {one.via for one in decision.messages} == {1001}


EVERY = ConsentPolicy(opt_out_line=OPT_OUT, opt_out_line_on="first")


@pytest.mark.parametrize(
    ("message", "known", "added"),
    [
        (NEW, {}, True),
        (replace(NEW, purpose=Purpose.REPLY), {}, True),
        (replace(NEW, purpose=Purpose.REQUEST), {}, False),
        (replace(NEW, body=""), {}, False),
        (NEW, {"last_outbound_at": NOW}, False),
        (NEW, {"consent": Consent(told=True)}, False),
    ],
)
def test_by_setting_it_stands_below_the_first_text_of_any_kind(message: Message, known: Any, *, added: bool) -> None:
    looked = before_send(state(message, conversation=conversation(**known)), 1, policy(consent=EVERY), NOW)
    assert isinstance(looked, Go)
    assert (OPT_OUT in looked.message.body, looked.message.segments) == (added, 1)
    assert isinstance(before_send(State(message=message), 1, policy(consent=EVERY), NOW), Go)


def test_and_counts_before_it_is_sent() -> None:
    long = "x" * 450
    assert decide(state(), posted(long), policy(consent=EVERY), NOW).messages[0].hold is Hold.LENGTH
    assert decide(state(), posted(long), policy(), NOW).messages[0].hold is Hold.UNDO


def taken(message: Message, known: State, **consent: Any) -> Decision:
    """The provider took a text."""
    event = SendSettled(external_id="x", message=message.id, outcome="accepted", provider_id="SM1", segments=1)
    return decide(replace(known, message=message), event, policy(consent=ConsentPolicy(**consent)), NOW)


def test_who_was_told_is_noted_when_the_text_was_taken() -> None:
    said = replace(NEW, body=f"Ready\n{OPT_OUT}", status=MessageStatus.SENDING)
    assert after(taken(said, state(), opt_out_line=OPT_OUT), 1042).consent.told
    answered = conversation(waiting_since=None, last_outbound_at=NOW)
    assert after(taken(said, state(conversation=answered), opt_out_line=OPT_OUT), 1042).consent.told
    inner = merged()
    other = taken(replace(said, via=1001), together(inner, via=related(inner)), opt_out_line=OPT_OUT)
    assert (after(other, 1001).consent.told, after(other, 1042).consent.told) == (True, False)
    for nothing in (taken(said, state()), taken(replace(said, body="Ready"), state(), opt_out_line=OPT_OUT)):
        assert not after(nothing, 1042).consent.told

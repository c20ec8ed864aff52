"""Refusals in other words, and what the team decides about them."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.domain.consent import UNKNOWN, Consent, ConsentKind
from bridge.domain.conversations import ChatPost, State, ThreadState
from bridge.domain.decision import Decision
from bridge.domain.effects import PostNote, SendText, UpdateNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.rules import consent_words
from bridge.rules.cards import card
from bridge.rules.decide import decide
from bridge.rules.sending import Drop, Go, before_send
from tests.unit.rules.builders import (
    ANA,
    NOTE,
    NOW,
    ROOT,
    acts,
    asked,
    conversation,
    done,
    policy,
    posted,
    pressed,
    state,
    text,
    thread,
)
from tests.unit.rules.consent_cases import AUTOMATIC, STOPPED, WAITING, entries, told
from tests.unit.rules.families import SECOND, after, merged, related, together


def question_of(decision: Decision) -> PostNote:
    [found] = [effect for effect in decision.effects if isinstance(effect, PostNote)]
    return found


def test_a_refusal_in_other_words_asks_the_team_and_is_noted() -> None:
    decision = done(state(), text("please stop texting me"))
    assert decision.conversation is not None
    [message] = [one for one in decision.messages if one.author is None]
    assert (decision.conversation.opted_out, decision.conversation.consent.doubt) == (False, message.id)
    asked_there = question_of(decision)
    assert asked_there.message == message.id
    assert [button.action for button in asked_there.note.buttons] == ["revoked", "not_revoked"]
    assert [(entry.kind, entry.words) for entry in entries(decision)] == [
        (ConsentKind.DOUBTED, "please stop texting me")
    ]


@pytest.mark.parametrize(
    "known",
    [{"opted_out": True, "consent": STOPPED}, {"blocked": True}, {"consent": Consent(doubt="m9")}],
)
def test_it_is_asked_once_and_only_where_it_matters(known: Any) -> None:
    decision = done(state(conversation=conversation(**known)), text("please stop texting me"))
    assert not [effect for effect in decision.effects if isinstance(effect, PostNote)]


def doubted(*pending: Message, **changed: Any) -> State:
    """The question is in the thread."""
    refusal = replace(AUTOMATIC, id="m1", author=None, body="please stop texting me", origin=None)
    known = asked(refusal)
    return replace(known, conversation=conversation(consent=Consent(doubt="m1")), pending=pending, **changed)


def test_meanwhile_texts_that_nobody_sends_just_now_wait() -> None:
    unsure = doubted().conversation
    for purpose in (Purpose.AUTOMATIC, Purpose.SCHEDULED, Purpose.PROACTIVE):
        verdict = before_send(state(replace(AUTOMATIC, purpose=purpose), conversation=unsure), 1, policy(), NOW)
        assert isinstance(verdict, Drop)
        assert verdict.decision.messages[0].hold is Hold.CONSENT
        assert question_of(verdict.decision).note.text == consent_words.HELD_IN_DOUBT
    hidden = before_send(state(replace(AUTOMATIC, origin=None), conversation=unsure, threads=()), 1, policy(), NOW)
    assert isinstance(hidden, Drop)
    assert acts(hidden.decision) == ["held_for_consent"]
    assert isinstance(
        before_send(state(replace(AUTOMATIC, purpose=Purpose.REPLY), conversation=unsure), 1, policy(), NOW), Go
    )


def test_yes_opts_out_with_the_words_as_evidence() -> None:
    decision = decide(doubted(WAITING), pressed("revoked"), policy(), NOW)
    assert decision.conversation is not None
    assert (decision.conversation.opted_out, decision.conversation.consent) == (
        True,
        replace(STOPPED, noted_by=ANA.key),
    )
    [entry] = entries(decision)
    assert (entry.kind, entry.source, entry.person) == (ConsentKind.OPT_OUT, "words", ANA.key)
    assert entry.words == "please stop texting me"
    [shown] = [effect for effect in decision.effects if isinstance(effect, UpdateNote)]
    assert (shown.ref, shown.note) == (NOTE, consent_words.answered(consent_words.ANSWERED_YES, ANA))
    [let_go] = decision.messages
    refused = before_send(state(let_go, conversation=decision.conversation), let_go.ticket, policy(), NOW)
    assert isinstance(refused, Drop)
    assert refused.decision.messages[0].error_code == "opted_out"


def test_no_releases_what_waited() -> None:
    second = replace(WAITING, id="m3")
    decision = decide(
        doubted(WAITING, second, replace(WAITING, hold=Hold.GUARD)), pressed("not_revoked"), policy(), NOW
    )
    assert decision.conversation is not None
    assert (decision.conversation.opted_out, decision.conversation.consent) == (False, UNKNOWN)
    assert [(one.id, one.status) for one in decision.messages] == [
        ("m1", MessageStatus.QUEUED),
        ("m3", MessageStatus.QUEUED),
    ]
    assert [effect for effect in decision.effects if isinstance(effect, SendText)] == [
        SendText("m1", 2),
        SendText("m3", 2),
    ]
    assert [entry.kind for entry in entries(decision)] == [ConsentKind.KEPT]


def test_it_is_decided_once_and_about_the_number_it_came_from() -> None:
    decided = replace(doubted(), conversation=conversation())
    assert told(decide(decided, pressed("revoked"), policy(), NOW)) == [consent_words.DECIDED.text]
    assert decide(replace(doubted(), message=None), pressed("revoked"), policy(), NOW) == Decision()
    inner = replace(merged(), consent=Consent(doubt="m1"))
    refusal = replace(AUTOMATIC, via=1001, body="please stop")
    both = together(inner, message=refusal, via=related(inner))
    decision = decide(both, pressed("revoked"), policy(), NOW)
    assert (after(decision, 1042).opted_out, after(decision, 1001).opted_out) == (False, True)
    assert entries(decision)[0].address == SECOND


def test_stop_answers_the_question() -> None:
    decision = done(replace(doubted(WAITING), message=None), text("STOP"))
    assert decision.conversation is not None
    assert decision.conversation.consent == STOPPED
    assert [one.id for one in decision.messages if one.purpose is WAITING.purpose] == ["m1"]


def test_the_card_says_since_when_and_that_there_is_a_question() -> None:
    out = card(state(conversation=conversation(opted_out=True, consent=STOPPED)), thread(), policy())
    assert (out.status, out.until, out.opted_out) == ("opted out since", NOW, True)
    unsure = card(state(conversation=doubted().conversation), thread(), policy())
    assert unsure.hint == consent_words.DOUBT_HINT


# confirmation


def test_it_is_asked_once_more_and_not_when_it_was_decided() -> None:
    fired = TimerFired(external_id="t", kind="doubt", conversation=1042, subject="m1")
    decision = decide(doubted(threads=(thread(), thread(id="t2", state=ThreadState.LOST))), fired, policy(), NOW)
    again = question_of(decision)
    assert (again.thread, again.note) == ("t1", consent_words.still_asked("m1"))
    assert again.note.text.startswith("❓ Still to answer: Does the contact")
    assert decide(replace(doubted(), conversation=conversation()), fired, policy(), NOW) == Decision()
    assert decide(replace(doubted(), message=None), fired, policy(), NOW) == Decision()


@pytest.mark.parametrize(
    ("event", "settled"),
    [
        (text("STOP"), consent_words.SETTLED_OUT),
        (text("START"), consent_words.SETTLED_IN),
        (posted("!optout told us on the phone"), consent_words.SETTLED_OUT),
        (posted("!optin signed the form"), consent_words.SETTLED_IN),
    ],
)
def test_what_decides_it_meanwhile_puts_every_question_away(event: Any, settled: Any) -> None:
    question, again = (ChatPost(ref=ref, conversation=1042, role="note", message="m1") for ref in (NOTE, ROOT))
    before = replace(doubted(), message=None, notes=(), plans=(question, again))
    updates = [effect for effect in decide(before, event, policy(), NOW).effects if isinstance(effect, UpdateNote)]
    assert [(update.ref, update.note) for update in updates] == [(NOTE, settled), (ROOT, settled)]

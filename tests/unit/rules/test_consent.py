"""Who wants texts: words that count, how far they reach, the team's answer in doubt, what goes into the ledger."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.consent import Consent, Consented, ConsentKind
from bridge.domain.conversations import Conversation, ConversationStatus, Related, State
from bridge.domain.effects import UpdateCard
from bridge.domain.events import DeliveryReported, SendSettled
from bridge.domain.messages import Message, MessageStatus, Purpose
from bridge.domain.people import Contact
from bridge.domain.policy import ConsentPolicy, Policy
from bridge.rules import consent_words
from bridge.rules.consent import bare
from bridge.rules.decide import decide
from bridge.rules.history import history
from bridge.rules.owning_words import NO_RECORD
from bridge.rules.reaching import reach
from bridge.rules.sending import Drop, Go, before_send
from tests.unit.rules.builders import (
    ANA,
    CONTACT,
    NOW,
    acts,
    conversation,
    done,
    line,
    policy,
    posted,
    pressed,
    state,
    text,
    thread,
)
from tests.unit.rules.consent_cases import AUTOMATIC, MANAGER, STOPPED, elsewhere, entries, lines, told
from tests.unit.rules.families import after, merged, related, together

INBOUND = "inbound-id"


@pytest.mark.parametrize(
    "words",
    [
        "STOP",
        "stop.",
        "S T O P",
        "Stop!!! 😡",
        "“Stop”",
        "ＳＴＯＰ",
        "STOP ALL",
        "opt-out",
        "Opt out.",
        "ARRÊT",
        "arret",
    ],
)
def test_a_word_of_refusal_counts_however_it_is_written(words: str) -> None:
    decision = done(state(), text(words))
    assert decision.conversation is not None
    assert (decision.conversation.opted_out, decision.conversation.consent) == (True, STOPPED)
    [entry] = entries(decision)
    assert (entry.kind, entry.source, entry.words, entry.scope) == (ConsentKind.OPT_OUT, "keyword", words, "everything")
    assert (entry.address, entry.line, entry.account, entry.person) == (CONTACT, "front-desk", "main", None)


@pytest.mark.parametrize("words", ["stop?", "cancel?", "stop 5", "start at 9", "stop by", "x" * 61, "?", ""])
def test_other_texts_do_not(words: str) -> None:
    decision = done(state(), text(words))
    assert decision.conversation is not None
    assert not decision.conversation.opted_out
    assert bare("x" * 61) == ""


def test_the_operators_own_words_count_in_the_same_way() -> None:
    own = policy(consent=ConsentPolicy(opt_out_words=("Désabonner", "no más"), opt_in_words=("Oui!",)))
    for words in ("DESABONNER.", "désabonner", "No mas!"):
        out = decide(state(), text(words), own, NOW).conversation
        assert out is not None
        assert out.opted_out
        back = decide(state(conversation=out), text("oui"), own, NOW).conversation
        assert back is not None
        assert (back.opted_out, back.consent) == (False, Consent(given=True))


def test_yes_counts_for_who_has_opted_out_only() -> None:
    assert entries(done(state(), text("Yes"))) == []
    back = done(state(conversation=conversation(opted_out=True, consent=STOPPED)), text("Yes."))
    assert [entry.kind for entry in entries(back)] == [ConsentKind.OPT_IN]


def test_the_providers_signal_is_noted_as_such() -> None:
    [entry] = entries(done(state(), text("leave me be", opt_out="STOP")))
    assert (entry.source, entry.words) == ("provider", "leave me be")


def test_stop_twice_is_one_entry_and_keeps_its_time() -> None:
    once = conversation(opted_out=True, consent=replace(STOPPED, since=NOW - timedelta(days=3)))
    assert entries(done(state(conversation=once), text("STOP"))) == []
    by_hand = replace(once, consent=replace(once.consent, by="person"))
    again = done(state(conversation=by_hand), text("STOP"))
    assert again.conversation is not None
    assert again.conversation.consent == once.consent
    assert [entry.kind for entry in entries(again)] == [ConsentKind.OPT_OUT]
    assert "opted_out" not in acts(again)


@pytest.mark.parametrize(
    ("scope", "reached"), [("line", {1000}), ("account", {1000, 1001}), ("everything", {1000, 1001, 1002})]
)
def test_a_refusal_reaches_as_far_as_its_scope(scope: Any, reached: set[int]) -> None:
    others = (
        elsewhere(1000, "front-desk", status=ConversationStatus.CLOSED),
        elsewhere(1001),
        elsewhere(1002, "branch"),
        elsewhere(1003, opted_out=True),
        replace(elsewhere(1004), contact=Contact("c9", "+15550109999")),
    )
    decision = decide(state(elsewhere=others), text("STOP"), lines(scope=scope), NOW)
    assert {one.number for one in decision.others} == reached
    assert all(one.opted_out and one.consent == STOPPED for one in decision.others)
    cards = {effect.thread for effect in decision.effects if isinstance(effect, UpdateCard)} - {"t1"}
    assert cards == {f"t{number}" for number in reached if number != 1000}


def test_start_lifts_what_stop_on_that_line_did() -> None:
    others = (elsewhere(1001, opted_out=True, consent=STOPPED), elsewhere(1002, opted_out=True), elsewhere(1003))
    before = state(conversation=conversation(opted_out=True, consent=STOPPED), elsewhere=others)
    decision = decide(before, text("START"), lines(), NOW)
    assert [(one.number, one.opted_out) for one in decision.others] == [(1001, False)]
    assert acts(decision).count("opted_in") == 2
    assert [entry.scope for entry in entries(decision)] == ["line"]


def test_a_new_conversation_begins_with_what_is_known() -> None:
    closed = conversation(status=ConversationStatus.CLOSED, closed_at=NOW - timedelta(days=30))
    doubted = replace(closed, consent=Consent(given=True, doubt="m9"))
    fresh = decide(state(conversation=doubted, fresh_number=1050), text(), lines(), NOW)
    assert fresh.conversation is not None
    assert fresh.conversation.consent == Consent(given=True)
    out = (elsewhere(1001), elsewhere(1002, opted_out=True, consent=STOPPED))
    elsewhere_out = decide(state(conversation=None, fresh_number=1050, elsewhere=out), text(), lines(), NOW)
    assert elsewhere_out.conversation is not None
    assert (elsewhere_out.conversation.opted_out, elsewhere_out.conversation.consent) == (True, STOPPED)


def test_a_refusal_of_the_provider_reaches_the_other_lines_too() -> None:
    sending = replace(AUTOMATIC, status=MessageStatus.SENDING)
    refused = SendSettled(external_id="x", message="m1", outcome="rejected", code="21610", opted_out=True)
    decision = decide(state(sending, elsewhere=(elsewhere(1001),)), refused, lines(), NOW)
    assert [one.number for one in decision.others] == [1001]
    assert [(entry.source, entry.message) for entry in entries(decision)] == [("provider", "m1")]
    nobody = decide(state(sending, contact=None), refused, lines(), NOW)
    assert entries(nobody) == []


def test_stop_reaches_the_conversation_it_is_shown_in_when_that_is_the_same_contacts() -> None:
    inner = replace(merged(), contact="c1", line="sales")
    via = Related(conversation=inner, contact=Contact("c1", CONTACT), threads=())
    both = replace(together(inner), via=via, joined=(via,))
    decision = decide(both, text("STOP", recipient="+15550002000"), lines(), NOW)
    assert (after(decision, 1042).opted_out, after(decision, 1001).opted_out) == (True, True)


# other words


def confirmed(the_state: State, event: Any, **changed: Any) -> list[Message]:
    decision = decide(the_state, event, policy(line(**changed)), NOW)
    return [one for one in decision.messages if one.purpose is Purpose.CONFIRMATION]


def test_an_opt_out_is_confirmed_once_where_the_provider_does_not() -> None:
    assert confirmed(state(), text("STOP")) == []
    assert confirmed(state(), text("stop please", opt_out="STOP"), answers_stop=False) == []
    [own_word] = confirmed(state(), text("STOP!"))  # the provider knows nothing but the bare word
    [message] = confirmed(state(), text("STOP"), answers_stop=False)
    assert (message.body, message.status, message.author) == (ConsentPolicy().confirmation, MessageStatus.QUEUED, None)
    assert own_word.body == message.body
    out = conversation(opted_out=True, consent=STOPPED)
    assert confirmed(state(conversation=out), text("STOP"), answers_stop=False) == []
    gone = decide(
        together(via=related(merged())), text("STOP"), Policy(lines=policy(line(name="front-desk")).lines), NOW
    )
    assert gone.messages


def test_it_is_the_one_text_that_may_follow_and_not_for_long() -> None:
    message = replace(AUTOMATIC, purpose=Purpose.CONFIRMATION)
    out = conversation(opted_out=True, consent=STOPPED)
    soon, late = NOW + timedelta(minutes=5), NOW + timedelta(minutes=6)
    assert isinstance(before_send(state(message, conversation=out), 1, policy(), soon), Go)
    assert isinstance(before_send(state(message, conversation=out), 1, policy(), late), Drop)
    assert isinstance(before_send(state(AUTOMATIC, conversation=out), 1, policy(), soon), Drop)
    unknown = conversation(opted_out=True)
    assert isinstance(before_send(state(message, conversation=unknown), 1, policy(), soon), Drop)


# by hand


def test_who_opted_out_themselves_is_a_managers_to_opt_in_again() -> None:
    out = state(conversation=conversation(opted_out=True, consent=STOPPED))
    member = decide(out, posted("!optin she said yes"), policy(teammates=(MANAGER,)), NOW)
    assert told(member) == [consent_words.CANNOT_LIFT.text]
    manager = replace(MANAGER, ids=(("slack", "U1"),))
    for teammates in ((manager,), ()):
        lifted = decide(out, posted("!optin she said yes"), policy(teammates=teammates), NOW)
        assert lifted.conversation is not None
        assert not lifted.conversation.opted_out
        assert told(lifted) == [consent_words.LIFTED_BY_HAND.text]
        [entry] = entries(lifted)
        assert (entry.source, entry.words, entry.person) == ("person", "she said yes", ANA.key)


def test_consent_is_noted_of_who_never_opted_out_and_needs_words() -> None:
    given = done(state(), posted("!optin signed the form"))
    assert given.conversation is not None
    assert given.conversation.consent.given
    assert [entry.kind for entry in entries(given)] == [ConsentKind.OPT_IN]
    assert entries(done(state(conversation=given.conversation), posted("!optin again"))) == []
    assert entries(done(state(), posted("!optin"))) == []


def test_an_opt_out_by_hand_reaches_all_lines_and_does_not_weaken_the_contacts_own() -> None:
    decision = decide(state(elsewhere=(elsewhere(1001),)), posted("!optout told us on the phone"), lines(), NOW)
    assert [one.number for one in decision.others] == [1001]
    assert entries(decision)[0].words == "told us on the phone"
    out = conversation(opted_out=True, consent=STOPPED)
    assert entries(done(state(conversation=out), posted("!optout"))) == []
    for event in (posted("!optout"), posted("!optin yes")):
        assert done(State(conversation=conversation(), threads=(thread(),)), event).others == ()


# how far an event reaches


def test_only_events_about_consent_reach_further() -> None:
    known, rules = state(), lines()
    for event in (text("STOP"), posted("!optout"), posted("!optin yes"), pressed("revoked")):
        assert reach(known, event, rules) == (("c1",), ("branch", "front-desk", "sales"))
    refused = DeliveryReported(
        account="main", external_id="x", provider_id="SM1", status=MessageStatus.FAILED, opted_out=True
    )
    assert reach(known, refused, lines(scope="account")) == (("c1",), ("front-desk", "sales"))
    for event in (text("Hello"), posted("Hello"), posted("!close"), pressed("send"), replace(refused, opted_out=False)):
        assert reach(known, event, rules) is None
    assert reach(State(), text("STOP"), rules) is None
    assert reach(State(fresh_number=1), text("STOP"), rules) is None
    fresh = State(fresh_number=1, contact=Contact("c1", CONTACT))
    assert reach(fresh, text("Hello"), lines(scope="line")) == (("c1",), ("front-desk",))
    inner = related(merged())
    both = replace(state(), joined=(inner,), via=inner)
    assert reach(both, text("STOP"), lines(scope="line")) == (("c1", "c2"), ("front-desk",))


def test_a_line_that_is_gone_covers_itself() -> None:
    gone: Conversation = conversation(line="closed-shop")
    decision = decide(state(conversation=gone), posted("!optout"), lines(), NOW)
    assert decision.others == ()


def test_start_twice_is_one_entry() -> None:
    agreed = conversation(consent=Consent(given=True))
    assert entries(done(state(conversation=agreed), text("START"))) == []


def test_the_record_tells_what_is_known_of_consent() -> None:
    entry = entries(done(state(), text("STOP")))[0]
    by_hand = replace(entry, scope="line", source="person", words="said so " * 20, person=ANA.key)
    note = history([], [Consented(NOW, by_hand), Consented(NOW, entry)])
    assert note.text.startswith(f"{NO_RECORD.text}\nConsent:\n")
    first, second = note.text.split("\n")[2:]
    assert "no texts, front-desk (everything): keyword “STOP”" in first
    assert "no texts, front-desk: person “said so" in second
    assert "…”, noted by" in second
    assert note.inserts == (NOW, NOW, ANA)
    silent = history([], [Consented(NOW, replace(entry, words=""))])
    assert silent.text.endswith(": keyword")

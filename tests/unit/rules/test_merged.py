"""Conversations that are merged: texts in, replies out, the old thread, and what the cards say."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.conversations import ConversationStatus, State, ThreadState
from bridge.domain.effects import AnswerPrivately, PostText, SendText
from bridge.domain.events import SendSettled, TimerFired
from bridge.domain.messages import Hold, MessageStatus
from bridge.domain.people import Person
from bridge.rules import merging_words as words
from bridge.rules.cards import card, controls, follower
from bridge.rules.merged import further_addresses, home_thread, line_shown, on_platform, reply_route, sender
from bridge.rules.sending import Drop, Go, before_send
from bridge.rules.threads import replace_lost
from tests.unit.rules.builders import (
    NOW,
    acts,
    conversation,
    done,
    edited,
    guarded,
    kinds,
    line,
    policy,
    posted,
    pressed,
    reply,
    state,
    text,
    thread,
)
from tests.unit.rules.families import (
    SECOND,
    after,
    left,
    merged,
    notes,
    records,
    related,
    second_thread,
    together,
    unchanged,
)
from tests.unit.rules.teams import SUPPORT, WITH, decided, given, private

GRANDMA = "+15550100400"


def heard(**changed: Any) -> State:
    """A text of the second number finds #1042."""
    return together(via=related(merged()), **changed)


def test_a_text_of_the_second_number_is_shown_where_it_goes_on() -> None:
    decision = decided(heard(), text(sender=SECOND))
    (message,) = decision.messages
    assert (message.conversation, message.via) == (1042, 1001)
    assert (after(decision, 1042).reply_via, after(decision, 1001).last_inbound_at) == (1001, NOW)
    assert [one.thread for one in decision.effects if isinstance(one, PostText)] == ["t1"]
    own = decided(together(conversation=conversation(joined=(1001,), reply_via=1001)), text())
    assert (after(own, 1042).reply_via, own.messages[0].via, own.others) == (None, None, ())


def test_stop_counts_for_the_number_it_came_from() -> None:
    decision = decided(heard(), text("STOP", sender=SECOND, opt_out="STOP"))
    assert (after(decision, 1001).opted_out, after(decision, 1042).opted_out) == (True, False)


def test_a_reply_is_refused_at_once_when_the_number_it_goes_to_wants_none() -> None:
    out = replace(merged(), opted_out=True)
    second_last = decided(together(out, conversation=conversation(joined=(1001,), reply_via=1001)), posted("Yes"))
    assert [one.status for one in second_last.messages] == [MessageStatus.FAILED]
    first_last = decided(together(out, conversation=conversation(joined=(1001,))), posted("Yes"))
    assert [one.status for one in first_last.messages] == [MessageStatus.HELD]


def test_the_settings_of_the_line_it_is_shown_on_count() -> None:
    other = line(name="sales", address="+15550002000")
    assert line_shown(heard(), other, policy()).name == "front-desk"
    assert line_shown(state(), other, policy()) == other
    assert line_shown(replace(heard(), conversation=None), other, policy()) == other
    assert line_shown(heard(), other, policy(other)) == other


@pytest.mark.parametrize("sender_", [SECOND, "+15550100200"])
def test_a_conversation_that_follows_takes_the_merged_ones_along(sender_: str) -> None:
    long_ago = NOW - timedelta(days=30)
    closed = conversation(status=ConversationStatus.CLOSED, closed_at=long_ago, joined=(1001,))
    via = related(merged()) if sender_ == SECOND else None
    inner = related(replace(merged(1001), number=1000))
    found = together(conversation=closed, via=via, fresh_number=1050)
    decision = decided(replace(found, joined=(*found.joined, inner)), text(sender=sender_))
    fresh = after(decision, 1050)
    assert (fresh.joined, fresh.reply_via) == ((1001,), 1001 if via else None)
    record = after(decision, 1001).merged
    assert record is not None
    assert record.into == 1050
    assert after(decision, 1042).joined == ()
    assert len(decision.others) == 2


def test_replies_go_by_the_number_that_texted_last_and_keep_it() -> None:
    answering = together(conversation=conversation(joined=(1001,), reply_via=1001))
    for sent in (posted("Hello"), posted("!send Hello")):
        assert decided(answering, sent).messages[0].via == 1001
    assert decided(together(), posted("Hello")).messages[0].via is None
    left_over = state(conversation=conversation(reply_via=1001))
    assert decided(left_over, posted("Hello")).messages[0].via is None
    late = decided(answering_with(reply(status=MessageStatus.DELIVERED, via=1001)), edited("Hello there"))
    assert late.messages[0].via == 1001


def answering_with(message: Any) -> State:
    return together(message=message)


def test_consent_is_the_numbers_and_a_block_the_conversations() -> None:
    message = reply(release_at=None, via=1001)

    def verdict(**changed: Any) -> object:
        return before_send(together(message=message, **changed), 1, policy(), NOW)

    stopped = replace(merged(), opted_out=True)
    assert isinstance(verdict(via=related(merged()), conversation=conversation(opted_out=True)), Go)
    assert isinstance(verdict(via=related(stopped)), Drop)
    assert isinstance(verdict(via=related(merged()), conversation=conversation(blocked=True)), Drop)
    assert isinstance(verdict(via=related(replace(merged(), blocked=True))), Drop)


def test_opting_out_holds_for_every_number_and_opting_in_for_the_one_replies_go_to() -> None:
    out = decided(together(), posted("!optout"))
    assert (after(out, 1042).opted_out, after(out, 1001).opted_out) == (True, True)
    assert records(out) == [("opted_out", 1042, ""), ("opted_out", 1001, "")]
    half = together(conversation=conversation(joined=(1001,), opted_out=True))
    assert kinds(decided(half, posted("!optout"))) == ["UpdateCard", "NoteConsent", "Record", "AnswerPrivately"]
    opted_out = replace(merged(), opted_out=True)
    both = together(opted_out, conversation=conversation(joined=(1001,), opted_out=True, reply_via=1001))
    back = decided(both, posted("!optin she said so"))
    assert (back.conversation, after(back, 1001).opted_out) == (None, False)
    assert records(back) == [("opted_in", 1001, "she said so")]
    again = decided(together(conversation=conversation(joined=(1001,), reply_via=1001)), posted("!optin yes"))
    assert (after(again, 1001).consent.given, records(again)) == (True, [])
    own = decided(half, posted("!optin yes"))
    assert (after(own, 1042).opted_out, own.others) == (False, ())


def test_a_name_is_given_to_the_contact_with_all_numbers() -> None:
    decision = decided(together(), posted("!name Maria Silva"))
    assert [one.name for one in decision.contacts] == ["Maria Silva"]


def test_who_may_not_text_from_the_others_line_may_not_reply_there() -> None:
    lines = {"front-desk": line(), "sales": line(name="sales", may_reply="teammates")}
    answering = together(replace(merged(), line="sales"), conversation=conversation(joined=(1001,), reply_via=1001))
    decision = done(answering, posted("Hello", author=Person("slack", "U7")), lines=lines)
    assert decision.messages[0].status is MessageStatus.KEPT
    assert "SendText" in kinds(done(answering, posted("Hello"), lines=lines, **WITH))


# the old thread


def test_replies_in_the_old_thread_are_held_with_a_link() -> None:
    for said in ("Hello", "!send Hello"):
        decision = decided(left(), posted(said))
        assert decision.messages[0].hold is Hold.STALE
        (note,) = notes(decision)
        assert (note.link, "goes on in #1042" in note.note.text) == ("t1", True)
    anyway = decided(left(message=guarded()), pressed("send"))
    assert any(isinstance(one, SendText) for one in anyway.effects)
    assert anyway.conversation is None


def test_the_first_to_reply_in_the_old_thread_does_not_own_it() -> None:
    first = replace(SUPPORT, first_responder_becomes_assignee=True)
    decision = done(left(message=guarded()), pressed("send"), first, **WITH)
    assert decision.conversation is None


@pytest.mark.parametrize("said", ["!claim", "!close", "!reopen", "!team sales", "!label x", "!split", "!assign ben"])
def test_what_goes_on_elsewhere_is_acted_on_there(said: str) -> None:
    decision = decided(left(), posted(said))
    (told,) = decision.effects
    assert isinstance(told, AnswerPrivately)
    assert (told.note, told.link) == (words.goes_on(1042), thread().root)
    assert unchanged(decision)
    goal = replace(left().chain[0], threads=())
    (told,) = decided(left(chain=(goal,)), posted(said)).effects
    assert isinstance(told, AnswerPrivately)
    assert told.link is None


def test_the_old_thread_says_on_record_what_was_done() -> None:
    assert acts(decided(left(), posted("!comment he said so"))) == ["commented"]
    assert "TellRecord" in kinds(decided(left(), posted("!history")))


def test_a_merged_thread_that_is_lost_is_not_followed() -> None:
    decision = replace_lost(left(), second_thread(), SUPPORT, now=NOW)
    assert (len(decision.threads), acts(decision)) == (1, ["thread_lost"])


# cards


def test_the_card_names_all_numbers_and_the_one_replies_go_to() -> None:
    face = card(together(), thread(), policy())
    assert (face.others, face.replies_to) == (("+1 555-010-0300 (#1001)",), "+1 555-010-0200")
    stopped = replace(merged(), opted_out=True, line="sales")
    face = card(together(stopped, conversation=conversation(joined=(1001,), reply_via=1001)), thread(), policy())
    assert face.others == ("+1 555-010-0300 (#1001), to sales, line gone, opted out",)
    assert (face.replies_to, face.opted_out, face.status) == ("+1 555-010-0300", True, "opted out")
    assert "opted out" in face.hint


def test_the_card_of_what_was_merged_leads_to_where_it_goes_on() -> None:
    face = card(left(), second_thread(), policy())
    assert (face.status, face.merged, face.later, face.hint) == ("merged into #1042", 1042, "1.0", "")
    assert [control.action for control in face.buttons] == ["unmerge", "more"]
    assert follower(left(), second_thread()) == thread()
    assert home_thread(state(), "slack") is None
    assert on_platform((second_thread(), thread(platform="matrix")), "matrix") == thread(platform="matrix")
    assert words.UNMERGE not in [one.action for one in controls(conversation(), line(), policy())]


def test_whom_a_text_is_shown_from() -> None:
    assert sender(state()) == "Maria"
    assert sender(together()) == "Maria (+1 555-010-0200)"
    assert sender(together(via=related(merged()))) == "+1 555-010-0300"
    assert sender(state(via=related(merged(), name="Maria"))) == "Maria (+1 555-010-0300)"
    assert sender(State()) == ""
    assert further_addresses(State(), policy()) == ()
    assert reply_route(State()) is None


def test_what_the_provider_refuses_for_consent_is_kept_for_the_number_it_was_for() -> None:
    sending = reply(status=MessageStatus.SENDING, via=1001)
    refused = SendSettled(external_id="x", message="m1", outcome="rejected", code="21610", opted_out=True)
    decision = decided(together(message=sending, via=related(merged())), refused)
    assert (decision.conversation, after(decision, 1001).opted_out) == (None, True)
    assert ("opted_out", 1001, "") in records(decision)
    known = together(message=sending, via=related(replace(merged(), opted_out=True)))
    assert decided(known, refused).others == ()


def test_what_was_to_be_sent_later_is_asked_about_once_it_goes_on_elsewhere() -> None:
    kept = reply(hold=Hold.LATER, release_at=NOW, reasons=("asked before",))
    due = TimerFired(external_id="x", kind="later", conversation=1001, subject="m1")
    decision = decided(left(message=kept), due)
    (note,) = notes(decision)
    assert ("goes on in #1042" in note.note.text, note.link) == (True, "t1")
    planned = decided(
        together(conversation=conversation(joined=(1001,), reply_via=1001)), given("#1042 later 2h Hello")
    )
    assert [message.via for message in planned.messages] == [1001]


def test_words_about_the_thread_are_written_there() -> None:
    assert "in the thread" in private(decided(state(), given("#1042 send Hello")))


def test_a_link_leads_to_the_thread_that_goes_on() -> None:
    moved, live = thread(state=ThreadState.MOVED), thread(id="t2", room="C2", state=ThreadState.OPENING)
    assert on_platform((moved, live), "slack") == live
    assert on_platform((moved, live), "matrix") == live
    assert on_platform((moved,), "slack") == moved
    assert on_platform((), "slack") is None

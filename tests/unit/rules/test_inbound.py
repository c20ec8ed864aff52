from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.conversations import ConversationStatus, State, ThreadState
from bridge.domain.effects import OpenThread, PostMedia, PostText, Record
from bridge.domain.messages import Media, MessageKind, MessageStatus
from bridge.domain.people import RoomRef
from bridge.domain.policy import Boundary
from bridge.rules.decide import NoSuchLine
from bridge.rules.inbound import address_of, line_of, needs_new
from tests.unit.rules.builders import (
    CONTACT,
    LINE,
    NOW,
    ROOT,
    acts,
    conversation,
    done,
    kinds,
    line,
    policy,
    reply,
    state,
    text,
    thread,
)

FRESH = State(fresh_number=1001)


def test_a_first_text_opens_a_conversation_with_a_thread_in_each_room() -> None:
    both = line(rooms=(RoomRef("slack", "C1"), RoomRef("slack", "C2")))
    decision = done(FRESH, text("Hi"), both)
    assert decision.conversation is not None
    assert decision.conversation.number == 1001
    assert decision.conversation.waiting_since == NOW
    assert decision.contact is not None
    assert decision.contact.address == CONTACT
    assert [made.room for made in decision.threads] == ["C1", "C2"]
    assert all(made.state is ThreadState.OPENING for made in decision.threads)
    assert kinds(decision) == ["OpenThread", "OpenThread", "PostText", "PostText", "Record"]
    message = decision.messages[0]
    assert (message.kind, message.status, message.body) == (MessageKind.INBOUND, MessageStatus.RECEIVED, "Hi")


def test_the_same_event_decides_the_same_ids() -> None:
    assert done(FRESH, text()) == done(FRESH, text())


def test_a_second_text_goes_to_the_same_thread_and_waiting_stays_since_the_first() -> None:
    decision = done(state(), text("More"))
    assert decision.threads == ()
    assert kinds(decision) == ["PostText", "UpdateCard", "Record"]
    assert decision.conversation is not None
    assert decision.conversation.waiting_since == NOW - timedelta(minutes=5)


def test_waiting_begins_with_a_text_that_nobody_waits_before() -> None:
    decision = done(state(conversation=conversation(waiting_since=None)), text())
    assert decision.conversation is not None
    assert decision.conversation.waiting_since == NOW


def test_files_are_shown_after_the_words() -> None:
    files = (Media("u1", "image/png"), Media("u2", "image/png"))
    decision = done(state(), text("", media=files))
    message = decision.messages[0].id
    assert decision.effects[:3] == (PostText("t1", message), PostMedia("t1", message, 0), PostMedia("t1", message, 1))


def test_a_text_that_is_stored_already_changes_nothing() -> None:
    assert done(state(reply()), text()).messages == ()


def test_a_text_to_no_line_of_ours_is_set_aside() -> None:
    with pytest.raises(NoSuchLine, match="no line has the address"):
        done(FRESH, text(recipient="+15559999999"))


def test_a_line_belongs_to_its_account() -> None:
    assert line_of(policy(), "other", LINE) is None


def test_an_address_of_no_known_form_stays_as_it_came() -> None:
    assert address_of("  ??? ") == "???"


CLOSED = conversation(status=ConversationStatus.CLOSED, closed_at=NOW - timedelta(days=3))


@pytest.mark.parametrize(
    ("boundary", "new"),
    [
        (Boundary("same_thread"), False),
        (Boundary("new_after_close"), True),
        (Boundary("reopen_within", timedelta(days=7)), False),
        (Boundary("reopen_within", timedelta(days=2)), True),
    ],
)
def test_the_boundary_decides_whether_a_closed_conversation_goes_on(boundary: Boundary, new: bool) -> None:
    assert needs_new(CLOSED, boundary, NOW) is new


def test_a_closed_conversation_without_a_time_goes_on() -> None:
    assert not needs_new(replace(CLOSED, closed_at=None), Boundary(), NOW)


def test_an_open_conversation_goes_on_and_none_is_new() -> None:
    assert not needs_new(conversation(), Boundary("new_after_close"), NOW)
    assert needs_new(None, Boundary(), NOW)


@pytest.mark.parametrize("boundary", [Boundary("same_thread"), Boundary("new_after_close"), Boundary()])
def test_nothing_is_taken_up_again_in_what_was_erased(boundary: Boundary) -> None:
    erased = replace(CLOSED, erased_at=NOW, closed_at=NOW, blocked=True)
    assert needs_new(erased, boundary, NOW)
    known = state(conversation=erased, fresh_number=1043, threads=())
    made = done(known, text("thanks"), line(boundary=boundary)).conversation
    assert made is not None
    assert (made.number, made.waiting_since, made.blocked) == (1043, NOW, False)


def test_a_text_reopens_a_closed_conversation_and_says_so_on_record() -> None:
    decision = done(state(conversation=CLOSED), text())
    assert decision.conversation is not None
    assert decision.conversation.status is ConversationStatus.OPEN
    assert decision.conversation.closed_at is None
    assert acts(decision) == ["text_received", "reopened"]


def test_a_new_conversation_after_a_close_links_the_earlier_thread() -> None:
    known = state(conversation=CLOSED, fresh_number=1043)
    decision = done(known, text(), line(boundary=Boundary("new_after_close")))
    assert decision.conversation is not None
    assert decision.conversation.number == 1043
    assert decision.threads[0].earlier == ROOT
    assert decision.effects[0] == OpenThread(decision.threads[0].id)
    assert acts(decision) == ["text_received"]


def test_a_room_the_line_has_now_gets_a_thread_that_follows_the_old_one() -> None:
    decision = done(state(), text(), line(rooms=(RoomRef("slack", "C2"),)))
    assert [made.room for made in decision.threads] == ["C2"]
    assert decision.threads[0].earlier == ROOT


def test_a_lost_thread_is_not_shown_in() -> None:
    decision = done(state(threads=(thread(state=ThreadState.LOST),)), text())
    assert len(decision.threads) == 1


def test_a_new_conversation_needs_a_number() -> None:
    with pytest.raises(ValueError, match="needs a number"):
        done(State(), text())


def test_the_providers_opt_out_signal_is_kept_and_lifted() -> None:
    stopped = done(state(), text("STOP", opt_out="STOP")).conversation
    assert stopped is not None
    assert stopped.opted_out
    started = done(state(conversation=stopped), text("START", opt_out="START")).conversation
    assert started is not None
    assert not started.opted_out


@pytest.mark.parametrize(
    ("words", "out", "stays_out"),
    [
        ("STOP", True, True),
        ("stop.", True, True),
        (" Unsubscribe!\n", True, True),
        ("OptOut", True, True),
        ("START", False, False),
        ("Unstop", False, False),
        ("Stop by at 5?", False, True),
        ("please stop", False, True),
        ("start at 9", False, True),
        ("yes", False, False),
        ("", False, True),
    ],
)
def test_a_text_that_is_one_word_of_refusal_or_consent_is_heeded_whatever_the_provider_says(
    words: str, *, out: bool, stays_out: bool
) -> None:
    fresh = done(state(), text(words))
    assert fresh.conversation is not None
    assert fresh.conversation.opted_out is out
    recorded = [effect.act for effect in fresh.effects if isinstance(effect, Record)]
    assert ("opted_out" in recorded) is out
    before = done(state(), text("STOP")).conversation
    after = done(state(conversation=before), text(words))
    assert after.conversation is not None
    assert after.conversation.opted_out is stays_out
    recorded = [effect.act for effect in after.effects if isinstance(effect, Record)]
    assert ("opted_in" in recorded) is not stays_out
    assert "opted_out" not in recorded


def test_the_providers_signal_counts_for_more_than_the_word() -> None:
    asked = done(state(), text("STOP", opt_out="HELP")).conversation
    assert asked is not None
    assert not asked.opted_out


def test_an_opt_out_outlives_a_new_conversation() -> None:
    known = state(conversation=replace(CLOSED, opted_out=True), fresh_number=1043)
    decision = done(known, text(), line(boundary=Boundary("new_after_close")))
    assert decision.conversation is not None
    assert decision.conversation.opted_out


@pytest.mark.parametrize(
    ("seconds", "late"),
    [(0, False), (29, False), (30, True), (600, True), (None, True)],
)
def test_a_text_found_by_listing_is_late_when_it_is_not_fresh(seconds: int | None, late: bool) -> None:
    sent_at = None if seconds is None else NOW - timedelta(seconds=seconds)
    assert done(state(), text(recovered=True, sent_at=sent_at)).messages[0].recovered is late
    assert done(state(), text(sent_at=sent_at)).messages[0].recovered is False

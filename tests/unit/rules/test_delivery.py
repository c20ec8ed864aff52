from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.conversations import State
from bridge.domain.effects import PostNote, Record, SetMark, UpdateCard, UpdateNote
from bridge.domain.events import DeliveryReported, SendSettled
from bridge.domain.messages import Hold, Mark, Media, Message, MessageKind, MessageStatus, Purpose
from bridge.domain.people import ChatRef
from bridge.rules import wording
from bridge.rules.delivery import further
from bridge.rules.sending import Drop, FetchFirst, Go, Wait, before_send
from tests.unit.rules.builders import (
    NOW,
    REPLY,
    acts,
    asked,
    conversation,
    done,
    guarded,
    kinds,
    policy,
    reply,
    state,
    thread,
)

SENDING = reply(status=MessageStatus.SENDING, hold=None, release_at=None)


def settled(outcome: Any = "accepted", **changed: Any) -> SendSettled:
    return SendSettled(external_id="k:1", message="m1", outcome=outcome, **changed)


def reported(status: MessageStatus, **changed: Any) -> DeliveryReported:
    return DeliveryReported(account="main", external_id=f"SM1:{status}", provider_id="SM1", status=status, **changed)


def notes(decision: Any) -> list[PostNote]:
    return [effect for effect in decision.effects if isinstance(effect, PostNote)]


def test_an_accepted_text_is_marked_and_nobody_waits_any_more() -> None:
    decision = done(state(SENDING), settled(provider_id="SM1", segments=2))
    message = decision.messages[0]
    assert (message.status, message.provider_id, message.segments) == (MessageStatus.ACCEPTED, "SM1", 2)
    assert SetMark(REPLY, Mark.ACCEPTED) in decision.effects
    assert decision.conversation is not None
    assert decision.conversation.waiting_since is None
    assert decision.conversation.last_outbound_at == NOW
    assert kinds(decision)[-1] == "UpdateCard"


def test_whether_they_want_texts_is_asked_by_the_bridge_and_is_no_answer() -> None:
    decision = done(state(replace(SENDING, author=None, purpose=Purpose.REQUEST)), settled(provider_id="SM1"))
    assert decision.messages[0].status is MessageStatus.ACCEPTED
    assert decision.conversation is None, "what was held for it is still unanswered when they say yes"


@pytest.mark.parametrize(
    ("lasts", "said"),
    [(86_399, "24 hours"), (85_000, "23 hours"), (86_400, "24 hours"), (600, "10 minutes"), (7 * 86_400, "7 days")],
)
def test_the_thread_is_told_which_file_went_as_a_link_and_how_long_it_works(lasts: int, said: str) -> None:
    [note] = notes(done(state(SENDING), settled(provider_id="SM1", linked="report.pdf", link_seconds=lasts)))
    assert f"Went as a link that works for {said}: report.pdf." in note.note.text
    assert notes(done(state(SENDING), settled(provider_id="SM1"))) == []


def test_the_card_is_left_alone_when_nobody_waited() -> None:
    quiet = conversation(waiting_since=None, last_outbound_at=NOW - timedelta(hours=1))
    assert "UpdateCard" not in kinds(done(state(SENDING, conversation=quiet), settled(provider_id="SM1")))


def test_a_callback_before_the_answer_wins_over_it() -> None:
    early = done(state(SENDING), reported(MessageStatus.DELIVERED)).messages[0]
    assert (early.status, early.provider_id) == (MessageStatus.DELIVERED, "SM1")
    late = done(state(early), settled(provider_id="SM1")).messages[0]
    assert late.status is MessageStatus.DELIVERED


def test_a_refused_text_says_why_and_offers_to_send_again() -> None:
    decision = done(state(SENDING), settled("rejected", code="21610", reason="They opted out."))
    assert decision.messages[0].status is MessageStatus.FAILED
    assert decision.messages[0].error_code == "21610"
    note = notes(decision)[0].note
    assert "They opted out." in note.text
    assert note.buttons[0].action == "again"
    assert SetMark(REPLY, Mark.FAILED) in decision.effects


@pytest.mark.parametrize(
    "refused",
    [
        settled("rejected", code="21610", opted_out=True),
        reported(MessageStatus.FAILED, error_code="21610", opted_out=True),
    ],
)
def test_a_refusal_because_the_contact_opted_out_holds_for_every_further_text(refused: Any) -> None:
    decision = done(state(SENDING), refused)
    assert decision.messages[0].status is MessageStatus.FAILED
    assert notes(decision)[0].note.buttons == ()  # sending it again cannot help
    assert decision.conversation is not None
    assert decision.conversation.opted_out
    assert UpdateCard("t1") in decision.effects
    assert Record("opted_out", "contact", "provider", "m1", conversation=1042) in decision.effects
    again = done(state(SENDING, conversation=decision.conversation), refused)
    assert again.conversation is None
    assert [effect for effect in again.effects if isinstance(effect, Record)] == [
        Record("failed", "bridge", "provider", "m1", "21610")
    ]


def test_an_unknown_outcome_is_shown_to_a_person() -> None:
    decision = done(state(SENDING), settled("unknown"))
    assert decision.messages[0].status is MessageStatus.UNKNOWN
    assert notes(decision)[0].note == wording.outcome_unknown("m1")


def test_refused_credentials_are_told_and_the_text_waits() -> None:
    decision = done(state(SENDING), settled("credentials"))
    assert decision.messages == ()
    assert notes(decision)[0].note == wording.CREDENTIALS


def test_a_late_answer_about_a_text_that_went_on_changes_nothing() -> None:
    assert done(state(reply(status=MessageStatus.DELIVERED)), settled("rejected", code="1")).effects == ()
    assert done(State(), settled()).effects == ()
    assert done(State(), reported(MessageStatus.SENT)).effects == ()
    inbound = reply(kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED)
    assert done(state(inbound), settled()).effects == ()
    assert done(state(inbound), reported(MessageStatus.SENT)).effects == ()


def test_a_delivery_report_marks_the_reply() -> None:
    decision = done(state(reply(status=MessageStatus.ACCEPTED)), reported(MessageStatus.DELIVERED))
    assert SetMark(REPLY, Mark.DELIVERED) in decision.effects
    assert acts(decision) == ["reported_delivered"]


def test_a_failure_report_gives_advice() -> None:
    report = reported(MessageStatus.FAILED, error_code="30003", reason="The phone is off.")
    decision = done(state(reply(status=MessageStatus.SENT)), report)
    assert "The phone is off." in notes(decision)[0].note.text
    assert decision.messages[0].error_code == "30003"


def test_a_report_about_an_unknown_text_resolves_it() -> None:
    decision = done(asked(reply(status=MessageStatus.UNKNOWN, hold=None)), reported(MessageStatus.SENT))
    assert decision.messages[0].status is MessageStatus.SENT
    assert any(isinstance(effect, UpdateNote) and effect.note == wording.ARRIVED for effect in decision.effects)


def test_the_failure_of_a_correction_is_told_in_any_thread() -> None:
    correction = reply(status=MessageStatus.SENDING, origin=None)
    assert notes(done(state(correction), settled("rejected", code="1", reason="No.")))[0].thread == "t1"
    elsewhere = reply(status=MessageStatus.SENDING, origin=ChatRef("slack", "C9", "1"))
    assert notes(done(state(elsewhere, threads=(thread(),)), settled("unknown")))[0].thread == "t1"
    assert notes(done(state(elsewhere, threads=()), settled("unknown"))) == []


def test_settling_without_a_conversation_still_saves_the_message() -> None:
    assert done(state(SENDING, conversation=None), settled(provider_id="SM1")).messages[0].provider_id == "SM1"


ORDER = [MessageStatus.ACCEPTED, MessageStatus.SENT, MessageStatus.DELIVERED]


@pytest.mark.parametrize("order", list(permutations(ORDER)))
def test_status_ends_the_same_in_any_order_of_callbacks(order: tuple[MessageStatus, ...]) -> None:
    message = SENDING
    for status in order:
        for saved in done(state(message), reported(status)).messages:
            message = saved
    assert message.status is MessageStatus.DELIVERED


@given(st.lists(st.sampled_from(list(MessageStatus)), max_size=12))
def test_status_only_moves_forward(statuses: list[MessageStatus]) -> None:
    message = SENDING
    for status in statuses:
        before = message.status
        for saved in done(state(message), reported(status)).messages:
            message = saved
        assert message.status is before or further(before, message.status)


def go(message: Message, ticket: int = 1, **changed: Any) -> Any:
    return before_send(state(message, **changed), ticket, policy(), NOW)


def test_a_due_reply_goes_and_is_sending() -> None:
    verdict = go(reply(release_at=NOW))
    assert isinstance(verdict, Go)
    assert (verdict.message.status, verdict.message.hold) == (MessageStatus.SENDING, None)
    assert isinstance(go(reply(status=MessageStatus.QUEUED, hold=None, release_at=None)), Go)


def test_a_reply_in_its_undo_window_waits() -> None:
    assert go(reply()) == Wait(NOW + timedelta(seconds=5))


@pytest.mark.parametrize(
    "message",
    [
        guarded(),
        reply(status=MessageStatus.CANCELLED),
        reply(status=MessageStatus.KEPT, kind=MessageKind.COMMENT),
        reply(status=MessageStatus.SENDING),
        reply(status=MessageStatus.DELIVERED),
        reply(hold=Hold.CONFIRM),
    ],
)
def test_what_may_not_leave_is_dropped(message: Message) -> None:
    assert isinstance(go(message, ticket=message.ticket), Drop)


def test_an_older_ticket_is_void_and_a_message_must_exist() -> None:
    assert isinstance(go(reply(release_at=NOW, ticket=2), ticket=1), Drop)
    assert isinstance(before_send(State(), 1, policy(), NOW), Drop)


def test_nobody_is_texted_who_opted_out() -> None:
    verdict = go(reply(release_at=NOW), conversation=conversation(opted_out=True))
    assert isinstance(verdict, Drop)
    assert verdict.decision.messages[0].status is MessageStatus.FAILED
    assert verdict.decision.messages[0].error_code == "opted_out"
    assert wording.OPTED_OUT in notes(verdict.decision)[0].note.text
    assert notes(verdict.decision)[0].note.buttons == ()


def test_files_are_fetched_first_and_a_refused_one_stops_the_text() -> None:
    waiting = reply(release_at=NOW, media=(Media("F1", "image/png"),))
    assert go(waiting) == FetchFirst(waiting)
    ready = reply(release_at=NOW, media=(Media("F1", "image/png", stored="m1.0"),))
    assert isinstance(go(ready), Go)
    refused = go(reply(release_at=NOW, media=(Media("F1", "image/png", refused="it is too large"),)))
    assert isinstance(refused, Drop)
    assert "it is too large" in notes(refused.decision)[0].note.text

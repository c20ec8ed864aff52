from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.content import Mention
from bridge.domain.conversations import Said, State, ThreadState
from bridge.domain.effects import AnswerPrivately, OpenThread, PostNote, Reschedule, SendText, UpdateNote
from bridge.domain.messages import Hold, MessageKind, MessageStatus
from bridge.domain.people import ChatRef, Person
from bridge.rules import wording
from tests.unit.rules.builders import (
    NOTE,
    NOW,
    ROOT,
    acts,
    asked,
    conversation,
    deleted,
    done,
    edited,
    guarded,
    kinds,
    line,
    reply,
    state,
    thread,
)

AT_BEN = Mention("person", "U2", "Ben")
SENT = reply(status=MessageStatus.DELIVERED, hold=None, release_at=None)


def notes(decision: Any) -> list[str]:
    return [effect.note.text for effect in decision.effects if isinstance(effect, PostNote)]


def test_an_edit_in_the_undo_window_changes_the_words_and_keeps_its_place() -> None:
    decision = done(state(reply()), edited("Yes, until seven"))
    message = decision.messages[0]
    assert (message.body, message.ticket, message.hold) == ("Yes, until seven", 1, Hold.UNDO)
    assert message.release_at == NOW + timedelta(seconds=5)
    assert Reschedule("m1", NOW + timedelta(seconds=5)) in decision.effects
    assert not any(isinstance(effect, SendText) for effect in decision.effects)


def test_an_edit_of_a_queued_reply_keeps_its_place_too() -> None:
    queued = reply(status=MessageStatus.QUEUED, hold=None, release_at=None)
    decision = done(state(queued), edited("Yes, until seven"), line(undo=timedelta(0)))
    assert decision.messages[0].ticket == 1
    assert Reschedule("m1", NOW) in decision.effects


def test_an_edit_into_a_comment_keeps_it_internal_and_voids_its_row() -> None:
    decision = done(state(reply()), edited("// no, ask him first"))
    assert (decision.messages[0].kind, decision.messages[0].status) == (MessageKind.COMMENT, MessageStatus.KEPT)
    assert decision.effects[-1] == Reschedule("m1", NOW)


def test_an_edit_that_adds_a_mention_is_held_and_its_row_is_void() -> None:
    decision = done(state(reply()), edited("ask ", AT_BEN))
    assert decision.messages[0].hold is Hold.GUARD
    assert Reschedule("m1", NOW) in decision.effects
    assert not any(isinstance(effect, SendText) for effect in decision.effects)


def test_an_edit_that_empties_a_reply_or_makes_it_a_command_stops_it() -> None:
    assert done(state(reply()), edited("")).messages[0].status is MessageStatus.CANCELLED
    assert done(state(reply()), edited("!close")).messages[0].status is MessageStatus.CANCELLED


def test_an_edit_that_removes_the_mention_lets_a_held_reply_leave() -> None:
    decision = done(asked(guarded()), edited("I ask about it"))
    message = decision.messages[0]
    assert (message.hold, message.ticket) == (Hold.UNDO, 1)
    assert any(isinstance(effect, SendText) for effect in decision.effects)
    assert "DisarmTimer" in kinds(decision)
    assert UpdateNote(NOTE, wording.decided("Changed", Person("slack", "U1"))) in decision.effects


def test_an_edit_that_is_still_held_changes_the_question_in_place() -> None:
    decision = done(asked(guarded()), edited("ask ", AT_BEN, " today"))
    assert decision.messages[0].body == "ask @Ben today"
    assert notes(decision) == []
    question = next(effect.note for effect in decision.effects if isinstance(effect, UpdateNote))
    assert question.text.startswith("⏳ Held, not sent: “ask @Ben today”. ")


def test_an_edit_before_the_question_stands_in_the_thread_is_asked_about_with_its_own_words() -> None:
    held = reply(hold=Hold.GUARD, release_at=None, body="ask @ben first")
    decision = done(state(held), edited("ask ", Mention("person", "U2", "ben"), " second"))
    [question] = [effect.note.text for effect in decision.effects if isinstance(effect, PostNote)]
    assert "second" in question
    assert not [effect for effect in decision.effects if isinstance(effect, UpdateNote)]


def test_an_edit_by_one_who_may_not_text_is_kept() -> None:
    decision = done(state(reply()), edited("Hi", author=Person("slack", "U9", outsider=True)))
    assert decision.messages[0].kind is MessageKind.COMMENT


def test_an_edit_without_a_change_of_words_changes_nothing() -> None:
    assert done(state(reply()), edited("Yes, until six")).effects == ()
    assert done(state(reply(status=MessageStatus.CANCELLED)), edited("other")).effects == ()


def test_an_edit_of_something_else_changes_nothing() -> None:
    assert done(state(), edited("x")).effects == ()
    assert done(state(reply(origin=ChatRef("slack", "C1", "9.9"))), edited("x")).effects == ()


def test_a_comment_stays_a_comment_whatever_it_is_edited_into() -> None:
    comment = reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT, hold=None)
    decision = done(state(comment), edited("Hello customer"))
    assert decision.messages[0].kind is MessageKind.COMMENT
    assert decision.messages[0].body == "Hello customer"
    assert acts(decision) == ["comment_edited"]


COMMENT = reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT, hold=None, body="// he is late")


@pytest.mark.parametrize("words", ["Hello customer", "!send Hello customer"])
def test_who_edits_a_comment_into_a_reply_is_told_that_it_was_not_sent(words: str) -> None:
    decision = done(state(COMMENT), edited(words))
    assert decision.messages[0].kind is MessageKind.COMMENT
    told = [effect.note for effect in decision.effects if isinstance(effect, AnswerPrivately)]
    assert told == [wording.COMMENT_STAYS]
    assert "`!send" in told[0].text


@pytest.mark.parametrize("words", ["", "// he is late", "// he is rude"])
def test_who_edits_a_comment_into_another_is_told_nothing(words: str) -> None:
    assert kinds(done(state(COMMENT), edited(words))) == ["Record"]


def test_who_could_not_have_sent_it_by_writing_it_is_told_nothing() -> None:
    outsider = edited("Hello", author=Person("slack", "U9", outsider=True))
    assert kinds(done(state(COMMENT), outsider)) == ["Record"]
    assert kinds(done(state(COMMENT), edited("Hello"), line(reply_mode="explicit"))) == ["Record"]
    gone = state(COMMENT, conversation=conversation(line="gone"))
    assert kinds(done(gone, edited("Hello"))) == ["Record"]


def test_an_edit_of_a_held_reply_after_stop_is_refused_at_once() -> None:
    out = replace(asked(guarded()), conversation=conversation(opted_out=True))
    decision = done(out, edited("I ask about it"))
    assert (decision.messages[0].status, decision.messages[0].hold) == (MessageStatus.FAILED, None)
    assert "DisarmTimer" in kinds(decision)


def test_an_edit_after_sending_offers_a_correction() -> None:
    decision = done(state(SENT), edited("Yes, until seven"))
    correction = decision.messages[0]
    assert correction.id != SENT.id
    assert (correction.body, correction.hold, correction.origin) == ("Yes, until seven", Hold.CONFIRM, None)
    note = next(effect for effect in decision.effects if isinstance(effect, PostNote))
    assert "not sent" not in note.note.text.casefold()
    assert note.note.text == (
        "✏️ Edited after it had left: the contact still has the old text. The new one: “Yes, until seven”. "
        "Send it as a correction?"
    )
    assert [button.label for button in note.note.buttons] == ["Send correction", "Keep internal"]
    assert acts(decision) == ["held", "edited_late"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Yes @here", "It calls everyone (@here)."),
        ("Pay with 4242 4242 4242 4242", "It seems to hold a card number."),
        ("long " * 400, "more than the"),
    ],
)
def test_the_question_of_a_correction_says_what_speaks_against_it(words: str, why: str) -> None:
    decision = done(state(SENT), edited(words))
    note = next(effect for effect in decision.effects if isinstance(effect, PostNote))
    assert why in note.note.text
    assert note.note.buttons[0].label == "Send correction"
    assert SendText not in map(type, decision.effects)


def test_the_question_of_a_correction_says_what_was_said_since() -> None:
    wrote = Said(author=None, ref=ChatRef("slack", "C1", "9.9"), at=NOW)
    note = next(e for e in done(state(SENT, said=(wrote,)), edited("Yes, seven")).effects if isinstance(e, PostNote))
    assert "wrote again" in note.note.text


def test_an_edit_after_sending_that_is_no_text_is_only_reported() -> None:
    for words in ("", "// oops", "!undo"):
        decision = done(state(SENT), edited(words))
        assert decision.messages == ()
        assert notes(decision) == [wording.EDITED_LATE.text]


def test_an_edit_after_sending_without_any_thread_is_put_on_record() -> None:
    assert kinds(done(state(SENT, threads=()), edited(""))) == ["Record"]


def test_a_deletion_in_time_stops_the_reply() -> None:
    decision = done(state(reply()), deleted())
    assert decision.messages[0].status is MessageStatus.CANCELLED
    assert decision.posts == ()
    assert kinds(decision) == ["Reschedule", "DisarmTimer", "Record"]
    assert acts(decision) == ["deleted_in_time"]


def test_a_deletion_after_sending_is_reported() -> None:
    decision = done(state(SENT), deleted())
    assert notes(decision) == [wording.DELETED_LATE.text]
    assert acts(decision) == ["deleted_late"]


def test_a_deleted_comment_is_put_on_record() -> None:
    comment = reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT, author=None)
    assert acts(done(state(comment), deleted())) == ["comment_deleted"]


def test_a_deletion_of_something_else_changes_nothing() -> None:
    assert done(state(), deleted()).effects == ()
    assert done(state(reply(status=MessageStatus.CANCELLED)), deleted()).effects == ()
    assert done(State(), deleted()).effects == ()


def test_a_deleted_card_is_followed_by_a_new_thread_with_a_link() -> None:
    decision = done(state(), deleted(ref=ROOT))
    lost, follower = decision.threads
    assert lost.state is ThreadState.LOST
    assert (follower.state, follower.earlier, follower.room) == (ThreadState.OPENING, ROOT, "C1")
    assert decision.effects[0] == OpenThread(follower.id)


def test_a_deleted_card_of_a_line_that_is_gone_stays_where_it_is() -> None:
    decision = done(state(conversation=conversation(line="gone")), deleted(ref=ROOT))
    assert decision.threads == ()


def test_a_lost_thread_is_not_followed_twice() -> None:
    lost = replace(thread(), state=ThreadState.LOST)
    assert done(state(threads=(lost,)), deleted(ref=ROOT)).effects == ()
    assert done(state(threads=(thread(),), conversation=None), deleted(ref=ROOT)).effects == ()

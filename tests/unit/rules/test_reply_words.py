from typing import Any

import pytest

from bridge.domain.content import Mention
from bridge.domain.conversations import ConversationStatus
from bridge.domain.effects import AnswerPrivately, SendText
from bridge.domain.messages import Hold, Mark, MessageStatus
from bridge.domain.people import ChatRef
from bridge.rules import wording
from tests.unit.rules.builders import (
    conversation,
    done,
    edited,
    guarded,
    kinds,
    line,
    posted,
    reply,
    state,
)

AT_BEN = Mention("person", "U2", "Ben")


def private(decision: Any) -> str:
    return next(effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately))


@pytest.mark.parametrize("mode", ["reply", "confirm", "explicit"])
def test_send_words_leave_in_every_mode(mode: Any) -> None:
    decision = done(state(), posted("!send Hello there"), line(reply_mode=mode))
    assert decision.messages[0].body == "Hello there"
    assert decision.messages[0].hold is Hold.UNDO


def test_send_words_are_guarded_and_must_be_there() -> None:
    assert done(state(), posted("!send ask ", AT_BEN)).messages[0].hold is Hold.GUARD
    assert private(done(state(), posted("!send"))) == wording.EMPTY_SEND.text


@pytest.mark.parametrize("words", ["!sned hello", "!wibble", "!assign @ana", "!help"])
def test_no_other_word_of_command_is_ever_sent(words: str) -> None:
    decision = done(state(), posted(words))
    assert decision.messages == ()
    known = words in ("!assign @ana", "!help")
    assert kinds(decision) == (["AnswerPrivately"] if known else ["SetMark", "AnswerPrivately"])
    assert [post.mark for post in decision.posts] == ([] if known else [Mark.KEPT])
    again = state(post=decision.posts[0]) if decision.posts else state()
    assert done(again, edited("We are open")).messages == ()


def test_the_nearest_command_is_named() -> None:
    assert "`!close`" in private(done(state(), posted("!clsoe")))
    assert "!help" in private(done(state(), posted("!xyzzy")))


def test_undo_stops_the_newest_held_reply() -> None:
    older, newer = reply(id="m0"), reply(id="m2", origin=ChatRef("slack", "C1", "2.5"))
    decision = done(state(pending=(older, newer)), posted("!undo"))
    assert decision.messages[0].id == "m2"
    assert decision.messages[0].status is MessageStatus.CANCELLED
    assert private(done(state(), posted("!undo"))) == wording.NOTHING_TO_UNDO.text


def test_again_sends_the_last_failed_text() -> None:
    failed = reply(status=MessageStatus.FAILED, hold=None)
    decision = done(state(pending=(failed,)), posted("!again"))
    assert decision.messages[0].status is MessageStatus.QUEUED
    assert decision.messages[0].ticket == 2
    assert private(done(state(pending=(reply(),)), posted("!again"))) == wording.NOTHING_AGAIN.text


def test_close_and_reopen_by_word() -> None:
    closed = done(state(), posted("!close"))
    assert closed.conversation is not None
    assert closed.conversation.status is ConversationStatus.CLOSED
    assert kinds(closed) == ["UpdateCard", "Record", "AnswerPrivately"]
    again = done(state(conversation=closed.conversation), posted("!reopen"))
    assert again.conversation is not None
    assert again.conversation.status is ConversationStatus.OPEN


def test_doing_it_twice_is_harmless() -> None:
    closed = conversation(status=ConversationStatus.CLOSED)
    assert kinds(done(state(conversation=closed), posted("!close"))) == ["AnswerPrivately"]
    assert kinds(done(state(), posted("!reopen"))) == ["AnswerPrivately"]


@pytest.mark.parametrize("words", ["!send note: he is rude", "!send // secret", "!send internal: x"])
def test_send_words_that_begin_like_a_comment_are_held(words: str) -> None:
    decision = done(state(), posted(words))
    assert decision.messages[0].reasons == (wording.SENT_REMARK_REASON,)
    assert not any(isinstance(effect, SendText) for effect in decision.effects)


def test_undo_by_word_says_so_and_leaves_questions_to_their_buttons() -> None:
    assert private(done(state(pending=(reply(),)), posted("!undo"))) == "Stopped."
    assert private(done(state(pending=(guarded(),)), posted("!undo"))) == wording.NOTHING_TO_UNDO.text

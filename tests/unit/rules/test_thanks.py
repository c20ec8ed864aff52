from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.conversations import ConversationStatus
from bridge.domain.effects import SILENT, PostText
from bridge.domain.messages import Media
from bridge.domain.policy import Boundary
from bridge.rules.thanks import is_thanks
from tests.unit.rules.builders import ANA, NOW, acts, conversation, done, line, state, text

CLOSED = conversation(
    status=ConversationStatus.CLOSED, closed_at=NOW - timedelta(days=3), waiting_since=None, assignee=ANA.key
)


@pytest.mark.parametrize(
    "body",
    [
        *(
            "thanks",
            "Thank you!",
            "Thank you so much 🙏",
            "THX",
            "ok",
            "Okay.",
            "ok, thanks a lot!!",
            "Great, thank you",
        ),
        *("👍", "👍🏽", "❤️", "🙏 🙏", "Ok 👍", "perfect ☺️", "muchas gracias", "Vielen Dank", "merci beaucoup"),
        *("Thank you, have a nice day", "Liked “Yes, until six”", "Loved “See you?”"),
        *("Reacted 👍 to “Yes, until six”", "ｔｈａｎｋｓ", "obrigada :)"),
    ],
)
def test_a_bare_thanks_is_known(body: str) -> None:
    assert is_thanks(body)


@pytest.mark.parametrize(
    "body",
    [
        *("", "  ", "ok?", "Thanks, but when?", "no thanks", "Thanks, one more thing", "yes", "You", "a lot"),
        *("👎", "thanks 👎", "😡", "!!!", "Questioned “Yes, until six”", "Reacted 👎 to “Yes”", "Disliked “Yes”"),
        *("ok " * 11, "thanks" + " " * 300 + "you", "ok so what now", "1", "Liked it, but come again", "thanks $5"),
    ],
)
def test_what_says_more_is_none(body: str) -> None:
    assert not is_thanks(body)


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(body: str) -> None:
    assert is_thanks(body) in (True, False)


@pytest.mark.parametrize("kind", ["same_thread", "new_after_close", "reopen_within"])
def test_thanks_after_a_close_is_shown_and_changes_nothing(kind: Any) -> None:
    decision = done(state(conversation=CLOSED), text("Thanks!"), line(boundary=Boundary(kind)))
    assert decision.conversation is not None
    assert (decision.conversation.status, decision.conversation.closed_at) == (CLOSED.status, CLOSED.closed_at)
    assert (decision.conversation.waiting_since, decision.conversation.last_inbound_at) == (None, NOW)
    shown = [effect for effect in decision.effects if isinstance(effect, PostText)]
    assert [(effect.thread, effect.ring) for effect in shown] == [("t1", SILENT)]
    assert acts(decision) == ["text_received"]


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ("Thanks, but when?", {}),
        ("Thanks", {"media": (Media("u", "image/png"),)}),
        ("ok", {"opt_out": "START"}),
    ],
)
def test_what_says_more_reopens(words: str, changed: Any) -> None:
    decision = done(state(conversation=CLOSED), text(words, **changed))
    assert decision.conversation is not None
    assert decision.conversation.status is ConversationStatus.OPEN


def test_a_line_may_want_to_hear_of_thanks() -> None:
    assert "reopened" in acts(done(state(conversation=CLOSED), text("Thanks!"), line(thanks_reopens=True)))


def test_thanks_long_after_is_a_text_like_any_other() -> None:
    long_ago = conversation(status=ConversationStatus.CLOSED, closed_at=NOW - timedelta(days=30))
    decision = done(state(conversation=long_ago, fresh_number=1043), text("ok"))
    assert decision.conversation is not None
    assert decision.conversation.number == 1043


def test_thanks_in_an_open_conversation_is_waited_on() -> None:
    decision = done(state(conversation=conversation(waiting_since=None)), text("Thanks!"))
    assert decision.conversation is not None
    assert decision.conversation.waiting_since == NOW

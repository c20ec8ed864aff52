"""Splitting a conversation."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.domain.conversations import ConversationStatus
from bridge.domain.effects import CarryWords, OpenThread, PostNote, Record, UpdateCard
from bridge.domain.messages import MessageKind, MessageStatus
from bridge.rules import merging_words as words
from bridge.rules.history import COMMENTS_AT_MOST, repeated
from tests.unit.rules.builders import (
    ANA,
    NOW,
    acts,
    conversation,
    done,
    kinds,
    policy,
    posted,
    pressed,
    reply,
    state,
    thread,
)
from tests.unit.rules.families import after, together, unchanged
from tests.unit.rules.teams import WITH, decided, private

EARLIER = NOW - timedelta(hours=1)
TEXT = reply(id="i1", kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, created_at=EARLIER, author=None)


def test_it_goes_on_under_a_new_number_and_both_threads_link() -> None:
    decision = decided(state(fresh_number=1050), posted("!split"))
    closed, fresh = after(decision, 1042), after(decision, 1050)
    assert (closed.status, closed.closed_at, closed.waiting_since) == (ConversationStatus.CLOSED, NOW, None)
    assert (fresh.status, fresh.contact, fresh.waiting_since) == (
        ConversationStatus.OPEN,
        "c1",
        conversation().waiting_since,
    )
    (made,) = decision.threads
    assert (made.conversation, made.earlier) == (1050, thread().root)
    opening, first, carried, last, drawn = decision.effects[:5]
    assert opening == OpenThread(made.id)
    assert first == PostNote(made.id, words.split_from(1042, ANA), link="t1")
    assert carried == CarryWords(made.id, 1042, NOW - timedelta(minutes=5))
    assert last == PostNote("t1", words.split_off(1050, ANA), link=made.id)
    assert drawn == UpdateCard("t1")
    found = [(one.act, one.conversation, one.detail) for one in decision.effects if isinstance(one, Record)]
    assert found == [("split", None, "#1050"), ("split_from", 1050, "#1042")]
    assert private(decision) == words.split(1050).text


def test_from_a_message_on_what_was_said_since_is_repeated() -> None:
    asked = pressed("split", value="", surface="shortcut")
    decision = decided(state(TEXT, fresh_number=1050), asked)
    assert [one.since for one in decision.effects if isinstance(one, CarryWords)] == [EARLIER]
    elsewhere = decided(state(replace(TEXT, conversation=7), fresh_number=1050), asked)
    assert [one.since for one in elsewhere.effects if isinstance(one, CarryWords)] != [EARLIER]
    answered = state(fresh_number=1050, conversation=conversation(waiting_since=None))
    assert "CarryWords" not in kinds(decided(answered, asked))


def test_without_a_thread_there_is_nothing_to_link() -> None:
    decision = decided(state(fresh_number=1050, threads=()), posted("!split"))
    assert kinds(decision)[:3] == ["OpenThread", "PostNote", "CarryWords"]
    assert [one.link for one in decision.effects if isinstance(one, PostNote)] == [None]


def test_a_line_without_rooms_leaves_nothing_to_lead_to() -> None:
    bare = replace(policy().lines["front-desk"], rooms=())
    decision = done(state(fresh_number=1050), posted("!split"), bare, **WITH)
    assert [one.link for one in decision.effects if isinstance(one, PostNote)] == [None]


def test_what_was_merged_in_goes_along() -> None:
    decision = decided(together(fresh_number=1050), posted("!split"))
    assert (after(decision, 1050).joined, after(decision, 1042).joined) == ((1001,), ())
    record = after(decision, 1001).merged
    assert record is not None
    assert record.into == 1050
    assert after(decision, 1042).status is ConversationStatus.CLOSED


def test_a_snooze_ends_with_it() -> None:
    asleep = conversation(status=ConversationStatus.SNOOZED, snoozed_until=NOW + timedelta(hours=1))
    decision = decided(state(conversation=asleep, fresh_number=1050), posted("!split"))
    assert (after(decision, 1042).snoozed_until, after(decision, 1050).snoozed_until) == (None, None)
    assert "DisarmTimer" in kinds(decision)


@pytest.mark.parametrize(
    ("changed", "answer"),
    [({"status": ConversationStatus.CLOSED}, words.NOTHING_TO_SPLIT), ({"line": "gone"}, words.NO_LINE)],
)
def test_what_cannot_be_split_is_told(changed: dict[str, object], answer: words.Note) -> None:
    asked = pressed("split", value="", surface="shortcut")
    decision = decided(state(conversation=conversation(**changed), fresh_number=1050), asked)
    assert private(decision) == answer.text
    assert unchanged(decision)


def test_a_number_is_needed() -> None:
    with pytest.raises(ValueError, match="number"):
        decided(state(), posted("!split"))


def test_words_are_repeated_with_their_writers() -> None:
    file = replace(TEXT, id="i2", body="")
    note = repeated([TEXT, reply(), file], "Maria")
    assert note is not None
    assert note.text == "From there:\nMaria: Yes, until six\n\ufffc: Yes, until six\nMaria: (a file)"
    assert note.inserts == (ANA,)
    long = [replace(TEXT, body="x" * COMMENTS_AT_MOST), TEXT]
    shortened = repeated(long, "Maria")
    assert shortened is not None
    assert shortened.text.endswith("\n…")
    assert repeated([], "Maria") is None
    latest = repeated(long, "Maria", latest=True)
    assert latest is not None
    assert latest.text == "From there:\nMaria: Yes, until six"
    assert repeated([TEXT], "Maria", latest=True) == repeated([TEXT], "Maria")
    assert acts(decided(state(TEXT, fresh_number=1050), pressed("split", value="", surface="shortcut")))

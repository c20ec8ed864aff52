from typing import Any

import pytest

from bridge.domain.cards import Note
from bridge.domain.conversations import ConversationStatus, State
from bridge.domain.effects import AnswerPrivately, Reschedule, SendText, SetMark, UpdateNote
from bridge.domain.events import CommandGiven, RoomChanged
from bridge.domain.messages import Hold, Mark, MessageKind, MessageStatus
from bridge.domain.people import Person
from bridge.rules import owning_words, room_words, snooze_words, wording
from bridge.rules.queueing import HOW_TO_SEARCH
from tests.unit.rules.builders import (
    ANA,
    NOTE,
    NOW,
    REPLY,
    ROOT,
    acts,
    asked,
    conversation,
    done,
    guarded,
    kinds,
    line,
    observer,
    posted,
    pressed,
    reacted,
    reply,
    state,
)


def test_closing_says_that_held_replies_are_still_to_be_decided() -> None:
    two = done(state(pending=(guarded(), guarded(id="m2"))), pressed("close", value=""))
    assert private(two) == wording.closed_with_held(2).text
    assert "2 replies are still held" in wording.closed_with_held(2).text
    one = done(state(pending=(guarded(), reply(id="m2", hold=Hold.LATER))), pressed("close", value=""))
    assert private(one) == wording.closed_with_held(1).text
    assert "AnswerPrivately" not in kinds(done(state(pending=(reply(hold=Hold.UNDO),)), pressed("close", value="")))


@pytest.mark.parametrize(
    ("word", "status", "said"),
    [
        ("close", ConversationStatus.OPEN, wording.CLOSED),
        ("close", ConversationStatus.CLOSED, wording.CLOSED_ALREADY),
        ("reopen", ConversationStatus.CLOSED, wording.REOPENED),
        ("reopen", ConversationStatus.OPEN, wording.OPEN_ALREADY),
        ("wake", ConversationStatus.SNOOZED, snooze_words.AWAKE),
        ("wake", ConversationStatus.OPEN, snooze_words.NOT_SNOOZED),
    ],
)
def test_who_writes_a_word_is_told_what_became_of_it(word: str, status: ConversationStatus, said: Note) -> None:
    """A card may be far up in a long thread, and ``/sms`` may be written in another room."""
    stands = state(conversation=conversation(status=status))
    assert private(done(stands, posted(f"!{word}"))) == said.text
    assert "AnswerPrivately" not in kinds(done(stands, pressed(word, value=""))), "a button changes before their eyes"


def private(decision: Any) -> str:
    return next(effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately))


@pytest.mark.parametrize("event", [pressed("undo"), reacted("x")])
def test_undo_stops_a_held_reply_from_every_surface(event: Any) -> None:
    decision = done(state(reply()), event)
    assert decision.messages[0].status is MessageStatus.CANCELLED
    assert SetMark(REPLY, Mark.KEPT) in decision.effects, "in the thread it must look like what never left"
    assert Reschedule("m1", NOW) in decision.effects
    assert acts(decision) == ["undone"]


def test_the_private_offer_is_answered_where_it_was_pressed() -> None:
    decision = done(state(reply()), pressed("undo"))
    answer = next(effect for effect in decision.effects if isinstance(effect, AnswerPrivately))
    assert (answer.note.text, answer.handle, answer.note.by) == ("Stopped.", "https://answer", ANA)


def test_a_word_like_a_marker_is_told_how_to_keep_words_inside() -> None:
    decision = done(state(), posted("!note he owes us"))
    assert private(decision).endswith("To keep words inside, begin them with `//` or `note:`.")
    assert not [effect for effect in decision.effects if isinstance(effect, SendText)]


def test_undo_after_it_left_says_so_and_twice_is_harmless() -> None:
    assert private(done(state(reply(status=MessageStatus.SENT)), pressed("undo"))) == wording.TOO_LATE.text
    assert done(state(reply(status=MessageStatus.CANCELLED)), pressed("undo")).effects == ()
    comment = reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT)
    assert private(done(state(comment), pressed("undo"))) == wording.NOTHING_TO_UNDO.text


@pytest.mark.parametrize("event", [pressed("send"), reacted("incoming_envelope")])
def test_a_held_reply_is_released_and_the_question_answered(event: Any) -> None:
    decision = done(asked(guarded()), event)
    message = decision.messages[0]
    assert (message.status, message.hold, message.ticket) == (MessageStatus.QUEUED, None, 1)
    assert SendText("m1", 1) in decision.effects
    note = next(effect for effect in decision.effects if isinstance(effect, UpdateNote))
    assert (note.ref, note.note.text, note.note.buttons) == (NOTE, "Sent.", ())
    assert "AnswerPrivately" not in kinds(decision)


def test_sending_early_ends_the_undo_window() -> None:
    decision = done(state(reply()), reacted("incoming_envelope"))
    assert decision.messages[0].release_at == NOW
    assert decision.effects[0] == Reschedule("m1", NOW)
    assert not any(isinstance(effect, SendText) for effect in decision.effects)


def test_there_is_nothing_to_send_twice() -> None:
    assert private(done(state(reply(status=MessageStatus.SENT)), pressed("send"))) == wording.NOTHING_TO_SEND.text
    assert private(done(state(), pressed("send"))) == wording.NOTHING_TO_SEND.text


def test_a_comment_is_sent_by_button_only_on_an_explicit_line() -> None:
    comment = reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT, hold=None, ticket=0, release_at=None)
    decision = done(state(comment), pressed("send"), line(reply_mode="explicit"))
    assert (decision.messages[0].kind, decision.messages[0].status) == (MessageKind.REPLY, MessageStatus.QUEUED)
    assert private(done(state(comment), pressed("send"))) == wording.NOTHING_TO_SEND.text


def test_a_held_reply_is_kept_internal() -> None:
    decision = done(asked(guarded()), pressed("keep"))
    assert (decision.messages[0].kind, decision.messages[0].status) == (MessageKind.COMMENT, MessageStatus.KEPT)
    assert SetMark(REPLY, Mark.KEPT) in decision.effects
    assert acts(decision) == ["kept_internal"]


def shortcut(action: str, **changed: Any) -> Any:
    """Ana chooses an entry of her reply's menu."""
    return pressed(action, **({"ref": REPLY, "value": ""} | changed))


@pytest.mark.parametrize("status", [MessageStatus.HELD, MessageStatus.QUEUED])
def test_what_has_not_left_is_made_a_comment_from_its_menu(status: MessageStatus) -> None:
    decision = done(state(reply(status=status)), shortcut("keep"))
    message = decision.messages[0]
    assert (message.kind, message.status, message.release_at) == (MessageKind.COMMENT, MessageStatus.KEPT, None)
    assert Reschedule("m1", NOW) in decision.effects
    assert private(decision) == "Kept internal."


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"status": MessageStatus.SENT}, wording.TOO_LATE),
        ({"status": MessageStatus.SENDING}, wording.TOO_LATE),
        ({"status": MessageStatus.CANCELLED}, wording.NOTHING_TO_KEEP),
        ({"kind": MessageKind.COMMENT, "status": MessageStatus.KEPT}, wording.NOTHING_TO_KEEP),
        ({"kind": MessageKind.INBOUND, "status": MessageStatus.RECEIVED}, wording.NOTHING_TO_KEEP),
    ],
)
def test_what_cannot_be_kept_internal_any_more_is_told(changed: dict[str, Any], note: Note) -> None:
    decision = done(state(reply(hold=None, **changed)), shortcut("keep"))
    assert private(decision) == note.text
    assert decision.messages == ()


@pytest.mark.parametrize("action", ["canned", "assign", "keep", "again"])
def test_a_message_of_no_conversation_is_told_so(action: str) -> None:
    assert private(done(State(), shortcut(action, thread=None))) == wording.NO_CONVERSATION.text


def test_the_answer_to_a_button_of_the_card_is_told_in_its_thread() -> None:
    decision = done(state(), pressed("keep", ref=ROOT, thread=None, value=""))
    assert [effect.thread for effect in decision.effects if isinstance(effect, AnswerPrivately)] == [ROOT]


@pytest.mark.parametrize("status", [MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.CANCELLED])
@pytest.mark.parametrize("event", [pressed("again"), reacted("repeat")])
def test_a_text_that_did_not_arrive_is_sent_again_by_a_person(status: MessageStatus, event: Any) -> None:
    lost = reply(status=status, hold=None, provider_id="SM9", error_code="30003", settled_at=NOW)
    decision = done(state(lost), event)
    message = decision.messages[0]
    assert (message.status, message.ticket, message.provider_id, message.error_code) == (
        MessageStatus.QUEUED,
        2,
        None,
        None,
    )
    assert message.settled_at is None, "this sending has not ended"
    assert acts(decision) == ["sent_again"]


def test_what_arrived_is_not_sent_again() -> None:
    delivered = reply(status=MessageStatus.DELIVERED, hold=None)
    assert private(done(state(delivered), pressed("again"))) == wording.NOTHING_AGAIN.text


def test_the_card_closes_and_reopens_by_button_and_reaction() -> None:
    closed = done(state(), pressed("close", value="")).conversation
    assert closed is not None
    assert closed.status is ConversationStatus.CLOSED
    assert closed.waiting_since is None
    assert done(state(), reacted("white_check_mark")).conversation == closed
    again = done(state(conversation=closed), reacted("white_check_mark", added=False)).conversation
    assert again is not None
    assert again.status is ConversationStatus.OPEN


def test_a_stranger_may_not_act_and_is_told_so() -> None:
    outsider = Person("slack", "U9", outsider=True)
    assert private(done(asked(guarded()), pressed("send", author=outsider))) == wording.MAY_NOT_ACT
    assert private(done(asked(guarded()), reacted("x", author=outsider))) == wording.MAY_NOT_ACT
    assert private(done(asked(guarded()), pressed("send"), teammates=observer())) == wording.MAY_NOT_ACT


@pytest.mark.parametrize(
    "event",
    [
        pressed("from an older version"),
        reacted("tada"),
        reacted("x", added=False),
        reacted("x", author=Person("slack", "B1", bot=True)),
    ],
)
def test_what_means_nothing_changes_nothing(event: Any) -> None:
    assert done(state(reply()), event).effects == ()


def test_acts_without_a_conversation_or_on_a_contacts_text_change_nothing() -> None:
    assert done(State(), pressed("gone")).effects == ()
    assert done(State(), reacted("x")).effects == ()
    inbound = reply(kind=MessageKind.INBOUND, status=MessageStatus.RECEIVED, hold=None)
    assert done(state(inbound), reacted("x")).effects == ()


def test_who_tries_to_comment_by_a_command_is_told_how_with_the_lines_own_markers() -> None:
    decision = done(state(), posted("!note he owes us"))
    assert private(decision) == (
        "Not sent: `!note` is not a command. To keep words inside, begin them with `//` or `note:`."
    )
    assert not decision.messages
    own = done(state(), posted("!internal: he owes us"), comment_markers=("##",))
    assert private(own).endswith("begin them with `##`.")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("help", room_words.HELP.text),
        ("", room_words.HELP.text),
        ("#1042", owning_words.NOT_HERE.text),
        ("#1042 Close now", owning_words.NOT_HERE.text),
        (
            "Close",
            "Say which conversation: write its number in front, `/sms #1042 close`, or write `!close` in its thread.",
        ),
        ("search ", HOW_TO_SEARCH.text),
        ("1042 close now", "Nothing done. Did you mean `/sms #1042 close now`?"),
        ("1042", "Nothing done. Did you mean `/sms #1042 history`?"),
        ("quue", "`/sms quue` is not a command. Did you mean `/sms queue`? `/sms help` lists what works here."),
        ("`x`" + "y" * 99, f"`/sms x{'y' * 39}` is not a command. `/sms help` lists what works here."),
    ],
)
def test_a_room_command_is_answered(text: str, answer: str) -> None:
    given = CommandGiven(external_id="c", platform="slack", room="C1", author=ANA, text=text, handle="h")
    assert private(done(State(), given)) == answer


def test_an_unknown_command_in_a_room_is_told_in_the_words_of_the_room() -> None:
    asked_for = CommandGiven(external_id="c", platform="slack", room="C1", author=ANA, text="#1042 frobnicate")
    said = "Nothing done: `frobnicate` is not a command. `/sms help` lists what works."
    assert private(done(state(), asked_for)) == said
    typo = CommandGiven(external_id="c", platform="slack", room="C1", author=ANA, text="#1042 clsoe")
    assert "Did you mean `close`?" in private(done(state(), typo))
    assert "/sms away" in room_words.HELP.text


def test_a_room_change_is_put_on_record() -> None:
    closed = RoomChanged(external_id="r", platform="slack", room="C1", usable=False)
    opened = RoomChanged(external_id="r", platform="slack", room="C1", usable=True, new_room="C2")
    assert acts(done(State(), closed)) == ["room_unusable"]
    assert acts(done(State(), opened)) == ["room_usable"]

"""What is written in one room of a conversation, as the others are told."""

from dataclasses import replace
from typing import Any

from bridge.domain.canned import Canned
from bridge.domain.cards import INSERT, Button
from bridge.domain.content import Mention
from bridge.domain.conversations import ChatPost, State, ThreadState
from bridge.domain.effects import PostNote
from bridge.domain.events import ButtonPressed, SendSettled
from bridge.domain.messages import Hold, Message, MessageKind, MessageStatus
from bridge.domain.people import ChatRef
from bridge.rules import wording
from bridge.rules.decide import decide
from bridge.rules.echo import echoed
from tests.unit.rules.builders import ANA, NOW, ROOT, done, edited, line, policy, posted, reply, state, thread

OTHER = thread(id="t2", platform="matrix", room="!r", root=ChatRef("matrix", "!r", "$1"))
BOTH = (thread(), OTHER)


def told(decision: object, where: str = "t2") -> list[str]:
    effects = getattr(decision, "effects", ())
    return [one.note.text for one in effects if isinstance(one, PostNote) and one.thread == where]


def test_a_comment_is_told_in_the_other_room_with_its_author() -> None:
    decision = done(state(threads=BOTH), posted("// she called twice"))
    assert told(decision) == [f"🔒 {INSERT}: // she called twice"]
    assert told(decision, "t1") == []
    [note] = [one.note for one in decision.effects if isinstance(one, PostNote)]
    assert (note.inserts, note.quiet) == ((ANA,), True)


def test_an_edited_comment_is_not_told_again() -> None:
    comment = reply(kind=MessageKind.COMMENT, status=MessageStatus.KEPT)
    assert told(done(state(comment, threads=BOTH), edited("// other words"))) == []


def accepted(message: Message, **changed: Any) -> State:
    return state(replace(message, **changed), threads=BOTH)


def settle(before: State) -> list[str]:
    event = SendSettled(external_id="k1:accepted", message="m1", outcome="accepted", provider_id="SM1")
    return told(decide(before, event, policy(), NOW))


def test_a_reply_is_told_once_it_has_left() -> None:
    assert told(done(state(threads=BOTH), posted("Yes, since noon"))) == []
    sending = reply(status=MessageStatus.SENDING, hold=None, body="Yes, since noon")
    assert settle(accepted(sending)) == [f"{INSERT} replied: Yes, since noon"]
    assert settle(accepted(sending, status=MessageStatus.DELIVERED)) == []
    assert settle(accepted(sending, body="", author=ANA.key)) == [f"{INSERT} replied: {wording.EMPTY_MEDIA}"]


def test_what_no_person_wrote_is_told_where_it_was_decided() -> None:
    assert settle(accepted(reply(status=MessageStatus.SENDING, hold=None), author=None)) == []


def test_a_reply_that_no_chat_message_says_is_told_where_no_note_speaks_of_it() -> None:
    sending = reply(status=MessageStatus.SENDING, hold=None, origin=None, body="We open at nine")
    note = ChatPost(ref=ChatRef("slack", "C1", "9.9"), conversation=1042, role="note", message="m1")
    before = accepted(sending)
    event = SendSettled(external_id="k1:accepted", message="m1", outcome="accepted", provider_id="SM1")
    decision = decide(replace(before, notes=(note,)), event, policy(), NOW)
    assert told(decision) == [f"{INSERT} replied: We open at nine"]
    assert told(decision, "t1") == []


def test_a_held_reply_that_no_chat_message_says_is_asked_about_in_both_rooms() -> None:
    before = replace(state(threads=BOTH), canned=(Canned(name="hours", text="word " * 200),))
    pressed = ButtonPressed(
        external_id="b", ref=ROOT, thread=ROOT, author=ANA, action="canned", value="hours", surface="menu"
    )
    decision = done(before, pressed)
    assert len([one for one in told(decision, "t1") if "Held, not sent" in one]) == 1
    assert len([one for one in told(decision) if "Held, not sent" in one]) == 1


def test_a_question_stands_in_both_rooms_until_somebody_answers_it() -> None:
    asking = line(reply_mode="confirm")
    decision = done(state(threads=BOTH), posted("Yes, since noon"), asking)
    [question] = told(decision)
    assert question.endswith(f"\n{INSERT}: Yes, since noon")
    assert question.count("Yes, since noon") == 1
    [echo] = [one for one in decision.effects if isinstance(one, PostNote) and one.thread == "t2"]
    assert [one.action for one in echo.note.buttons if isinstance(one, Button)] == ["send", "keep"]
    assert echo.message == decision.messages[0].id
    held = reply(hold=Hold.CONFIRM, release_at=None)
    assert told(done(state(held, threads=BOTH), edited("other words"), asking)) == []


def test_a_secret_is_not_told_in_the_other_room_where_deleting_it_would_not_take_it_back() -> None:
    [question] = told(done(state(threads=BOTH), posted("Your password: hunter2secret")))
    assert "hunter2secret" not in question
    assert question.startswith("⏳ Held, not sent: a reply with a secret.")
    assert f"{INSERT} wrote it in the other room." in question


def test_a_room_that_was_left_is_not_told() -> None:
    gone = replace(OTHER, state=ThreadState.MOVED)
    assert told(done(state(threads=(thread(), gone)), posted("// she called"))) == []


def test_a_room_that_took_the_place_of_another_is_told_alone_and_not_of_its_own_words() -> None:
    before = thread(id="t0", room="C0", root=ChatRef("slack", "C0", "1.1"))
    upgraded = state(threads=(before, *BOTH))
    decision = done(upgraded, posted("// she called"))
    assert (told(decision, "t0"), told(decision, "t1"), len(told(decision))) == ([], [], 1)
    left = done(state(threads=(before, OTHER)), posted("// she called", ref=ChatRef("matrix", "!r", "$2")))
    assert len(told(left, "t0")) == 1  # the new thread is opened by what is posted into the one before


def test_a_reply_that_is_only_on_its_way_is_not_told() -> None:
    before = state(threads=BOTH)
    waiting = done(before, posted("ask ", Mention("person", "U2", "ben")))
    assert echoed(before, replace(waiting, messages=()), policy()) == replace(waiting, messages=())

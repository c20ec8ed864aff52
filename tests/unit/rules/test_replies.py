from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.content import Mention
from bridge.domain.conversations import ConversationStatus, Said, State
from bridge.domain.effects import AnswerPrivately, ArmTimer, PostNote, SendText, SetMark
from bridge.domain.messages import Hold, Mark, Media, MessageKind, MessageStatus
from bridge.domain.people import Contact, Person, Teammate
from bridge.domain.policy import LinePolicy
from bridge.rules import owning_words, wording
from tests.unit.rules.builders import (
    ANA,
    NOW,
    REPLY,
    ROOT,
    acts,
    conversation,
    done,
    guarded,
    kinds,
    line,
    observer,
    posted,
    state,
)

AT_BEN = Mention("person", "U2", "Ben")


def private(decision: Any) -> str:
    return next(effect.note.text for effect in decision.effects if isinstance(effect, AnswerPrivately))


def test_a_plain_reply_is_held_for_its_undo_window_then_leaves() -> None:
    decision = done(state(), posted("Yes, until six"))
    message = decision.messages[0]
    assert (message.status, message.hold, message.ticket) == (MessageStatus.HELD, Hold.UNDO, 1)
    assert message.release_at == NOW + timedelta(seconds=5)
    assert SendText(message.id, 1, message.release_at) in decision.effects
    assert decision.effects[0] == SetMark(REPLY, Mark.HELD)
    assert private(decision) == "“Yes, until six” goes out as a text 5 seconds after you wrote it."
    assert decision.posts[0].mark is Mark.HELD


@pytest.mark.parametrize(
    ("body", "begins"),
    [
        ("Yes", "Yes"),
        ("`Hello`\nthere\ufffc", "'Hello' there"),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 40 + " …"),
        ("We open at nine tomorrow and close again at six", "We open at nine tomorrow and close …"),
    ],
)
def test_the_offer_to_undo_says_which_reply_it_is_about(body: str, begins: str) -> None:
    assert wording.undo_offer("m1", body, timedelta(seconds=5)).text.startswith(f"“{begins}” goes out")
    assert wording.undo_offer("m1", "", timedelta(seconds=5)).text.startswith("Your file goes out")


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [({"opted_out": True}, "opted_out", wording.OPTED_OUT), ({"blocked": True}, "blocked", owning_words.BLOCKED)],
)
@pytest.mark.parametrize("words", ["Yes, until six", "!send Yes, until six", "!later 2h Yes, until six", "x" * 900])
@pytest.mark.parametrize("heard", [(), (Said(author=None, ref=REPLY, at=NOW),)])
def test_a_reply_nobody_may_get_is_refused_at_once(
    changed: dict[str, bool], code: str, reason: str, words: str, heard: tuple[Said, ...]
) -> None:
    confirm = line(reply_mode="confirm")
    decision = done(state(conversation=conversation(**changed), said=heard), posted(words), confirm)
    message = decision.messages[0]
    assert (message.status, message.hold, message.error_code) == (MessageStatus.FAILED, None, code)
    assert kinds(decision) == ["SetMark", "PostNote", "Record"]
    note = next(effect.note for effect in decision.effects if isinstance(effect, PostNote))
    assert (note.text, note.buttons) == (f"⚠️ Not delivered. {reason}", ())


def test_without_an_undo_window_it_is_queued_at_once() -> None:
    decision = done(state(), posted("Yes"), line(undo=timedelta(0)))
    message = decision.messages[0]
    assert message.status is MessageStatus.QUEUED
    assert kinds(decision) == ["SetMark", "SendText", "Record"]


def test_typographic_signs_are_replaced_so_that_it_stays_one_segment() -> None:
    assert done(state(), posted("It\u2019s \u201copen\u201d")).messages[0].body == 'It\'s "open"'


@pytest.mark.parametrize(
    "event",
    [
        posted("Hello", thread=None),
        posted("Hello", author=Person("slack", "B1", bot=True)),
        posted(""),
        posted("   "),
    ],
)
def test_what_is_no_reply_changes_nothing(event: Any) -> None:
    assert done(state(), event).messages == ()


def test_a_thread_that_is_not_ours_and_a_post_known_already_change_nothing() -> None:
    assert done(State(), posted("Hello")).effects == ()
    known = done(state(), posted("Hello")).posts[0]
    assert done(state(post=known), posted("Hello")).effects == ()


def test_a_file_alone_is_a_reply() -> None:
    decision = done(state(), posted(files=(Media("F1", "image/png"),)))
    assert decision.messages[0].media[0].source == "F1"
    assert any(isinstance(effect, SendText) for effect in decision.effects)


def test_a_comment_is_kept() -> None:
    decision = done(state(), posted("// he is difficult"))
    message = decision.messages[0]
    assert (message.kind, message.status) == (MessageKind.COMMENT, MessageStatus.KEPT)
    assert kinds(decision) == ["SetMark", "Record"]
    assert decision.effects[0] == SetMark(REPLY, Mark.KEPT)


def test_a_reply_to_a_line_that_is_no_longer_configured_is_kept() -> None:
    decision = done(state(conversation=conversation(line="gone")), posted("Hello"), None, teammates=MATES)
    assert decision.messages[0].kind is MessageKind.COMMENT


MATES = (Teammate("ana", (("slack", "U1"),)),)


def test_an_outsider_is_told_privately_and_kept() -> None:
    decision = done(state(), posted("Hello", author=Person("slack", "U9", outsider=True)))
    assert decision.messages[0].kind is MessageKind.COMMENT
    assert private(decision) == wording.OUTSIDER.text
    assert acts(decision) == ["refused"]


def test_only_teammates_may_reply_where_the_line_says_so() -> None:
    strict = line(may_reply="teammates")
    assert private(done(state(), posted("Hello"), strict)) == wording.NOT_TEAMMATE.text
    assert done(state(), posted("Hello"), strict, teammates=MATES).messages[0].kind is MessageKind.REPLY


def test_an_observer_may_not_reply() -> None:
    assert private(done(state(), posted("Hello"), teammates=observer())) == wording.OBSERVER.text


def test_who_may_not_text_is_told_what_concerns_what_they_wrote() -> None:
    assert private(done(state(), posted("!claim"), teammates=observer())) == wording.OBSERVER_ACTS.text
    strict = line(may_reply="teammates")
    assert private(done(state(), posted("!claim"), strict)) == wording.MAY_NOT_ACT
    guest = Person("slack", "U9", outsider=True)
    assert private(done(state(), posted("!claim", author=guest))) == wording.OUTSIDER_ACTS.text
    for decision in (
        done(state(), posted("// he is difficult"), teammates=observer()),
        done(state(), posted("// he is difficult", author=guest)),
    ):
        assert kinds(decision) == ["SetMark", "Record"]
        assert acts(decision) == ["commented"]


def test_a_mention_is_held_with_a_question_and_a_reminder() -> None:
    decision = done(state(), posted("I ask ", AT_BEN, " about it"))
    message = decision.messages[0]
    assert (message.status, message.hold) == (MessageStatus.HELD, Hold.GUARD)
    note = next(effect for effect in decision.effects if isinstance(effect, PostNote))
    assert [button.label for button in note.note.buttons] == ["Send", "Keep internal"]
    assert note.note.text == "⏳ Held, not sent: “I ask @Ben about it”. It mentions @Ben."
    assert note.note.inserts == ()  # the quoted name rings nobody
    assert ArmTimer("held", message.id, NOW + timedelta(minutes=15)) in decision.effects
    assert not any(isinstance(effect, SendText) for effect in decision.effects)


def test_a_held_reply_without_a_thread_to_ask_in_still_waits() -> None:
    decision = done(state(threads=()), posted("I ask ", AT_BEN))
    assert "PostNote" not in kinds(decision)
    assert decision.messages[0].status is MessageStatus.HELD


def test_a_long_reply_is_held_with_its_count() -> None:
    decision = done(state(), posted("x" * 500))
    assert decision.messages[0].hold is Hold.LENGTH
    assert "4 segments (GSM-7)" in decision.messages[0].reasons[0]
    note = next(effect for effect in decision.effects if isinstance(effect, PostNote))
    assert note.note.text.startswith(f"⏳ Held, not sent: “{'x' * 40} …”. This is 4 segments")


def test_the_confirm_mode_asks_before_each_reply() -> None:
    decision = done(state(), posted("Hello"), line(reply_mode="confirm"))
    assert decision.messages[0].hold is Hold.CONFIRM
    assert decision.messages[0].reasons == (wording.CONFIRM_REASON,)
    note = next(effect for effect in decision.effects if isinstance(effect, PostNote))
    assert note.note.text.startswith("⏳ Held, not sent: “Hello”. ")


def explicit() -> LinePolicy:
    return line(reply_mode="explicit")


def test_the_explicit_mode_keeps_a_plain_reply_and_offers_to_send_it() -> None:
    decision = done(state(), posted("Hello"), explicit())
    assert decision.messages[0].kind is MessageKind.COMMENT
    offer = next(effect for effect in decision.effects if isinstance(effect, AnswerPrivately))
    assert offer.note.buttons[0].action == "send"


def test_a_reply_to_a_closed_conversation_opens_it_again() -> None:
    closed = conversation(status=ConversationStatus.CLOSED, closed_at=NOW)
    decision = done(state(conversation=closed), posted("One more thing"))
    assert decision.conversation is not None
    assert decision.conversation.status is ConversationStatus.OPEN
    assert kinds(decision)[-1] == "UpdateCard"


def test_a_reply_that_was_not_in_its_thread_any_more_is_asked_about_and_a_remark_stays_one() -> None:
    decision = done(state(), posted("Yes, until six", absent=True))
    assert decision.messages[0].hold is Hold.GUARD
    assert decision.messages[0].reasons == (wording.ABSENT_REASON,)
    assert "SendText" not in kinds(decision)
    assert done(state(), posted("// a remark", absent=True)).messages[0].kind is MessageKind.COMMENT


def test_what_no_text_can_carry_stays_inside_and_its_writer_is_told() -> None:
    decision = done(state(), posted("look", untextable="a sticker"))
    assert decision.messages[0].kind is MessageKind.COMMENT
    assert private(decision) == wording.untextable("a sticker").text
    assert "SendText" not in kinds(decision)
    remark = done(state(), posted("// look", untextable="a sticker"))
    assert remark.messages[0].kind is MessageKind.COMMENT
    assert "AnswerPrivately" not in kinds(remark)


def test_a_reply_that_could_not_be_read_for_long_is_asked_about() -> None:
    decision = done(state(), posted("Yes, until six", delayed=True))
    assert decision.messages[0].hold is Hold.GUARD
    assert decision.messages[0].reasons == (wording.DELAYED_REASON,)
    assert "SendText" not in kinds(decision)


@pytest.mark.parametrize(
    ("recovered", "reactions", "sent"), [(True, ("tada", "x"), 0), (True, ("tada",), 1), (False, ("x",), 1)]
)
def test_a_reply_found_with_the_mark_that_takes_it_back_stays(
    reactions: tuple[str, ...], *, recovered: bool, sent: int
) -> None:
    decision = done(state(), posted("Yes, until six", recovered=recovered, reactions=reactions))
    assert kinds(decision).count("SendText") == sent
    assert (decision.messages[0].status is MessageStatus.CANCELLED) is (not sent)


def test_ids_of_replies_come_from_where_they_were_written() -> None:
    assert done(state(), posted("a")).messages[0].id == done(state(), posted("b")).messages[0].id
    assert done(state(), posted("a")).messages[0].id != guarded().id
    assert ANA.key == "slack:U1"
    assert ROOT.room == "C1"


def test_a_reply_read_later_that_carries_a_mark_of_ours_is_asked_about() -> None:
    """After a restore of an older database its thread knows more than it does."""
    decision = done(state(), posted("Yes, until six", recovered=True, marked=True))
    assert decision.messages[0].hold is Hold.GUARD
    assert not any(isinstance(effect, SendText) for effect in decision.effects)
    assert done(state(), posted("// a remark", recovered=True, marked=True)).messages[0].kind is MessageKind.COMMENT
    assert done(state(), posted("Yes", recovered=True)).messages[0].hold is Hold.UNDO


@pytest.mark.parametrize(
    ("contact", "who"),
    [
        (Contact("c1", "+15550100200", "Maria"), "Maria"),
        (Contact("c1", "+15550100200"), "…0200"),
        (Contact("c1", "whatsapp:+15550100200"), "…0200"),
        (Contact("c1", "PIZZA"), "PIZZA"),
    ],
)
def test_who_replies_outside_the_thread_is_told_where_it_went(contact: Contact, who: str) -> None:
    told = wording.sent_aside(who)
    decision = done(state(contact=contact), posted("Yes", aside=True))
    assert told in [effect.note for effect in decision.effects if isinstance(effect, AnswerPrivately)]
    for event in (posted("Yes"), posted("// Yes", aside=True)):
        notes = [one.note for one in done(state(contact=contact), event).effects if isinstance(one, AnswerPrivately)]
        assert told not in notes
    assert not [one for one in done(state(contact=None), posted("Yes", aside=True)).effects if one == told]

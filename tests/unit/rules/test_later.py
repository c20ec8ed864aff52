from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.content import Mention
from bridge.domain.conversations import ChatPost, ConversationStatus, Related, State
from bridge.domain.effects import ArmTimer, DisarmTimer, PostNote, SendText, SetMark, UpdateNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, Mark, Media, Message, MessageKind, MessageStatus
from bridge.domain.people import Contact
from bridge.domain.policy import GuardPolicy
from bridge.rules.decide import decide
from bridge.rules.later import later_action
from bridge.rules.later_words import ASKED, GAVE_WAY, HOW, LATE_REASON, shortened
from bridge.rules.merging_words import goes_on_reason
from tests.unit.rules.builders import (
    ANA,
    NOTE,
    NOW,
    REPLY,
    act,
    acts,
    conversation,
    deleted,
    done,
    edited,
    kinds,
    line,
    observer,
    policy,
    posted,
    pressed,
    reacted,
    reply,
    state,
    text,
)
from tests.unit.rules.families import related, second
from tests.unit.rules.teams import decided, given, private

AT = NOW + timedelta(hours=2)
PLANNED = reply(hold=Hold.LATER, release_at=AT, ticket=0, body="It is ready")
DUE = TimerFired(external_id="t", kind="later", conversation=1042, subject="m1")
AT_BEN = Mention("person", "U2", "Ben")
NO_COMMENT = line(guard=GuardPolicy(words=("ready",)))


def noted(message: Message, **changed: Any) -> State:
    """A planned reply with the bot's note about it."""
    return state(message, notes=(ChatPost(ref=NOTE, conversation=1042, role="note", message=message.id),), **changed)


def notes(decision: Any) -> list[str]:
    return [effect.note.text for effect in decision.effects if isinstance(effect, PostNote)]


def kept(decision: Any) -> Message:
    (message,) = decision.messages
    return message


@pytest.mark.parametrize("command", ["#1042 later 2h It is ready", "#1042 later 2h password: tulip"])
def test_what_nobody_may_get_is_refused_when_it_is_planned(command: str) -> None:
    out = state(conversation=conversation(opted_out=True))
    decision = decided(out, given(command))
    assert (kept(decision).status, acts(decision)) == (MessageStatus.FAILED, ["failed"])
    assert private(decision).startswith("Not sent. The contact has opted out")
    assert not any(isinstance(effect, ArmTimer) for effect in decision.effects)


def test_a_reply_is_kept_until_its_time() -> None:
    decision = done(state(), posted("!later 2h It is ready"))
    message = kept(decision)
    assert (message.body, message.status, message.hold, message.release_at) == (
        "It is ready",
        MessageStatus.HELD,
        Hold.LATER,
        AT,
    )
    assert ArmTimer("later", message.id, AT) in decision.effects
    assert SetMark(REPLY, Mark.HELD) in decision.effects
    assert not any(isinstance(effect, SendText) for effect in decision.effects)
    note = next(effect.note for effect in decision.effects if isinstance(effect, PostNote))
    assert note.inserts == (AT,)
    assert [button.label for button in note.buttons] == ["Send now", "Cancel"]
    assert acts(decision) == ["planned"]


def test_it_can_be_written_in_the_room_or_to_the_bot() -> None:
    decision = decided(state(), given("#1042 later 2h It is ready"))
    assert kept(decision).body == "It is ready"
    assert kept(decision).origin is None
    assert "It is ready" in notes(decision)[0]
    assert private(decision).startswith("⏳ Leaves")
    mention = Mention("person", "U0", "textbridge")
    asked = decided(state(), posted(mention, " later 2h It is ready"))
    assert (kept(asked).body, kept(asked).release_at) == ("It is ready", AT)
    assert later_action(act(State())).effects == ()
    homeless = later_action(act(state(threads=()), argument="2h It is ready", surface="command"))
    assert kinds(homeless) == ["ArmTimer", "Record", "AnswerPrivately"]
    assert private(later_action(act(state(), argument="soon"))).startswith("Not sent. Write a time")


@pytest.mark.parametrize("words", ["!later", "!later 2h"])
def test_without_words_it_is_told_how(words: str) -> None:
    assert private(done(state(), posted(words))) == HOW.text


def test_what_is_no_time_is_not_sent() -> None:
    decision = done(state(), posted("!later soon It is ready"))
    assert private(decision).startswith("Not sent.")
    assert decision.messages == ()


def test_a_file_may_go_along_without_words() -> None:
    assert kept(done(state(), posted("!later 2h", files=(Media("u", "image/png"),)))).hold is Hold.LATER


def test_it_needs_no_further_word_where_each_reply_is_asked_about() -> None:
    assert kept(done(state(), posted("!later 2h It is ready"), line(reply_mode="confirm"))).hold is Hold.LATER
    assert kept(done(state(), posted("!later 2h It is ready"), line(reply_mode="explicit"))).hold is Hold.LATER


def test_what_the_guard_holds_is_asked_about_and_then_leaves_at_its_time() -> None:
    decision = done(state(), posted("!later 2h ask ", AT_BEN))
    message = kept(decision)
    assert (message.hold, message.release_at) == (Hold.GUARD, AT)
    approved = done(noted(message), pressed("send", value=message.id))
    assert (kept(approved).hold, kept(approved).release_at) == (Hold.LATER, AT)
    assert ArmTimer("later", message.id, AT) in approved.effects
    assert DisarmTimer("held", message.id) in approved.effects
    assert next(effect.ref for effect in approved.effects if isinstance(effect, UpdateNote)) == NOTE
    sent = due(noted(kept(approved)))
    assert kept(sent).status is MessageStatus.QUEUED, "what a person decided about is not asked again"
    late = decide(noted(message), pressed("send", value=message.id), policy(), AT)
    assert kept(late).status is MessageStatus.QUEUED
    assert kept(done(state(), posted("!later 2h // not for them"))).hold is Hold.GUARD


def due(the_state: State, the_line: Any = None, **changed: Any) -> Any:
    return decide(the_state, DUE, policy(the_line, **changed), AT)


def test_at_its_time_it_is_let_go() -> None:
    decision = due(noted(PLANNED))
    message = kept(decision)
    assert (message.status, message.hold, message.release_at, message.ticket) == (MessageStatus.QUEUED, None, None, 1)
    assert SendText("m1", 1) in decision.effects
    assert acts(decision) == ["sent_later"]
    assert next(effect.note.text for effect in decision.effects if isinstance(effect, UpdateNote)) == "Sent."
    asleep = conversation(status=ConversationStatus.SNOOZED)
    assert due(noted(PLANNED, conversation=asleep)).conversation is None
    assert kept(due(replace(noted(PLANNED), threads=()))).status is MessageStatus.QUEUED


def test_permission_and_guard_are_asked_again_at_its_time() -> None:
    held = kept(due(noted(PLANNED), teammates=observer()))
    assert (held.hold, held.release_at) == (Hold.GUARD, None)
    assert "no longer" in held.reasons[0]
    assert kept(due(noted(PLANNED), NO_COMMENT)).hold is Hold.GUARD
    assert kept(due(noted(PLANNED), line(name="other"))).hold is Hold.GUARD
    merged = kept(due(noted(PLANNED, chain=(related(second(number=1050)),))))
    assert (merged.hold, merged.reasons) == (Hold.GUARD, (goes_on_reason(1050),))
    known = (replace(observer()[0], role="member"),)
    assert kept(due(noted(PLANNED), line(name="other"), teammates=known)).status is MessageStatus.QUEUED


@pytest.mark.parametrize(
    "the_state",
    [
        State(),
        state(),
        state(reply(status=MessageStatus.CANCELLED, hold=None)),
        state(reply()),
        state(
            replace(PLANNED, release_at=AT + timedelta(hours=1)),
            conversation=conversation(answer_held_until=AT + timedelta(hours=1)),
        ),
        state(replace(PLANNED, release_at=None)),
    ],
)
def test_a_timer_that_comes_late_or_twice_sends_nothing(the_state: State) -> None:
    assert due(the_state).effects == ()


def test_one_that_nobody_could_send_for_more_than_a_day_is_asked_about() -> None:
    day = timedelta(days=1)
    for ago, hold in ((day, None), (day + timedelta(seconds=1), Hold.GUARD)):
        decision = decide(noted(replace(PLANNED, release_at=AT - ago)), DUE, policy(), AT)
        assert kept(decision).hold is hold
    assert kept(decision).reasons == (LATE_REASON,)


@pytest.mark.parametrize("event", [pressed("undo"), reacted("x"), posted("!undo"), deleted()])
def test_it_is_stopped_like_any_held_reply(event: Any) -> None:
    decision = done(noted(PLANNED), event)
    assert kept(decision).status is MessageStatus.CANCELLED
    assert DisarmTimer("later", "m1") in decision.effects


def test_it_can_be_sent_now_or_kept_inside() -> None:
    for event in (pressed("send"), reacted("incoming_envelope")):
        decision = done(noted(PLANNED), event)
        assert kept(decision).status is MessageStatus.QUEUED
        assert DisarmTimer("later", "m1") in decision.effects
    inside = done(noted(PLANNED), pressed("keep"))
    assert (kept(inside).kind, DisarmTimer("later", "m1") in inside.effects) == (MessageKind.COMMENT, True)


def test_an_edit_changes_words_and_time() -> None:
    decision = done(noted(PLANNED), edited("!later 3h It is almost ready"))
    assert (kept(decision).body, kept(decision).release_at) == ("It is almost ready", NOW + timedelta(hours=3))
    assert ArmTimer("later", "m1", NOW + timedelta(hours=3)) in decision.effects
    assert notes(decision) == []
    assert next(effect.note.inserts for effect in decision.effects if isinstance(effect, UpdateNote)) == (
        NOW + timedelta(hours=3),
    )


def test_an_edit_can_end_the_wait() -> None:
    plain = done(noted(PLANNED), edited("It is ready"))
    assert kept(plain).hold is Hold.UNDO
    assert DisarmTimer("later", "m1") in plain.effects
    assert any(isinstance(effect, SendText) for effect in plain.effects)
    stopped = done(noted(PLANNED), edited("!later soon"))
    assert kept(stopped).status is MessageStatus.CANCELLED


def test_a_reply_in_its_undo_window_can_be_edited_into_one() -> None:
    decision = done(state(reply()), edited("!later 2h It is ready"))
    assert kept(decision).hold is Hold.LATER
    assert "Reschedule" in kinds(decision), "the row that waits looks at it, and goes"


def test_what_the_contact_writes_first_stops_it() -> None:
    decision = done(state(pending=(PLANNED,)), text("Any news?"))
    stopped = next(message for message in decision.messages if message.id == "m1")
    assert (stopped.status, stopped.hold, stopped.release_at) == (MessageStatus.CANCELLED, None, None)
    assert DisarmTimer("later", "m1") in decision.effects
    assert "outrun" in acts(decision)
    note = next(effect.note for effect in decision.effects if isinstance(effect, PostNote))
    assert [(button.action, button.label) for button in note.buttons] == [("again", "Send now")]
    assert "It is ready" in note.text
    again = done(state(stopped), pressed("again"))
    assert kept(again).status is MessageStatus.QUEUED
    assert "outrun" in acts(done(state(pending=(PLANNED,), threads=()), text("Any news?")))


def test_the_note_no_longer_tells_a_time_nor_has_buttons_when_it_is_stopped_or_asked_about() -> None:
    ours = ChatPost(ref=NOTE, conversation=1042, role="note", message="m1")
    another = ChatPost(ref=replace(NOTE, id="3.5"), conversation=1042, role="note", message="m2")
    there = state(pending=(PLANNED,), plans=(ours, another))
    assert UpdateNote(NOTE, GAVE_WAY) in done(there, text("Any news?")).effects
    off = [one for one in done(there, posted("!later off")).effects if isinstance(one, UpdateNote)]
    assert [(one.ref, one.note.text, one.note.by) for one in off] == [(NOTE, "Cancelled.", ANA)]
    held = due(replace(noted(PLANNED), plans=(ours, another)), NO_COMMENT)
    assert [one for one in held.effects if isinstance(one, UpdateNote)] == [UpdateNote(NOTE, ASKED)]


def test_a_recovered_one_that_was_decided_before_is_asked_about() -> None:
    marked = posted("!later 2h It is ready", recovered=True, marked=True)
    assert kept(done(state(), marked)).hold is Hold.GUARD


def test_a_long_reply_is_told_by_its_beginning() -> None:
    assert shortened("a  b\nc") == "a b c"
    assert shortened("x" * 200) == "x" * 120 + "…"
    assert ANA.key == PLANNED.author


def test_what_was_merged_meanwhile_is_asked_about() -> None:
    into = Related(conversation=conversation(number=1043), contact=Contact("c2", "+15550100300"), threads=())
    decision = due(noted(PLANNED, chain=(into,)))
    assert kept(decision).hold is Hold.GUARD
    assert "1043" in kept(decision).reasons[0]

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.domain.consent import Consent
from bridge.domain.conversations import ConversationStatus, State, ThreadState
from bridge.domain.effects import OpenThread, PostNote, PostText
from bridge.domain.events import PostSettled
from bridge.domain.people import Contact, RoomRef, Teammate
from bridge.rules import wording
from bridge.rules.cards import card
from bridge.rules.decide import decide
from bridge.rules.threads import follows
from tests.unit.rules.builders import (
    ANA,
    CONTACT,
    NOW,
    ROOT,
    acts,
    conversation,
    done,
    line,
    policy,
    posted,
    state,
    thread,
)


def refused(**changed: Any) -> PostSettled:
    plain: dict[str, Any] = {"conversation": 1042, "thread": "t1", "message": "m9", "gone": True, "code": "x"}
    return PostSettled(external_id="k:refused", **{**plain, **changed})


def test_a_lost_thread_is_followed_by_another_and_what_waits_finds_it() -> None:
    decision = done(state(), refused())
    lost, follower = decision.threads
    assert (lost.state, follower.earlier) == (ThreadState.LOST, ROOT)
    assert decision.effects[0] == OpenThread(follower.id)
    assert not any(isinstance(effect, PostText) for effect in decision.effects)
    assert follows(follower, lost.id)
    assert not follows(follower, follower.id)


def test_a_thread_in_a_room_the_line_left_is_followed_in_the_new_room() -> None:
    moved = line(rooms=(RoomRef("slack", "C2"),))
    assert done(state(), refused(), moved).threads[1].room == "C2"


def test_it_is_not_followed_where_the_conversation_is_shown_already() -> None:
    both = state(threads=(thread(), thread(id="t2", room="C2")))
    decision = done(both, refused(), line(rooms=(RoomRef("slack", "C2"),)))
    assert [known.state for known in decision.threads] == [ThreadState.LOST]


def test_a_refusal_with_a_reason_is_told_and_one_without_put_on_record() -> None:
    told = done(state(), refused(gone=False, reason="A file could not be shown."))
    assert isinstance(told.effects[0], PostNote)
    assert acts(done(state(), refused(gone=False))) == ["post_refused"]


def test_a_refusal_about_nothing_we_know_changes_nothing() -> None:
    assert done(State(), refused()).effects == ()
    assert done(state(), refused(thread="other")).effects == ()


def test_the_card_says_how_things_stand() -> None:
    face = card(state(), thread(), policy())
    assert (face.number, face.name, face.status, face.line) == (1042, "Maria", "open", "front-desk")
    assert "//" in face.hint
    assert [control.label for control in face.buttons] == ["Claim", "Assign to …", "Canned", "Snooze", "Close", "More"]


def test_the_card_of_a_closed_or_opted_out_conversation() -> None:
    closed = card(state(conversation=conversation(status=ConversationStatus.CLOSED)), thread(), policy())
    assert closed.buttons[3].label == "Reopen"
    stopped = card(state(conversation=conversation(opted_out=True)), thread(earlier=ROOT), policy())
    assert (stopped.status, stopped.hint, stopped.earlier) == ("opted out", wording.OPTED_OUT, ROOT.id)


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        (Consent(by="contact"), wording.OPTED_OUT),
        (
            Consent(by="contact", noted_by=ANA.key),
            "Opted out by ana, on the contact's words: nothing may be sent. They",
        ),
        (Consent(by="person", noted_by=ANA.key), "Opted out by ana: nothing may be sent. `!optin` and how"),
        (Consent(by="person", noted_by="slack:U9"), "Opted out by a teammate: nothing"),
    ],
)
def test_who_opted_out_how_is_told_on_the_card_and_to_who_writes(consent: Consent, said: str) -> None:
    known = state(conversation=conversation(opted_out=True, consent=consent))
    own = replace(policy(), teammates=(Teammate("ana", (("slack", "U1"),)),))
    assert card(known, thread(), own).hint.startswith(said)
    refused = decide(known, posted("Hello"), own, NOW)
    assert any(said in effect.note.text for effect in refused.effects if isinstance(effect, PostNote))


def test_nobody_waits_for_an_answer_that_may_not_be_sent() -> None:
    assert card(state(conversation=conversation(waiting_since=NOW)), thread(), policy()).waiting_since == NOW
    for stands in ({"opted_out": True}, {"blocked": True}):
        face = card(state(conversation=conversation(waiting_since=NOW, **stands)), thread(), policy())
        assert face.waiting_since is None


def test_a_contact_without_a_name_is_shown_by_number() -> None:
    face = card(state(contact=Contact("c1", CONTACT)), thread(), policy())
    assert face.name == face.address


def test_the_card_of_a_line_that_is_gone_says_so() -> None:
    face = card(state(conversation=conversation(line="gone")), thread(), policy())
    assert face.line_address == ""
    assert "no longer configured" in face.hint


def test_a_card_needs_a_conversation() -> None:
    with pytest.raises(ValueError, match="needs a conversation"):
        card(State(), thread(), policy())


def test_spans_are_said_as_people_say_them() -> None:
    assert wording.seconds(timedelta(seconds=5)) == "5 seconds"
    assert wording.seconds(timedelta(minutes=15)) == "15 minutes"

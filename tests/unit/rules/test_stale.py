"""What is held as stale, what a blocked contact does, and what the card says of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.domain.conversations import Said, State, ThreadState
from bridge.domain.effects import (
    PostNote,
)
from bridge.domain.messages import Hold, MessageStatus
from bridge.domain.people import ChatRef, Person
from bridge.rules import owning_words as words
from bridge.rules.cards import card, follower
from bridge.rules.inbound import needs_new
from bridge.rules.sending import Drop, Go, before_send
from bridge.rules.stale import is_later, moment
from tests.unit.rules.builders import (
    ANA,
    NOW,
    acts,
    conversation,
    done,
    guarded,
    policy,
    posted,
    reply,
    state,
    text,
    thread,
)
from tests.unit.rules.teams import (
    BEN,
    SUPPORT,
    WITH,
    decided,
    owned,
)

# stopping what is stale


def said(author: str | None, ref: str | None, seconds: int = 0) -> Said:
    at = NOW - timedelta(seconds=seconds)
    return Said(author=author, ref=ChatRef("slack", "C1", ref) if ref else None, at=at)


@pytest.mark.parametrize(
    ("heard", "held"),
    [
        ((), False),
        ((said(None, "1.5"),), True),
        ((said(None, "0.000000"),), False),
        ((said(None, "0.000001"),), True),
        ((said(None, "2.000001"),), True),
        ((said(None, "10.0"),), True),
        ((said(None, None),), True),
        ((said(None, None, 1000),), False),
        ((said(BEN.key, "1.9"),), True),
        ((said(ANA.key, "1.9"),), False),
        ((said(BEN.key, "2.1"),), True),
        ((said(BEN.key, None),), False),
        ((said(ANA.key, "2.1"),), False),
        ((said("matrix:@ana:x", "2.1"),), False),
        ((said(BEN.key, "$event"),), False),
    ],
)
def test_a_reply_is_held_when_its_writer_could_not_have_seen(heard: tuple[Said, ...], held: bool) -> None:
    decision = decided(state(said=heard), posted("Yes"))
    assert (decision.messages[0].hold is Hold.STALE) is held
    if held:
        note = next(effect.note for effect in decision.effects if isinstance(effect, PostNote))
        assert note.buttons[0].label == "Send anyway"
        assert note.text.startswith("⏳ Held, not sent: “Yes”")
        off = done(state(said=heard), posted("Yes"), replace(SUPPORT, stale_stop=False), **WITH)
        assert off.messages[0].hold is Hold.UNDO


@pytest.mark.parametrize(("ref", "held"), [("1000.000000", False), ("1000.000001", True), ("1009.993000", True)])
def test_what_a_teammate_posted_while_another_typed_counts_as_unseen(ref: str, held: bool) -> None:
    written = posted("Yes", ref=ChatRef("slack", "C1", "1010.000000"))
    decision = decided(state(said=(said(BEN.key, ref),)), written)
    assert (decision.messages[0].hold is Hold.STALE) is held


@pytest.mark.parametrize(
    ("ref", "held"), [("1007.999999", False), ("1008.000000", False), ("1008.000001", True), ("1010.000000", True)]
)
def test_a_text_that_was_shown_while_somebody_wrote_counts_as_unseen(ref: str, held: bool) -> None:
    written = posted("Yes", ref=ChatRef("slack", "C1", "1010.000000"))
    decision = decided(state(said=(said(None, ref),)), written)
    assert (decision.messages[0].hold is Hold.STALE) is held
    planned = decided(state(said=(said(None, ref),)), posted("!later 2h Yes", ref=written.ref))
    assert (planned.messages[0].hold is Hold.STALE) is held


def test_an_unknown_teammate_is_named_as_one() -> None:
    decision = decided(state(said=(said("slack:U9", "2.1"),)), posted("Yes"))
    assert decision.messages[0].reasons == ("another teammate answered at the same time",)
    assert decided(state(said=(said(BEN.key, "2.1"),)), posted("Yes")).messages[0].reasons[0].startswith("ben ")


def test_ids_that_are_no_times_tell_no_order() -> None:
    def at(ref: str) -> datetime | None:
        return moment(ChatRef("slack", "C1", ref), None)

    assert is_later(at("2.10"), at("2.9"))
    assert not is_later(at("$a"), at("$b"))
    assert not is_later(at("2.1"), at("$b"))
    assert not is_later(at("9" * 12 + ".1"), at("2.1"))


def test_where_ids_are_no_times_the_platforms_clock_tells_the_order() -> None:
    event = posted("Yes", ref=ChatRef("matrix", "!r", "$b"), posted_at=NOW)

    def heard(author: str | None, seconds: float, ref: ChatRef | None) -> Said:
        return Said(author=author, ref=ref, at=NOW, posted_at=NOW + timedelta(seconds=seconds))

    here = ChatRef("matrix", "!r", "$a")
    cases = [
        (heard(None, 0.5, here), True),
        (heard(None, -1.9, here), True),
        (heard(None, -2, here), False),
        (heard(BEN.key, -9, here), True),
        (heard(BEN.key, -11, here), False),
        (heard(BEN.key, -1, None), True),  # on the other platform
        (heard(ANA.key, 1, here), False),
    ]
    for said_before, held in cases:
        message = decided(state(said=(said_before,)), event).messages[0]
        assert (message.hold is Hold.STALE) is held
        assert message.posted_at == NOW


def test_a_text_holds_what_waits_in_its_undo_window() -> None:
    decision = decided(state(pending=(reply(),)), text())
    held = next(message for message in decision.messages if message.id == "m1")
    assert (held.hold, held.release_at, held.status) == (Hold.STALE, None, MessageStatus.HELD)
    assert "held" in acts(decision)
    elsewhere = decided(state(pending=(reply(origin=None),), threads=()), text())
    assert any(message.hold is Hold.STALE for message in elsewhere.messages)


@pytest.mark.parametrize(
    "message",
    [reply(release_at=NOW), guarded(), reply(status=MessageStatus.QUEUED, hold=None), reply(release_at=None)],
    ids=["sent early", "held", "queued", "no window"],
)
def test_a_text_does_not_hold_what_a_person_let_go_or_must_decide(message: Any) -> None:
    assert len(decided(state(pending=(message,)), text()).messages) == 1
    assert len(done(state(pending=(reply(),)), text(), replace(SUPPORT, stale_stop=False), **WITH).messages) == 1


# blocked


def test_a_blocked_contact_is_kept_where_they_are() -> None:
    blocked = conversation(blocked=True, waiting_since=None)
    decision = decided(state(conversation=blocked), text())
    assert decision.conversation == replace(blocked, last_inbound_at=NOW)
    assert not needs_new(blocked, SUPPORT.boundary, NOW)
    verdict = before_send(State(message=reply(release_at=None), conversation=blocked), 1, policy(), NOW)
    assert isinstance(verdict, Drop)
    assert isinstance(before_send(State(message=reply(release_at=None)), 1, policy(), NOW), Go)
    face = card(state(conversation=blocked), thread(), policy(SUPPORT, **WITH))
    assert (face.status, face.hint) == ("blocked", words.BLOCKED)


# the card


def test_the_card_names_the_assignee_and_who_holds_what() -> None:
    unknown = guarded(id="m2", author="slack:U9")
    face = card(replace(owned(BEN), pending=(guarded(), unknown, reply(id="m3"))), thread(), policy(SUPPORT, **WITH))
    assert (face.assignee, face.assigned) == ("ben", BEN)
    assert face.held == ((ANA, "ana", 1), (Person("slack", "U9"), None, 1))
    assert [control.action for control in face.buttons][:2] == ["unassign", "assign"]
    nobody = card(owned(Person("slack", "U9")), thread(), policy())
    assert (nobody.assignee, nobody.assigned) == (None, Person("slack", "U9"))


def test_the_card_of_a_moved_thread_leads_on() -> None:
    moved = thread(state=ThreadState.MOVED)
    after = thread(id="t2", room="C2", root=ChatRef("slack", "C2", "9.0"))
    face = card(state(threads=(moved, after)), moved, policy(SUPPORT, **WITH))
    assert (face.status, face.later, face.hint, face.buttons) == ("handed over", "9.0", "", ())
    out = card(state(conversation=conversation(opted_out=True), threads=(moved, after)), moved, policy(SUPPORT, **WITH))
    assert "opted out" in out.hint
    assert follower(state(threads=(moved, replace(after, platform="matrix"))), moved) is not None
    assert follower(state(threads=(moved,)), moved) is None

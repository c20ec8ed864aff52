"""Which texts wait for the end of the contact's night, and what becomes of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.domain.conversations import ChatPost, State
from bridge.domain.effects import ArmTimer, DisarmTimer, PostNote, SendText, UpdateNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.people import Teammate
from bridge.domain.policy import Policy
from bridge.rules import quiet_words
from bridge.rules.decide import decide
from bridge.rules.later_words import ASKED, LATE_REASON
from bridge.rules.quiet import held_until, valid_for
from bridge.rules.sending import Drop, Go, before_send
from tests.unit.rules.builders import (
    ANA,
    CONTACT,
    NOTE,
    acts,
    asked,
    edited,
    policy,
    posted,
    pressed,
    reacted,
    state,
    text,
)
from tests.unit.rules.quiet_cases import LATE, LISBON, MORNING, NIGHT, QUEUED, SLEEPING, at_night, sleeping


@pytest.mark.parametrize("purpose", [Purpose.PROACTIVE, Purpose.AUTOMATIC, Purpose.SCHEDULED])
def test_replies_are_held_by_setting_and_all_else_always(purpose: Purpose) -> None:
    awake = at_night(replace(NIGHT, replies="send"))
    assert held_until(sleeping(), QUEUED, awake, LATE) is None
    assert held_until(sleeping(), replace(QUEUED, purpose=purpose), awake, LATE) == MORNING
    assert held_until(sleeping(), replace(QUEUED, purpose=purpose, overrode=ANA.key), awake, LATE) is None
    assert held_until(State(), QUEUED, awake, LATE) is None
    assert held_until(sleeping(), QUEUED, policy(), LATE) is None


def test_a_reply_at_night_is_held_at_once_and_the_thread_told_when_it_leaves() -> None:
    decision = decide(sleeping(), posted("Your order is ready"), at_night(), LATE)
    [held] = decision.messages
    assert (held.status, held.hold, held.release_at) == (MessageStatus.HELD, Hold.QUIET, MORNING)
    [note] = [effect.note for effect in decision.effects if isinstance(effect, PostNote)]
    assert (note.text.startswith("🌙 Held: it is 23:00"), note.inserts) == (True, (MORNING,))
    assert [button.label for button in note.buttons] == ["Send anyway", "Cancel"]
    assert ArmTimer("quiet", held.id, MORNING) in decision.effects
    assert acts(decision) == ["held_for_night", "replied"]
    assert not any(isinstance(effect, SendText) for effect in decision.effects)


def test_the_last_look_holds_what_came_too_late() -> None:
    verdict = before_send(sleeping(QUEUED), 1, at_night(), LATE)
    assert isinstance(verdict, Drop)
    assert verdict.decision.messages[0].hold is Hold.QUIET
    unseen = before_send(sleeping(replace(QUEUED, origin=None), threads=()), 1, at_night(), LATE)
    assert isinstance(unseen, Drop)
    assert not any(isinstance(effect, PostNote) for effect in unseen.decision.effects)
    assert isinstance(before_send(sleeping(QUEUED), 1, at_night(), MORNING), Go)


def test_a_text_nobody_wrote_in_the_thread_is_repeated_there() -> None:
    long = replace(QUEUED, origin=None, body="We open at nine. " * 9, purpose=Purpose.AUTOMATIC)
    verdict = before_send(sleeping(long), 1, at_night(replace(NIGHT, override="nobody")), LATE)
    assert isinstance(verdict, Drop)
    [note] = [effect.note for effect in verdict.decision.effects if isinstance(effect, PostNote)]
    assert "“We open at nine." in note.text
    assert "…”" in note.text
    assert [button.label for button in note.buttons] == ["Cancel"]


def fired(message: Message | None, now: datetime, **changed: Any) -> list[str]:
    """What is done as the timer fires."""
    event = TimerFired(external_id="t", kind="quiet", conversation=1042, subject="m1")
    return acts(decide(sleeping(message, **changed), event, at_night(), now))


def test_it_leaves_in_the_morning_and_only_if_it_still_waits_for_that() -> None:
    assert fired(SLEEPING, MORNING) == ["sent_in_the_morning"]
    assert fired(replace(SLEEPING, origin=None, author=None), MORNING, threads=()) == ["sent_in_the_morning"]
    assert fired(SLEEPING, MORNING - timedelta(seconds=1)) == []
    assert fired(replace(SLEEPING, hold=Hold.GUARD), MORNING) == []
    assert fired(replace(SLEEPING, status=MessageStatus.CANCELLED), MORNING) == []
    assert fired(replace(SLEEPING, release_at=None), MORNING) == []
    assert fired(None, MORNING) == []
    assert fired(SLEEPING, MORNING, conversation=None) == []


def test_one_that_nobody_could_send_for_more_than_a_day_is_asked_about() -> None:
    assert fired(SLEEPING, MORNING + timedelta(days=1)) == ["sent_in_the_morning"]
    event = TimerFired(external_id="t", kind="quiet", conversation=1042, subject="m1")
    note = ChatPost(ref=NOTE, conversation=1042, role="note", message="m1")
    decision = decide(sleeping(SLEEPING, plans=(note,)), event, at_night(), MORNING + timedelta(days=1, seconds=1))
    (held,) = decision.messages
    assert (held.hold, held.reasons) == (Hold.GUARD, (LATE_REASON,))
    assert UpdateNote(NOTE, ASKED) in decision.effects


def test_a_reminder_of_an_appointment_that_has_begun_is_not_sent() -> None:
    reminder = replace(SLEEPING, plan=f"appointment {MORNING.isoformat()}")
    assert fired(reminder, MORNING) == ["dropped"]
    early = replace(SLEEPING, plan=f"appointment {(MORNING + timedelta(minutes=1)).isoformat()}")
    assert fired(early, MORNING) == ["sent_in_the_morning"]


MANAGER = (Teammate("ana", (("slack", "U1"),), "manager"),)


@pytest.mark.parametrize(
    ("override", "teammates", "sent"),
    [
        ("members", (), True),
        ("managers", MANAGER, True),
        ("managers", (Teammate("ana", (("slack", "U1"),)),), False),
        ("managers", (), False),
        ("nobody", MANAGER, False),
    ],
)
def test_somebody_sends_it_all_the_same_in_their_own_name(override: Any, teammates: Any, sent: bool) -> None:
    rules = at_night(replace(NIGHT, override=override), teammates=teammates)
    for event in (pressed("send"), reacted("incoming_envelope")):
        decision = decide(replace(asked(SLEEPING), contact=LISBON), event, rules, LATE)
        assert acts(decision) == (["sent_at_night"] if sent else [])
        if sent:
            [message] = decision.messages
            assert message.overrode == ANA.key
            assert DisarmTimer("quiet", "m1") in decision.effects
            assert isinstance(before_send(sleeping(message), message.ticket, rules, LATE), Go)


def test_a_held_reply_on_a_line_that_no_longer_has_a_night_is_sent() -> None:
    assert acts(decide(sleeping(SLEEPING), pressed("send"), Policy(lines={}, teammates=MANAGER), LATE)) == [
        "sent_at_night"
    ]


def test_it_can_be_stopped_changed_or_kept_inside() -> None:
    for event in (pressed("undo"), reacted("x"), pressed("keep")):
        decision = decide(sleeping(SLEEPING), event, at_night(), LATE)
        assert DisarmTimer("quiet", "m1") in decision.effects
    again = decide(replace(asked(SLEEPING), contact=LISBON), edited("Ready at ten"), at_night(), LATE)
    assert (again.messages[0].hold, again.messages[0].body) == (Hold.QUIET, "Ready at ten")
    assert not any(isinstance(effect, PostNote) for effect in again.effects)
    unsure = decide(replace(asked(SLEEPING), contact=LISBON), edited("Ready @here"), at_night(), LATE)
    assert unsure.messages[0].hold is Hold.GUARD
    assert DisarmTimer("quiet", "m1") in unsure.effects


def test_the_note_no_longer_says_when_it_leaves_once_the_contact_has_written_again() -> None:
    ours = ChatPost(ref=NOTE, conversation=1042, role="note", message="m1")
    there = replace(state(pending=(SLEEPING,)), contact=LISBON, plans=(ours,))
    assert UpdateNote(NOTE, quiet_words.OVERTAKEN) in decide(there, text("Are you there?"), at_night(), LATE).effects


def test_what_the_contact_writes_in_the_night_asks_about_it_but_not_about_automatic_texts() -> None:
    decision = decide(sleeping(pending=(SLEEPING,)), text("Never mind", sender=CONTACT), at_night(), LATE)
    assert [message.hold for message in decision.messages if message.id == "m1"] == [Hold.STALE]
    assert DisarmTimer("quiet", "m1") in decision.effects
    automatic = replace(SLEEPING, purpose=Purpose.AUTOMATIC)
    decision = decide(sleeping(pending=(automatic,)), text("Never mind"), at_night(), LATE)
    assert not [message for message in decision.messages if message.id == "m1"]


def test_texts_to_be_sent_later_are_scheduled_until_somebody_sends_them_now() -> None:
    planned = decide(sleeping(), posted("!later 2h Hello there"), at_night(), LATE)
    [message] = planned.messages
    assert message.purpose is Purpose.SCHEDULED
    now = decide(sleeping(replace(message, id="m1")), pressed("send"), at_night(), LATE)
    assert now.messages[0].purpose is Purpose.REPLY


def test_a_text_is_not_to_come_after_the_night_began() -> None:
    evening = datetime(2026, 11, 22, 20, 15, tzinfo=UTC)
    assert valid_for(sleeping(), QUEUED, at_night(), evening) == timedelta(minutes=45)
    assert valid_for(sleeping(), QUEUED, at_night(replace(NIGHT, replies="send")), evening) is None
    assert valid_for(sleeping(), QUEUED, policy(), evening) is None
    assert valid_for(State(), QUEUED, at_night(), evening) is None


def test_automatic_texts_are_sent_at_night_by_setting() -> None:
    automatic = replace(QUEUED, purpose=Purpose.AUTOMATIC)
    assert held_until(sleeping(), automatic, at_night(replace(NIGHT, automatic="send")), LATE) is None
    assert held_until(sleeping(), automatic, at_night(), LATE) == MORNING

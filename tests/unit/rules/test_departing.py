"""What is said of a text that is let go: sent only where it leaves, and when, where that is known."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bridge.domain.consent import Consent
from bridge.domain.conversations import ChatPost
from bridge.domain.effects import AnswerPrivately, PostNote, UpdateNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, Purpose
from bridge.rules.cards import card
from bridge.rules.decide import decide
from tests.unit.rules.builders import NOTE, acts, conversation, guarded, posted, pressed, reply, state, text, thread
from tests.unit.rules.quiet_cases import LATE, LISBON, MORNING, at_night

OUT = conversation(opted_out=True)
DUE = TimerFired(external_id="t", kind="later", conversation=1042, subject="m1")
PLANNED = reply(hold=Hold.LATER, release_at=LATE, body="It is ready")
NOTED = (ChatPost(ref=NOTE, conversation=1042, role="note", message="m1"),)
HALF_PAST_EIGHT = MORNING + timedelta(minutes=30)


def became(decision: Any) -> list[str]:
    return [effect.note.text for effect in decision.effects if isinstance(effect, UpdateNote)]


@pytest.mark.parametrize(
    ("changed", "now", "told"),
    [
        ({}, HALF_PAST_EIGHT, "Sent."),
        ({"conversation": OUT}, HALF_PAST_EIGHT, "Let go."),
        ({"conversation": conversation(blocked=True)}, HALF_PAST_EIGHT, "Let go."),
        ({}, LATE, "Let go."),
    ],
)
def test_a_planned_text_is_called_sent_only_where_it_leaves(changed: Any, now: datetime, told: str) -> None:
    before = state(PLANNED, notes=NOTED, **{"contact": LISBON, **changed})
    assert became(decide(before, DUE, at_night(), now)) == [told]


@pytest.mark.parametrize(("changed", "told"), [({}, "Sent."), ({"conversation": OUT}, "Let go.")])
def test_a_held_reply_is_called_sent_only_where_it_leaves(changed: Any, told: str) -> None:
    before = state(guarded(), notes=NOTED, **changed)
    assert became(decide(before, pressed("send"), at_night(), HALF_PAST_EIGHT)) == [told]


@pytest.mark.parametrize("command", ["!later 23:30 It is ready", "!later every day 23:30 It is ready"])
def test_a_plan_for_the_contacts_night_says_when_it_leaves(command: str) -> None:
    decision = decide(state(contact=LISBON), posted(command), at_night(), LATE - timedelta(hours=8))
    [note] = [effect.note for effect in decision.effects if isinstance(effect, PostNote)]
    assert note.text.startswith("⏳ Leaves ￼, when their night is over")
    assert note.inserts == (MORNING,)
    [message] = decision.messages
    listed = decide(state(contact=LISBON, pending=(message,)), posted("!later"), at_night(), LATE - timedelta(hours=8))
    [answer] = [effect.note for effect in listed.effects if isinstance(effect, AnswerPrivately)]
    assert answer.inserts == (MORNING,)


def test_who_opted_out_gets_no_answer_that_leaves() -> None:
    waits = conversation(waiting_since=LATE, answer_held_until=MORNING)
    assert card(state(conversation=waits), thread(), at_night()).answer_leaves == MORNING
    assert card(state(conversation=replace(waits, opted_out=True)), thread(), at_night()).answer_leaves is None
    missed = conversation(waiting_since=LATE, breached_at=LATE)
    assert card(state(conversation=missed), thread(), at_night()).breached_at == LATE
    assert card(state(conversation=replace(missed, opted_out=True)), thread(), at_night()).breached_at is None


@pytest.mark.parametrize(
    ("consent", "became"), [(Consent(asking="asked"), "sent_in_the_morning"), (Consent(given=True), "dropped")]
)
def test_a_question_about_consent_that_the_night_held_is_not_asked_once_it_is_answered(
    consent: Consent, became: str
) -> None:
    asked = reply(hold=Hold.QUIET, release_at=MORNING, origin=None, author=None, purpose=Purpose.REQUEST)
    night = state(asked, contact=LISBON, pending=(asked,), conversation=conversation(consent=consent))
    assert [one for one in decide(night, text(), at_night(), LATE).messages if one.id == asked.id] == []
    morning = TimerFired(external_id="t", kind="quiet", conversation=1042, subject="m1")
    assert acts(decide(night, morning, at_night(), MORNING)) == [became]

"""An automatic text that was held says what is true when it leaves, or nothing."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bridge.config.policy import policy_of
from bridge.domain.consent import Consent
from bridge.domain.conversations import ChatPost, ConversationStatus, State
from bridge.domain.decision import Decision
from bridge.domain.effects import PostNote, SendText, UpdateNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.policy import Policy, QuietHours
from bridge.rules.decide import decide
from tests.unit.rules import builders
from tests.unit.rules.builders import NOTE, acts, pressed, reply
from tests.unit.rules.town import rule, state, town

FRIDAY_NIGHT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # ten in the evening in New York
SATURDAY = datetime(2026, 11, 21, 13, 0, tzinfo=UTC)  # eight in the morning
MONDAY_NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
CLOSED = rule("{all: [{hours: closed}]}", "reply: {text: 'Back {{ hours.next_opening }}.'}")
HELD = reply(
    hold=Hold.QUIET,
    release_at=SATURDAY,
    created_at=FRIDAY_NIGHT,
    body="Back Monday.",
    origin=None,
    author=None,
    purpose=Purpose.AUTOMATIC,
    automatic="rule:example",
)


def settings(rules: str = CLOSED, **changed: Any) -> Policy:
    policy = policy_of(town(rules), {})
    line = replace(policy.lines["front-desk"], quiet=QuietHours(start=time(21), end=time(8)), **changed)
    return replace(policy, lines={"front-desk": line})


def in_the_morning(
    message: Message = HELD, policy: Policy | None = None, now: datetime = SATURDAY, **changed: Any
) -> Decision:
    noted = (ChatPost(ref=NOTE, conversation=1042, role="note", message=message.id),)
    shown = replace(noted[0], ref=replace(NOTE, id="4.0"))
    waiting = {"waiting_since": FRIDAY_NIGHT, "last_inbound_at": FRIDAY_NIGHT, **changed}
    before = state(conversation=waiting, message=message, pending=(message,), plans=noted, notes=(shown, *noted))
    return decide(
        before,
        TimerFired(external_id="t", kind="quiet", conversation=1042, subject="m1"),
        policy or settings(),
        now,
    )


def told(decision: Decision) -> list[str]:
    return [one.note.text for one in decision.effects if isinstance(one, UpdateNote | PostNote)]


def test_it_says_when_the_team_is_back_as_it_is_by_then() -> None:
    decision = in_the_morning(release := replace(HELD, body="Back tomorrow at 9 AM."))
    (sent,) = decision.messages
    assert (sent.status, sent.body) == (MessageStatus.QUEUED, "Back Monday at 9:00 AM.")
    assert any(isinstance(one, SendText) for one in decision.effects)
    assert told(decision) == [f"“{sent.body}” sent."], "what else the thread was told of it stays"
    assert release.body != sent.body


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"last_outbound_at": FRIDAY_NIGHT + timedelta(hours=1)}, "a teammate has answered meanwhile"),
        (
            {
                "status": ConversationStatus.CLOSED,
                "closed_at": FRIDAY_NIGHT + timedelta(hours=1),
                "waiting_since": None,
            },
            "the conversation was closed meanwhile",
        ),
    ],
)
def test_it_is_dropped_with_a_word_when_it_was_dealt_with(changed: dict[str, Any], why: str) -> None:
    decision = in_the_morning(**changed)
    (stopped,) = decision.messages
    assert stopped.status is MessageStatus.CANCELLED
    assert told(decision) == [f"🤖 Not sent: “Back Monday.”: {why}."]
    assert acts(decision) == ["dropped"]
    early: dict[str, Any] = {
        name: FRIDAY_NIGHT if isinstance(value, datetime) else value for name, value in changed.items()
    }
    assert in_the_morning(**early).messages[0].status is MessageStatus.QUEUED, "it answers what came after that"


def test_it_is_dropped_when_a_persons_answer_leaves_in_the_same_morning() -> None:
    answer = reply(id="m2", hold=Hold.QUIET, release_at=SATURDAY, created_at=FRIDAY_NIGHT + timedelta(hours=1))
    before = state(
        conversation={"waiting_since": FRIDAY_NIGHT, "answer_held_until": SATURDAY},
        message=HELD,
        pending=(HELD, answer),
        threads=(),
    )
    fired = TimerFired(external_id="t", kind="quiet", conversation=1042, subject="m1")
    (stopped,) = decide(before, fired, settings(), SATURDAY).messages
    assert (stopped.id, stopped.status) == ("m1", MessageStatus.CANCELLED)


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ("", "its rule is no longer in the configuration"),
        (rule("{}", "label: lead"), "its rule is no longer in the configuration"),
        (rule("{}", "reply: {text: 'One.'}", "reply: {text: 'Two.'}"), "its rule is no longer in the configuration"),
        (
            rule("{none: [{any: [{hours: open}]}]}", "reply: {text: 'Back soon.'}"),
            "its rule asks for the business hours",
        ),
        (rule("{}", "reply: {text: '{{ contact.name }}'}"), "it would say nothing"),
        (rule("{}", "reply: {text: '// hm'}"), "it holds a comment marker"),
    ],
)
def test_it_is_dropped_when_its_rule_would_not_say_so_now(rules: str, why: str) -> None:
    decision = in_the_morning(policy=settings(rules), now=MONDAY_NOON)
    assert decision.messages[0].status is MessageStatus.CANCELLED
    assert why in told(decision)[0]


def test_it_is_dropped_where_it_has_become_too_long() -> None:
    decision = in_the_morning(policy=settings(max_segments=0))
    assert "it would take 1 segments" in told(decision)[0]


def test_of_several_texts_of_a_rule_each_stays_itself() -> None:
    two = settings(rule("{}", "reply: {text: 'One.'}", "reply: {text: 'Back {{ hours.next_opening }}.'}"))
    said = in_the_morning(replace(HELD, body="Back Monday at 9:00 AM."), two)
    assert [one.body for one in said.messages] == ["Back Monday at 9:00 AM."]
    assert [one.body for one in in_the_morning(replace(HELD, body="One."), two).messages] == ["One."]


def test_without_hours_a_rule_that_asks_for_them_goes_on() -> None:
    assert (
        in_the_morning(policy=settings(rule("{hours: open}", "reply: {text: 'Hello.'}"), hours=None), now=MONDAY_NOON)
        .messages[0]
        .body
        == "Hello."
    )


def test_what_a_person_wrote_leaves_as_it_is() -> None:
    written = replace(HELD, purpose=Purpose.REPLY, author=builders.ANA.key, automatic=None)
    later = FRIDAY_NIGHT + timedelta(hours=1)
    assert in_the_morning(written, last_outbound_at=later).messages[0].status is MessageStatus.QUEUED


def test_one_that_waited_for_consent_is_looked_at_alike() -> None:
    waiting = replace(HELD, hold=Hold.CONSENT, release_at=None)
    answered = FRIDAY_NIGHT + timedelta(hours=1)

    def denied(**changed: Any) -> Decision:
        doubted = replace(reply(), id="t1", purpose=Purpose.REPLY)
        before: State = state(
            conversation={"consent": Consent(doubt="t1"), "waiting_since": FRIDAY_NIGHT, **changed},
            message=doubted,
            pending=(waiting,),
        )
        return decide(before, pressed("not_revoked"), settings(), SATURDAY)

    (sent,) = denied().messages
    assert (sent.status, sent.body) == (MessageStatus.QUEUED, "Back Monday at 9:00 AM.")
    (stopped,) = denied(last_outbound_at=answered).messages
    assert stopped.status is MessageStatus.CANCELLED
    assert not any(isinstance(one, SendText) for one in denied(last_outbound_at=answered).effects)

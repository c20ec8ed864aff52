"""The contact's night: when it ends, over zones and changes of clocks, and which texts wait for that."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.conversations import ChatPost, State
from bridge.domain.effects import ArmTimer, DisarmTimer, PostNote, SendText, UpdateNote
from bridge.domain.events import TimerFired
from bridge.domain.messages import Hold, Message, MessageStatus, Purpose
from bridge.domain.people import Contact, Person, Teammate
from bridge.domain.policy import Policy, QuietHours
from bridge.rules import quiet_words, zones
from bridge.rules.decide import decide
from bridge.rules.later_words import ASKED, LATE_REASON
from bridge.rules.quiet import begins, held_until, is_quiet, over, valid_for
from bridge.rules.sending import Drop, Go, before_send
from tests.unit.rules.builders import (
    ANA,
    CONTACT,
    NOTE,
    acts,
    asked,
    edited,
    line,
    policy,
    posted,
    pressed,
    reacted,
    reply,
    state,
    text,
)

NIGHT = QuietHours(start=time(21), end=time(8), replies="hold")
LISBON = Contact("c1", CONTACT, "Maria", zone="Europe/Lisbon")
LATE = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
QUEUED = reply(status=MessageStatus.QUEUED, hold=None, release_at=None)
SLEEPING = reply(hold=Hold.QUIET, release_at=MORNING)

ZONES = (
    *("America/New_York", "America/Los_Angeles", "Europe/Lisbon", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Africa/Casablanca", "Pacific/Chatham", "UTC"),
)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
NIGHTS = st.tuples(MINUTES, MINUTES).filter(lambda span: span[0] != span[1])
MOMENTS = st.integers(0, 15 * 365 * 86_400).map(
    lambda second: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


def at_night(quiet: QuietHours = NIGHT, **changed: Any) -> Policy:
    """A line whose contacts sleep."""
    return policy(line(quiet=quiet, undo=timedelta(0)), **changed)


def sleeping(message: Message | None = None, **changed: Any) -> State:
    """A contact in Lisbon."""
    return state(message, **{"contact": LISBON, **changed})


@given(NIGHTS, st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), MOMENTS)
def test_a_night_is_over_when_it_is_night_nowhere_and_not_before(
    span: tuple[time, time], names: list[str], now: datetime
) -> None:
    hours, places = QuietHours(start=span[0], end=span[1]), [ZoneInfo(name) for name in names]
    end = over(hours, places, now)
    if end is None:
        assert len(set(names)) > 1
        return
    assert end >= now
    assert not any(is_quiet(hours, place, end) for place in places)
    steps = int((end - now) / timedelta(minutes=7))
    dark = [any(is_quiet(hours, place, now + timedelta(minutes=7 * step)) for place in places) for step in range(steps)]
    shift = timedelta(hours=1)  # clocks may jump over the end
    assert all(dark) or any(place.utcoffset(now) != place.utcoffset(end + shift) for place in places)


@given(NIGHTS, st.lists(st.sampled_from(ZONES), min_size=1, max_size=3), MOMENTS)
def test_the_next_night_begins_within_a_day_or_so(span: tuple[time, time], names: list[str], now: datetime) -> None:
    hours, places = QuietHours(start=span[0], end=span[1]), [ZoneInfo(name) for name in names]
    start = begins(hours, places, now)
    assert now < start <= now + timedelta(hours=49)
    local = {(start.astimezone(place) + timedelta(hours=jump)).time() for place in places for jump in (0, -1, 1)}
    assert hours.start in local or any(name in ("Australia/Lord_Howe", "Pacific/Apia") for name in names)


@pytest.mark.parametrize(
    ("zone", "now", "end"),
    [
        ("Europe/Lisbon", datetime(2026, 11, 22, 23, 0, tzinfo=UTC), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 8, 3, 0, tzinfo=UTC), datetime(2026, 3, 8, 12, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 11, 1, 3, 0, tzinfo=UTC), datetime(2026, 11, 1, 13, 0, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 1, 1, 20, 0, tzinfo=UTC), datetime(2026, 1, 2, 2, 15, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2028, 2, 28, 22, 0, tzinfo=UTC), datetime(2028, 2, 29, 8, 0, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2026, 11, 22, 12, 0, tzinfo=UTC), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_night_from_nine_to_eight(zone: str, now: datetime, end: datetime) -> None:
    assert over(NIGHT, [ZoneInfo(zone)], now) == end


def test_a_night_within_one_day() -> None:
    siesta = QuietHours(start=time(13), end=time(15))
    assert over(siesta, [ZoneInfo("UTC")], datetime(2026, 5, 1, 14, 0, tzinfo=UTC)) == datetime(
        2026, 5, 1, 15, 0, tzinfo=UTC
    )
    assert not is_quiet(siesta, UTC, datetime(2026, 5, 1, 15, 0, tzinfo=UTC))


def test_every_zone_of_a_number_must_allow_it() -> None:
    split, pacific = "+12195550123", "+14155550123"
    assert {one.key for one in zones.candidates(split)} == {"America/New_York", "America/Chicago"}
    eight_in_new_york = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    for address, hours in ((split, 1), (pacific, 3)):
        found = held_until(
            state(contact=Contact("c1", address)),
            replace(QUEUED, purpose=Purpose.PROACTIVE),
            at_night(),
            eight_in_new_york,
        )
        assert found == eight_in_new_york + timedelta(hours=hours)


@pytest.mark.parametrize("address", ["+18005550100", "+447700900123", "12345", "ACME", CONTACT])
def test_a_number_that_tells_no_place_is_taken_to_be_where_the_line_is(address: str) -> None:
    there = policy(line(quiet=NIGHT, zone=ZoneInfo("Asia/Kolkata")))
    found = held_until(state(contact=Contact("c1", address)), QUEUED, there, datetime(2026, 11, 22, 20, 0, tzinfo=UTC))
    assert found == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def test_the_contacts_own_zone_goes_before_their_numbers() -> None:
    moved = Contact("c1", "+14155550123", zone="Europe/Lisbon")
    assert held_until(state(contact=moved), QUEUED, at_night(), LATE) == MORNING
    gone = Contact("c1", "+14155550123", zone="Europe/Atlantis")
    assert held_until(state(contact=gone), QUEUED, at_night(), LATE) is None


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


def told(words: str, the_state: State) -> Any:
    return decide(the_state, posted(words), policy(), LATE)


def test_a_teammate_says_where_the_contact_lives() -> None:
    set_to = told("!zone europe/lisbon", state())
    assert set_to.contact == Contact("c1", CONTACT, "Maria", zone="Europe/Lisbon")
    assert acts(set_to) == ["zone_set"]
    assert acts(told("!zone Europe/Lisbon", sleeping())) == []
    assert told("!zone new york", state()).effects[0].note == quiet_words.no_zone("new york")
    assert told("!zone america/new york", state()).contact.zone == "America/New_York"
    assert told("!zone off", sleeping()).contact.zone is None
    assert told("!zone ../etc/passwd", state()).contact is None
    known = Contact("c1", "+14155550123")
    assert "America/Los_Angeles" in told("!zone", state(contact=known)).effects[0].note.text
    assert "does not tell" in told("!zone", state(contact=Contact("c1", "12345"))).effects[0].note.text
    assert "is Europe/Lisbon." in told("!zone", sleeping()).effects[0].note.text


def test_somebody_else_may_not() -> None:
    person = Person("slack", "U9")
    watching = (Teammate("gus", (("slack", "U9"),), "observer"),)
    refused = decide(state(), posted("!zone Europe/Lisbon", author=person), policy(teammates=watching), LATE)
    assert refused.contact is None


def test_automatic_texts_are_sent_at_night_by_setting() -> None:
    automatic = replace(QUEUED, purpose=Purpose.AUTOMATIC)
    assert held_until(sleeping(), automatic, at_night(replace(NIGHT, automatic="send")), LATE) is None
    assert held_until(sleeping(), automatic, at_night(), LATE) == MORNING

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bridge.domain.cards import Button
from bridge.domain.conversations import ConversationStatus, State, ThreadState
from bridge.domain.effects import ArmTimer, DisarmTimer, OpenForm, PostNote, PostText, Record
from bridge.domain.events import TimerFired
from bridge.domain.hours import Hours
from bridge.domain.people import Team, Teammate
from bridge.rules.cards import card
from bridge.rules.hours import next_opening
from tests.unit.rules.builders import (
    ANA,
    NOW,
    acts,
    conversation,
    done,
    kinds,
    line,
    policy,
    posted,
    pressed,
    reacted,
    state,
    text,
    thread,
)
from tests.unit.rules.teams import BEN, SUPPORT, decided, given, private, submitted

NEW_YORK = ZoneInfo("America/New_York")
NINE = (time(9), time(17))
OFFICE = Hours(NEW_YORK, ((NINE,),) * 5 + ((),) * 2, (datetime(2026, 11, 23, tzinfo=UTC).date(),))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ASLEEP = conversation(status=ConversationStatus.SNOOZED, snoozed_until=MONDAY)
OVER = TimerFired(external_id="t", kind="snooze", conversation=1042, subject="1042")


def put_away(decision: Any) -> datetime | None:
    assert decision.conversation.status is ConversationStatus.SNOOZED
    return decision.conversation.snoozed_until


@pytest.mark.parametrize(
    "event",
    [
        posted("!snooze mon 9:00"),
        given("#1042 snooze mon 9:00"),
        submitted(form="snooze", values=(("until", "mon 9:00"),)),
        submitted(form="snooze", values=(("until", "1h"), ("own", "mon 9:00"))),
    ],
)
def test_a_conversation_is_put_away_until_a_time_from_every_surface(event: Any) -> None:
    decision = decided(state(), event)
    assert put_away(decision) == MONDAY
    assert ArmTimer("snooze", "1042", MONDAY) in decision.effects
    assert acts(decision) == ["snoozed"]
    assert private(decision).startswith("Snoozed until")
    again = decided(state(conversation=decision.conversation), event)
    assert (again.conversation, acts(again)) == (None, [])


@pytest.mark.parametrize("event", [posted("!snooze"), reacted("zzz"), given("#1042 snooze")])
def test_without_a_time_it_is_until_people_are_back(event: Any) -> None:
    assert put_away(done(state(), event)) == MONDAY
    opening = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert put_away(done(state(), event, line(hours=OFFICE, zone=NEW_YORK))) == opening
    never = Hours(NEW_YORK, ((),) * 7)
    nine = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert put_away(done(state(), event, line(hours=never, zone=NEW_YORK))) == nine


@pytest.mark.parametrize("words", ["opening", "until next opening", "Until we open"])
def test_until_the_next_opening_in_words(words: str) -> None:
    opening = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert put_away(done(state(), posted(f"!snooze {words}"), line(hours=OFFICE, zone=NEW_YORK))) == opening


def test_the_hours_of_the_team_it_was_handed_over_to_count() -> None:
    opening = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    handed = state(conversation=conversation(team="sales"))
    teams = {"support": SUPPORT, "sales": Team("sales", hours=OFFICE)}
    decision = done(handed, posted("!snooze"), SUPPORT, teams=teams)
    assert put_away(decision) == opening


def test_the_hours_of_a_line_begin_again_after_a_break_and_a_clock_change() -> None:
    spans = Hours(NEW_YORK, (((time(9), time(12)), (time(13), time(17))),) * 7)
    noon = datetime(2026, 10, 31, 16, 30, tzinfo=UTC)
    assert next_opening(spans, noon) == noon + timedelta(minutes=30)
    assert next_opening(spans, noon + timedelta(hours=1)) == datetime(2026, 11, 1, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("words", ["!snooze until reply", "!snooze they write", "!snooze until the contact writes"])
def test_it_can_be_put_away_until_the_contact_writes(words: str) -> None:
    decision = done(state(conversation=ASLEEP), posted(words))
    assert put_away(decision) is None
    assert DisarmTimer("snooze", "1042") in decision.effects
    assert private(decision) == "Snoozed until the contact writes."
    assert card(state(conversation=decision.conversation), thread(), policy()).status == "snoozed until they write"


@pytest.mark.parametrize("words", ["!snooze soon", "!snooze 2h or so", "!snooze 2020-01-01"])
def test_a_time_that_is_not_certain_puts_nothing_away(words: str) -> None:
    decision = done(state(), posted(words))
    assert decision.conversation is None
    assert acts(decision) == []


def test_a_time_is_that_of_the_lines_zone() -> None:
    found = put_away(done(state(), posted("!snooze mon 9:00"), line(zone=NEW_YORK)))
    assert found == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_the_button_asks_until_when() -> None:
    opened = done(state(), pressed("snooze", value="", trigger="T1")).effects
    assert [type(effect) for effect in opened] == [OpenForm]
    assert isinstance(opened[0], OpenForm)
    assert opened[0].form.context == "#1042"
    assert put_away(done(state(), pressed("snooze", value=""))) == MONDAY


def test_the_card_says_until_when_and_offers_to_wake() -> None:
    face = card(state(conversation=ASLEEP), thread(), policy())
    assert (face.status, face.until) == ("snoozed until", MONDAY)
    assert [one.label for one in face.buttons if isinstance(one, Button)] == ["Claim", "Canned", "Wake", "Close"]
    moved = card(state(conversation=ASLEEP), thread(state=ThreadState.MOVED), policy())
    assert (moved.status, moved.until) == ("handed over", None)


@pytest.mark.parametrize("event", [posted("!wake"), reacted("zzz", added=False), pressed("wake", value="")])
def test_it_is_woken_from_every_surface(event: Any) -> None:
    decision = done(state(conversation=ASLEEP), event)
    assert decision.conversation is not None
    assert (decision.conversation.status, decision.conversation.snoozed_until) == (ConversationStatus.OPEN, None)
    assert DisarmTimer("snooze", "1042") in decision.effects
    assert acts(decision) == ["woken"]
    assert done(state(), event).conversation is None


def test_closing_and_reopening_end_a_snooze() -> None:
    for word, status in (("!close", ConversationStatus.CLOSED), ("!reopen", ConversationStatus.OPEN)):
        decision = done(state(conversation=ASLEEP), posted(word))
        assert decision.conversation is not None
        assert (decision.conversation.status, decision.conversation.snoozed_until) == (status, None)
        assert DisarmTimer("snooze", "1042") in decision.effects


def test_a_closed_conversation_can_be_put_away_to_come_back() -> None:
    closed = conversation(status=ConversationStatus.CLOSED, closed_at=NOW)
    decision = done(state(conversation=closed), posted("!snooze mon 9:00"))
    assert put_away(decision) == MONDAY
    assert decision.conversation is not None
    assert decision.conversation.closed_at is None


def test_a_reply_leaves_the_snooze_as_it_is() -> None:
    decision = done(state(conversation=ASLEEP), posted("We will know on Monday"))
    assert decision.messages
    assert decision.conversation is None


def test_a_text_wakes_at_once_and_shows_in_the_room() -> None:
    decision = done(state(conversation=ASLEEP), text("Any news?"))
    assert decision.conversation is not None
    assert (decision.conversation.status, decision.conversation.snoozed_until) == (ConversationStatus.OPEN, None)
    assert DisarmTimer("snooze", "1042") in decision.effects
    assert acts(decision) == ["text_received", "woken"]
    shown = next(effect for effect in decision.effects if isinstance(effect, PostText))
    assert shown.ring.bump
    forever = conversation(status=ConversationStatus.SNOOZED)
    assert "DisarmTimer" not in kinds(done(state(conversation=forever), text("Any news?")))


def fired(the_state: State, after: timedelta = timedelta(days=1), **how: Any) -> Any:
    from bridge.rules.decide import decide

    return decide(the_state, OVER, policy(how.pop("line", SUPPORT), **how), NOW + after)


def test_when_its_time_has_come_it_is_open_again_and_who_has_it_is_told() -> None:
    mine = conversation(status=ConversationStatus.SNOOZED, snoozed_until=MONDAY, assignee=ANA.key)
    decision = fired(state(conversation=mine))
    assert decision.conversation.status is ConversationStatus.OPEN
    note = next(effect.note for effect in decision.effects if isinstance(effect, PostNote))
    assert (note.inserts, note.quiet, note.bump, note.everyone) == ((ANA,), False, True, False)
    assert Record("woken", "bridge", "timer") in decision.effects
    silent = fired(state(conversation=mine), line=line(ping="nobody"))
    assert next(effect.note for effect in silent.effects if isinstance(effect, PostNote)).quiet


def test_what_nobody_has_calls_the_team_as_a_text_would() -> None:
    from tests.unit.rules.teams import TEAMS

    note = next(
        effect.note for effect in fired(state(conversation=ASLEEP), teams=TEAMS).effects if hasattr(effect, "note")
    )
    assert (note.inserts, note.bump, note.everyone) == ((), True, True)
    gone = fired(state(conversation=ASLEEP), line=line(name="other"))
    assert not next(effect.note for effect in gone.effects if hasattr(effect, "note")).everyone
    blocked = conversation(status=ConversationStatus.SNOOZED, snoozed_until=MONDAY, blocked=True)
    calm = next(effect.note for effect in fired(state(conversation=blocked)).effects if hasattr(effect, "note"))
    assert not calm.bump


def test_it_is_told_where_the_conversation_goes_on() -> None:
    both = state(conversation=ASLEEP, threads=(thread(state=ThreadState.MOVED), thread(id="t2", room="C2")))
    assert [effect.thread for effect in fired(both).effects if isinstance(effect, PostNote)] == ["t2"]


@pytest.mark.parametrize(
    "the_state",
    [
        State(),
        state(),
        state(conversation=conversation(status=ConversationStatus.SNOOZED)),
        state(conversation=conversation(status=ConversationStatus.SNOOZED, snoozed_until=NOW + timedelta(days=9))),
    ],
)
def test_a_timer_that_comes_late_or_twice_says_nothing(the_state: State) -> None:
    assert fired(the_state).effects == ()


def test_people_without_a_conversation_or_permission_put_nothing_away() -> None:
    assert done(State(), posted("!snooze")).effects == ()
    assert decided(state(), posted("!snooze", author=BEN)).conversation is not None
    from bridge.rules.snoozing import snooze, wake
    from tests.unit.rules.builders import act

    assert snooze(act(State())).effects == ()
    assert wake(act(State())).effects == ()


def test_a_form_with_no_time_in_it_is_shown_again_with_the_reason() -> None:
    given_in_form = submitted(form="snooze", values=(("until", "1h"), ("own", "blurgh")), trigger="t")
    decision = decided(state(), given_in_form)
    [opened] = [effect for effect in decision.effects if isinstance(effect, OpenForm)]
    assert (opened.trigger, opened.form.name, decision.conversation) == ("t", "snooze", None)
    assert opened.form.fields[1].initial == "blurgh"
    why = private(decided(state(), submitted(form="snooze", values=(("own", "blurgh"),))))
    assert opened.form.text == why != ""


def test_times_are_read_where_the_writer_is_and_of_a_series_where_the_line_is() -> None:
    tokyo = Teammate("ana", (("slack", "U1"),), "manager", ZoneInfo("Asia/Tokyo"))
    desk = line(zone=NEW_YORK)
    assert put_away(done(state(), posted("!snooze mon 9:00"), desk, teammates=(tokyo,))) == MONDAY - timedelta(hours=9)
    assert put_away(done(state(), posted("!snooze mon 9:00"), desk)) == MONDAY + timedelta(hours=5)
    again = done(state(), posted("!later every mon 9:00 Still there?"), desk, teammates=(tokyo,))
    assert [message.release_at for message in again.messages] == [MONDAY + timedelta(hours=5)]

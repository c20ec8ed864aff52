from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.conversations import State
from bridge.domain.digest import Digest, Longest
from bridge.domain.effects import ArmTimer, DisarmTimer, Record, TellRoom
from bridge.domain.events import RoomChanged, TimerFired
from bridge.domain.hours import Hours
from bridge.domain.people import ChatRef, RoomRef
from bridge.domain.policy import Policy
from bridge.rules.decide import decide
from bridge.rules.digest import AskedDigest, asks_for_digest, digest_rooms, last_digest, next_digest
from bridge.rules.digest_words import morning
from tests.unit.rules.builders import ROOM, line, policy, text

NEW_YORK = ZoneInfo("America/New_York")
OFFICE = Hours(NEW_YORK, (((time(8, 30), time(17)),),) * 5 + ((),) * 2, closed=(date(2026, 11, 23),))
ROOT = ChatRef("slack", "C1", "9.0")
LONGEST = Longest(number=1042, name="", address="+15550100200", since=datetime(2026, 11, 20, tzinfo=UTC), root=ROOT)
FULL = Digest(
    counts={"waiting": 4, "breached": 1, "unassigned": 100, "held": 1, "failed": 2, "snoozed": 7},
    longest=LONGEST,
    opted_out=1,
)
DUE = TimerFired(external_id="t", kind="digest", conversation=0, subject="slack/C1")


def office(**changed: Any) -> Policy:
    """A line that has its digest at nine, one that has none, and one in another room."""
    first = line(hours=OFFICE, zone=NEW_YORK, digest=time(9), **changed)
    silent = line(name="silent")
    second = line(name="second", digest=time(7))
    other = line(name="other", digest=time(6), rooms=(RoomRef("matrix", "!r"),))
    return Policy(lines={one.name: one for one in (first, silent, second, other)})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026 in New York; the 20th is a Friday, and the Monday after it is closed."""
    return datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


def test_each_room_has_one_digest_at_the_time_of_its_first_line() -> None:
    assert digest_rooms(office()) == ("slack/C1", "matrix/!r")
    assert next_digest("slack/C1", office(), at(20, 8)) == at(20, 9)
    assert next_digest("matrix/!r", office(), at(20, 8)) == datetime(2026, 11, 21, 6, tzinfo=UTC)
    assert next_digest("slack/gone", office(), at(20, 8)) is None


def test_days_without_business_hours_have_none() -> None:
    assert next_digest("slack/C1", office(), at(20, 9)) == at(24, 9)
    assert last_digest("slack/C1", office(), at(24, 9)) == at(20, 9)


def test_it_may_come_with_the_opening() -> None:
    opening = Policy(lines={"front-desk": line(hours=OFFICE, zone=NEW_YORK, digest="opening")})
    assert next_digest("slack/C1", opening, at(20, 9)) == at(24, 8, 30)
    assert next_digest("slack/C1", Policy(lines={"front-desk": line(digest="opening")}), at(20, 9)) is None


def test_what_is_asked_for_is_what_waits_on_the_lines_of_the_room() -> None:
    asked = AskedDigest(("front-desk", "second"), at(20, 9), "slack")
    assert asks_for_digest(DUE, office(), at(24, 9)) == asked
    assert asks_for_digest(DUE, office(), at(24, 20)) == asked
    assert asks_for_digest(DUE, office(), at(24, 22)) is None  # no longer a morning's news
    assert asks_for_digest(DUE, office(), at(22, 12)) is None
    assert asks_for_digest(replace(DUE, kind="snooze"), office(), at(24, 9)) is None
    assert asks_for_digest(text(), office(), at(24, 9)) is None


def test_the_room_is_told_and_the_next_is_set() -> None:
    decision = decide(State(digest=FULL), DUE, office(), at(24, 9))
    again, told, record = decision.effects
    assert again == ArmTimer("digest", "slack/C1", at(25, 9), 0)
    assert isinstance(told, TellRoom)
    assert (told.room, told.link) == (ROOM, ROOT)
    assert record == Record("digest", "bridge", "timer", detail="slack/C1")


@pytest.mark.parametrize("nothing", [State(), State(digest=Digest()), State(digest=Digest(counts={"snoozed": 3}))])
def test_where_nothing_waits_nothing_is_said(nothing: State) -> None:
    assert decide(nothing, DUE, office(), at(24, 9)).effects == (ArmTimer("digest", "slack/C1", at(25, 9), 0),)


def test_a_room_that_is_gone_is_told_nothing() -> None:
    assert decide(State(), replace(DUE, subject="slack/gone"), office(), at(24, 9)).effects == ()


def test_a_room_that_is_followed_by_another_hands_its_digest_on() -> None:
    moved = RoomChanged(external_id="r", platform="slack", room="C1", usable=False, new_room="C2")
    effects = decide(State(), moved, office(), at(20, 10)).effects
    assert effects[-2:] == (DisarmTimer("digest", "slack/C1"), ArmTimer("digest", "slack/C2", at(24, 9), 0))
    without = Policy(lines={"silent": line(name="silent")})
    assert not any(isinstance(one, ArmTimer) for one in decide(State(), moved, without, at(20, 10)).effects)


def test_the_words() -> None:
    note = morning(FULL)
    assert note is not None
    assert note.text.splitlines()[1:-1] == [
        "• 4 wait for an answer, the longest #1042 (+1 555-010-0200) since ￼",
        "• 1 is overdue",
        "• 99+ are nobody's",
        "• 1 has a held reply",
        "• 2 have replies that did not arrive",
        "• 1 contact opted out since the last digest",
    ]
    assert (note.inserts, note.quiet) == ((LONGEST.since,), True)
    named = replace(LONGEST, name="Maria", since=None, root=None)
    alone = morning(Digest(counts={"waiting": 1}, longest=named))
    assert alone is not None
    assert "• 1 waits for an answer, the longest #1042 (Maria)" in alone.text.splitlines()
    assert alone.inserts == ()
    decision = decide(State(digest=Digest(opted_out=2)), DUE, office(), at(24, 9))
    assert [one.link for one in decision.effects if isinstance(one, TellRoom)] == [None]


def test_it_comes_once_a_day_however_late() -> None:
    late = at(24, 15) + timedelta(minutes=1)
    (again, *_) = decide(State(digest=FULL), DUE, office(), late).effects
    assert again == ArmTimer("digest", "slack/C1", at(25, 9), 0)


@given(
    st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana"]),
    st.sampled_from(["America/Los_Angeles", "Asia/Kolkata", "Europe/Lisbon"]),
    st.times(),
    st.integers(0, 700),
    st.integers(0, 86_399),
)
def test_over_changes_of_clocks_and_of_the_zone_it_comes_once_a_day_and_always_again(
    zone: str, moved: str, clock: time, day: int, second: int
) -> None:
    def there(name: str) -> Policy:
        return policy(line(zone=ZoneInfo(name), digest=clock.replace(microsecond=0)))

    at, told = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day, seconds=second), list[datetime]()
    for _ in range(12):
        due = next_digest("slack/C1", there(zone), at)
        assert due is not None
        assert timedelta() < due - at <= timedelta(hours=49)  # a day that a zone left out
        told, at = [*told, due], due
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in told]
    assert len(set(days)) == len(days)
    # a timer of the old zone, fired under the new one, says what is not too old and sets the next
    decision = decide(State(digest=None), DUE, there(moved), at)
    [again] = [one.due for one in decision.effects if isinstance(one, ArmTimer)]
    assert again == next_digest("slack/C1", there(moved), at)

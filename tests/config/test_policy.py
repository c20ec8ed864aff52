"""What decisions read of the configuration."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.config.calendar import days_of
from bridge.config.policy import policy_of, rooms_on
from bridge.domain.people import RoomRef
from bridge.domain.policy import SlaStep
from tests.config.samples import RIGHT, read_text

OFFICE = """
hours:
  office:
    zone: America/New_York
    week: {mon-fri: "09:00-12:00, 13:00-17:00", sat: "10:00-12:00", sun: closed}
    holidays: [US, DE-BY]
    closed: [2026-12-24]
    special: {2026-12-31: "22:00-02:00", 2027-01-02: "00:00-24:00", 2027-01-03: closed}
"""


def test_a_line_without_hours_has_the_zone_of_the_file() -> None:
    assert policy_of(read_text(RIGHT), {}).lines["desk"].zone == ZoneInfo("UTC")
    named = policy_of(read_text(f"{RIGHT}\nzone: Europe/Berlin\n"), {}).lines["desk"]
    assert (named.zone, named.hours) == (ZoneInfo("Europe/Berlin"), None)


def test_a_line_with_hours_has_theirs() -> None:
    line = policy_of(read_text(f"{RIGHT}    hours: office\nzone: Europe/Berlin\n{OFFICE}"), {}).lines["desk"]
    assert line.hours is not None
    assert line.zone == line.hours.zone == ZoneInfo("America/New_York")
    assert line.hours.week[4] == ((time(9), time(12)), (time(13), time(17)))
    assert line.hours.week[5:] == (((time(10), time(12)),), ())
    assert line.hours.closed == (date(2026, 12, 24),)
    assert line.hours.holidays == ("US", "DE-BY")
    assert line.hours.special == {
        date(2026, 12, 31): ((time(22), time(2)),),
        date(2027, 1, 2): ((time(0), time(0)),),
        date(2027, 1, 3): (),
    }


def test_a_teams_hours_are_those_of_its_lines_that_have_none() -> None:
    text = RIGHT.replace("[ana]", "[ana], hours: office") + OFFICE
    found = policy_of(read_text(text), {})
    assert found.lines["desk"].hours == found.teams["support"].hours is not None
    assert found.lines["desk"].zone == ZoneInfo("America/New_York")
    other = text + '  night: {zone: UTC, week: {mon: "22:00-02:00"}}\n'
    own = policy_of(read_text(other.replace("team: support", "team: support\n    hours: night")), {})
    assert own.lines["desk"].zone == ZoneInfo("UTC")


def test_when_a_line_has_its_digest() -> None:
    text = RIGHT.replace("[ana]", "[ana], digest: opening, hours: office") + OFFICE
    assert policy_of(read_text(text), {}).lines["desk"].digest == "opening"
    assert read_text(text).redacted()["teams"]["support"]["digest"] == "opening"
    own = read_text(text.replace("team: support", 'team: support\n    digest: "8:30"'))
    assert policy_of(own, {}).lines["desk"].digest == time(8, 30)
    assert own.redacted()["lines"]["desk"]["digest"] == "08:30"


def test_hours_are_written_as_they_are_read() -> None:
    text = f"{RIGHT}{OFFICE}"
    written = read_text(text).redacted()["hours"]["office"]
    assert written["week"]["mon-fri"] == "09:00-12:00, 13:00-17:00"
    assert list(written["special"].values()) == ["22:00-02:00", "00:00-24:00", "closed"]


@pytest.mark.parametrize(
    ("written", "days"), [("mon", (0,)), ("mon-wed", (0, 1, 2)), ("fri-mon", (4, 5, 6, 0)), ("mon, wed-thu", (0, 2, 3))]
)
def test_days_of_the_week(written: str, days: tuple[int, ...]) -> None:
    assert days_of(written) == days


def test_a_personal_lines_room_is_its_teammates_direct_message() -> None:
    config = read_text(f"{RIGHT}    personal: ana\n")
    line = policy_of(config, {}, ["slack"]).lines["desk"]
    assert (line.personal, line.rooms) == ("ana", (RoomRef("slack", "@U1"),))
    assert line.shared_rooms == (RoomRef("slack", "C1"),)
    assert policy_of(config, {}, ["slack"]).teams["support"].rooms == (RoomRef("slack", "C1"),)
    assert rooms_on(config, "slack", ["slack"]) == ("C1", "@U1")
    assert rooms_on(config, "slack", []) == ("C1",)
    alone = read_text(RIGHT.replace("    rooms: [{platform: slack, room: C1}]\n", "    personal: ana\n"))
    assert policy_of(alone, {}, []).lines["desk"].rooms == ()
    assert policy_of(alone, {}, ["slack"]).lines["desk"].shared_rooms == ()


SLA = """
sla:
  standard:
    first_response: 15m
    resolution: 2d
    warn_at: 0.5
    ladder: [assignee, {after: 15m, notify: manager}, {after: 1h, notify: hand back}, ana]
    labels: [vip]
"""


def test_the_times_a_line_has_to_keep() -> None:
    text = RIGHT.replace("team: support", "team: support\n    sla: standard\n    close_after: 7d") + SLA
    found = policy_of(read_text(text), {})
    line, sla = found.lines["desk"], found.sla["standard"]
    assert (line.sla, line.close_after) == ("standard", timedelta(days=7))
    assert (sla.first_response, sla.next_response, sla.resolution) == (timedelta(minutes=15), None, timedelta(days=2))
    assert (sla.name, sla.warn_at, sla.labels) == ("standard", 0.5, ("vip",))
    assert sla.ladder == (
        SlaStep(timedelta(0), "assignee"),
        SlaStep(timedelta(minutes=15), "manager"),
        SlaStep(timedelta(hours=1), "hand back"),
        SlaStep(timedelta(0), "ana"),
    )

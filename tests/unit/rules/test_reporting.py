"""Figures of reports: what counts as a wait, whose reply ended it, and how it is put."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.conversations import State
from bridge.domain.effects import AnswerPrivately
from bridge.domain.events import CommandGiven
from bridge.domain.reports import Asked, Grouping, Report, Strand, Times, Utterance
from bridge.domain.showing import TellReport
from bridge.rules import report_words as words
from bridge.rules.reporting import report, waits
from tests.unit.rules.builders import ANA, done

SLACK = frozenset({"slack"})
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
WEEK = Asked(NOON - timedelta(days=7), NOON + timedelta(days=1), "person", ("front-desk", "billing"))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def text(at: float) -> Utterance:
    return Utterance(NOON + minutes(at), "text")


def reply(at: float, author: str | None = "slack:U1", **changes: Any) -> Utterance:
    return Utterance(NOON + minutes(at), "reply", author, segments=1, **changes)


def closed(at: float) -> Utterance:
    return Utterance(NOON + minutes(at), "closed")


def strand(*said: Utterance, line: str = "front-desk", whole: bool = True, answerable: bool = True) -> Strand:
    return Strand(1, line, said, whole, answerable)


def made(*strands: Strand, asked: Asked = WEEK, zone: tzinfo = UTC) -> Report:
    return report(strands, asked, lambda _line, start, end: end - start, lambda _line: zone)


def test_a_wait_runs_from_the_oldest_text_nobody_answered() -> None:
    found, waiting = waits(strand(text(0), text(2), reply(5), reply(6), text(10), reply(30), text(40)))
    assert [(wait.reply.at - wait.began, wait.first) for wait in found] == [(minutes(5), True), (minutes(20), False)]
    assert waiting


def test_a_close_ends_a_wait_and_the_next_reply_is_a_first_one_again() -> None:
    found, waiting = waits(strand(text(0), reply(1), text(2), closed(3), text(10), reply(14)))
    assert [(wait.reply.at - wait.began, wait.first) for wait in found] == [(minutes(1), True), (minutes(4), True)]
    assert not waiting


def test_neither_a_failed_reply_nor_one_by_nobody_answers() -> None:
    found, waiting = waits(strand(text(0), reply(1, failed=True), reply(2, author=None)))
    assert (found, waiting) == ([], True)


def test_what_we_began_leaves_no_first_reply_nor_does_a_conversation_known_in_part() -> None:
    assert [wait.first for wait in waits(strand(reply(0), text(1), reply(2)))[0]] == [False]
    assert [wait.first for wait in waits(strand(text(1), reply(2), whole=False))[0]] == [False]


def test_figures_by_person() -> None:
    one = strand(text(0), reply(6), text(7), reply(8, author="slack:U2"), text(9))
    found = made(one, strand(text(0), reply(2), reply(3, failed=True), line="billing"))
    ana, ben = found.rows
    assert (ana.name, ana.replies, ana.failed, ana.segments, ana.texts) == ("slack:U1", 3, 1, 3, 0)
    assert ana.first == Times(2, minutes(2), minutes(6))
    assert (ben.name, ben.replies, ben.first, ben.reply) == ("slack:U2", 1, Times(), Times(1, minutes(1), minutes(1)))
    assert (found.total.texts, found.total.replies, found.waiting) == (4, 4, 1)


def test_figures_by_line_and_by_day_as_its_clock_has_them() -> None:
    late = strand(text(11 * 60 + 50), reply(12 * 60 + 10), line="billing")
    rows = made(late, asked=Asked(WEEK.since, WEEK.until, "line", WEEK.lines)).rows
    assert [(row.name, row.texts, row.replies) for row in rows] == [("billing", 1, 1)]
    by_day = made(late, asked=Asked(WEEK.since, WEEK.until, "day", WEEK.lines))
    assert [(row.name, row.texts, row.replies) for row in by_day.rows] == [("2026-11-18", 1, 0), ("2026-11-19", 0, 1)]
    there = made(late, zone=ZoneInfo("America/New_York"))
    assert [(texts, replies) for day, texts, replies in there.days if day == date(2026, 11, 18)] == [(1, 1)]


def test_only_the_period_counts_but_a_wait_may_have_begun_before_it() -> None:
    asked = Asked(NOON, NOON + minutes(60), "person", ("front-desk",))
    found = made(strand(text(-30), reply(10), text(70), reply(80)), asked=asked)
    assert (found.total.texts, found.total.replies, found.total.first) == (0, 1, Times(1, minutes(40), minutes(40)))
    assert made(strand(), asked=asked).total.first == Times()


UTTERANCES = st.lists(
    st.builds(
        Utterance,
        at=st.integers(-20 * 1440, 3 * 1440).map(lambda count: NOON + minutes(count)),
        kind=st.sampled_from(["text", "reply", "closed"]),
        author=st.sampled_from([None, "slack:U1", "slack:U2"]),
        failed=st.booleans(),
        segments=st.integers(1, 3),
    ),
    max_size=30,
)


@given(said=UTTERANCES, by=st.sampled_from(list(words.BY.values())))
def test_nothing_is_counted_twice_and_the_days_add_up(said: list[Utterance], by: Grouping) -> None:
    ordered = tuple(sorted(said, key=lambda one: one.at))
    found = made(strand(*ordered), asked=Asked(WEEK.since, WEEK.until, by, WEEK.lines))
    within = [one for one in ordered if WEEK.since <= one.at < WEEK.until]
    texts, replies = (sum(one.kind == kind for one in within) for kind in ("text", "reply"))
    assert (found.total.texts, found.total.replies) == (texts, replies)
    assert (sum(day[1] for day in found.days), sum(day[2] for day in found.days)) == (texts, replies)
    assert sum(row.first.count for row in found.rows) == found.total.first.count
    assert sum(row.reply.count for row in found.rows) == found.total.reply.count
    assert found.total.reply.middle <= found.total.reply.slow


@pytest.mark.parametrize(
    ("argument", "wanted"),
    [
        ("", words.Wanted(7, "person")),
        (" 30d  By Line", words.Wanted(30, "line")),
        ("1 day", words.Wanted(1, "person")),
        ("by day", words.Wanted(7, "day")),
        ("0d", None),
        ("367d", None),
        ("soon", None),
        ("30d by team", None),
    ],
)
def test_what_is_asked_for(argument: str, wanted: words.Wanted | None) -> None:
    assert words.read(argument) == wanted


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (4_800, "1 h 20 min"),
        (86_400, "1 d"),
        (97_300, "1 d 3 h"),
    ],
)
def test_spans_are_short(seconds: int, said: str) -> None:
    assert words.span(timedelta(seconds=seconds)) == said


def test_a_report_in_words() -> None:
    found = made(
        strand(text(0), reply(6), text(7), reply(8, author="slack:U2"), reply(9, author="slack:U2", failed=True))
    )
    assert words.told(found, {"slack:U1": "ana"}).text.splitlines() == [
        "Last 8 days, front-desk, billing: 2 texts, 3 replies (1 failed) in 3 segments, 0 waiting for a reply now.",
        "All: first reply within 6 min for half, 6 min for nine of ten.",
        "All: further replies within 1 min for half, 1 min for nine of ten.",
        "1. slack:U2: 2 replies (1 failed) in 2 segments, further replies within 1 min for half, 1 min for nine of ten",
        "2. ana: 1 reply in 1 segment, first reply within 6 min for half, 6 min for nine of ten",
    ]


def test_a_long_report_is_cut_and_a_days_has_its_texts() -> None:
    asked = Asked(NOON - timedelta(days=40), NOON, "day", ("front-desk",))
    told = words.told(made(strand(*(text(-60 * 24 * day) for day in range(1, 31))), asked=asked), {}).text
    assert "1. 2026-10-19: 1 text, 0 replies in 0 segments" in told
    assert told.splitlines()[-1] == "… and 5 more: `textbridge report` has all of them."
    assert words.title(made(asked=Asked(NOON - timedelta(days=1), NOON, "day", ("a",)))) == "Last day, a"


def command(text: str, **changes: Any) -> CommandGiven:
    return CommandGiven(external_id="e", platform="slack", room="C1", author=ANA, text=text, handle="h", **changes)


def test_a_report_is_brought_to_who_asks() -> None:
    assert done(State(), command("report 30d by line"), direct=SLACK).effects == (
        TellReport(ANA, "C1", "30d by line", "h"),
    )


@pytest.mark.parametrize(
    ("asked", "direct", "said"),
    [("report soon", True, words.HOW), ("report", False, words.NO_DIRECT)],
)
def test_a_report_that_cannot_be_is_explained(asked: str, direct: bool, said: Any) -> None:
    found = done(State(), command(asked), direct=SLACK if direct else frozenset())
    assert found.effects == (AnswerPrivately(ANA, "C1", None, said, "h"),)


def test_nobody_waits_who_may_not_be_answered() -> None:
    assert made(strand(text(0)), strand(text(0), answerable=False)).waiting == 1

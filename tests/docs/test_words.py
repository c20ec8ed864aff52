"""The words, reactions and marks of the README are those the code knows, all of them."""

import inspect
import re
from datetime import UTC, datetime

from bridge.adapters.platforms.slack.marks import MARKS
from bridge.domain.conversations import Conversation, ConversationStatus
from bridge.domain.policy import DEFAULT_MARKERS, LinePolicy, Policy
from bridge.rules import wording
from bridge.rules.actions import REACTIONS, REACTIONS_REMOVED
from bridge.rules.cards import controls
from bridge.rules.commands import AVAILABLE, WORDS
from bridge.rules.markers import is_comment
from bridge.rules.overview import OF_ROOMS
from tests.docs.reading import README, code, rows, section

THREAD = section(README, "## In a thread")
TABLE = rows(THREAD)
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)


def cells(column: int) -> list[str]:
    return [row[column] for row in TABLE if len(row) > column]


def reaction_rows() -> list[list[str]]:
    return [row for row in TABLE if len(row) == 5]


def test_words_that_are_told_do_something() -> None:
    told = {word for row in TABLE for text in code(row[0]) for word in re.findall(r"^!(\w+)", text)}
    assert told <= AVAILABLE


def test_words_of_later_versions_are_listed_as_limits() -> None:
    limits = {
        word for text in code(section(README, "## Limits of this version")) for word in re.findall(r"!(\w+)", text)
    }
    assert limits - AVAILABLE == set(WORDS) - AVAILABLE


def test_words_of_rooms_are_told() -> None:
    told = {word for cell in cells(0) for text in code(cell) for word in re.findall(r"^/sms (\w+)", text)}
    assert told == set(OF_ROOMS)


def test_reactions_are_those_that_do_something() -> None:
    assert {name for row in reaction_rows() for name in code(row[0])} == {*REACTIONS, *REACTIONS_REMOVED}


def test_marks_are_those_the_bot_sets() -> None:
    assert {name for row in reaction_rows() for name in code(row[3])} == set(MARKS.values())


def test_markers_are_the_default_ones() -> None:
    comment = next(row for row in TABLE if row[1].startswith("a **comment**"))
    assert tuple(code(comment[0])) == DEFAULT_MARKERS


def test_buttons_are_named_as_they_are_written() -> None:
    undo = LinePolicy(name="", account="", address="", rooms=()).undo
    notes = (wording.question("m", "", ()), wording.failed("m", ""), wording.undo_offer("m", "", undo))
    buttons = {button.label for note in notes for button in note.buttons}
    opened = Conversation(number=1, line="", contact="", status=ConversationStatus.OPEN, created_at=SOME_TIME)
    on_card = {control.label for control in controls(opened, None, Policy(lines={}))}
    assert {name for name in buttons | on_card if f"*{name}*" not in THREAD} == set()


def test_times_are_the_default_ones() -> None:
    undo = LinePolicy(name="", account="", address="", rooms=()).undo
    assert f"({undo.seconds} s)" in THREAD
    assert f"after {Policy(lines={}).held_reminder.seconds // 60} minutes" in THREAD


def test_the_comment_rule_is_quoted_as_the_code_states_it() -> None:
    quoted = re.findall(r"^> ?(.*)$", section(README, "### What counts as a comment"), re.MULTILINE)
    stated = inspect.getdoc(is_comment)
    assert stated is not None
    _, begun, rule = stated.partition("Capitals,")
    rule, after, _ = (begun + rule).partition(" When in doubt")
    assert after
    assert "\n".join(quoted).split() == rule.split()

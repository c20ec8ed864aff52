"""More than a hundred remarks that stay inside, more than a hundred replies that leave, and what is asked about."""

import pytest

from bridge.domain.content import Code, Emoji, Link, Mention, Text
from bridge.domain.policy import DEFAULT_MARKERS, GuardPolicy
from bridge.rules import commands, guard, markers, plain, segments
from bridge.rules.remarks import remark_in
from tests.corpus.reading import composed, lines

REMARKS = lines("internal_remarks.txt")
REPLIES = lines("ordinary_replies.txt")
HELD = lines("held_remarks.txt")


@pytest.mark.parametrize("line", REMARKS)
def test_a_remark_stays_inside(line: str) -> None:
    assert markers.is_comment(composed(line), DEFAULT_MARKERS)


@pytest.mark.parametrize("line", REPLIES)
def test_a_reply_leaves(line: str) -> None:
    content = composed(line)
    assert not markers.is_comment(content, DEFAULT_MARKERS)
    body = segments.gsm_friendly(plain.to_text(content))
    assert body
    assert commands.parse(body) is None
    assert not guard.reasons(content, DEFAULT_MARKERS)


@pytest.mark.parametrize("line", HELD)
def test_a_remark_among_other_words_is_asked_about(line: str) -> None:
    content = composed(line)
    assert not markers.is_comment(content, DEFAULT_MARKERS)
    [reason] = guard.reasons(content, DEFAULT_MARKERS)
    assert guard.check_of(reason) == "remarks"
    assert not guard.reasons(content, DEFAULT_MARKERS, GuardPolicy(remarks=False))


@pytest.mark.parametrize(
    ("text", "markers", "found"),
    [
        ("ok ## he owes us", ["##"], "##"),
        ("ok 🤫 he owes us", ["🤫"], "🤫"),
        ("ok * he owes us", ["*"], None),
        ("ok team only: he owes us", ["team only:"], "team only:"),
        ("ok team only he owes us", ["team only:"], None),
    ],
)
def test_the_operators_own_markers_are_found_too(text: str, markers: list[str], found: str | None) -> None:
    assert remark_in(text, markers) == found


def test_there_are_enough_of_both() -> None:
    assert len(set(REMARKS)) == len(REMARKS) >= 110
    assert len(set(REPLIES)) == len(REPLIES) >= 110


def test_the_notation() -> None:
    assert composed(
        r"\u0041\U0001f512\t\\@{Ana}#{x}@{team:S}@{here}:lock::own:{code:a}{block:b}{link:u|l}{link:u}"
    ) == (
        Text("A\U0001f512\t\\"),
        Mention("person", "U0000000001", "Ana"),
        Mention("room", "C0000000009", "x"),
        Mention("team", "S0000000001", "S"),
        Mention("everyone", "", "here"),
        Emoji("lock", "\U0001f512"),
        Emoji("own", ""),
        Code("a", block=False),
        Code("b", block=True),
        Link("u", "l"),
        Link("u", "u"),
    )

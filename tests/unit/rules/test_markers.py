from collections.abc import Sequence

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bridge.domain.content import Code, Content, Emoji, Link, Mention, MentionKind, Text
from bridge.domain.policy import DEFAULT_MARKERS
from bridge.rules.markers import is_comment

BULLETS = ["-", "*", "•", ">", "1.", "2)", "(", "[", "“", "'", "**", "_", "~", "`", "<b>", "&gt;", "…", "👀", "\u200b"]
SPACES = ["", " ", "  ", "\t", "\n", "\u00a0", "\u2009", "\u3000", "\u200b", "\ufeff"]
KINDS: list[MentionKind] = ["person", "team", "room", "everyone"]


def says(text: str, markers: Sequence[str] = DEFAULT_MARKERS) -> bool:
    return is_comment((Text(text),), markers)


decoration = st.lists(st.tuples(st.sampled_from(BULLETS), st.sampled_from(SPACES)), max_size=4).map(
    lambda pairs: "".join(sign + space for sign, space in pairs)
)


def spellings(marker: str) -> st.SearchStrategy[str]:
    """Spell a marker with any capitals, full-width characters, and something invisible or blank before its sign."""

    def one(letter: str) -> st.SearchStrategy[str]:
        wide = chr(0xFEE0 + ord(letter)) if "!" <= letter <= "~" else letter
        return st.sampled_from([letter, letter.upper(), wide, letter + "\u200b", letter + "\ufe0f"])

    letters = [one(letter) for letter in marker]
    return st.tuples(*letters[:-1], st.sampled_from(["", " ", "\u00a0"]), letters[-1]).map("".join)


@given(decoration, st.sampled_from(DEFAULT_MARKERS).flatmap(spellings), st.text())
def test_a_marker_keeps_a_message_inside_however_it_is_written(front: str, marker: str, rest: str) -> None:
    assert says(front + marker + rest)


@given(decoration, st.sampled_from(KINDS), st.text(), st.text())
def test_a_mention_at_the_beginning_keeps_it_inside(front: str, kind: MentionKind, label: str, rest: str) -> None:
    assert is_comment((Text(front), Mention(kind, "X1", label), Text(rest)), ())


@given(st.sampled_from(["note", "internal", "private"]), st.integers(0, 8), st.sampled_from("abcxyz0'"), st.text())
def test_one_typo_does_not_let_it_out(word: str, at: int, letter: str, rest: str) -> None:
    at %= len(word)
    assert says(f"{word[:at]}{letter}{word[at:]}:{rest}")
    assert says(f"{word[:at]}{letter}{word[at + 1 :]}:{rest}")
    assert says(f"{word[:at]}{word[at + 1 :]} : {rest}")
    assert says(f"{word[:at]}{word[at : at + 2][::-1]}{word[at + 2 :]}:{rest}")


PLAIN_WORDS = st.from_regex(r"[A-Za-z]{1,12}( [A-Za-z]{1,12}){0,8}", fullmatch=True)


@given(PLAIN_WORDS, st.sampled_from([".", "!", "?", "", " 👍", " //", " note:"]))
@example("Note that we open", ".")
@example("internal medicine", " note:")
def test_words_alone_are_sent(words: str, end: str) -> None:
    opening = words.casefold().split()
    assume(opening[0] not in ("note", "internal", "private") or (end == "." and len(opening) > 1))
    assume(end != " note:" or len("".join(opening)) > 2)
    assert not says(words + end)


@given(st.text(), st.lists(st.text(max_size=5), max_size=3))
def test_every_text_and_every_marker_is_judged(text: str, markers: list[str]) -> None:
    assert says(text, markers) in (True, False)


@given(st.text(min_size=1, max_size=10), st.text())
@example("_", "")
@example("ﬁ", "x")
def test_an_operators_own_marker_counts_as_it_is_written(marker: str, rest: str) -> None:
    assume(says(marker, [marker]))  # blanks and invisible characters alone are no marker
    assert says(f"{marker} {rest}", [marker])


@pytest.mark.parametrize(
    ("marker", "remark"),
    [
        ("##", "## x"),
        ("##", "# # x"),
        ("##", "- ＃＃x"),
        ("int>", "int> x"),
        ("int>", "INT > x"),
        ("int>", "int: x"),
        ("int>", "[int] x"),
        ("interne Notiz:", "Interne Notiz: x"),
        ("interne Notiz:", "interne  notiz - x"),
        ("interne Notiz:", "InterneNotiz: x"),
        ("interne Notiz:", "interne-Notiz: x"),
        ("interne Notiz:", "intern Notiz: x"),
        ("interne Notiz:", "*Interne Notiz* x"),
        ("für uns:", "FUR UNS: x"),
        ("#team", "#team x"),
        ("psst", "psst he is late"),
        (":ours:", ":ours: x"),
        ("🤫", "🤫 x"),
        ("\\", "/ x"),
        ("-", "- x"),
        ("note:", "(note: x)"),
    ],
)
def test_operators_markers(marker: str, remark: str) -> None:
    assert says(remark, [marker])


@pytest.mark.parametrize(
    ("marker", "reply"),
    [
        ("##", "#1 is yours"),
        ("##", "- first"),
        ("int>", "Into the blue"),
        ("int>", "in: 9, out: 10"),
        ("interne Notiz:", "Interne Notizen sind das nicht"),
        ("interne Notiz:", "Notiz: x"),
        ("psst", "pssst is not it"),
        ("note:", "// x"),
        ("", "anything"),
        (" \u200b", "anything"),
    ],
)
def test_operators_markers_let_replies_out(marker: str, reply: str) -> None:
    assert not says(reply, [marker])


@pytest.mark.parametrize(
    "content",
    [
        (Emoji("lock", ""), Text(" x")),
        (Emoji("lock", "🔒"),),
        (Text("- "), Code("// x", block=True)),
        (Emoji("wave", "👋"), Text(" "), Mention("person", "U1", "Ana")),
        (Emoji("party_parrot", ""), Text(" note: x")),
        (Text("no"), Text("te"), Text(": x")),
        (Link("https://example.org", "note:"), Text(" x")),
        (Text("note"), Emoji("memo", "📝"), Text(" x")),
        (Text("note\x85x"),),
    ],
)
def test_spans_do_not_hide_a_marker(content: Content) -> None:
    assert is_comment(content, DEFAULT_MARKERS)


@pytest.mark.parametrize(
    "content",
    [
        (),
        (Text(""),),
        (Text("Hi "), Mention("person", "U1", "Ana")),
        (Emoji("notes", "🎶"), Text(" tonight")),
        (Link("https://example.org//a", "https://example.org//a"),),
        (Link("mailto:a@b.example", "a@b.example"),),
    ],
)
def test_spans_that_are_no_comment(content: Content) -> None:
    assert not is_comment(content, DEFAULT_MARKERS)


def test_without_markers_only_mentions_count() -> None:
    assert not says("// x", ())
    assert is_comment((Mention("person", "U1", "Ana"), Text(" x")), ())


def test_a_very_long_row_of_signs_is_judged_quickly() -> None:
    assert says("-" * 5000 + "note: x")
    assert not says("<a " * 5000)

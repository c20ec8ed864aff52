"""Slack's markup and plain text, both ways."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.platforms.slack import blocks
from bridge.adapters.platforms.slack.mrkdwn import content_of, parse, parse_command
from bridge.adapters.platforms.slack.rich_text import read_blocks
from bridge.adapters.platforms.slack.words import clean, command_text, cut_escaped, escape, from_hex, unescape
from bridge.domain.content import Code, Content, Emoji, Link, Mention, Text
from bridge.ports.platform import ThreadText
from tests.adapters.slack.payloads import rich, section


def plain(content: Content | None) -> str:
    return "".join(span.text if isinstance(span, Text | Code) else "" for span in content or ())


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("hello", (Text("hello"),)),
        ("*bold* _it_ ~gone~ *_both_*", (Text("bold it gone both"),)),
        ("5*3*2 snake_case_name a ~ b", (Text("5*3*2 snake_case_name a ~ b"),)),
        ("&lt;b&gt; &amp;amp;", (Text("<b> &amp;"),)),
        ("<@U2>", (Mention("person", "U2", ""),)),
        ("<@U2|rui> hi", (Mention("person", "U2", "rui"), Text(" hi"))),
        ("<@W2>", (Mention("person", "W2", ""),)),
        ("<#C2|help>", (Mention("room", "C2", "help"),)),
        ("<#C2|>", (Mention("room", "C2", ""),)),
        ("<!subteam^S1|@front>", (Mention("team", "S1", "front"),)),
        ("<!here> <!channel>", (Mention("everyone", "", "here"), Text(" "), Mention("everyone", "", "channel"))),
        ("<!date^1392734382^{date}|Feb 18>", (Text("Feb 18"),)),
        ("<https://x.example/?a=1&amp;b=2>", (Link("https://x.example/?a=1&b=2", "https://x.example/?a=1&b=2"),)),
        ("<https://x.example|here>", (Link("https://x.example", "here"),)),
        ("<mailto:a@x.example|a@x.example>", (Link("mailto:a@x.example", "a@x.example"),)),
        ("<tel:+15551234567|+15551234567>", (Link("tel:+15551234567", "+15551234567"),)),
        ("<later>", (Text("<later>"),)),
        (":wave:", (Emoji("wave", "👋"),)),
        (":+1::skin-tone-3:", (Emoji("+1", "👍🏼"),)),
        (":our-own:", (Emoji("our-own", ""),)),
        ("at 10:30:45 sharp", (Text("at 10:30:45 sharp"),)),
        ("run `rm *x*` now", (Text("run "), Code("rm *x*", block=False), Text(" now"))),
        ("```\na &lt; b\n```", (Code("a < b", block=True),)),
        ("&gt; quoted", (Text("> quoted"),)),
        ("", ()),
        ("trailing\n\n", (Text("trailing"),)),
    ],
)
def test_markup(source: str, content: Content) -> None:
    assert parse(source) == content


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        ([section("one "), section("two")], "one \ntwo"),
        ([section("one\n"), section("two")], "one\ntwo"),
        ([section({"type": "text", "text": "note:", "style": {"bold": True}}, " x")], "note: x"),
        (
            [
                section("todo:"),
                {"type": "rich_text_list", "style": "bullet", "elements": [section("a"), section("b\nc")]},
                {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [section("d")]},
                section("end"),
            ],
            "todo:\n- a\n- b\n  c\n  - d\nend",
        ),
        (
            [{"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": [section("a"), section("b")]}],
            "3. a\n4. b",
        ),
        ([{"type": "rich_text_quote", "elements": [{"type": "text", "text": "a\nb"}]}, section("c")], "> a\n> b\nc"),
        (
            [{"type": "rich_text_list", "style": "bullet", "border": 1, "elements": [section("a")]}],
            "> - a",
        ),
        ([section({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "Monday"})], "Monday"),
        ([section({"type": "color", "value": "#fff"})], "#fff"),
        ([section("a\u2028b")], "a\u2028b"),
        ([section()], ""),
    ],
)
def test_rich_text_as_lines(elements: list[dict[str, Any]], text: str) -> None:
    assert plain(read_blocks(rich(*elements))) == text


def test_rich_text_of_every_other_kind() -> None:
    code = {"type": "text", "text": "x = 1", "style": {"code": True}}
    found = read_blocks(
        rich(
            section(
                {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C2"},
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "our-own"},
                {"type": "emoji", "name": "wave::skin-tone-3", "unicode": "1f44b-1f3fc", "skin_tone": 3},
                {"type": "link", "url": "https://x.example"},
                code,
            ),
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\nb"}]},
        )
    )
    assert found == (
        Mention("team", "S1", ""),
        Mention("room", "C2", ""),
        Mention("everyone", "", "here"),
        Emoji("our-own", ""),
        Emoji("wave", "👋🏼"),
        Link("https://x.example", "https://x.example"),
        Code("x = 1", block=False),
        Text("\n"),
        Code("a\nb", block=True),
    )


def test_other_blocks_are_not_read_as_words() -> None:
    blocks_of_an_app = [*rich(section("part")), {"type": "divider"}]
    assert content_of({"blocks": blocks_of_an_app, "text": "whole"}) == (Text("whole"),)
    assert content_of({"blocks": [], "text": "whole"}) == (Text("whole"),)


def test_a_command_keeps_people_and_groups_in_slacks_form() -> None:
    typed = "assign <@U2|rui> <!subteam^S1|@front> <#C2|help> <!here> <https://x.example|x.example> :our-own: `a*b*`"
    assert command_text(parse_command(typed)) == "assign <@U2> <!subteam^S1> <#C2> @here x.example :our-own: `a*b*`"


@given(st.text())
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.text())
def test_nothing_in_escaped_text_is_markup(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not any(isinstance(span, Mention | Link) for span in parse(escaped))


UNSTYLED = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="*_~`:\0"))


@given(UNSTYLED)
def test_plain_text_survives_as_markup(text: str) -> None:
    assert plain(parse(escape(text))) == text.rstrip("\n")


ANYTHING = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))


@given(ANYTHING)
def test_a_contacts_text_survives_the_way_through_slack(text: str) -> None:
    (block,) = blocks.text_blocks(ThreadText(name="x", body=text))
    assert plain(read_blocks([block])) == (text or " ").rstrip("\n")


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_cutting_leaves_no_half_entity(text: str, limit: int) -> None:
    shown = cut_escaped(text, limit)
    assert len(shown) <= limit
    kept = unescape(shown.removesuffix("…"))
    assert text.startswith(kept) or len(escape(text)) <= limit


@given(st.text(st.characters()))
def test_clean_text_can_be_stored(text: str) -> None:
    assert "\0" not in clean(text)
    clean(text).encode()


@given(st.text(max_size=30))
def test_names_are_one_short_line(name: str) -> None:
    shown = blocks.username(name)
    assert 1 <= len(shown) <= 80
    assert shown == " ".join(shown.split())


@pytest.mark.parametrize(
    ("codes", "characters"), [("1f44d-1f3fd", "👍🏽"), ("", ""), ("zz", ""), ("110000", ""), ("d800", "?")]
)
def test_characters_from_hexadecimal(codes: str, characters: str) -> None:
    assert from_hex(codes) == characters

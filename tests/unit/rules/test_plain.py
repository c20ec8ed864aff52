import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.domain.content import Code, Content, Emoji, Link, Mention, Span, Text
from bridge.rules.plain import to_text

ANY_SPAN: st.SearchStrategy[Span] = st.one_of(
    st.builds(Text, st.text()),
    st.builds(Code, st.text(), st.booleans()),
    st.builds(Emoji, st.text(), st.text()),
    st.builds(Mention, st.sampled_from(["person", "team", "room", "everyone"]), st.text(), st.text()),
    st.builds(Link, st.text(), st.text()),
)
CONTENT = st.lists(ANY_SPAN, max_size=6).map(tuple)


@pytest.mark.parametrize(
    ("url", "label", "text"),
    [
        ("https://example.org/a", "https://example.org/a", "https://example.org/a"),
        ("http://example.org", "example.org", "http://example.org"),
        ("https://www.example.org/", "Example.org", "https://www.example.org/"),
        ("https://example.org/a/long/way", "example.org/a/lo…", "https://example.org/a/long/way"),
        ("https://example.org/a/long/way", "https://example.org/a...", "https://example.org/a/long/way"),
        ("https://example.org/a", "other.example…", "other.example… (https://example.org/a)"),
        ("https://example.org/a", "", "https://example.org/a"),
        ("https://example.org/a", "Our form", "Our form (https://example.org/a)"),
        ("https://evil.example", "https://example.org", "https://example.org (https://evil.example)"),
        ("mailto:ana@example.org", "ana@example.org", "ana@example.org"),
        ("mailto:ana@example.org", "mailto:ana@example.org", "ana@example.org"),
        ("mailto:ana@example.org?subject=Hi", "write to Ana", "write to Ana (ana@example.org)"),
        ("TEL:+15550001000", "+15550001000", "+15550001000"),
        ("tel:+15550001000", "", "+15550001000"),
        ("example.org", "example.org", "example.org"),
    ],
)
def test_a_link_shows_its_address_once(url: str, label: str, text: str) -> None:
    assert to_text((Link(url, label),)) == text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ((), ""),
        ((Text("Hi "), Emoji("wave", "👋"), Text(" "), Emoji("party_parrot", "")), "Hi 👋 :party_parrot:"),
        ((Text("ask "), Mention("person", "U1", "Ana")), "ask @Ana"),
        ((Mention("team", "S1", "support"), Mention("everyone", "", "here")), "@support@here"),
        ((Mention("room", "C1", "billing"),), "#billing"),
        (
            (Text("type "), Code("1234", block=False), Text(" or\n"), Code("a\n  b\n", block=True)),
            "type 1234 or\na\n  b",
        ),
        ((Text("\n \n  a  \nb\t\n\n"),), "a\nb"),
        ((Text("a\n\n\nb"),), "a\n\n\nb"),
        ((Text("a\n \n\n\n\nb"),), "a\n\n\nb"),
        ((Text("a\r\nb\rc\u2028d\x0be"),), "a\nb\nc\nd\ne"),
        ((Text("a\u00a0b\u202fc\u00a0"),), "a b c"),
        ((Text("\ufeffa\u200bb\u2060c\u00add\x00e"),), "abcde"),
        ((Text("👨\u200d👩\u200d👧 می\u200cخواهم"),), "👨\u200d👩\u200d👧 می\u200cخواهم"),
        ((Text("half \ud83d pair"),), "half \ufffd pair"),
        ((Text("\u200b\u00a0\n"),), ""),
    ],
)
def test_what_the_contact_reads(content: Content, text: str) -> None:
    assert to_text(content) == text


@given(CONTENT)
def test_text_is_tidy_and_stays_as_it_is(content: Content) -> None:
    text = to_text(content)
    text.encode()
    assert text == text.strip()
    assert "\n\n\n\n" not in text
    assert all(line == line.rstrip() for line in text.split("\n"))
    assert to_text((Text(text),)) == text


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"])))
def test_literal_characters_stay(text: str) -> None:
    assert to_text((Text(text),)) == text.strip()

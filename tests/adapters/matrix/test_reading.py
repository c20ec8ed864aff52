"""What is read of a message: its words, its mentions, and nothing else; whatever stands in it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adapters.platforms.matrix.content import HTML, command_text, content_of
from bridge.adapters.platforms.matrix.kinds import is_silent
from bridge.adapters.platforms.matrix.parse import read
from bridge.domain.content import Code, Content, Emoji, Link, Mention, Text
from bridge.domain.events import ChatEdited, ChatPosted
from bridge.rules.markers import is_comment
from bridge.rules.plain import to_text
from tests.services.matrix import pill

US = "@bot:example.org"
ANA = Mention("person", "@ana:example.org", "Ana")
ANA_PILL = pill("@ana:example.org", "Ana")


def html(words: str, **more: Any) -> Content:
    return content_of({"msgtype": "m.text", "body": "x", "format": HTML, "formatted_body": words, **more}, US)


def plain(words: str, **more: Any) -> Content:
    return content_of({"msgtype": "m.text", "body": words, **more}, US)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("<strong>Yes</strong>, <em>since</em> noon", (Text("Yes, since noon"),)),
        ("<p>one</p>\n<p>two</p>\n", (Text("one\n\ntwo"),)),
        ("one<br/>two<br>\nthree", (Text("one\ntwo\nthree"),)),
        ("<ul>\n<li>milk</li>\n<li>eggs</li>\n</ul>", (Text("- milk\n- eggs"),)),
        ("5 &lt; 6 &amp; 7", (Text("5 < 6 & 7"),)),
        (f"{ANA_PILL}: look", (ANA, Text(": look"))),
        (f"ask {pill('@ana:example.org', '@Ana')}", (Text("ask "), ANA)),
        ('see <a href="https://a.example/x">the map</a>', (Text("see "), Link("https://a.example/x", "the map"))),
        ('<a href="matrix:u/ana:example.org">Ana</a>', (ANA,)),
        (
            '<a href="https://matrix.to/#/%23help:example.org">#help</a>',
            (Mention("room", "#help:example.org", "help"),),
        ),
        ("<code>x = 1</code>", (Code("x = 1", block=False),)),
        ("<pre><code>x = 1\ny = 2\n</code></pre>", (Code("x = 1\ny = 2", block=True),)),
        ('<img data-mx-emoticon alt=":party:" src="mxc://a/b"/>', (Emoji("party", ""),)),
        ("<mx-reply><blockquote>In reply to someone</blockquote></mx-reply>Yes", (Text("Yes"),)),
        ("<script>alert(1)</script><style>b{}</style>Yes", (Text("Yes"),)),
        ("<unknown>Yes</unknown>", (Text("Yes"),)),
        ("<a href='https://a.example'>left open", (Link("https://a.example", "left open"),)),
        ("<code>left open", (Code("left open", block=False),)),
        ("<a>no address</a>", (Text("no address"),)),
    ],
)
def test_html_is_read_as_people_see_it(words: str, expected: Content) -> None:
    assert html(words) == expected


def test_plain_words_stay_as_they_are() -> None:
    assert plain("2 * 3 <b>\n\nand **more**\n") == (Text("2 * 3 <b>\n\nand **more**"),)


def test_an_id_that_was_only_typed_is_a_mention_and_an_address_is_none() -> None:
    who = Mention("person", "@ana:example.org", "ana:example.org")
    assert plain("ask @ana:example.org, please") == (Text("ask "), who, Text(", please"))
    assert plain("mail ana@example.org: now") == (Text("mail ana@example.org: now"),)
    assert command_text(plain("assign @ana:example.org")) == "assign <@@ana:example.org>"


def test_everyone_is_called_only_where_it_rings() -> None:
    assert plain("the @room is free") == (Text("the @room is free"),)
    rings = {"m.mentions": {"room": True}}
    assert plain("hello @room", **rings) == (Text("hello "), Mention("everyone", "", "room"))
    assert is_comment(plain("hello", **rings), ())


def test_who_is_rung_without_a_word_makes_it_a_comment_but_the_bot_does_not() -> None:
    assert is_comment(plain("look at this", **{"m.mentions": {"user_ids": ["@ana:example.org"]}}), ())
    assert plain("look at this", **{"m.mentions": {"user_ids": [US]}}) == (Text("look at this"),)
    assert html(f"ask {ANA_PILL}", **{"m.mentions": {"user_ids": ["@ana:example.org"]}}) == (Text("ask "), ANA)


def test_what_an_old_client_quotes_is_not_sent_again() -> None:
    answer = {"m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}
    assert plain("> <@x:y> Is it\n> ready?\n\nYes", **answer) == (Text("Yes"),)
    assert plain("> a quote of mine\n\nYes") == (Text("> a quote of mine\n\nYes"),)


def stored(event: object, **found: object) -> bytes:
    return json.dumps({"room": "!r", "event": event, **found}).encode()


WORDS = ("m.text",)
FILES = ("m.image", "m.file", "m.audio", "m.video")
KEPT = ("m.emote", "m.location", "org.example.gallery")
SILENT = ("m.notice", "m.server_notice", "m.key.verification.request", "")
"""Every kind of message of the specification, and one that is in none."""


def message(msgtype: str, **more: object) -> dict[str, object]:
    content = {"msgtype": msgtype, "body": "words", **more}
    return {"event_id": "$2", "type": "m.room.message", "sender": "@ana:example.org", "content": content}


@pytest.mark.parametrize("msgtype", [*WORDS, *FILES, *KEPT])
def test_only_words_and_files_are_for_the_contact(msgtype: str) -> None:
    [event] = read(stored(message(msgtype), root="$1"), "matrix", US)
    assert isinstance(event, ChatPosted)
    assert bool(event.untextable) is (msgtype in KEPT)
    assert bool(event.files) is (msgtype in FILES)


@pytest.mark.parametrize("kind", ["m.sticker", "m.poll.start", "org.matrix.msc3381.poll.start"])
def test_stickers_and_polls_are_not_for_the_contact(kind: str) -> None:
    [event] = read(stored({**message("m.image"), "type": kind}, root="$1"), "matrix", US)
    assert isinstance(event, ChatPosted)
    assert event.untextable


@pytest.mark.parametrize("msgtype", [*KEPT, *SILENT])
def test_an_edit_to_what_is_no_words_takes_the_words_away(msgtype: str) -> None:
    new = {"m.new_content": {"msgtype": msgtype, "body": "words"}}
    [event] = read(stored(message(msgtype, **new), edited="$1"), "matrix", US)
    assert isinstance(event, ChatEdited)
    assert event.content == ()


@pytest.mark.parametrize("msgtype", SILENT)
def test_what_is_said_to_no_person_is_not_even_stored(msgtype: str) -> None:
    assert is_silent(message(msgtype))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"nonsense", b"[" * 100_000, b'{"room": "!r", "event": {}}'])
def test_what_is_no_stored_event_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(body, "matrix", US)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("m.room.message", "m.reaction", "m.room.redaction", "m.room.member", "m.room.tombstone", "m.sticker", "else")
PARTS = ("msgtype", "body", "format", "formatted_body", "m.mentions", "m.relates_to", "m.new_content", "info", "url")


@given(
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(PARTS), JSON, max_size=6),
    st.dictionaries(
        st.sampled_from(["root", "edited", "target", "redacted", "key", "late", "marked", "removed"]),
        JSON | st.just("$1"),
        max_size=5,
    ),
)
def test_nothing_people_can_send_breaks_the_reading(
    kind: str, content: dict[str, object], found: dict[str, object]
) -> None:
    event = {"event_id": "$1", "type": kind, "sender": "@ana:example.org", "content": content}
    assert len(read(stored(event, **found), "matrix", US)) <= 1


@given(st.text(max_size=300))
def test_any_html_is_read_without_trouble(words: str) -> None:
    to_text(html(words))

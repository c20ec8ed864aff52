import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.rules.commands import AVAILABLE, WORDS, Command, Unknown, parse


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("!send Hello\nthere ", Command("send", "Hello\nthere")),
        ("!send", Command("send", "")),
        ("!Send hi", Command("send", "hi")),
        ("  \n!undo", Command("undo", "")),
        ("\u200b!again", Command("again", "")),
        ("！close", Command("close", "")),
        ("!ｃｌｏｓｅ", Command("close", "")),
        ("!re\u200bopen", Command("reopen", "")),
        ("!help send", Command("help", "send")),
        ("!c hours a=b", Command("canned", "hours a=b")),
        ("!send !undo", Command("send", "!undo")),
        ("!later tomorrow 9:00 text", Command("later", "tomorrow 9:00 text")),
    ],
)
def test_a_known_word_is_a_command(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "word", "nearest"),
    [
        ("!", "", None),
        ("! send", "", "send"),
        ("!  claim it", "", "claim"),
        ("! c hours", "", "canned"),
        ("! Clam", "", "claim"),
        ("! what a day", "", None),
        ("!!", "!", None),
        ("!?", "?", None),
        ("!important", "important", None),
        ("!sent hi", "sent", "send"),
        ("!asign @ana", "asign", "assign"),
        ("!close.", "close.", "close"),
        ("!Klose", "klose", "close"),
        ("!send:hi", "send:hi", "send"),
    ],
)
def test_any_other_word_is_unknown(text: str, word: str, nearest: str | None) -> None:
    assert parse(text) == Unknown(word, nearest)


@pytest.mark.parametrize("text", ["!note he owes us", "!Note: x", "!notes x", "!internal: x", "!privat x", "!memo x"])
def test_a_word_like_a_marker_is_known_for_one(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Unknown)
    assert found.like_marker


@pytest.mark.parametrize("text", ["!", "!snoze", "!important", "!clam"])
def test_other_unknown_words_are_none(text: str) -> None:
    found = parse(text)
    assert isinstance(found, Unknown)
    assert not found.like_marker


@pytest.mark.parametrize("text", ["", " ", "Great!", "¡Hola!", "‼️ closed", "❗closed", "a !send", "send", "\u200b"])
def test_other_texts_are_none(text: str) -> None:
    assert parse(text) is None


@given(st.text())
def test_what_begins_with_the_sign_is_never_ordinary(text: str) -> None:
    assert parse(f"!{text}") is not None
    assert (parse(text) is not None) == (text.strip(" \t\r\n")[:1] in ("!", "！")) or not text.isascii()


def test_every_command_does_something() -> None:
    assert set(WORDS) == AVAILABLE
    assert all(Command(word, "").available for word in WORDS)

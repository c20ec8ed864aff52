import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.rules.segments import Encoding, Segments, count, gsm_friendly

ORACLE: dict[str, list[Any]] = json.loads(
    (Path(__file__).parents[2] / "oracles" / "segments.json").read_text(encoding="utf-8")
)


def test_twilios_calculator_agrees() -> None:
    assert len(ORACLE["rows"]) >= 500
    differ = [row for row in ORACLE["rows"] if count(row[0]) != Segments(*row[1:])]
    assert not differ


def test_with_joined_emoji_the_calculator_counts_one_more_at_times() -> None:
    for text, number, encoding, units in ORACLE["joined"]:
        ours = count(text)
        assert (ours.encoding, ours.characters) == (encoding, units)
        assert number - ours.number in (0, 1)


@pytest.mark.parametrize(
    ("text", "number", "encoding", "characters"),
    [
        ("", 1, "GSM-7", 0),
        ("a" * 160, 1, "GSM-7", 160),
        ("a" * 161, 2, "GSM-7", 161),
        ("a" * 306, 2, "GSM-7", 306),
        ("a" * 307, 3, "GSM-7", 307),
        ("€" * 80, 1, "GSM-7", 160),
        ("a" * 152 + "€" * 5, 2, "GSM-7", 162),
        ("ж" * 70, 1, "UCS-2", 70),
        ("ж" * 71, 2, "UCS-2", 71),
        ("ж" * 134, 2, "UCS-2", 134),
        ("ж" * 135, 3, "UCS-2", 135),
        ("😀" * 35, 1, "UCS-2", 70),
        ("😀" * 67, 3, "UCS-2", 134),
        ("ж" + "€" * 69, 1, "UCS-2", 70),
        ("\ud83d", 1, "UCS-2", 1),
    ],
)
def test_sizes(text: str, number: int, encoding: Encoding, characters: int) -> None:
    assert count(text) == Segments(number, encoding, characters)


@given(st.text(max_size=500), st.text(max_size=50))
def test_more_text_never_takes_fewer_segments(text: str, more: str) -> None:
    assert 1 <= count(text).number <= count(text + more).number
    assert count(text).characters >= len(text)


@pytest.mark.parametrize(
    ("text", "plainer"),
    [
        ("“It’s” – fine…", '"It\'s" - fine...'),
        ("«Oui» — ‹non›", "\"Oui\" - 'non'"),
        ("a\u00a0b\u2009c\u202fd\te\u3000f", "a b c d e f"),
        ("• one\u2028· two", "- one\n- two"),
        ("oﬃce cœur ĳs", "office coeur ijs"),
        ("Ｈｅｌｌｏ！（９）｀", "Hello!(9)'"),
        ("2 × ½ `x` 1⁄3 ™", "2 x 1/2 'x' 1/3 TM"),
        ("cafe\u0301 Zu\u0308rich", "café Zürich"),
        ("a\u200bb\ufeffc\u00add", "abcd"),
        ("plain {text} €", "plain {text} €"),
    ],
)
def test_typographic_signs_become_plain(text: str, plainer: str) -> None:
    assert gsm_friendly(text) == plainer
    assert count(plainer).encoding == "GSM-7"


@pytest.mark.parametrize("text", ["“да”", "It’s 👍", "garçon…", "“olá”", "👨\u200d👩\u200d👧 – us", "…" * 70])
def test_a_text_that_gains_nothing_stays_as_it_is(text: str) -> None:
    assert gsm_friendly(text) == text


@given(st.text(alphabet=st.sampled_from("aé“”’…–•\u00a0ﬁ½！€жœ👍\u200b")))
def test_replacing_pays_or_does_nothing(text: str) -> None:
    plainer = gsm_friendly(text)
    assert plainer == text or (count(plainer).encoding, count(text).encoding) == ("GSM-7", "UCS-2")
    assert count(plainer).number <= count(text).number
    assert gsm_friendly(plainer) == plainer

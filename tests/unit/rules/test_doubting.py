"""Refusals in other words: asked about when they are, not when they only sound like it, and quickly whatever comes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.rules.doubting import LETTERS, sounds_like_refusal
from tests.corpus.reading import lines


@pytest.mark.parametrize("text", lines("refusals.txt"))
def test_a_refusal_in_other_words_is_asked_about(text: str) -> None:
    assert sounds_like_refusal(text)
    assert sounds_like_refusal(text.upper())


@pytest.mark.parametrize("text", lines("no_refusals.txt"))
def test_what_only_sounds_like_one_is_not(text: str) -> None:
    assert not sounds_like_refusal(text)


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    assert sounds_like_refusal(f"{text[:100]}\nplease stop texting me\n{text}")
    assert sounds_like_refusal(text) in (True, False)


@pytest.mark.parametrize("hostile", ["stop " * 100_000, "a" * 500_000, "no me envi" * 50_000, "remove me " * 50_000])
def test_no_text_makes_it_slow(hostile: str) -> None:
    begun = time.perf_counter()
    sounds_like_refusal(hostile)
    assert time.perf_counter() - begun < 0.5
    assert len(hostile) > LETTERS

"""Languages of short texts: few are told wrongly, and what cannot be told is not guessed."""

from collections import Counter

import pytest

from bridge.adapters.languages import _identifier, language_of
from bridge.domain.languages import LANGUAGES, UNKNOWN
from tests.architecture.source import ROOT
from tests.corpus.reading import lines

DECISION = (ROOT / "docs" / "decisions" / "0013-language-of-a-text.md").read_text(encoding="utf-8")


def outcomes() -> Counter[str]:
    """How many texts of the corpus are told rightly, wrongly or not, and how many of those that cannot be told are."""
    found: Counter[str] = Counter()
    for code, _, text in (line.partition(" ") for line in lines("languages.txt")):
        told = language_of(text)
        if code == UNKNOWN:
            found["guessed" if told != UNKNOWN else "rightly unknown"] += 1
        else:
            found["right" if told == code else "not told" if told == UNKNOWN else "wrong"] += 1
    return found


def test_short_texts_are_told_rightly_or_not_at_all() -> None:
    found = outcomes()
    assert (found["wrong"], found["guessed"]) == (0, 0)
    assert found["right"] > 0.85 * (found["right"] + found["not told"])


def test_the_decision_gives_the_figures() -> None:
    found = outcomes()
    assert f"{found['right']} of {found['right'] + found['not told']} rightly" in " ".join(DECISION.split())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("¿A qué hora abren mañana?", "es"),
        ("QUIERO CAMBIAR MI CITA", "es"),
        ("https://example.org/what-time-do-you-close-today", UNKNOWN),
        ("¿Tienen citas para mañana? I need it before noon please", UNKNOWN),
        ("", UNKNOWN),
        ("👍", UNKNOWN),
        ("\ud83d", UNKNOWN),
        ("When do you open? " * 100_000, "en"),
    ],
)
def test_whatever_is_written(text: str, language: str) -> None:
    assert language_of(text) == language


def test_every_language_of_the_reference_is_known_to_the_library() -> None:
    assert set(LANGUAGES) <= set(_identifier().labels)

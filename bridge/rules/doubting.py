"""Does a text ask for no more texts, in other words than STOP? The bot never decides that: it asks the team."""

import re
import unicodedata
from functools import cache
from typing import Any

import re2

from bridge.rules.revocations import ANYWHERE, NO_REFUSALS, SHORT

LETTERS = 2000
"""More of a text is not looked at: refusals are short, or begin so."""
_ENGINE: Any = re2  # ships no types
_BLANKS = re.compile(r"\s+")
_MEMORY = 1 << 24  # bytes
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'", "¿": " ", "¡": " "})
_AROUND = " .!,;:-–—…\"'()*_~"


def sounds_like_refusal(body: str) -> bool:
    """Tell whether somebody should be asked about this text."""
    text = _even(body[:LETTERS])
    text = _pattern(NO_REFUSALS).sub(" ", text)
    return _pattern(ANYWHERE).search(text) is not None or _whole().fullmatch(_words_only(text)) is not None


def _even(text: str) -> str:
    """Return the text in small letters, without accents, with straight apostrophes and single blanks."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    return _BLANKS.sub(" ", "".join(sign for sign in plain if unicodedata.category(sign) not in ("Mn", "Cf")))


def _words_only(text: str) -> str:
    """Return the text without emoji, and without signs at its ends."""
    kept = "".join(sign if unicodedata.category(sign)[0] != "S" else " " for sign in text)
    return _BLANKS.sub(" ", kept).strip(_AROUND)


@cache
def _pattern(patterns: tuple[str, ...]) -> Any:
    options = _ENGINE.Options()
    options.max_mem, options.log_errors = _MEMORY, False
    return _ENGINE.compile("|".join(f"(?:{one})" for one in patterns), options)


@cache
def _whole() -> Any:
    return _pattern(SHORT)

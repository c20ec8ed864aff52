"""The language of a text, by statistics of its letters; needs the extra ``textbridge[language]``.

What was measured on short texts, and why so sure, stands in docs/decisions/0013-language-of-a-text.md.
"""

import re
from functools import cache
from typing import Any

from bridge.domain.languages import LANGUAGES, UNKNOWN

SURE = 0.5
"""From which confidence on the language counts. Of 347 short texts some are told wrongly below 0.45."""
_NO_LANGUAGE = "zxx"
"""What letters are that say nothing; taken along, so that they are not some language's."""
_WORD = re.compile(r"\S+")
_OF_LINKS = ("://", "@", "www.")
_BREAK = re.compile(r"[.!?…;,:\n¿¡]+")
_PARTS = 8
"""Sentences that are looked at one by one."""
_TEXT_AT_MOST = 300
"""Characters that are looked at; whoever wrote so many has shown their language."""


def language_of(text: str) -> str:
    """Return the code of the language a text is in, ``UNKNOWN`` when it is too short to tell or in several."""
    words = _WORD.sub(_but_links, text[:_TEXT_AT_MOST])
    whole = _told(words)
    if whole == UNKNOWN:
        return UNKNOWN
    parts = [part for part in _BREAK.split(words) if len(part.split()) > 1]
    return UNKNOWN if any(_told(part) not in (whole, UNKNOWN) for part in parts[:_PARTS]) else whole


def _but_links(word: re.Match[str]) -> str:
    return "" if any(sign in word[0] for sign in _OF_LINKS) else word[0]


def _told(words: str) -> str:
    code, confidence = _identifier().classify(words.strip())
    return UNKNOWN if confidence < SURE or code == _NO_LANGUAGE else code


@cache
def _identifier() -> Any:  # ships no types
    """The statistics, read once (half a second, a hundred megabytes) when a rule first asks."""
    from py3langid import langid  # noqa: PLC0415 - an extra, and heavy

    identifier: Any = langid.LanguageIdentifier
    found = identifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    found.set_languages({*LANGUAGES, _NO_LANGUAGE})
    return found

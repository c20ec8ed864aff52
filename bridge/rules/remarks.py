"""Remarks behind or between words for the contact: too likely the team's to leave, too unlike a comment to stay.

What begins with a marker is a comment and never comes here.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

_SLASHES = "//"
_LOCK = "🔒"
_LOCKS = str.maketrans({"🔐": _LOCK, "🔏": _LOCK, "\ufe0f": None})
# A lock behind these words is a picture of what they say.
_ABOUT_LOCKS = re.compile(r"lock|clos|door|gate|\bkeys?\b|safe|secur|encrypt|password|\bpin\b|code")
_ADDRESS = re.compile(r"://|\w\.\w")
_LETTER = re.compile(r"\w")
_WORD = re.compile(r"\w+")
# "Please note: bring your ID" is for the contact; only in brackets is it likelier to be for the team.
_OFTEN_MEANT = frozenset({"note"})


def remark_in(text: str, markers: Sequence[str]) -> str | None:
    """Return the comment marker that stands further on in a reply, as configured; None when there is none.

    Signs count where a word could begin (``call him // he is late``), and slashes anywhere but in an address; words
    with their colon, in brackets, or behind a dash at the end (``psst internal: …``, ``(private)``, ``… - internal``).
    """
    even = text.casefold().translate(_LOCKS)
    for marker in markers:
        if _is_sign(marker):
            if _holds_sign(even, marker.strip().translate(_LOCKS)):
                return marker
        elif any(pattern.search(even) for pattern in _patterns(marker)):
            return marker
    return None


def _is_sign(marker: str) -> bool:
    return not _LETTER.search(marker)


def _holds_sign(text: str, sign: str) -> bool:
    tokens = text.split()
    if sign == _LOCK:
        return any(_LOCK in token for token in tokens) and not _ABOUT_LOCKS.search(text)
    if sign == _SLASHES:
        return any(_SLASHES in token and not _ADDRESS.search(token) for token in tokens)
    rare = len(sign) > 1 or not sign.isascii()
    return rare and any(token.startswith(sign) for token in tokens)


@lru_cache(maxsize=64)
def _patterns(marker: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _expressions(_WORD.findall(marker.casefold())))


def _expressions(words: Sequence[str]) -> Iterator[str]:
    word = r"\W+".join(map(re.escape, words))
    yield rf"[(\[{{<] *{word}(?: (?:only|note|comment))? *[:)\]}}>]"
    yield rf"(?:^|[\s.,;!?])[-–—|]+ *{word}(?: only)?[.! ]*$"
    if word not in _OFTEN_MEANT:
        yield rf"(?<![\w/.@#-]){word}(?: (?:only|note|comment))? ?:(?!//)"

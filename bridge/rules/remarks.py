"""Remarks behind or between words for the contact: too likely the team's to leave, too unlike a comment to stay.

What begins with a marker is a comment and never comes here.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

_SLASHES = "//"
_LOCK = "🔒"
_LOCKS = str.maketrans({"🔐": _LOCK, "🔏": _LOCK, "\ufe0f": None})
_ADDRESS = re.compile(r"://|\w\.\w")
_LETTER = re.compile(r"\w")
_WORD = re.compile(r"\w+")
_SPACES = re.compile(r"[^\S\n]+")
# "Please note: bring your ID" is for the contact; "team note: …" is likelier to be for the team.
_OFTEN_MEANT = frozenset({"note"})
_BEHIND_OTHERS = r"(?:(?<=\S )|(?<=[,;!?)]))(?<!please )(?<!kindly )(?<!pls )(?<!more )"
_SHORTEST_SHOUTED = 4  # letters
# Words that tell the team of the contact, not the contact of something.
_ABOUT_THEM = r"(?:he|she|they|his|him|do not|don['’]?t)\b"
_ASIDE = r"\b(?:n\.?b|p\.?s|fyi|btw|psst|attn)\b\W*"
_SAID_OF = r"(?: (?:only|notes?|comments?|remarks?))"

_TEAM = r"(?:(?:fyi|hey|hi|hello|dear|attn|to|for)\b[ ,:]*)?(?:the |our )?(?:team|staff|colleagues)(?: only)?"
_UNSENT = r"(?:please )?(?:do not|don['’]?t|never) (?:send|text|forward|share)(?: (?:this|it|yet|him|her|them|to))*"
_AMONG_US = r"(?:strictly |highly )?confidential(?:ly)?|(?:just )?between us|off the record"
_FOR_THE_TEAM = re.compile(
    rf"^[^\w\n]*(?:{_TEAM}|{_UNSENT}|{_AMONG_US})[ *_~]*(?:[:;!.]|[-–—]+(?: |$)|$)"
    r"|\b(?:our|team|staff|internal) eyes only\b",
    re.MULTILINE,
)


def opens_for_team(text: str) -> bool:
    """Tell whether a line opens with words only a colleague is meant by: ``do not send: …``, ``FYI team: …``."""
    return _FOR_THE_TEAM.search(_SPACES.sub(" ", text.casefold())) is not None


def remark_in(text: str, markers: Sequence[str]) -> str | None:
    """Return the comment marker that stands further on in a reply, as configured; None when there is none.

    Signs count where a word could begin (``call him // he is late``), slashes anywhere but in an address, a lock
    anywhere; words with their colon, in brackets, behind ``#`` or in capitals, behind a dash at the end, before
    ``note`` or words about the contact (``psst internal: …``, ``(private)``, ``… - internal``, ``private he owes us``).
    """
    even = _SPACES.sub(" ", text.casefold().translate(_LOCKS))
    for marker in markers:
        if _is_sign(marker):
            if _holds_sign(even, marker.strip().translate(_LOCKS)):
                return marker
        elif _is_shouted(text, marker) or any(pattern.search(even) for pattern in _patterns(marker)):
            return marker
    return None


def _is_sign(marker: str) -> bool:
    return not _LETTER.search(marker)


def _holds_sign(text: str, sign: str) -> bool:
    tokens = text.split()
    if sign == _LOCK:
        return _LOCK in text
    if sign == _SLASHES:
        return any(_SLASHES in token and not _ADDRESS.search(token) for token in tokens)
    rare = len(sign) > 1 or not sign.isascii()
    return rare and any(token.startswith(sign) for token in tokens)


def _is_shouted(text: str, marker: str) -> bool:
    words = _WORD.findall(marker.upper())
    if marker.casefold().strip(" :") in _OFTEN_MEANT or len("".join(words)) < _SHORTEST_SHOUTED:
        return False
    word = r"\W+".join(map(re.escape, words))
    return re.search(rf"(?<![\w/.@-]){word}(?![\w/@-])", text) is not None


@lru_cache(maxsize=64)
def _patterns(marker: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _expressions(_WORD.findall(marker.casefold())))


def _expressions(words: Sequence[str]) -> Iterator[str]:
    word = r"\W+".join(map(re.escape, words))
    often = word in _OFTEN_MEANT
    begun = rf"(?<![\w/.@#-]){_BEHIND_OTHERS if often else ''}{word}"
    yield rf"[(\[{{<] *{word}{_SAID_OF}? *[:)\]}}>]"
    yield rf"(?:^|[\s.,;!?])[-–—|]+ *{word}(?: only)?[.! ]*(?m:$)"
    yield rf"{begun}{_SAID_OF}? ?:(?!//)"
    yield rf"(?<![\w/])#{word}\b"
    yield rf"(?m:^)[^\w\n]*{word} {_ABOUT_THEM}"
    if not often:
        yield rf"{begun} (?:notes?|comments?|remarks?)\b"
        yield rf"{_ASIDE}{word}\b"

"""Many patterns and keywords against one text, in time linear to the text whatever it says.

RE2 matches all patterns at once, but then does not tell "none" from "not enough memory", so "none" is asked again of a
few large alternations, which never err; only those that fit are asked one by one.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import re2

_ENGINE: Any = re2  # ships no types
_SET_MEMORY = 32 << 20  # bytes
_MEMORY = 4 << 20
_CHUNK = 50
TEXT_AT_MOST = 10_000
"""Characters of a text that are looked at; a long text of many segments has a sixth of that."""
_WORDS = re.compile(r"\w+")


def keywords(text: str) -> str:
    """Return the words of a text in one form, each between blanks, so that whole words can be looked for."""
    plain = unicodedata.normalize("NFKC", text[:TEXT_AT_MOST]).casefold()
    return f" {' '.join(_WORDS.findall(plain))} "


def compiled(pattern: str) -> Any:
    """Return a pattern to look for in any case. Raises ``ValueError``."""
    try:
        return _ENGINE.compile(pattern, _options(_MEMORY))
    except _ENGINE.error as problem:
        raise ValueError(str(problem)) from None


class Patterns:
    """Patterns that are asked together, made once."""

    def __init__(self, patterns: Sequence[str]) -> None:
        """Each must have been compiled alone before, so that none can close the group it is put into."""
        self._patterns = tuple(dict.fromkeys(patterns))
        self._single = [compiled(pattern) for pattern in self._patterns]
        self._set = _set_of(self._patterns)
        places = range(0, len(self._patterns), _CHUNK)
        self._chunks = [(place, _either(self._patterns[place : place + _CHUNK])) for place in places]

    def found_in(self, text: str) -> frozenset[str]:
        """Return the patterns that fit a text."""
        if not self._patterns or not text:
            return frozenset()
        looked_at = text[:TEXT_AT_MOST]
        found = self._set.Match(looked_at) if self._set is not None else None
        return frozenset(self._patterns[place] for place in (found or self._one_by_one(looked_at)))

    def _one_by_one(self, text: str) -> Iterator[int]:
        for start, either in self._chunks:
            if either is None or either.search(text):
                chunk = self._single[start : start + _CHUNK]
                yield from (start + place for place, single in enumerate(chunk) if single.search(text))


def _options(memory: int) -> Any:
    options = _ENGINE.Options()
    options.max_mem, options.case_sensitive, options.log_errors = memory, False, False
    return options


def _set_of(patterns: Sequence[str]) -> Any:
    """All of them at once, None where that would take too much memory."""
    found = _ENGINE.Set.SearchSet(_options(_SET_MEMORY))
    try:
        for pattern in patterns:
            found.Add(pattern)
        found.Compile()
    except _ENGINE.error:
        return None
    return found


def _either(patterns: Sequence[str]) -> Any:
    """One of them, None where they cannot be put together: two that give the same name to a part."""
    try:
        return compiled("|".join(f"(?:{pattern})" for pattern in patterns))
    except ValueError:
        return None

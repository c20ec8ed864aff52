"""The words a time is made of, taken one by one."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import time

HOW = (
    "Write a time such as `2h`, `1h30m`, `3d`, `9:30`, `tomorrow 9:00`, `mon 9am`, `next week`, `dec 1 14:00` or "
    "`2026-12-01 14:00`."
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of duration; ``days`` is 0 for those below a day."""

    seconds: int
    days: int = 0


_SECOND, _MINUTE, _HOUR, _DAY, _WEEK = Unit(1), Unit(60), Unit(3600), Unit(86400, 1), Unit(604800, 7)
UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), _SECOND),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), _MINUTE),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), _HOUR),
    **dict.fromkeys(("d", "day", "days"), _DAY),
    **dict.fromkeys(("w", "week", "weeks"), _WEEK),
}
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("mon", "monday"),
            ("tue", "tues", "tuesday"),
            ("wed", "weds", "wednesday"),
            ("thu", "thur", "thurs", "thursday"),
            ("fri", "friday"),
            ("sat", "saturday"),
            ("sun", "sunday"),
        )
    )
    for name in names
}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {
    **{name: number for number, name in enumerate(_MONTHS, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
A_DAY_PART = ("morning", "noonish", "midday", "afternoon", "evening", "night", "midnight", "at", "around")
ZONES = frozenset(
    {"utc", "gmt", "est", "edt", "et", "cst", "cdt", "ct", "mst", "mdt", "mt", "pst", "pdt", "pt", "cet", "cest", "bst"}
)
_WRITTEN_OTHERWISE = {"a.m": "am", "p.m": "pm", "tmr": "tomorrow", "tmrw": "tomorrow"}
_LOOKED_AT = 12
_WORD = re.compile(r"\S+")
_ALONE = re.compile(r"0?[7-9]|1[0-9]|2[0-3]")
_BETWEEN = re.compile(r"(?<=[0-9]{4}-[0-9]{2}-[0-9]{2})[tT](?=[0-9]{2}:)")


class Unclear(ValueError):
    """What is written is no time for certain; the message says so in plain words."""


@dataclass(slots=True)
class Cursor:
    """The words at the front of a text, and how many of them were taken."""

    text: str
    taken: int = 0
    _words: tuple[tuple[str, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Find the words; one that ends in a colon is the last."""
        found: list[tuple[str, int]] = []
        for match in _WORD.finditer(_BETWEEN.sub(" ", self.text)):
            found.append((_plain(match[0]), match.end()))
            if match[0].endswith((":", "\uff1a")) or len(found) == _LOOKED_AT:
                break
        self._words = tuple(found)

    def copy(self) -> "Cursor":
        """Return one that goes on from here by itself."""
        return Cursor(self.text, self.taken)

    def peek(self, ahead: int = 0) -> str:
        """Return a word to come in its plain form, empty behind the last."""
        place = self.taken + ahead
        return self._words[place][0] if place < len(self._words) else ""

    def skip(self, count: int = 1) -> None:
        """Take words."""
        self.taken += count

    def take(self, *wanted: str) -> str | None:
        """Take the next word if it is one of these."""
        word = self.peek()
        if word not in wanted:
            return None
        self.skip()
        return word

    def hour_alone(self) -> time | None:
        """Take the 9 of ``tomorrow 9`` or ``tomorrow at 9:`` with nothing behind it that it may belong to.

        From 7 to 23 only: whether ``2`` is at night, nobody knows.
        """
        ahead = 1 if self.peek() == "at" else 0
        found = _ALONE.fullmatch(self.peek(ahead))
        if found is None or self.peek(ahead + 1):
            return None
        self.skip(ahead + 1)
        return time(int(found[0]))

    def quoted(self, ahead: int = 0) -> str:
        """Return a word to come as an answer may repeat it."""
        return f"`{self.peek(ahead).replace('`', '')[:20]}`"

    def rest(self) -> str:
        """Return what follows the words taken."""
        return self.text[self._words[self.taken - 1][1] :].strip() if self.taken else self.text.strip()


def _plain(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold().rstrip(",;:.")
    return _WRITTEN_OTHERWISE.get(plain, plain)

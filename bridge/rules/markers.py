"""Comment markers: what keeps a teammate's words inside."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from bridge.domain.content import Content, Mention
from bridge.rules.plain import characters

# Numbers in circles, and pictures that compatibility forms would turn into letters (ℹ into i): bullets, all of them.
_BULLETS = dict.fromkeys(
    [*range(0x2460, 0x249C), *range(0x24EA, 0x2500), *range(0x2776, 0x2794), *range(0x1F200, 0x1F252)]
    + [ord(sign) for sign in "ℹⓂ㊗㊙ㆍー〇"],
    "•",
)
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\\⁄∕∖⟋⧸⧹╱╲", "/"),
        **dict.fromkeys("∶꞉ː˸׃", ":"),
        **dict.fromkeys("–—‒―−⁃", "-"),
        **dict.fromkeys("🔐🔏", "🔒"),
        **dict.fromkeys("\u115f\u1160", ""),  # letters without ink
        **dict.fromkeys("\t\v\f\r", " "),
        **dict.fromkeys("\x85\u2028\u2029", "\n"),
        "_": "*",
        "\u20e3": ")",  # a keycap numbers a list
    }
)
_LOCK_NAMES = re.compile(r":(?:closed_)?lock(?:ed)?(?:_with_(?:key|pen|ink_pen))?:")
_SLASHES = re.compile(r"/[/\s]*")
# What may stand in front: a tag, an entity, an emoji's name, a number or letter of a list, any one sign or space.
_IN_FRONT = re.compile(r"<[a-z][^<>]*>|&#?\w+;|:[\w+*-]+:|(?:\d+|[ivx]+|[a-z])[^\w\s/]|(?:\d+|o) (?=\w)|\W")
_MAY_BE_MARKER = "<&:"  # ``<note>`` and ``:internal:`` are no tag and no emoji
_WORD = re.compile(r"\w+")
_AT_NAME = re.compile(r"@[^\W\d]")
_COMPARED = 200  # characters of an opening that are looked at; a marker is far shorter
_SHORTEST_WITH_TYPO = 4  # letters
_PAIR = 2


def is_comment(content: Content, markers: Sequence[str]) -> bool:
    """Tell whether a message is a comment, which never leaves: it begins with a marker or with a mention.

    Capitals, accents, spacing, full-width, invisible and look-alike characters make no difference, and all in front
    that is no letter or digit is skipped: bullets, list numbers, quotes, brackets, emoji, tags. Then comes

    - a marker made of signs (``//``, 🔒); any slash or backslash is ``//``, any closed lock is 🔒;
    - or the word of a marker (``note:``) with any sign or a line end behind it, or with up to three words and then
      ``:`` or a dash (``note to self:``), or behind ``#`` or an opening bracket, or with one typo before its ``:``;
    - or a mention of a person, team, room or everyone, be it only typed (``@ana``).

    A word alone is no marker: "Note that we open at 9" is sent. When in doubt it is a comment.
    """
    text = _even("".join("@mention " if isinstance(span, Mention) else characters(span) for span in content))
    evened = [marker for marker in (_even(marker).strip() for marker in markers) if marker]
    patterns = [_AT_NAME, *map(_pattern, evened)]
    words = ["".join(_WORD.findall(marker)) for marker in evened]
    for opening in _openings(text):
        before, colon, _ = opening.partition(":")
        written = "".join(_WORD.findall(before)) if colon else ""
        if any(pattern.match(opening) for pattern in patterns) or any(_one_typo(written, word) for word in words):
            return True
    return False


def _even(text: str) -> str:
    """Return the text with everything that makes no difference made equal."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.translate(_BULLETS)).casefold())
    text = _LOCK_NAMES.sub("🔒", text).translate(_ALIKE)
    text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Mn", "Cf", "Cc"))
    return _SLASHES.sub("//", re.sub(" +", " ", text))


def _openings(text: str) -> Iterator[str]:
    """Yield the text from its first character, then without one after the other of what may stand in front."""
    at = 0
    yield text[:_COMPARED]
    while skipped := _IN_FRONT.match(text, at):
        if text[at] in _MAY_BE_MARKER:
            yield text[at + 1 : at + 1 + _COMPARED]
        at = skipped.end()
        yield text[at : at + _COMPARED]


def _pattern(marker: str) -> re.Pattern[str]:
    """Return what an opening with this marker looks like."""
    signs = "".join(marker.split())
    literal = r"\s*".join(map(re.escape, signs)) + (r"(?!\w)" if signs[-1].isalnum() else "")
    word = r"\W+".join(_WORD.findall(marker))
    if not word:
        return re.compile(literal)
    behind = r" *(?:[^\w ]|$)|(?: [\w'’-]+){1,3} *(?::(?!\d)|(?<!\d):| -)"
    return re.compile(rf"{literal}|[#\[{{<] *{word}\b|{word}(?:{behind})")


def _one_typo(written: str, meant: str) -> bool:
    """Tell whether at most one letter was added, left out or mistaken, or two neighbours swapped."""
    if len(meant) < _SHORTEST_WITH_TYPO:
        return False
    while written and meant and written[0] == meant[0]:
        written, meant = written[1:], meant[1:]
    while written and meant and written[-1] == meant[-1]:
        written, meant = written[:-1], meant[:-1]
    swapped = written == meant[1:] + meant[:1] and len(meant) <= _PAIR
    return swapped or max(len(written), len(meant)) <= 1

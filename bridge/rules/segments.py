"""How many segments a text takes on the air, and how to keep it in the alphabet that takes the fewest."""

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

Encoding: TypeAlias = Literal["GSM-7", "UCS-2"]

# GSM 03.38; the lower-case c with cedilla is not in it, and Twilio's table has the capital one.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENSION

# Length of a lone segment and of each joined one, in units of the encoding.
_LIMITS: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

_PLAINER = str.maketrans(
    {
        **{chr(0xFEE0 + ord(sign)): sign for sign in map(chr, range(0x21, 0x7F))},  # full-width forms
        **dict.fromkeys("‘’‚‛‹›′‵`´ʹʼʻˈ❛❜｀", "'"),
        **dict.fromkeys("“”„‟«»″‶ʺ❝❞〝〞", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃﹣•‣·●▪◦∙", "-"),
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),
        **dict.fromkeys(range(0x2000, 0x200B), " "),  # typographic spaces
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff", ""),  # invisible
        **dict.fromkeys("\u2028\u2029", "\n"),
        **dict.fromkeys("⁄∕", "/"),
        **dict(zip("…×™½¼¾", ("...", "x", "TM", "1/2", "1/4", "3/4"), strict=True)),
        **dict(zip("ﬀﬁﬂﬃﬄĳĲœŒ", ("ff", "fi", "fl", "ffi", "ffl", "ij", "IJ", "oe", "OE"), strict=True)),
    }
)


@dataclass(frozen=True, slots=True)
class Segments:
    """A text's size. ``characters``: units of the encoding: septets (``€`` and its kin take two) or UTF-16 units."""

    number: int
    encoding: Encoding
    characters: int


def count(text: str) -> Segments:
    """Count as Twilio does: a lone segment is longer than a joined one, and no character is torn between two.

    An empty text takes one segment. An emoji of several code points may be torn between them, so the provider's own
    figure can be one higher; it replaces this one once a text was sent.
    """
    encoding: Encoding = "GSM-7" if _is_gsm(text) else "UCS-2"
    alone, joined = _LIMITS[encoding]
    sizes = [_size(letter, encoding) for letter in text]
    total = sum(sizes)
    number, free = 1, alone if total <= alone else joined
    for size in sizes:
        if size > free:
            number, free = number + 1, joined
        free -= size
    return Segments(number, encoding, total)


def gsm_friendly(text: str) -> str:
    """Replace typographic signs by plain ones when the text then fits GSM-7, in no more segments.

    Letters are never changed, except ligatures. A text that would stay UCS-2 anyway comes back as it is.
    """
    if _is_gsm(text):
        return text
    plainer = unicodedata.normalize("NFC", text).translate(_PLAINER)
    return plainer if _is_gsm(plainer) and count(plainer).number <= count(text).number else text


def _is_gsm(text: str) -> bool:
    return all(letter in _GSM for letter in text)


def _size(letter: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return 2 if letter in _EXTENSION else 1
    return 2 if letter > "\uffff" else 1  # beyond the basic plane: a surrogate pair

"""A teammate's words as the contact will read them: characters only."""

import re

from bridge.domain.content import Code, Content, Emoji, Mention, Span, Text

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_FIXED_SPACES = re.compile(r"[\u00a0\u2007\u202f]")
# Joiners (U+200C, U+200D) and direction marks stay: emoji, Persian and Hebrew need them.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff]")
_HALF_PAIRS = re.compile(r"[\ud800-\udfff]")
_TRAILING_SPACE = re.compile(r"[^\S\n]+$", re.MULTILINE)
_MANY_BLANK_LINES = re.compile(r"\n{4,}")


def to_text(content: Content) -> str:
    """Return the words as they will be texted: no outer blank space, at most two blank lines in a row.

    Hard spaces become ordinary ones, invisible and control characters vanish, and half a surrogate pair, which no
    database or provider takes, becomes U+FFFD. Empty when there is nothing to read.
    """
    text = _LINE_ENDS.sub("\n", "".join(characters(span) for span in content))
    text = _INVISIBLE.sub("", _FIXED_SPACES.sub(" ", text))
    text = _TRAILING_SPACE.sub("", _HALF_PAIRS.sub("\ufffd", text))
    return _MANY_BLANK_LINES.sub("\n\n\n", text).strip()


def characters(span: Span) -> str:
    """Return one span as characters, with its spaces and invisible characters untouched."""
    match span:
        case Text(text) | Code(text):
            return text
        case Emoji(name, unicode):
            return unicode or f":{name}:"
        case Mention(kind, _, label):
            return f"#{label}" if kind == "room" else f"@{label}"
        case _:
            return _link(span.url, span.label.strip())


def _link(url: str, label: str) -> str:
    scheme, colon, rest = url.partition(":")
    if colon and scheme.lower() in ("mailto", "tel"):
        address = rest.partition("?")[0]
        return address if label in ("", url, address) else f"{label} ({address})"
    return url if _shortens(label, url) else f"{label} ({url})"


def _shortens(label: str, url: str) -> bool:
    """Tell whether a label says no more than its address: without scheme or ``www.``, or cut off with dots."""
    short, full = _bare(label), _bare(url)
    for dots in ("…", "..."):
        if short.endswith(dots):
            return full.startswith(short.removesuffix(dots))
    return not short or short == full


def _bare(address: str) -> str:
    return address.lower().partition("://")[2 if "://" in address else 0].removeprefix("www.").rstrip("/")

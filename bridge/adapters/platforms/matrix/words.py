"""Characters that can be stored and shown, and HTML in which nothing of others is read as markup."""

import html
from urllib.parse import quote

VARIATION = "\ufe0f"
_TONES = {chr(code) for code in range(0x1F3FB, 0x1F400)}


def clean(text: str) -> str:
    """Text without NUL and lone surrogates, which no database stores and no server takes."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters; an ellipsis says that something is missing."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str) -> str:
    """Words on one line."""
    return " ".join(clean(text).split())


def escaped(text: str) -> str:
    """Text as HTML that shows it as it is, line breaks included."""
    return html.escape(text).replace("\n", "<br>")


def bare(key: str) -> str:
    """A reaction without what makes the same sign look different from client to client."""
    return "".join(sign for sign in key if sign != VARIATION and sign not in _TONES)


def address(*parts: str) -> str:
    """A matrix.to address of a person, or of a room and an event in it."""
    return "https://matrix.to/#/" + "/".join(quote(part, safe="@!$:") for part in parts)


def pill(user_id: str, label: str) -> str:
    """A link that clients show as a mention; it rings nobody by itself."""
    return f'<a href="{html.escape(address(user_id))}">{html.escape(label)}</a>'

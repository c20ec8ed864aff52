"""The ``text`` Slack derives from rich_text blocks."""

import re
from collections.abc import Callable
from typing import Any

from bridge.sandbox.slack import emoji
from bridge.sandbox.slack.journal import Json

_ADDRESS = re.compile(r"(?<![<|\w/])https?://[^\s<>|]*[^\s<>|.,;:!?)]")
STYLE_MARKS = {"code": "`", "strike": "~", "italic": "_", "bold": "*"}


def escape(text: str) -> str:
    """Replace the three characters that control Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def normalise(text: str) -> str:
    """What Slack makes of the text an app sends: bare addresses become links, emoji characters names."""
    linked = _ADDRESS.sub(lambda found: f"<{found[0]}>", text)
    return emoji.pattern().sub(lambda found: f":{emoji.name_of(found[0])}:", linked)


def text_of(blocks: list[Json]) -> str:
    """The mrkdwn text of rich_text blocks; other blocks say nothing here."""
    parts = [part for block in blocks if block["type"] == "rich_text" for part in _parts(block["elements"])]
    return "\n".join(part.strip("\n") for part in parts)


def _parts(elements: list[Json]) -> list[str]:
    return [_part(element) for element in elements]


def _part(element: Json) -> str:
    kind = element["type"]
    if kind == "rich_text_list":
        return "\n".join(_items(element))
    inline = "".join(_inline(piece) for piece in element["elements"])
    if kind == "rich_text_quote":
        return "\n".join(f"&gt; {line}" for line in inline.split("\n"))
    return f"```{inline}```" if kind == "rich_text_preformatted" else inline


def _items(element: Json) -> list[str]:
    indent = "    " * element.get("indent", 0)
    first = element.get("offset", 0) + 1
    ordered = element.get("style") == "ordered"
    return [
        f"{indent}{f'{number}.' if ordered else '•'} {''.join(_inline(piece) for piece in item['elements'])}"
        for number, item in enumerate(element["elements"], start=first)
    ]


def _inline(piece: Json) -> str:
    style: dict[str, Any] = piece.get("style") or {}
    plain = _plain(piece)
    for name, mark in STYLE_MARKS.items():
        if style.get(name) and plain.strip():
            plain = f"{mark}{plain}{mark}"
    return plain


def _plain(piece: Json) -> str:
    render = RENDERERS.get(piece["type"])
    return render(piece) if render else str(piece.get("fallback", ""))


def _link(piece: Json) -> str:
    return f"<{piece['url']}|{escape(piece['text'])}>" if piece.get("text") else f"<{piece['url']}>"


def _emoji(piece: Json) -> str:
    tone = f":skin-tone-{piece['skin_tone']}:" if piece.get("skin_tone") else ""
    return f":{piece['name']}:{tone}"


RENDERERS: dict[str, Callable[[Json], str]] = {
    "text": lambda piece: escape(piece["text"]),
    "link": _link,
    "user": lambda piece: f"<@{piece['user_id']}>",
    "usergroup": lambda piece: f"<!subteam^{piece['usergroup_id']}>",
    "channel": lambda piece: f"<#{piece['channel_id']}>",
    "broadcast": lambda piece: f"<!{piece['range']}>",
    "emoji": _emoji,
}

"""The ``text`` Slack derives from rich_text blocks."""

from typing import Any

from bridge.sandbox.slack.journal import Json

STYLE_MARKS = {"code": "`", "strike": "~", "italic": "_", "bold": "*"}


def escape(text: str) -> str:
    """Replace the three characters that control Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


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
    match piece["type"]:
        case "text":
            return escape(piece["text"])
        case "link":
            return f"<{piece['url']}|{escape(piece['text'])}>" if piece.get("text") else f"<{piece['url']}>"
        case "user":
            return f"<@{piece['user_id']}>"
        case "usergroup":
            return f"<!subteam^{piece['usergroup_id']}>"
        case "channel":
            return f"<#{piece['channel_id']}>"
        case "broadcast":
            return f"<!{piece['range']}>"
        case "emoji":
            tone = f":skin-tone-{piece['skin_tone']}:" if piece.get("skin_tone") else ""
            return f":{piece['name']}:{tone}"
        case _:
            return str(piece.get("fallback", ""))

"""What a person typed, read from the ``rich_text`` block: no markup to guess at.

Lists become ``- item`` and ``1. item`` lines indented by two spaces per level, quotes ``> line``; styles are dropped.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from bridge.adapters.platforms.slack.identity import Json, items, mapping, text
from bridge.adapters.platforms.slack.words import clean, from_hex, tidy, without_tone
from bridge.domain.content import Code, Content, Emoji, Link, Mention, MentionKind, Span, Text


def read_blocks(blocks: Sequence[Json]) -> Content | None:
    """The words of a message's blocks, None when they are not all rich text."""
    if not blocks or any(block.get("type") != "rich_text" for block in blocks):
        return None
    lines = _Lines()
    for block in blocks:
        for element in items(block.get("elements")):
            _element(lines, element)
    return tidy(lines.spans)


class _Lines:
    """Spans under construction; every part begins on a line of its own, and a prefix begins each of its lines."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._at_start = True

    def part(self, spans: Iterator[Span], first: str = "", rest: str = "") -> None:
        """Add a part; ``first`` begins its first line, ``rest`` the following ones."""
        self._begin()
        prefix = first
        for span in spans:
            if not isinstance(span, Text):
                self._add(Text(prefix) if self._at_start else Text(""), span)
                prefix, self._at_start = rest, False
                continue
            for line in re.findall(r"[^\n]*\n|[^\n]+", span.text):
                self._add(Text((prefix if self._at_start else "") + line))
                prefix, self._at_start = rest, line.endswith("\n")

    def _begin(self) -> None:
        if not self._at_start:
            self.spans.append(Text("\n"))
            self._at_start = True

    def _add(self, *spans: Span) -> None:
        self.spans += spans


def _element(lines: _Lines, element: Json) -> None:
    match element.get("type"):
        case "rich_text_list":
            _list(lines, element)
        case "rich_text_quote":
            lines.part(_inline(element), "> ", "> ")
        case "rich_text_preformatted":
            code = "".join(_words(part) for part in items(element.get("elements")))
            lines.part(iter((Code(clean(code), block=True),)))
        case _:
            lines.part(_inline(element))


def _list(lines: _Lines, element: Json) -> None:
    indent = "  " * _small(element.get("indent"))
    quote = "> " if element.get("border") == 1 else ""
    number = _small(element.get("offset"), limit=1_000_000)
    for entry in items(element.get("elements")):
        number += 1
        bullet = f"{number}. " if element.get("style") == "ordered" else "- "
        lines.part(_inline(entry), quote + indent + bullet, quote + indent + "  ")


def _small(value: object, limit: int = 10) -> int:
    return min(max(value, 0), limit) if isinstance(value, int) else 0


def _inline(section: Json) -> Iterator[Span]:
    for part in items(section.get("elements")):
        yield _span(part)


def _span(part: Json) -> Span:
    if mapping(part.get("style")).get("code") is True:
        return Code(clean(_words(part)), block=False)
    read = _READERS.get(text(part, "type"))
    return read(part) if read else Text(clean(_words(part)))


def _words(part: Json) -> str:
    """The visible characters of any inline part."""
    return text(part, "text") or text(part, "url") or text(part, "fallback") or text(part, "value")


def _mention(kind: MentionKind, key: str) -> Callable[[Json], Mention]:
    def read(part: Json) -> Mention:
        return Mention(kind, clean(text(part, key)), "")  # the directory knows the name

    return read


def _broadcast(part: Json) -> Mention:
    return Mention("everyone", "", clean(text(part, "range")) or "everyone")


def _link(part: Json) -> Link:
    url = clean(text(part, "url"))
    return Link(url, clean(text(part, "text")) or url)


def _emoji(part: Json) -> Emoji:
    return Emoji(without_tone(text(part, "name")), from_hex(text(part, "unicode")))


_READERS: Mapping[str, Callable[[Json], Span]] = {
    "user": _mention("person", "user_id"),
    "usergroup": _mention("team", "usergroup_id"),
    "team": _mention("team", "team_id"),
    "channel": _mention("room", "channel_id"),
    "broadcast": _broadcast,
    "link": _link,
    "emoji": _emoji,
}

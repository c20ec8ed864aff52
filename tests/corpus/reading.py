"""Reads the corpora: one message per line, as a teammate would write it in a thread.

Lines that begin with ``%%`` explain, empty lines are skipped. Within a line:

- ``@{Ana}`` mentions a person, ``@{team:Support}`` a team, ``@{here}``, ``@{channel}`` and ``@{everyone}`` everyone,
  ``#{general}`` a room;
- ``:lock:`` is an emoji; a name not listed here is an emoji of the workspace's own, without characters;
- ``{code:x}`` is inline code, ``{block:x}`` a block of code, ``{link:url|label}`` a link (without ``|label``: bare);
- ``\\n`` breaks the line, ``\\t`` is a tab, ``\\u200b`` and ``\\U0001f512`` are characters by
  number, ``\\\\`` is a backslash.
"""

import re
from pathlib import Path

from bridge.domain.content import Code, Content, Emoji, Link, Mention, MentionKind, Span, Text

HERE = Path(__file__).parent
EMOJI = {
    "lock": "\U0001f512",
    "closed_lock_with_key": "\U0001f510",
    "lock_with_ink_pen": "\U0001f50f",
    "information_source": "\u2139\ufe0f",
    "memo": "\U0001f4dd",
    "one": "1\ufe0f\u20e3",
    "smile": "\U0001f604",
    "thumbsup": "\U0001f44d",
    "warning": "\u26a0\ufe0f",
    "wave": "\U0001f44b",
    "+1::skin-tone-3": "\U0001f44d\U0001f3fc",
}
_ESCAPE = re.compile(r"\\(n|t|\\|u[0-9a-f]{4}|U[0-9a-f]{8})")
_SPECIAL = re.compile(
    r"(?P<who>@\{(?P<name>[^}]+)\})|(?P<room>#\{(?P<label>[^}]+)\})"
    r"|(?P<code>\{(?P<kind>code|block):(?P<text>[^}]*)\})"
    r"|(?P<link>\{link:(?P<url>[^|}]+)(?:\|(?P<shown>[^}]+))?\})"
    r"|(?P<emoji>:(?P<emoji_name>[a-z0-9_+-]+(?:::skin-tone-[2-6])?):)"
)


def lines(name: str) -> list[str]:
    """Return the messages of a corpus, still in its notation."""
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip() and not line.startswith("%%")]


def composed(line: str) -> Content:
    """Return the message a line stands for."""
    spans: list[Span] = []
    at = 0
    for found in _SPECIAL.finditer(line):
        spans += [Text(_unescaped(line[at : found.start()]))] if found.start() > at else []
        spans.append(_special(found))
        at = found.end()
    return (*spans, Text(_unescaped(line[at:]))) if at < len(line) else tuple(spans)


def _special(found: re.Match[str]) -> Span:
    if found["who"]:
        return _mention(found["name"])
    if found["room"]:
        return Mention("room", "C0000000009", found["label"])
    if found["code"]:
        return Code(_unescaped(found["text"]), block=found["kind"] == "block")
    if found["link"]:
        return Link(found["url"], found["shown"] or found["url"])
    return Emoji(found["emoji_name"], EMOJI.get(found["emoji_name"], ""))


def _mention(name: str) -> Mention:
    if name in ("here", "channel", "everyone"):
        return Mention("everyone", "", name)
    kind: MentionKind = "team" if name.startswith("team:") else "person"
    return Mention(kind, "S0000000001" if kind == "team" else "U0000000001", name.removeprefix("team:"))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    code = found[1]
    return {"n": "\n", "t": "\t", "\\": "\\"}.get(code) or chr(int(code[1:], 16))

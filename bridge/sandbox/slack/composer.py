"""What Slack's composer makes of what a person types: one rich_text block."""

import re
from collections.abc import Callable, Iterator

from bridge.sandbox.slack import emoji
from bridge.sandbox.slack.journal import Json
from bridge.sandbox.slack.state import State

BROADCASTS = ("here", "channel", "everyone")
STYLES = {"*": "bold", "_": "italic", "~": "strike"}
_FENCE = re.compile(r"```(.*?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(?!\1)(.+?)(?<=\S)\1(?![\w*_~])")
_URL = re.compile(r"https?://[^\s<>|]*[^\s<>|.,;:!?)\]}'\"]")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(?<![\w@./-])(?:[\w-]+\.)+(?:com|org|net|io|dev|co|edu|gov)\b(?:/[^\s<>|]*[\w/])?", re.IGNORECASE
)
_BULLET = re.compile(r"^(\s*)[-*•] +(.*)$")
_NUMBER = re.compile(r"^(\s*)(\d+)[.)] +(.*)$")


def compose(state: State, typed: str) -> list[Json]:
    """The blocks of a typed message: mentions, links, emoji, styles, lists, quotes and preformatted text."""
    elements: list[Json] = []
    for index, part in enumerate(_FENCE.split(typed)):
        if index % 2:
            text = part.strip("\n")
            elements.append({"type": "rich_text_preformatted", "elements": [_text(text, {})], "border": 0})
        elif part.strip():
            elements += _lines(state, part.strip("\n").split("\n"))
    block: Json = {"type": "rich_text", "block_id": state.secret(5), "elements": elements}
    return [block] if elements else []


def _lines(state: State, lines: list[str]) -> list[Json]:
    elements: list[Json] = []
    for kind, group in _grouped(lines):
        if kind == "quote":
            text = "\n".join(line[1:].removeprefix(" ") for line in group)
            elements.append({"type": "rich_text_quote", "elements": inline(state, text)})
        elif kind == "text":
            elements.append({"type": "rich_text_section", "elements": inline(state, "\n".join(group))})
        else:
            elements.append(_list(state, kind, group))
    return [element for element in elements if element["elements"]]


def _grouped(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    group: list[str] = []
    kind = ""
    for line in lines:
        now = _kind(line)
        if group and now != kind:
            yield kind, group
            group = []
        kind = now
        group.append(line)
    if group:
        yield kind, group


def _kind(line: str) -> str:
    if line.startswith(">"):
        return "quote"
    for style, shape in (("bullet", _BULLET), ("ordered", _NUMBER)):
        if found := shape.match(line):
            return f"{style} {min(len(found[1]) // 2, 8)}"
    return "text"


def _list(state: State, kind: str, lines: list[str]) -> Json:
    style, indent = kind.split()
    shape = _BULLET if style == "bullet" else _NUMBER
    found = [match for line in lines if (match := shape.match(line))]
    items = [{"type": "rich_text_section", "elements": inline(state, match[match.re.groups])} for match in found]
    element: Json = {"type": "rich_text_list", "style": style, "indent": int(indent), "border": 0, "elements": items}
    offset = int(found[0][2]) - 1 if style == "ordered" else 0
    return element | {"offset": offset} if offset else element


def inline(state: State, text: str, style: dict[str, bool] | None = None) -> list[Json]:
    """The elements of running text."""
    style = style or {}
    pieces: list[Json] = []
    plain = ""
    position = 0
    while position < len(text):
        found = _special(state, text, position, style)
        if found is None:
            plain += text[position]
            position += 1
            continue
        elements, position = found
        if plain:
            pieces.append(_text(plain, style))
            plain = ""
        pieces += elements
    return [*pieces, _text(plain, style)] if plain else pieces


def _special(state: State, text: str, at: int, style: dict[str, bool]) -> tuple[list[Json], int] | None:
    """What stands at this place if it is more than a letter, and where it ends."""
    if found := _CODE.match(text, at):
        return [_text(found[1], style | {"code": True})], found.end()
    if found := _STYLED.match(text, at):
        return inline(state, found[2], style | {STYLES[found[1]]: True}), found.end()
    for shape in (_link, _mention, _emoji):
        if element := shape(state, text, at):
            piece, end = element
            return [piece | {"style": style} if style and piece["type"] != "emoji" else piece], end
    return None


def _link(_state: State, text: str, at: int) -> tuple[Json, int] | None:
    if at and (text[at - 1].isalnum() or text[at - 1] in "@._-"):
        return None
    if found := _URL.match(text, at):
        return {"type": "link", "url": found[0]}, found.end()
    if found := _EMAIL.match(text, at):
        return {"type": "link", "url": f"mailto:{found[0]}", "text": found[0]}, found.end()
    if found := _DOMAIN.match(text, at):
        return {"type": "link", "url": f"http://{found[0]}", "text": found[0]}, found.end()
    return None


def _mention(state: State, text: str, at: int) -> tuple[Json, int] | None:
    if text[at] == "#":
        rooms = {room.name: room.id for room in state.channels.values() if room.name}
        return _named(text, at, rooms, lambda key: {"type": "channel", "channel_id": key})
    if text[at] != "@" or (at and text[at - 1].isalnum()):
        return None
    broadcasts = {name: name for name in BROADCASTS}
    if found := _named(text, at, broadcasts, lambda key: {"type": "broadcast", "range": key}):
        return found
    groups = {group.handle: group.id for group in state.usergroups.values()}
    if found := _named(text, at, groups, lambda key: {"type": "usergroup", "usergroup_id": key}):
        return found
    people = {name: user.id for user in state.users.values() for name in (user.real_name, user.name)}
    return _named(text, at, people, lambda key: {"type": "user", "user_id": key})


def _named(text: str, at: int, known: dict[str, str], make: Callable[[str], Json]) -> tuple[Json, int] | None:
    rest = text[at + 1 :]
    for name in sorted(known, key=len, reverse=True):
        after = rest[len(name) : len(name) + 1]
        if rest[: len(name)].lower() == name.lower() and not (after.isalnum() or after in ("_", "-")):
            return make(known[name]), at + 1 + len(name)
    return None


def _emoji(_state: State, text: str, at: int) -> tuple[Json, int] | None:
    if found := emoji.colons().match(text, at):
        name = f"{found[1]}::skin-tone-{found[2]}" if found[2] else found[1]
        element = emoji.by_name(name)
        return (element, found.end()) if element else None
    if text[at] > "\u00a8" and (found := emoji.pattern().match(text, at)):
        element = emoji.by_name(emoji.name_of(found[0]))
        return (element, found.end()) if element else None
    return None


def _text(text: str, style: dict[str, bool]) -> Json:
    return {"type": "text", "text": text} | ({"style": style} if style else {})

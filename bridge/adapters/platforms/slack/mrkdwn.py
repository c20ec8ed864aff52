"""Slack's text markup, for messages that carry no rich text and for commands. Unescaping comes last."""

import re

from bridge.adapters.platforms.slack.identity import Json, items, text
from bridge.adapters.platforms.slack.rich_text import read_blocks
from bridge.adapters.platforms.slack.words import clean, emoji, tidy, unescape
from bridge.domain.content import Code, Content, Emoji, Link, Mention, Span, Text

_TOKEN = re.compile(
    r"```(?P<block>[^`]*)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<markup>[^<>\n]*)>"
    r"|:(?P<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):"
)
_COMMAND_TOKEN = re.compile(r"<(?P<markup>[^<>\n]*)>|:(?P<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")
_STYLE = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TIME = re.compile(r"[0-9:]+")


def content_of(message: Json) -> Content:
    """What a message says: its rich text when it has any, its markup otherwise."""
    content = read_blocks(items(message.get("blocks")))
    return parse(text(message, "text")) if content is None else content


def parse(source: str) -> Content:
    """Read message text with markup; styles are dropped."""
    return _parse(source, _TOKEN, styled=True)


def parse_command(source: str) -> Content:
    """Read the text of a slash command, in which ``*`` and ``_`` are only characters."""
    return _parse(source, _COMMAND_TOKEN, styled=False)


def _parse(source: str, token: re.Pattern[str], *, styled: bool) -> Content:
    spans: list[Span] = []
    end = 0
    source = clean(source)
    for found in token.finditer(source):
        span = _span(found.groupdict())
        if span is None:
            continue
        spans += [_text(source[end : found.start()], styled=styled), span]
        end = found.end()
    spans.append(_text(source[end:], styled=styled))
    return tidy(spans)


def _text(source: str, *, styled: bool) -> Text:
    if styled:
        previous = ""
        while previous != source:  # styles nest: each round takes one layer off
            previous, source = source, _STYLE.sub(r"\2", source)
    return Text(unescape(source))


def _span(found: dict[str, str | None]) -> Span | None:
    if (block := found.get("block")) is not None:
        return Code(_plain(block).strip("\n"), block=True)
    if (code := found.get("code")) is not None:
        return Code(_plain(code), block=False)
    if (name := found.get("emoji")) is not None:
        return _emoji(name)
    return _markup(found.get("markup") or "")


def _emoji(name: str) -> Emoji | None:
    # 12:30:45 is a time of day, not an emoji named 30
    return None if _TIME.fullmatch(name) else emoji(name)


def _plain(code: str) -> str:
    return unescape(re.sub(r"<([^<>|]*)(?:\|([^<>]*))?>", lambda link: link[2] or link[1], code))


def _markup(markup: str) -> Span:
    target, _, label = markup.partition("|")
    label = unescape(label)
    match target[:1]:
        case "@":
            return Mention("person", target[1:], label.removeprefix("@"))
        case "#":
            return Mention("room", target[1:], label.removeprefix("#"))
        case "!":
            return _special(target[1:], label)
        case _:
            url = unescape(target)
            # Slack escapes typed angle brackets; should it ever not, they are characters and no address
            return Link(url, label or url) if _ADDRESS.match(url) else Text(unescape(f"<{markup}>"))


def _special(target: str, label: str) -> Span:
    kind, _, rest = target.partition("^")
    if kind == "subteam":
        return Mention("team", rest, label.removeprefix("@"))
    if kind == "date":
        return Text(label or rest)
    return Mention("everyone", "", kind or "everyone")

"""What a teammate wrote, from HTML or plain words to spans. Pure; never raises."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import unquote

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.words import clean
from bridge.domain.content import Code, Content, Emoji, Link, Mention, Span, Text

HTML = "org.matrix.custom.html"
_USER_ID = re.compile(r"(?<![\w@])@[a-z0-9._=/+-]+:[a-z0-9.-]*[a-z0-9](?::[0-9]{1,5})?", re.IGNORECASE)
_ROOM_WORD = re.compile(r"(?<![\w@])@room\b")
_ADDRESS = re.compile(r"(?:https?://matrix\.to/#/|matrix:(?:u/|r/|roomid/))([^?#/]+)", re.IGNORECASE)
_ESCAPED = re.compile(r"\A\s*\\!")  # how a command is typed where a client has commands of its own
_FALLBACK = re.compile(r"\A> .*\n(?:>.*\n)*\n?")
_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "tr"})
_LINES = {"p": 2, "pre": 2}  # line ends between this and what stands before or behind it
_UNSEEN = frozenset({"mx-reply", "script", "style", "head", "title"})


def content_of(content: Json, us: str) -> Content:
    """The words of a message's content. ``us``: the bot, whom a plain reply mentions without its writer's wish."""
    body = clean(text(content, "body"))
    if text(content, "format") == HTML and text(content, "formatted_body"):
        reader = _Reader()
        reader.feed(clean(text(content, "formatted_body")))
        reader.close()
        spans = reader.spans
    else:
        is_reply = bool(mapping(mapping(content.get("m.relates_to")).get("m.in_reply_to")))
        spans = [Text(_FALLBACK.sub("", body) if is_reply else body)]
    found = [part for span in spans for part in _with_mentions(span, content)]
    return tidy([*_unseen_mentions(found, content, us), *found])


def _with_mentions(span: Span, content: Json) -> Iterator[Span]:
    """Ids that were only typed are mentions; so is ``@room``, where it rings."""
    if not isinstance(span, Text):
        yield span
        return
    rings = mapping(content.get("m.mentions")).get("room") is True
    marks = [(found, "person") for found in _USER_ID.finditer(span.text)]
    marks += [(found, "everyone") for found in _ROOM_WORD.finditer(span.text)] if rings else []
    at = 0
    for found, kind in sorted(marks, key=lambda one: one[0].start()):
        yield Text(span.text[at : found.start()])
        yield Mention("person", found[0], found[0][1:]) if kind == "person" else Mention("everyone", "", "room")
        at = found.end()
    yield Text(span.text[at:])


def _unseen_mentions(spans: Sequence[Span], content: Json, us: str) -> list[Span]:
    """People the message rings without showing it are set in front: when in doubt it is a comment."""
    mentions = mapping(content.get("m.mentions"))
    shown = {span.id for span in spans if isinstance(span, Mention)}
    named = mentions.get("user_ids")
    ids: list[object] = list(named) if isinstance(named, list) else []  # pyright: ignore[reportUnknownArgumentType] - JSON
    missing = [one for one in ids if isinstance(one, str) and one not in shown and one != us]
    found: list[Span] = [Mention("person", clean(one), clean(one)[1:]) for one in missing]
    if mentions.get("room") is True and not any(isinstance(span, Mention) and not span.id for span in spans):
        found.append(Mention("everyone", "", "room"))
    return [part for span in found for part in (span, Text(" "))]


def tidy(spans: Sequence[Span]) -> Content:
    """Join neighbouring texts, without outer line breaks."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if isinstance(span, Text) and isinstance(last, Text):
            joined[-1] = Text(last.text + span.text)
        elif span != Text(""):
            joined.append(span)
    if joined and isinstance(first := joined[0], Text):
        joined[0] = Text(_ESCAPED.sub("!", first.text.lstrip("\n")))
    if joined and isinstance(last := joined[-1], Text):
        joined[-1] = Text(last.text.rstrip("\n"))
    return tuple(span for span in joined if span != Text(""))


def command_text(content: Content) -> str:
    """A command's words, people as ``<@id>``."""
    return "".join(_part(span) for span in content).strip()


def _part(span: Span) -> str:
    match span:
        case Mention(kind, who, label):
            return f"<@{who}>" if kind == "person" else f"@{label}"
        case Link():
            return span.label
        case Emoji():
            return span.unicode or f":{span.name}:"
        case Text() | Code():
            return span.text


def mentioned(href: str, label: str) -> Span | None:
    """The mention a link stands for, None for any other link."""
    found = _ADDRESS.match(href)
    if found is None:
        return None
    who = unquote(found[1])
    if href.lower().startswith("matrix:u/"):
        who = f"@{who.removeprefix('@')}"
    label = label.strip() or who
    if who.startswith("@"):
        return Mention("person", who, label.removeprefix("@"))
    return Mention("room", who, label.removeprefix("#"))


class _Reader(HTMLParser):
    """Reads the HTML clients make; tags it does not know say nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.spans: list[Span] = []
        self._hidden = 0
        self._href: str | None = None
        self._code: str | None = None
        self._held = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._hidden += 1
        elif self._hidden:
            return
        elif tag == "br":
            self._say("\n")
        elif tag == "img":
            self._picture(given)
        elif tag == "a" and self._href is None:
            self._href, self._held = given.get("href", ""), ""
        elif tag in ("pre", "code") and self._code is None:
            self._break(tag)
            self._code, self._held = tag, ""
        else:
            self._break(tag)
            if tag == "li":
                self._say("- ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(0, self._hidden - 1)
        elif self._hidden:
            return
        elif tag == "a" and self._href is not None:
            self._end_link()
        elif tag == self._code:
            self.spans.append(Code(self._held.strip("\n") if tag == "pre" else self._held, block=tag == "pre"))
            self._code = None
        else:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._code is None:  # between tags a line end is a space, and none at all at the beginning of a line
            data = data.replace("\n", " ")
            data = data if self._href is not None or self._has_words() else data.lstrip(" ")
        self._say(data)

    def close(self) -> None:
        """End what was left open."""
        super().close()
        if self._href is not None:
            self._end_link()
        if self._code is not None:
            self.spans.append(Code(self._held, block=False))

    def _say(self, words: str) -> None:
        if self._href is not None or self._code is not None:
            self._held += words
        else:
            last = self.spans[-1] if self.spans else None
            if isinstance(last, Text):
                self.spans[-1] = Text(last.text + words)
            elif words:
                self.spans.append(Text(words))

    def _break(self, tag: str) -> None:
        if tag not in _BLOCKS or self._code is not None or self._href is not None or not self.spans:
            return
        last = self.spans[-1]
        ended = len(last.text) - len(last.text.rstrip("\n")) if isinstance(last, Text) else 0
        self._say("\n" * (_LINES.get(tag, 1) - ended))

    def _has_words(self) -> bool:
        last = self.spans[-1] if self.spans else None
        return last is not None and not (isinstance(last, Text) and last.text.endswith("\n"))

    def _end_link(self) -> None:
        href, label = clean(self._href or ""), self._held
        self._href = None
        self.spans.append(mentioned(href, label) or (Link(href, label or href) if href else Text(label)))

    def _picture(self, given: dict[str, str]) -> None:
        words = given.get("alt") or given.get("title") or ""
        if "data-mx-emoticon" in given and words.strip(":"):
            self.spans.append(Emoji(words.strip(":"), ""))
        else:
            self._say(words)

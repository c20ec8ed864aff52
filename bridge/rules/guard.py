"""The send guard: what in a reply makes the bot ask a person before it leaves."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from bridge.domain.content import Code, Content, Mention, Text
from bridge.domain.policy import DEFAULT_MARKERS
from bridge.rules.commands import parse
from bridge.rules.markers import is_comment
from bridge.rules.plain import to_text

_CALLS_EVERYONE = re.compile(r"(?<![\w.+-])@(here|channel|everyone|room|all)\b(?![.-]?\w)", re.IGNORECASE)
_RAW_MENTION = re.compile(r"<[@#!][^<>\s]+>")
_FENCE = "```"
_COMMAND_LINE = re.compile(r"[^\w\n!！﹗¡¿]*[!！﹗]\w")


def reasons(content: Content, markers: Sequence[str] = DEFAULT_MARKERS) -> tuple[str, ...]:
    """Return why this reply should be looked at before it leaves, as clauses in plain words; empty: it may leave.

    The clauses name mentions, and quote nothing else, so they may go on record. A comment is no reply and none of
    the guard's business, nor is a command that opens the message (``!send`` and what it sends).
    """
    return tuple(dict.fromkeys(_found(content, markers)))


def _found(content: Content, markers: Sequence[str]) -> Iterator[str]:
    mentions = [span for span in content if isinstance(span, Mention)]
    yield from map(_mention, mentions)
    typed = unicodedata.normalize("NFKC", "".join(span.text for span in content if isinstance(span, Text)))
    yield from (f"it calls everyone (@{call.lower()})" for call in _CALLS_EVERYONE.findall(typed))
    if _RAW_MENTION.search(typed):
        yield "it holds a mention in the chat's own notation"
    if _FENCE in typed or any(isinstance(span, Code) and span.block for span in content):
        yield "it holds a block of code"
    yield from _lines(to_text(content).split("\n"), markers)


def _mention(mention: Mention) -> str:
    match mention.kind:
        case "person":
            return f"it mentions @{mention.label}"
        case "team":
            return f"it mentions the team @{mention.label}"
        case "room":
            return f"it mentions the room #{mention.label}"
        case _:
            return f"it calls everyone (@{mention.label})"


def _lines(lines: Sequence[str], markers: Sequence[str]) -> Iterable[str]:
    """Find remarks and commands further down, which a glance at the first line would miss."""
    if any(is_comment((Text(line),), markers) for line in lines[1:]):
        yield "one of its lines begins like a comment"
    unheeded = lines[1:] if parse(lines[0]) else lines
    if any(_COMMAND_LINE.match(line) for line in unheeded):
        yield "one of its lines begins like a command"

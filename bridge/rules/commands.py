"""Commands in a thread: a message whose first word begins with ``!`` is never texted as it stands."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from bridge.domain.content import Mention
from bridge.domain.events import ChatEdited, ChatPosted, CommandGiven, Event
from bridge.rules.plain import to_text

AVAILABLE = frozenset({"send", "canned", "undo", "again", "help", "close", "reopen"}) | {
    *("assign", "claim", "unassign", "team", "watch", "unwatch", "label", "name", "block", "unblock"),
    *("optout", "optin", "comment", "history", "why", "snooze", "wake", "remind", "later", "share"),
    *("merge", "unmerge", "split"),
    *("away", "back", "zone", "draft", "summary"),
}
"""Commands that do something in this version."""

WORDS = (
    "send",
    "undo",
    "again",
    "help",
    "close",
    "reopen",
    "assign",
    "claim",
    "unassign",
    "team",
    "watch",
    "unwatch",
    "canned",
    "snooze",
    "wake",
    "remind",
    "later",
    "share",
    "label",
    "name",
    "zone",
    "merge",
    "unmerge",
    "split",
    "away",
    "back",
    "block",
    "unblock",
    "comment",
    "optout",
    "optin",
    "history",
    "why",
    "draft",
    "summary",
)
"""Every command by its full name, those still to come included."""

ROOM_WORDS = ("new", "queue", "canned", "search", "report", "help", "away", "back")
"""What follows the command in a room without a conversation's number."""

_LIKE_MARKERS = ("note", "notes", "internal", "private", "remark", "memo", "intern", "psst", "fyi")
_SHORT = {"c": "canned"}
_PUNCTUATION = ":;,.-–—/"
# Invisible characters may stand in front of the sign; ``¡`` opens a Spanish sentence and is none.
_INVISIBLE = r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]*"
_COMMAND = re.compile(_INVISIBLE + r"[!！﹗](\S*)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """A known command: its full name and what follows it, line breaks kept. ``name`` need not be ``AVAILABLE`` yet."""

    name: str
    argument: str

    @property
    def available(self) -> bool:
        """Whether this version can do it."""
        return self.name in AVAILABLE


@dataclass(frozen=True, slots=True)
class Unknown:
    """A ``!word`` that is no command: the word without its sign, and the command it may have been meant for."""

    word: str
    nearest: str | None

    @property
    def like_marker(self) -> bool:
        """Whether it was meant to keep words inside, typos included."""
        return bool(get_close_matches(self.word.strip(_PUNCTUATION), _LIKE_MARKERS, n=1, cutoff=0.8))


def command_of(event: Event) -> "Command | Unknown | None":
    """Return what an event commands in words: in a thread, after a mention of the bot, or in a room."""
    match event:
        case ChatPosted(content=content) | ChatEdited(content=content):
            summons = content[1:] if content and isinstance(content[0], Mention) else ()
            return parse(f"!{to_text(summons)}" if summons else to_text(content))
        case CommandGiven():
            return parse(f"!{event.words}")
        case _:
            return None


def parse(text: str) -> Command | Unknown | None:
    """Return what a message commands, None when its first word does not begin with ``!`` (or its full-width form).

    ``!``, ``!!`` and ``!important`` are Unknown, not None: what looks like a command never reaches the contact.
    """
    found = _COMMAND.match(text)
    if found is None:
        return None
    word = "".join(sign for sign in unicodedata.normalize("NFKC", found[1]) if unicodedata.category(sign) != "Cf")
    name = _SHORT.get(word.casefold(), word.casefold())
    if name in WORDS:
        return Command(name, found[2].strip())
    if not name:
        return Unknown("", _meant_with_space(found[2]))
    return Unknown(name, next(iter(get_close_matches(name, WORDS, n=1)), None))


def _meant_with_space(rest: str) -> str | None:
    first = next(iter(rest.casefold().split()), "")
    return next(iter(get_close_matches(_SHORT.get(first, first), WORDS, n=1, cutoff=0.8)), None)


def nearest_room_word(verb: str) -> str | None:
    """Return the verb of a room that a word may have been meant for."""
    return next(iter(get_close_matches(verb, ROOM_WORDS, n=1)), None)

"""Kinds of messages: words and files for the contact, what no text can carry, what is said to no person at all."""

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.media import KINDS as FILES

_MESSAGE = "m.room.message"
_KNOWN = {
    "m.sticker": "a sticker",
    "m.poll.start": "a poll",
    "org.matrix.msc3381.poll.start": "a poll",  # as clients still call it
    "m.emote": "an emote (`/me`)",
    "m.location": "a place",
}
_UNKNOWN = "a message of this kind"
MESSAGES = (_MESSAGE, "m.sticker", "m.poll.start", "org.matrix.msc3381.poll.start")
"""Types of events by which people say something; what stands in them is encrypted where a room asks for it."""
_SILENT = frozenset({"", "m.notice", "m.server_notice", "m.key.verification.request"})
"""Redacted; of another bot; of the homeserver; of one client to another."""


def is_silent(event: Json) -> bool:
    """Whether nobody says anything with this message."""
    content = mapping(event.get("content"))
    return not content or (text(event, "type") == _MESSAGE and text(content, "msgtype") in _SILENT)


def has_words(content: Json) -> bool:
    """Whether a message's content is words, or a file."""
    return text(content, "msgtype") == "m.text" or text(content, "msgtype") in FILES


def untextable(event: Json) -> str:
    """What a message is, with its article, where no text can carry it; empty for words and files."""
    kind, content = text(event, "type"), mapping(event.get("content"))
    if kind == _MESSAGE:
        return "" if has_words(content) else _KNOWN.get(text(content, "msgtype"), _UNKNOWN)
    return _KNOWN.get(kind, _UNKNOWN)

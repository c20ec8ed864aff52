"""Words for what is encrypted, and for why it cannot be read. Needs nothing of the extra."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.ports.errors import CredentialsRejected

MEGOLM = "m.megolm.v1.aes-sha2"
ENCRYPTED = "m.room.encrypted"
IN_CLEAR = frozenset({"m.reaction"})
"""Kinds that clients leave in clear, so that servers can count them."""

WAITING = "waiting"
"""A file in ``state_dir``: how many messages wait for their keys."""


class KeyMissing(Exception):
    """The key has not come, or not yet."""


class SenderUnknown(Exception):
    """The device that wrote it is none we know of its sender: the sender's devices must be asked for again."""


class KeysLost(CredentialsRejected):
    """The device has other keys than ours to everybody else, who will believe no new ones."""


class Unopenable(Exception):
    """Nothing will ever make it readable. The text says why, and nothing of what it holds."""


@dataclass(frozen=True, slots=True)
class Rules:
    """When a room's key is replaced: after so many messages, or so much time."""

    messages: int = 100
    age: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may read a room, and when its key is replaced."""

    readers: Collection[str]
    rules: Rules


def session_of(event: Json) -> str:
    """What an event's key is called; empty when it names none."""
    return text(mapping(event.get("content")), "session_id")

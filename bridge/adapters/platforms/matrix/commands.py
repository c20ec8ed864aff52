"""Commands as data (MSC4391): described in the state of a room for clients that offer them, and given as JSON.

Where the bot may not write into a room's state, or a client knows nothing of this, the same words are typed.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.adapters.platforms.matrix.rooms import Rooms
from bridge.ports.errors import SendDeferred, SendOutcomeUnknown, SendRejected

INVOCATION = "org.matrix.msc4391.command"
DESCRIPTION = "org.matrix.msc4391.command_description"
LOOKS = 5
"""Descriptions compared at a time; of them at most one is written, since texts share the bot's limit."""
_WORDS = "words"


def invoked(content: Json, us: str) -> str:
    """The words a command given as JSON stands for, empty for none of ours."""
    given = mapping(content.get(INVOCATION))
    rung = mapping(content.get("m.mentions")).get("user_ids")
    if not text(given, "command") or (isinstance(rung, list) and rung and us not in rung):
        return ""
    return " ".join([f"!{text(given, 'command')}", *_arguments(mapping(given.get("arguments")))])


def _arguments(arguments: Json) -> Iterator[str]:
    for value in arguments.values():
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield str(value)


def described(word: str, sentence: str) -> Mapping[str, Any]:
    """What a room's state says of a command: it takes words, if any, up to the end of the line."""
    schema = {"schema_type": "primitive", "type": "string"}
    return {
        "command": word,
        "parameters": [{"key": _WORDS, "schema": schema, "optional": True}],
        "fi.mau.tail_parameter": _WORDS,
        "description": {"m.text": [{"body": sentence}]},
    }


class Describing:
    """Describes our commands in our rooms, little by little."""

    def __init__(self, server: Homeserver, rooms: Rooms, us: str, commands: Sequence[tuple[str, str]]) -> None:
        """``commands``: words and what they do."""
        self._server = server
        self._rooms = rooms
        self._us = us
        self._commands = commands
        self._done: set[tuple[str, str]] = set()

    async def go_on(self) -> None:
        """Compare a few, and write at most one that is missing or says something else."""
        left = [(room, one) for room in self._rooms.all() for one in self._commands if (room, one[0]) not in self._done]
        for room, (word, sentence) in left[:LOOKS]:
            try:
                written = await self._written(room, word, described(word, sentence))
            except (SendDeferred, SendOutcomeUnknown):
                return
            except SendRejected:  # no right to the state of this room, or no place in it
                self._done |= {(room, other) for other, _ in self._commands}
                return
            self._done.add((room, word))
            if written:
                return

    async def _written(self, room: str, word: str, wanted: Mapping[str, Any]) -> bool:
        key = b64encode(hashlib.sha256(f"{word}{self._us}".encode()).digest()).decode()
        try:
            if await self._server.state(room, DESCRIPTION, key) == wanted:
                return False
        except SendRejected:  # there is none yet
            pass
        await self._server.call("state", "PUT", path("rooms", room, "state", DESCRIPTION, key), wanted, sends=True)
        return True

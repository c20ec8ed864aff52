"""The team in encrypted rooms. All their clients are matrix-js-sdk, which heeds signed devices only."""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from tests.services.matrix import Person
from tests.services.witness import Witness
from tests.soak.matrix_team import CALLS, MatrixTeam, until_done

KEYS_COME = 30
"""How often a client looks whether a key has come, five times a second."""
CANNOT = "cannot be read"
KEY_CALLS = (
    "^PUT .*/sendToDevice",
    "^PUT .*/sendToDevice",
    "^POST .*/keys/query",
    "^POST .*/keys/claim",
    "keys/upload",
)


@dataclass
class SealedTeam(MatrixTeam):
    """``watcher`` looks on by a device without keys; the first of ``people`` reads what it sees."""

    calls: ClassVar[Sequence[str]] = (*CALLS, *KEY_CALLS)

    @property
    def reader(self) -> Witness:
        """Whose client reads what is seen."""
        return self._client(self.members[0])

    def _client(self, who: str) -> Witness:
        found = self.people[who]
        assert isinstance(found, Witness)
        return found

    async def _send(self, who: str, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        if kind != "m.room.message":  # clients encrypt no reactions
            return await super()._send(who, room, content, kind)
        sealed = await until_done(lambda: self._client(who).encrypt(room, kind, content))
        return await self._put(who, f"rooms/{quote(room)}/send/m.room.encrypted", sealed)

    async def _uploaded(self, person: Person, data: bytes) -> dict[str, Any]:
        assert isinstance(person, Witness)
        return {"file": await person.upload_sealed(data)}

    async def _downloaded(self, content: Any) -> bytes:
        return await self.reader.download_sealed(content["file"])

    async def _opened(self, events: list[Any]) -> list[Any]:
        """Events with what they say; a key may come after what it opens."""
        for _ in range(KEYS_COME):
            opened = await self.reader.opened(events)
            if not any(event.get("failed") for event in opened):
                return opened
            await asyncio.sleep(0.2)
        return await self.reader.opened(events)

    def _ours(self) -> list[Any]:
        return [one for one in itertools.chain(*self._seen.values()) if one["sender"] == self.bot.user_id]

    def unreadable(self) -> Sequence[str]:
        """Posts of the bot that its people cannot read, and why."""
        return [f"{event['event_id']} ({event['why']})" for event in self._ours() if event.get("failed")]

    def told_unreadable(self) -> Sequence[tuple[str, str]]:
        """Rooms and messages of which a thread was told that the bot cannot read them."""
        told = [event for event in self._ours() if CANNOT in event["content"].get("body", "")]
        return [(event["room_id"], event["content"]["m.relates_to"]["m.in_reply_to"]["event_id"]) for event in told]

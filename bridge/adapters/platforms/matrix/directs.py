"""Our direct rooms: one for each person the bot writes to alone, made when first needed and listed in its account.

The bridge knows such a room by the person (``direct_room``), the homeserver by an id of its own.
"""

import asyncio
from collections.abc import Mapping

from bridge.adapters.platforms.matrix.crypto.sealed import MEGOLM
from bridge.adapters.platforms.matrix.errors import mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path, text_of
from bridge.domain.people import Person, direct_room, who_is_in
from bridge.ports.errors import SendDeferred, SendRejected

LIST = "m.direct"
_THERE = ("join", "invite")
_ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": MEGOLM}}


class Directs:
    """Rooms by person, for one account."""

    def __init__(self, server: Homeserver, us: str) -> None:
        """Nobody is known before ``learn``. ``us``: the bot's user id."""
        self._server = server
        self._us = us
        self._listed: Mapping[str, object] = {}
        self._rooms: dict[str, str] = {}
        self._checked: set[str] = set()
        self._making = asyncio.Lock()
        self.sealed = False
        """Whether those to be made are encrypted."""

    async def learn(self) -> None:
        """Read the list. Raises the errors of ``bridge.ports.errors``."""
        try:
            self._listed = await self._server.call("direct rooms", "GET", self._list())
        except SendRejected:  # there is none yet
            return
        for person, rooms in self._listed.items():
            if isinstance(rooms, list) and rooms and (room := text_of(rooms[-1])) is not None:  # pyright: ignore[reportUnknownArgumentType] - JSON
                self._rooms.setdefault(person, room)

    def all(self) -> list[str]:
        """Ids of the rooms."""
        return list(self._rooms.values())

    def public(self, room: str) -> str:
        """What the bridge calls a room."""
        who = next((person for person, known in self._rooms.items() if known == room), None)
        return room if who is None else direct_room(Person("", who)).room

    def known(self, room: str) -> str:
        """What the homeserver calls a room; its name in the bridge when there is none yet."""
        who = who_is_in(room)
        return room if who is None else self._rooms.get(who, room)

    async def actual(self, room: str) -> str:
        """What the homeserver calls a room; a direct one is made, or its person invited again, where that is needed."""
        who = who_is_in(room)
        if who is None or who in self._checked:
            return self.known(room)
        async with self._making:
            if who not in self._rooms or not await self._has(who):
                await self._make(who)
            self._checked.add(who)
        return self._rooms[who]

    async def _has(self, who: str) -> bool:
        """Whether the person is in the room, or invited once more."""
        room = self._rooms[who]
        try:
            member = await self._server.state(room, "m.room.member", who)
            if text(member, "membership") not in _THERE:
                await self._server.call("invite", "POST", path("rooms", room, "invite"), {"user_id": who}, sends=True)
        except SendRejected:
            return False
        return True

    async def _make(self, who: str) -> None:
        state = [_ENCRYPTION] if self.sealed else []
        asked = {"preset": "private_chat", "is_direct": True, "invite": [who], "initial_state": state}
        answer = await self._server.call("direct room", "POST", path("createRoom"), asked, sends=True)
        room = text_of(answer.get("room_id"))
        if room is None:
            raise SendDeferred("The homeserver did not say which room it made")
        self._rooms[who] = room
        self._listed = {**self._listed, who: [room]}
        await self._server.call("direct rooms", "PUT", self._list(), dict(mapping(self._listed)))

    def _list(self) -> str:
        return path("user", self._us, "account_data", LIST)

"""Encrypted rooms, as the rest of the adapter sees them: sends are sealed and events opened where a room asks for it.

The keys are opened when the first encrypted room is met; without the extra, and in appservice mode, that is where it
ends, in plain words.
"""

import asyncio
import contextlib
import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bridge.adapters.platforms.matrix import crypto, shapes
from bridge.adapters.platforms.matrix.crypto.audiences import Audiences
from bridge.adapters.platforms.matrix.crypto.sealed import (
    ENCRYPTED,
    IN_CLEAR,
    WAITING,
    KeyMissing,
    KeysLost,
    Unopenable,
)
from bridge.adapters.platforms.matrix.earlier import KEY
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver
from bridge.adapters.platforms.matrix.session import log_in_anew
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.observability import alarm, log
from bridge.ports.errors import SendDeferred, SendRejected

if TYPE_CHECKING:  # at run time it needs the extra
    from bridge.adapters.platforms.matrix.crypto.device import Device

SEALED_BYTES = 44_000
"""Of a content: encrypted it is a third longer, and an event may have 64 KiB."""
NOT_AS_SERVICE = "Encrypted rooms need mode: account: use a room without encryption, or an account for the bot."


class Encryption:
    """One account's encrypted rooms."""

    def __init__(self, server: Homeserver, settings: MatrixSettings, audiences: Audiences) -> None:
        """Nothing is opened before the first encrypted room."""
        self._server = server
        self._settings = settings
        self._audiences = audiences
        self._device: Device | None = None
        self._opening = asyncio.Lock()
        self._noted: int | None = None

    async def begin(self, rooms: Sequence[str]) -> None:
        """Open the keys if one of the rooms is encrypted. Raises the port's errors, not for want of the extra."""
        for room in rooms:
            try:
                encrypted = await self._audiences.rules(room) is not None
            except SendRejected:  # not let in yet
                continue
            if encrypted and self._obstacle:
                log().error("room cannot be used", room=room, remedy=self._obstacle)
            if encrypted:
                alarm("encrypted room cannot be used", room, on=bool(self._obstacle))
            if encrypted and not self._obstacle:
                await self._opened()

    @property
    def _obstacle(self) -> str:
        """Why encrypted rooms cannot be used, with the remedy; empty where they can."""
        if self._settings.mode == "appservice":  # keys are not among what is pushed
            return NOT_AS_SERVICE
        return "" if crypto.installed() else crypto.NEEDS_EXTRA

    async def _opened(self) -> "Device":
        """The device's keys. Raises ``SendDeferred`` where that cannot be, and the port's errors."""
        if self._obstacle:
            raise SendDeferred(self._obstacle)
        async with self._opening:
            if self._device is None:
                self._device = await self._open_device()
            return self._device

    async def _open_device(self) -> "Device":
        module = importlib.import_module(f"{crypto.__name__}.device")
        try:
            opened: Device = await module.open_device(self._server, self._settings)
        except KeysLost as problem:
            again = self._settings.password is not None
            log().error("keys lost", platform="matrix", remedy="a new log-in is made" if again else str(problem))
            if not again:
                raise
            await log_in_anew(self._server, self._settings)
            opened = await module.open_device(self._server, self._settings)
        return opened

    @property
    def in_use(self) -> bool:
        """Whether a room of ours is encrypted, and can be used."""
        return self._device is not None

    # what goes out

    async def seals(self, room: str) -> bool:
        """Whether what is said in a room is sealed. Raises the port's errors, also where that cannot be."""
        if await self._audiences.rules(room) is None:
            return False
        await self._opened()
        return True

    async def send(self, room: str, kind: str, content: Json, key: str) -> str:
        """Send an event, sealed where the room asks for it, and return its id; the same key twice is one event.

        Messages carry their key in clear, for ``Earlier``.
        """
        keyed = {} if kind in IN_CLEAR else {KEY: key}
        rules = None if kind in IN_CLEAR else await self._audiences.rules(room)
        if rules is None:
            return await self._server.send(room, kind, {**content, **keyed}, key)
        device = await self._opened()
        fitting = shapes.fitting(content, SEALED_BYTES)
        sealed = await device.seal(room, kind, fitting, await self._audiences.audience(room, rules))
        return await self._server.send(room, ENCRYPTED, {**sealed, **keyed}, key)

    # what comes in

    async def take(self, answer: Json) -> None:
        """Write down what a sync's answer brings for our keys, and what it says to be other in the rooms."""
        await self.begin(self._audiences.take(answer))
        if self._device is not None:
            self._device.take(answer)

    async def settle(self) -> None:
        """Do what is owed to the server and to other devices."""
        if self._device is not None:
            await self._device.settle()

    async def open(self, room: str, event: Json) -> Json:
        """Return an encrypted event with what was said in it, and in its last edit; another event as it is.

        Raises ``KeyMissing``, ``Unopenable``, the port's errors.
        """
        if text(event, "type") != ENCRYPTED or not mapping(event.get("content")):  # redacted, it is empty
            return event
        if self._obstacle:
            raise KeyMissing
        device = await self._opened()
        said = await device.open(room, event)
        unsigned = mapping(event.get("unsigned"))
        relations = mapping(unsigned.get("m.relations"))
        edit = mapping(relations.get("m.replace"))
        if text(edit, "type") != ENCRYPTED:
            return said
        try:
            last = await device.open(room, edit)
        except (KeyMissing, Unopenable):
            return said
        return {**said, "unsigned": {**unsigned, "m.relations": {**relations, "m.replace": last}}}

    def has_key(self, room: str, session: str) -> bool:
        """Whether a key is there by now."""
        return self._device is not None and self._device.has_key(room, session)

    async def ask_for_key(self, room: str, session: str, sender: str, device: str) -> bool:
        """Ask the device that has a key for it, once; returns whether it was asked now."""
        if self._device is None or not session or self._device.has_asked(session):
            return False
        await self._device.ask_for_key(room, session, sender, device)
        return True

    def note_waiting(self, count: int) -> None:
        """Leave word for ``doctor`` of how many messages wait for their keys."""
        if self._device is None or count == self._noted:
            return
        with contextlib.suppress(OSError):  # the threads are told in any case
            (self._settings.state_dir / WAITING).write_text(str(count), encoding="utf-8")
            self._noted = count

    async def aclose(self) -> None:
        """Let others have the keys."""
        if self._device is not None:
            self._device.close()
            self._device = None

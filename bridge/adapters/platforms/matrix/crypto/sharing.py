"""Sealing what we say: the key of a room goes to everybody who may read it, and to nobody else."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import uuid4

from bridge.adapters.platforms.matrix.crypto.devices import Devices
from bridge.adapters.platforms.matrix.crypto.keystore import KeyStore
from bridge.adapters.platforms.matrix.crypto.sealed import MEGOLM, Audience, Rules
from bridge.adapters.platforms.matrix.errors import Json
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path


class Sharing:
    """Our own keys for our rooms."""

    def __init__(self, server: Homeserver, keys: KeyStore, devices: Devices) -> None:
        """A new process begins new keys: an old one's place may have been used by the process before."""
        self._server = server
        self._keys = keys
        self._devices = devices
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def seal(self, room: str, kind: str, content: Json, audience: Audience) -> Json:
        """Return what to send instead. Raises the port's errors; nothing was sent to the room then."""
        async with self._locks[room]:
            await self._devices.learn(audience.readers)
            await self._share(room, audience)
            sealed = self._sealed(room, {"type": kind, "content": dict(content), "room_id": room})
        relation = content.get("m.relates_to")
        return {**sealed, "m.relates_to": relation} if relation is not None else sealed

    def _sealed(self, room: str, said: Json) -> dict[str, Any]:
        olm = self._keys.olm
        session = olm.outbound_group_sessions[room]
        return {
            "algorithm": MEGOLM,
            "sender_key": olm.account.identity_keys["curve25519"],
            "ciphertext": session.encrypt(
                json.dumps(said, ensure_ascii=False)
            ),  # nio would write six bytes for a letter
            "session_id": session.id,
            "device_id": olm.device_id,
        }

    async def _share(self, room: str, audience: Audience) -> None:
        allowed = self._devices.of(audience.readers)
        session = self._session(room, allowed, audience.rules)
        lacking = allowed - session.users_shared_with
        await self._devices.begin_sessions(lacking)
        session.shared = False  # nio would begin another key instead of giving this one to more devices
        share: Any = self._keys.olm.share_group_session_parallel
        with self._keys.together():
            portions = list(share(room, sorted({user for user, _ in lacking}), ignore_unverified_devices=True))
        for devices, messages in portions:
            address = path("sendToDevice", "m.room.encrypted", uuid4().hex)
            await self._server.call("share key", "PUT", address, messages)
            session.users_shared_with |= devices
        session.shared = True

    def _session(self, room: str, allowed: Collection[tuple[str, str]], rules: Rules) -> Any:
        """The room's key, a new one if it is used up or somebody has it who may no longer read."""
        olm = self._keys.olm
        found = olm.outbound_group_sessions.get(room)
        if found is None or found.expired or found.users_shared_with - set(allowed):
            with self._keys.together():
                olm.create_outbound_group_session(room)
            found = olm.outbound_group_sessions[room]
            found.max_age, found.max_messages = rules.age, rules.messages
        return found

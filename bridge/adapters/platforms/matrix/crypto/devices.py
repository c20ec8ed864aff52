"""Whose devices there are: asked of the server when they may have changed, and not before."""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from nio.responses import KeysClaimResponse, KeysQueryResponse
from vodozemac import Curve25519PublicKey, Ed25519PublicKey, Ed25519Signature

from bridge.adapters.platforms.matrix.crypto.keystore import KeyStore
from bridge.adapters.platforms.matrix.crypto.signatures import signed_devices
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.observability import log

AGAIN_SECONDS = 60.0
"""How often somebody whose server does not answer is asked for."""
NO_KEY_SECONDS = 300.0
"""How long a device that had no key to begin a session with is left alone."""
CLAIM = "signed_curve25519"


class Devices:
    """The devices of the people in our rooms."""

    def __init__(self, server: Homeserver, keys: KeyStore, *, strict: bool) -> None:
        """Begin with nobody known to be unchanged. ``strict``: only devices signed by their owners count."""
        self._server = server
        self._keys = keys
        self._strict = strict
        self._signed: dict[str, set[str]] = {}
        self._fresh: set[str] = set()
        self._asked: dict[str, float] = {}
        self._asking = asyncio.Lock()
        self._without_key: dict[tuple[str, str], float] = {}

    def changed(self, users: Collection[str]) -> None:
        """Somebody's devices are others now."""
        self._fresh -= set(users)
        for user in users:
            self._asked.pop(user, None)
        for device in [one for one in self._without_key if one[0] in users]:
            del self._without_key[device]

    async def learn(self, users: Collection[str], *, again: bool = False) -> None:
        """Ask for the devices of those whose may have changed. Raises the port's errors. ``again``: of all of them."""
        async with self._asking:  # whoever goes on while an answer is on its way writes to nobody
            await self._learn(users, again=again)

    async def _learn(self, users: Collection[str], *, again: bool) -> None:
        now = time.monotonic()
        wanted = sorted(
            user
            for user in set(users)
            if again or (user not in self._fresh and now - self._asked.get(user, -AGAIN_SECONDS) >= AGAIN_SECONDS)
        )
        if not wanted:
            return
        self._asked |= dict.fromkeys(wanted, now)
        asked: Json = {"device_keys": {user: [] for user in wanted}}
        try:
            answer = await self._server.call("devices", "POST", path("keys", "query"), asked)
        except BaseException:
            self.changed(wanted)
            raise
        for user, found in mapping(answer.get("device_keys")).items():
            if user in wanted:
                self._write_down(user, mapping(found))
                self._signed[user] = signed_devices(answer, user)
                if user in self._asked:  # else they changed while the answer was on its way
                    self._fresh.add(user)

    def _write_down(self, user: str, found: Json) -> None:
        usable = {device: dict(mapping(keys)) for device, keys in found.items() if _is_usable(user, device, keys)}
        with self._keys.together() as olm:
            olm.handle_response(KeysQueryResponse({user: usable}, {}))

    def of(self, users: Collection[str]) -> set[tuple[str, str]]:
        """The devices that may read now, without our own."""
        olm = self._keys.olm
        found = {(user, one.device_id) for user in users for one in olm.device_store.active_user_devices(user)}
        return {one for one in found if self.counts(*one)} - {(olm.user_id, olm.device_id)}

    def counts(self, user: str, device: str) -> bool:
        """Whether we write to a device, and read it."""
        return not self._strict or device in self._signed.get(user, ())

    async def begin_sessions(self, devices: Collection[tuple[str, str]]) -> None:
        """Make it possible to write to these devices; one that has no key for that is left out for a while."""
        olm, now = self._keys.olm, time.monotonic()
        missing = [
            (user, device)
            for user, device in sorted(devices)
            if olm.session_store.get(olm.device_store[user][device].curve25519) is None
            and now - self._without_key.get((user, device), -NO_KEY_SECONDS) >= NO_KEY_SECONDS
        ]
        await self.claim(missing)

    async def claim(self, devices: Sequence[tuple[str, str]]) -> None:
        """Begin sessions by keys the devices left with their server."""
        if not devices:
            return
        wanted: dict[str, dict[str, str]] = {}
        for user, device in devices:
            wanted.setdefault(user, {})[device] = CLAIM
        answer = await self._server.call("claim", "POST", path("keys", "claim"), {"one_time_keys": wanted})
        given = mapping(answer.get("one_time_keys"))
        for user, device in devices:
            found = mapping(mapping(given.get(user)).get(device))
            if not found or not self._begin(user, device, found):
                self._without_key[user, device] = time.monotonic()

    def _begin(self, user: str, device: str, key: Mapping[str, Any]) -> bool:
        try:
            with self._keys.together() as olm:
                olm.handle_response(KeysClaimResponse({user: {device: dict(key)}}, {}))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            log().warning("session not begun", platform="matrix", error=type(problem).__name__)
            return False
        return True


def _is_usable(user: str, device: str, found: object) -> bool:
    """Whether what a server says of a device has the right form; what is signed is looked at by nio."""
    keys = mapping(found)
    names = mapping(keys.get("keys"))
    signature = text(mapping(mapping(keys.get("signatures")).get(user)), f"ed25519:{device}")
    try:
        Ed25519PublicKey.from_base64(text(names, f"ed25519:{device}"))
        Curve25519PublicKey.from_base64(text(names, f"curve25519:{device}"))
        Ed25519Signature.from_base64(signature)
    except ValueError:
        return False
    unsigned: object = cast("object", keys.get("unsigned", {}))
    return (keys.get("user_id"), keys.get("device_id")) == (user, device) and isinstance(unsigned, dict)

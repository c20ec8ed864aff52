"""Making the bot's identity known to the server, and signing its device with it. Done again it changes nothing."""

import asyncio
from pathlib import Path

from bridge.adapters.platforms.matrix.crypto import identity
from bridge.adapters.platforms.matrix.crypto.identity import Identity
from bridge.adapters.platforms.matrix.errors import UNAUTHORISED, Json, mapping, refusal, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, objects, path
from bridge.observability import log

_STAGE = "m.login.password"
_SUCCESS = range(200, 300)


class NotSigned(Exception):
    """The device cannot be signed; the text says what to do."""


ANOTHER = (
    "The account has a cross-signing identity whose keys are not in state_dir, and the homeserver wants the password "
    "to replace it: give password instead of access_token, which logs in as a new device and signs that."
)


async def sign(server: Homeserver, directory: Path, user_id: str, device: str, password: str) -> None:
    """See to it that the device is signed. Raises ``NotSigned``, the port's errors, ``OSError``.

    ``password``: for a server that asks for it; empty when there is none.
    """
    answer = await server.call("own keys", "POST", path("keys", "query"), {"device_keys": {user_id: []}})
    known = _master(answer, user_id)
    mine = await asyncio.to_thread(identity.kept, directory, user_id)
    if mine is None or known != mine.public("master"):
        mine = mine or await asyncio.to_thread(identity.made, directory, user_id)
        await _upload(server, mine, user_id, password)
        log().info("cross-signing keys uploaded", platform="matrix")
    found = mapping(mapping(mapping(answer.get("device_keys")).get(user_id)).get(device))
    if found and not mine.has_signed(found):
        body = {user_id: {device: mine.signed(found, "self_signing")}}
        await server.call("signature", "POST", path("keys", "signatures", "upload"), body)
        log().info("device signed", platform="matrix")


def _master(answer: Json, user_id: str) -> object:
    keys = mapping(mapping(mapping(answer.get("master_keys")).get(user_id)).get("keys"))
    return next(iter(keys.values()), None)


async def _upload(server: Homeserver, mine: Identity, user_id: str, password: str) -> None:
    address = path("keys", "device_signing", "upload")
    status, answer = await server.ask("POST", address, mine.upload())
    if status == UNAUTHORISED and "flows" in answer:
        if not password or not _by_password(answer):
            raise NotSigned(ANOTHER)
        who = {"type": "m.id.user", "user": user_id}
        auth = {"type": _STAGE, "identifier": who, "password": password, "session": text(answer, "session")}
        status, answer = await server.ask("POST", address, {**mine.upload(), "auth": auth})
        if status == UNAUTHORISED:
            raise NotSigned("The homeserver does not take the password for signing the bot's device.")
    if status not in _SUCCESS:
        raise refusal("cross-signing", status, {}, answer, sends=False)


def _by_password(answer: Json) -> bool:
    return any(flow.get("stages") == [_STAGE] for flow in objects(answer.get("flows")))


def is_signed(answer: Json, mine: Identity, user_id: str, device: str) -> bool:
    """Whether the server's answer about our keys shows the device as signed by the identity it knows."""
    found = mapping(mapping(mapping(answer.get("device_keys")).get(user_id)).get(device))
    return _master(answer, user_id) == mine.public("master") and mine.has_signed(found)

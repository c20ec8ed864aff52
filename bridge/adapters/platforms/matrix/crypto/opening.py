"""From an encrypted event to what was said. No input or output but to the key store."""

import json
from collections.abc import Callable
from typing import Any

from nio.crypto import OlmDevice
from vodozemac import MegolmMessage

from bridge.adapters.platforms.matrix.crypto.sealed import MEGOLM, KeyMissing, SenderUnknown, Unopenable, session_of
from bridge.adapters.platforms.matrix.errors import Json, mapping, text


def opened(olm: Any, room: str, event: Json, counts: Callable[[str, str], bool]) -> Json:
    """Return the event with what was said in it. Raises ``KeyMissing``, ``SenderUnknown`` or ``Unopenable``.

    ``counts``: whether a person's device is one to be read.
    """
    content = mapping(event.get("content"))
    if content.get("algorithm") != MEGOLM:
        raise Unopenable("it is encrypted in a way the bridge does not know")
    session = _session(olm, room, session_of(event))
    sealed = text(content, "ciphertext")
    try:
        if MegolmMessage.from_base64(sealed).message_index() < session.first_known_index:
            raise KeyMissing  # our copy of the key begins later
        plain, index = session.decrypt(sealed)
    except ValueError:  # what vodozemac raises
        raise Unopenable("its key does not fit") from None
    _check_sender(olm, event, session, counts)
    _check_first(olm, event, session, index)
    return _told(room, event, content, plain)


def _session(olm: Any, room: str, session: str) -> Any:
    for of_sender in olm.inbound_group_store[room].values():
        if session in of_sender:
            return of_sender[session]
    raise KeyMissing


def _check_sender(olm: Any, event: Json, session: Any, counts: Callable[[str, str], bool]) -> None:
    """A key belongs to a device, and the device to the sender: else a member could speak with another's voice."""
    sender = text(event, "sender")
    if sender == olm.user_id and session.sender_key == olm.account.identity_keys["curve25519"]:
        return
    devices: list[OlmDevice] = list(olm.device_store[sender].values())  # one logged out since has written all the same
    wrote = [one for one in devices if (one.curve25519, one.ed25519) == (session.sender_key, session.ed25519)]
    if not wrote:
        raise SenderUnknown
    if not counts(sender, wrote[0].device_id):
        raise Unopenable("its writer's device is not signed by its owner")


def _check_first(olm: Any, event: Json, session: Any, index: int) -> None:
    """The same place in a key's row twice is the same message again under another name."""
    place = (session.sender_key, session.id, index)
    if olm.message_index_store.setdefault(place, text(event, "event_id")) != text(event, "event_id"):
        raise Unopenable("it repeats another message")


def _told(room: str, event: Json, content: Json, plain: str) -> Json:
    try:
        said = mapping(json.loads(plain))
    except (ValueError, RecursionError):
        raise Unopenable("what it holds makes no sense") from None
    if said.get("room_id") != room:
        raise Unopenable("it was written for another room")
    inner = {name: value for name, value in mapping(said.get("content")).items() if name != "m.relates_to"}
    if "m.relates_to" in content:  # the server goes by what stands outside, and so do we
        inner["m.relates_to"] = content["m.relates_to"]
    return {**event, "type": text(said, "type"), "content": inner}

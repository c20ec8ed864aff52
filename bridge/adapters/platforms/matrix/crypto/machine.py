"""The device's part in the exchange of keys: what comes with a sync, and what it owes the server and others then."""

from typing import Any
from uuid import uuid4

from nio.crypto import OlmDevice
from nio.event_builders import RoomKeyRequestMessage
from nio.events import ToDeviceEvent
from nio.responses import KeysUploadResponse, ToDeviceResponse

from bridge.adapters.platforms.matrix.crypto.devices import Devices
from bridge.adapters.platforms.matrix.crypto.keystore import KeyStore
from bridge.adapters.platforms.matrix.crypto.opening import opened
from bridge.adapters.platforms.matrix.crypto.sealed import MEGOLM, SenderUnknown, Unopenable, session_of
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, objects, path
from bridge.observability import log
from bridge.ports.errors import SendRejected

_SIGNED = "signed_curve25519"
_UNDERSTOOD = frozenset({"m.room.encrypted"})


class Machine:
    """Takes keys, gives keys of its own, and asks for what is missing."""

    def __init__(self, server: Homeserver, keys: KeyStore, devices: Devices) -> None:
        """Nothing is asked before the first call."""
        self._server = server
        self._keys = keys
        self._devices = devices

    def take(self, answer: Json) -> None:
        """Write down what a sync's answer brings for this device, all or nothing.

        The same answer again, after its events could not be stored, brings nothing new and does no harm.
        """
        lists = mapping(answer.get("device_lists"))
        self._devices.changed([*_names(lists.get("changed")), *_names(lists.get("left"))])
        with self._keys.together() as olm:
            count = mapping(answer.get("device_one_time_keys_count")).get(_SIGNED, 0)
            olm.uploaded_key_count = count if isinstance(count, int) else 0
            for event in objects(mapping(answer.get("to_device")).get("events")):
                _take(olm, event)

    async def settle(self) -> None:
        """Upload keys that are wanted, mend broken sessions, and send what is owed to single devices."""
        olm = self._keys.olm
        if olm.should_upload_keys:
            await self._upload()
        if olm.wedged_devices:
            broken: list[OlmDevice] = list(olm.wedged_devices)
            await self._devices.claim([(device.user_id, device.device_id) for device in broken])
        for message in list(olm.outgoing_to_device_messages):
            await self._send(message)

    async def _upload(self) -> None:
        with self._keys.together() as olm:
            wanted = olm.share_keys()
            olm.save_account()  # before the server hands them out: a key nobody has the other half of is a lost message
        answer = await self._server.call("keys", "POST", path("keys", "upload"), wanted)
        count = mapping(answer.get("one_time_key_counts")).get(_SIGNED, 0)
        with self._keys.together() as olm:
            olm.handle_response(KeysUploadResponse(0, count if isinstance(count, int) else 0))

    async def _send(self, message: Any) -> None:
        address = path("sendToDevice", message.type, uuid4().hex)
        body = {"messages": {message.recipient: {message.recipient_device: message.content}}}
        try:
            await self._server.call("to device", "PUT", address, body)
        except SendRejected as error:
            log().warning("key message refused", platform="matrix", code=error.code)
        with self._keys.together() as olm:
            olm.handle_response(ToDeviceResponse(message))

    async def open(self, room: str, event: Json) -> Json:
        """Return the event with what was said in it. Raises ``KeyMissing``, ``Unopenable`` or the port's errors."""
        sender = text(event, "sender")
        if self.has_key(room, session_of(event)):
            await self._devices.learn([sender])
        try:
            return opened(self._keys.olm, room, event, self._devices.counts)
        except SenderUnknown:
            await self._devices.learn([sender], again=True)
        try:
            return opened(self._keys.olm, room, event, self._devices.counts)
        except SenderUnknown:
            raise Unopenable("it comes from no device of its writer") from None

    def has_key(self, room: str, session: str) -> bool:
        """Whether a key is there."""
        return any(session in known for known in self._keys.olm.inbound_group_store[room].values())

    def has_asked(self, session: str) -> bool:
        """Whether a key was asked for and did not come."""
        return session in self._keys.olm.outgoing_key_requests

    async def ask_for_key(self, room: str, session: str, sender: str, device: str) -> None:
        """Ask the device that wrote with a key for it: it gives it to those it had given it before."""
        olm = self._keys.olm
        body = {
            "action": "request",
            "body": {"algorithm": MEGOLM, "session_id": session, "room_id": room},
            "request_id": session,
            "requesting_device_id": olm.device_id,
        }
        to = device or "*"
        asking = RoomKeyRequestMessage("m.room_key_request", sender, to, body, session, session, room, MEGOLM)
        olm.outgoing_to_device_messages.append(asking)  # nio writes down what it sent of these
        await self._send(asking)


def _names(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []  # pyright: ignore[reportUnknownVariableType] - JSON


def _take(olm: Any, event: Json) -> None:
    """One that makes no sense must not keep the others from being taken."""
    if text(event, "type") not in _UNDERSTOOD:
        return
    try:
        parsed: Any = ToDeviceEvent.parse_event(dict(event))  # pyright: ignore[reportUnknownMemberType] - nio says "dict"
        if parsed is not None:
            olm.handle_to_device_event(parsed)
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as problem:
        log().warning("key message not understood", platform="matrix", error=type(problem).__name__)

"""The bot's device: everything about keys, opened together and closed together."""

from pathlib import Path

from bridge.adapters.platforms.matrix.crypto import crosssign
from bridge.adapters.platforms.matrix.crypto.devices import Devices
from bridge.adapters.platforms.matrix.crypto.keystore import KeyStore
from bridge.adapters.platforms.matrix.crypto.machine import Machine
from bridge.adapters.platforms.matrix.crypto.sealed import Audience, KeysLost
from bridge.adapters.platforms.matrix.crypto.sharing import Sharing
from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.observability import alarm, log
from bridge.ports.errors import CredentialsRejected, SendDeferred

KEYS_LOST = (
    "The keys of the bot's device are not in state_dir any more, and other clients believe no others for it: give the "
    "bot a new log-in (docs/matrix.md, When state_dir is lost)."
)


class Device:
    """Reads and writes for one device of the account."""

    def __init__(self, server: Homeserver, keys: KeyStore, *, strict: bool) -> None:
        """Use ``open_device``. ``strict``: only devices signed by their owners count."""
        self._server = server
        self._keys = keys
        self._devices = Devices(server, keys, strict=strict)
        self._machine = Machine(server, keys, self._devices)
        self._sharing = Sharing(server, keys, self._devices)

    async def begin(self, directory: Path, password: str) -> None:
        """Make the device known and sign it. Raises the port's errors; lost keys are ``KeysLost``."""
        olm = self._keys.olm
        user, device = olm.user_id, olm.device_id
        answer = await self._server.call("own keys", "POST", path("keys", "query"), {"device_keys": {user: []}})
        known = mapping(mapping(mapping(answer.get("device_keys")).get(user)).get(device))
        before = text(mapping(known.get("keys")), f"ed25519:{device}")
        if before not in ("", olm.account.identity_keys["ed25519"]):
            raise KeysLost(KEYS_LOST)
        olm.account.shared = bool(before)  # a store that is older or newer than the server goes by the server
        await self._machine.settle()
        try:
            await crosssign.sign(self._server, directory, user, device, password)
        except crosssign.NotSigned as problem:
            log().error("device not signed", platform="matrix", reason=str(problem))
            alarm("device not signed", "matrix", on=True)
        else:
            alarm("device not signed", "matrix", on=False)

    def take(self, answer: Json) -> None:
        """Write down what a sync's answer brings for this device."""
        self._machine.take(answer)

    async def settle(self) -> None:
        """Do what is owed to the server and to other devices."""
        await self._machine.settle()

    async def seal(self, room: str, kind: str, content: Json, audience: Audience) -> Json:
        """Return what to send to an encrypted room."""
        return await self._sharing.seal(room, kind, content, audience)

    async def open(self, room: str, event: Json) -> Json:
        """Return an encrypted event with what was said in it. Raises ``KeyMissing``, ``Unopenable``."""
        return await self._machine.open(room, event)

    def has_key(self, room: str, session: str) -> bool:
        """Whether a key is there."""
        return self._machine.has_key(room, session)

    def has_asked(self, session: str) -> bool:
        """Whether a key was asked for and did not come."""
        return self._machine.has_asked(session)

    async def ask_for_key(self, room: str, session: str, sender: str, device: str) -> None:
        """Ask the writer's device for a key."""
        await self._machine.ask_for_key(room, session, sender, device)

    def close(self) -> None:
        """Close the key store."""
        self._keys.close()


async def open_device(server: Homeserver, settings: MatrixSettings) -> Device:
    """Open the keys and make the device known. Raises the port's errors."""
    directory, user_id = settings.state_dir, settings.user_id
    password = settings.password.get_secret_value() if settings.password else ""
    if not server.device:
        raise CredentialsRejected("The access token belongs to no device, and only a device can encrypt: log in anew.")
    try:
        keys = KeyStore(directory, user_id, server.device)
    except OSError as error:
        raise SendDeferred(f"state_dir cannot be used for the Matrix keys ({type(error).__name__})") from None
    device = Device(server, keys, strict=settings.require_cross_signed)
    try:
        await device.begin(directory, password)
    except BaseException:
        device.close()
        raise
    return device

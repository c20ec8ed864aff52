"""For ``doctor``: how it stands with encryption. Reads what others can see, and leaves the keys to their owner."""

from collections.abc import Sequence

from bridge.adapters.platforms.matrix.crypto import INSTALL, installed
from bridge.adapters.platforms.matrix.crypto.crosssign import is_signed
from bridge.adapters.platforms.matrix.crypto.identity import kept
from bridge.adapters.platforms.matrix.crypto.sealed import WAITING
from bridge.adapters.platforms.matrix.errors import Json, mapping
from bridge.adapters.platforms.matrix.homeserver import Homeserver, path
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from bridge.ports.provider import Finding

CHECK = "matrix: encryption"
KEYS = "keys.db"
_START = "Start the bridge: it makes the keys. Until then nothing can be read in encrypted rooms."
_LOST = "Give the bot a new log-in, as docs/matrix.md says (When state_dir is lost)."
_NO_DEVICE = "Log in anew and put that token into access_token, or give the password."
_WAIT = "Their threads were told. Delete such a message and write it again."
_UNSIGNED = (
    "Start the bridge, which signs its device; if its log then says that it cannot, give password instead of "
    "access_token (docs/matrix.md, Encrypted rooms)."
)


async def findings(server: Homeserver, settings: MatrixSettings) -> Sequence[Finding]:
    """Whether the device can encrypt, has its keys, and is signed. Raises the port's errors."""
    if not installed():
        return [Finding("error", CHECK, "A room is encrypted, and this installation cannot encrypt.", INSTALL)]
    user, device = settings.user_id, server.device
    if not device:
        return [
            Finding("error", CHECK, "The access token belongs to no device, and only a device can encrypt.", _NO_DEVICE)
        ]
    asked: Json = {"device_keys": {user: []}}
    answer = await server.call("own keys", "POST", path("keys", "query"), asked)
    has_keys = (settings.state_dir / KEYS).exists()
    known = mapping(mapping(mapping(answer.get("device_keys")).get(user)).get(device))
    if not known:
        return [Finding("warning", CHECK, f"The device {device} has no keys yet.", _START)]
    if not has_keys:
        message = f"The keys of the device {device} are not in {settings.state_dir}: nothing encrypted can be read."
        return [Finding("error", CHECK, message, _LOST)]
    mine = kept(settings.state_dir, user)
    if mine is None or not is_signed(answer, mine, user, device):
        message = f"The device {device} is not signed by its owner: strict clients neither show nor tell it anything."
        return [Finding("error", CHECK, message, _UNSIGNED)]
    found = [Finding("ok", CHECK, f"The device {device} has its keys and is signed by its owner (cross-signing).")]
    if waiting := _waiting(settings):
        found.append(Finding("warning", CHECK, f"{waiting} message(s) wait for keys that did not come.", _WAIT))
    return found


def _waiting(settings: MatrixSettings) -> int:
    try:
        return int((settings.state_dir / WAITING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0

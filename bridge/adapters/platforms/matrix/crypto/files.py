"""Files of encrypted rooms: encrypted before they are uploaded, checked and decrypted after they were fetched.

What opens a file stands in the message; with us it stands behind the file's address, as ``#`` and base64 of JSON.
"""

import base64
import json
from typing import Any

from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.exceptions import EncryptionError

from bridge.adapters.platforms.matrix.errors import Json, mapping, text
from bridge.ports.errors import MediaRefused


def encrypted(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """What to upload, and what opens it."""
    return encrypt_attachment(data)


def decrypted(data: bytes, keys: str) -> bytes:
    """The file. ``keys``: as ``keys_of`` gave them. Raises ``MediaRefused`` when it is not what was uploaded."""
    found: Json = mapping(json.loads(base64.urlsafe_b64decode(keys)))
    try:
        return decrypt_attachment(data, text(found, "k"), text(found, "sha256"), text(found, "iv"))
    except (EncryptionError, ValueError):
        raise MediaRefused("the file cannot be decrypted: it is not what was uploaded") from None


def keys_of(file: Json) -> str:
    """What opens the file a message names, in one word; empty when something is missing."""
    found = {
        "k": text(mapping(file.get("key")), "k"),
        "iv": text(file, "iv"),
        "sha256": text(mapping(file.get("hashes")), "sha256"),
    }
    if not all(found.values()):
        return ""
    return base64.urlsafe_b64encode(json.dumps(found, separators=(",", ":")).encode()).decode()

"""The bot's own cross-signing: three keys by which other clients see that the device is the account's own.

Clients that heed only signed devices neither read what another device says nor give it their keys. The seeds are kept
in a file of their own in ``state_dir``, readable by its owner alone.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from nio.api import Api
from unpaddedbase64 import decode_base64, encode_base64

from bridge.adapters.platforms.matrix.errors import Json, mapping, text

FILE = "identity.json"
_USAGES = ("master", "self_signing", "user_signing")


class Identity:
    """Three Ed25519 seeds of one account."""

    def __init__(self, user_id: str, seeds: Mapping[str, bytes]) -> None:
        """``seeds``: 32 bytes each, by usage."""
        self._user_id = user_id
        self._keys = {usage: ECC.construct(curve="Ed25519", seed=seeds[usage]) for usage in _USAGES}

    def public(self, usage: str) -> str:
        """A public key, as it is named on the server."""
        return encode_base64(self._keys[usage].public_key().export_key(format="raw"))

    def upload(self) -> Json:
        """What the server is given: the public keys, signed by the first of them."""
        keys = {usage: self._described(usage) for usage in _USAGES}
        for usage in _USAGES[1:]:
            keys[usage] = self.signed(keys[usage], "master")
        return {f"{usage}_key": content for usage, content in keys.items()}

    def _described(self, usage: str) -> dict[str, Any]:
        public = self.public(usage)
        return {"user_id": self._user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}

    def signed(self, content: Json, usage: str) -> dict[str, Any]:
        """The content with one signature: ours."""
        bare = {name: value for name, value in content.items() if name not in ("signatures", "unsigned")}
        signer = eddsa.new(self._keys[usage], "rfc8032")
        signature = encode_base64(signer.sign(Api.to_canonical_json(bare).encode()))
        return {**bare, "signatures": {self._user_id: {f"ed25519:{self.public(usage)}": signature}}}

    def has_signed(self, device: Json) -> bool:
        """Whether a device as the server tells of it carries our signature."""
        signatures = mapping(mapping(device.get("signatures")).get(self._user_id))
        return text(signatures, f"ed25519:{self.public('self_signing')}") == text(
            mapping(mapping(self.signed(device, "self_signing")["signatures"]).get(self._user_id)),
            f"ed25519:{self.public('self_signing')}",
        )


def kept(directory: Path, user_id: str) -> Identity | None:
    """The account's identity as it was kept, None when there is none. Raises ``OSError``."""
    try:
        found = mapping(json.loads((directory / FILE).read_text(encoding="utf-8")))
        if text(found, "user_id") != user_id:
            return None
        return Identity(user_id, {usage: decode_base64(text(found, usage)) for usage in _USAGES})
    except (FileNotFoundError, ValueError):
        return None


def made(directory: Path, user_id: str) -> Identity:
    """Make a new identity, and keep it before anybody hears of it. Raises ``OSError``."""
    seeds = {usage: os.urandom(32) for usage in _USAGES}
    words = {"user_id": user_id, **{usage: encode_base64(seed) for usage, seed in seeds.items()}}
    fresh = (directory / FILE).with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as output:
        json.dump(words, output)
        output.flush()
        os.fsync(output.fileno())
    fresh.replace(directory / FILE)
    return Identity(user_id, seeds)

"""Signed, expiring links to outgoing media."""

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256


class MediaLinks:
    """Makes and reads the tokens of ``/media/{token}``. A token names one medium and when it ends; nothing else."""

    def __init__(self, key: bytes, public_url: str, life: timedelta) -> None:
        """``key``: secret of this installation, the same in every replica."""
        self._key = key
        self._public_url = public_url.rstrip("/")
        self._life = life

    def link(self, stored: str, now: datetime) -> str:
        """Return a public address of our own copy of a medium."""
        payload = f"{int((now + self._life).timestamp())}.{stored}".encode()
        token = base64.urlsafe_b64encode(self._sign(payload) + payload).decode().rstrip("=")
        return f"{self._public_url}/media/{token}"

    def read(self, token: str, now: datetime) -> str | None:
        """Return the id of the medium, None when the token is not ours or has ended."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            expires, _, stored = raw[16:].decode().partition(".")
            ends = int(expires)
        except ValueError:
            return None
        if not hmac.compare_digest(raw[:16], self._sign(raw[16:])) or now.timestamp() > ends:
            return None
        return stored

    def _sign(self, payload: bytes) -> bytes:
        return hmac.new(self._key, payload, sha256).digest()[:16]

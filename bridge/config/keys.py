"""Keys made from an installation's secrets, so that replicas agree and nobody sets them."""

import hmac
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import cast

from pydantic import BaseModel, SecretStr

from bridge.config.models import Config


def media_key(config: Config) -> bytes:
    """Return the key of links to outgoing files."""
    secrets = sorted(secret for account in config.accounts.values() for secret in _secrets(account.settings))
    return hmac.new(b"textbridge media links", "\x00".join(secrets).encode(), sha256).digest()


def _secrets(settings: BaseModel) -> Iterator[str]:
    for _, value in settings:
        items = cast("Sequence[object]", value if isinstance(value, list | tuple) else (value,))
        for item in items:
            if isinstance(item, SecretStr):
                yield item.get_secret_value()

"""The ids Twilio gives to things: two letters and 32 hexadecimal digits, from one source of chance."""

import random
import uuid


class Ids:
    """Makes ids; the same seed makes the same ids in the same order."""

    def __init__(self, seed: int | None = None) -> None:
        """Without a seed, every world has other ids, so a restarted sandbox never repeats one."""
        self.random = random.Random(seed)

    def sid(self, prefix: str) -> str:
        """Return ``prefix`` and 32 hexadecimal digits."""
        return f"{prefix}{self.secret()}"

    def secret(self) -> str:
        """Return 32 hexadecimal digits: an auth token or the secret of an API key."""
        return f"{self.random.getrandbits(128):032x}"

    def token(self) -> str:
        """Return a UUID for ``I-Twilio-Idempotency-Token``."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

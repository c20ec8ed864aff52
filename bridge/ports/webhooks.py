"""Programs of the operator's that are told what rules found."""

from datetime import datetime
from typing import Protocol


class Webhook(Protocol):
    """One address."""

    async def call(self, body: bytes, *, key: str, at: datetime) -> None:
        """Post JSON. ``key``: the same for a repeated call. Raises ``SendDeferred`` or ``SendRejected``."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...

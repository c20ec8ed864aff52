"""Addresses of chat messages, for people to open."""

from bridge.domain.people import ChatRef
from bridge.ports.errors import SendDeferred
from bridge.ports.platform import LinksMessages


async def permalink(platform: LinksMessages, ref: ChatRef) -> str | None:
    """The address of a message, None when there is none to be had. Raises ``SendDeferred``."""
    try:
        return await platform.link(ref)
    except SendDeferred:
        raise
    except Exception:  # noqa: BLE001 - words without the link are better than none
        return None

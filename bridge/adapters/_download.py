"""Reading a teammate's file with a bound on its size."""

import aiohttp

from bridge.ports.errors import MediaRefused

_CHUNK = 64 * 1024


def check_size(size: int, limit: int) -> None:
    """Raise ``MediaRefused`` for more than ``limit`` bytes."""
    if size > limit:
        raise MediaRefused(f"the file is larger than {limit / 1_000_000:.1f} MB")


async def read_file(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read the body, at most ``limit`` bytes. Raises ``MediaRefused`` when it is larger or empty."""
    check_size(response.content_length or 0, limit)
    data = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        data += chunk
        check_size(len(data), limit)
    if not data:
        raise MediaRefused("the file is empty")
    return bytes(data)

"""Keeps requests to addresses that others chose off our own network."""

import socket
from ipaddress import ip_address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

_INNER = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def is_public(host: str) -> bool:
    """Say whether ``host`` may be on the open internet, judged by its looks; the resolver judges what a name means."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return _is_open(name)
    except ValueError:
        return "." in name and not name.endswith(_INNER)


def _is_open(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    return found.is_global and not found.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves names and leaves out every address that is not on the open internet."""

    def __init__(self) -> None:
        """Resolve by the system's own means. Needs a running loop."""
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raise ``OSError`` when nothing public is left."""
        found = [one for one in await self._system.resolve(host, port, family) if _is_open(one["host"])]
        if not found:
            raise OSError("the name leads to a private address")
        return found

    async def close(self) -> None:
        """Let go of the system's resolver."""
        await self._system.close()

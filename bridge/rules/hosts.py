"""Hosts named in a text, and which of them nobody outside can reach."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

_ENDINGS = (
    "local", "localhost", "localdomain", "internal", "intranet", "lan", "corp", "home", "private", "test", "home.arpa",
)  # fmt: skip
_HOST = r"(?:[\w-]{1,63}\.){0,10}[\w-]{1,63}"
_LINK = re.compile(
    rf"\b[a-z][a-z0-9+.-]{{1,15}}://(?:[^\s/@]{{1,100}}@)?(\[[0-9a-f:.]{{2,45}}\]|{_HOST})", re.IGNORECASE
)
_PRIVATE_NAME = rf"(?:[\w-]{{1,63}}\.){{1,10}}(?:{'|'.join(map(re.escape, _ENDINGS))})"
_BARE = re.compile(
    rf"(?<![\w.@/-])(\d{{1,3}}(?:\.\d{{1,3}}){{3}}|localhost|{_PRIVATE_NAME})(?![\w@-]|\.\w)",
    re.IGNORECASE,
)
_WEB = ("http://", "https://")


def named_in(text: str) -> Iterator[str]:
    """Return the hosts of links, and those written without a link whose name alone says that they are private."""
    for found in _LINK.finditer(text):
        host = found[1].strip("[]").lower()
        # https://wiki/page: a name without dots is one of the writer's own network
        yield f"{host}.local" if found[0].lower().startswith(_WEB) and not set(host) & set(".:") else host
    yield from (found[1].lower() for found in _BARE.finditer(text))


def is_private(host: str, own: Sequence[str] = ()) -> bool:
    """Tell whether a host is of no use to somebody outside. ``own``: the operator's names, subdomains included."""
    try:
        address = ip_address(host)
    except ValueError:
        known = (*_ENDINGS, *(name.lower().lstrip("*.") for name in own))
        return any(host == name or host.endswith(f".{name}") for name in known)
    return address.is_private or address.is_link_local

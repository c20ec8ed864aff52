"""The network of the tests: their process is kept to loopback, what would reach the outside fails and says so."""

import ipaddress
import socket
import sys
from typing import Any


class OutsideWorldTouched(AssertionError):
    """A test tried to reach something that is not on this machine."""


def keep_to_loopback() -> None:
    """From now on refuse connections and look-ups beyond loopback, for the life of this process."""
    sys.addaudithook(_refuse_outside)


def _refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address: Any = arguments[1]
        # A string or bytes is the path of a local socket.
        host: Any = None if isinstance(address, str | bytes) else address[0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host is not None and not _is_loopback(host):
        raise OutsideWorldTouched(f"{event} to {host!r}: tests stay on loopback")


def _is_loopback(host: str | bytes) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def free_port() -> int:
    """Return a loopback port nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

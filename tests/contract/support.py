"""Builds adapters for the contract suite, and servers that misbehave."""

import asyncio
import socket
import struct
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bridge.adapters.providers import discover
from bridge.ports.provider import OutboundMessage, Provider, WebhookRequest
from bridge.ports.specs import ProviderContext
from tests.contract.provider_case import ProviderCase

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PUBLIC_URL = "https://sms.example.org"


def built(name: str, settings: Mapping[str, object], *lines: str) -> Provider:
    """Return the adapter of account ``main``."""
    spec = discover()[name]
    context = ProviderContext(account="main", public_url=PUBLIC_URL, lines=lines, clock=lambda: NOW)
    return spec.build(spec.settings.model_validate(dict(settings)), context)


def outbound(case: ProviderCase, body: str = "On my way") -> OutboundMessage:
    """Return a text to send."""
    return OutboundMessage(key="01KAN5Z3M8W2", sender=case.line, recipient=case.contact, body=body, attempted_at=NOW)


def with_body(request: WebhookRequest, body: bytes) -> WebhookRequest:
    """Return the request with another body."""
    return WebhookRequest(request.method, request.url, request.headers, body)


def without(request: WebhookRequest, *headers: str) -> WebhookRequest:
    """Return the request without these headers."""
    left = {name: value for name, value in request.headers.items() if name not in headers}
    return WebhookRequest(request.method, request.url, left, request.body)


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Listener:
    """A server that answers every request with the same bytes, or breaks the connection; keeps the requests' heads."""

    answer: bytes | None
    url: str = ""
    requests: int = 0
    heads: list[bytes] = field(default_factory=list[bytes])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one request whole, then answer or reset."""
        try:
            head = await reader.readexactly(1)
            if head == b"\x16":  # the beginning of TLS, which is not spoken here
                return
            head += await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
            )
            await reader.readexactly(length)
            self.requests += 1
            self.heads.append(head)
            if self.answer is None:
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            else:
                writer.write(self.answer)
                await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def listening(answer: bytes | None) -> AsyncGenerator[Listener]:
    """Serve ``answer`` on loopback; None resets each connection once the request has been read."""
    listener = Listener(answer)
    server = await asyncio.start_server(listener.serve, "127.0.0.1", 0)
    listener.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield listener


def http_answer(status: str, body: bytes, content_type: str = "application/json", extra: str = "") -> bytes:
    """Return a whole HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{extra}"
    return f"{head}Connection: close\r\n\r\n".encode() + body

"""A client of low cost: requests made beforehand, written to kept-alive connections, answers read by their length."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import cast

HOST = "127.0.0.1"
OK = 200


@dataclass(slots=True)
class Outcome:
    """What became of requests, in the order of the answers. ``began``: when, by place; ``took``, ``busy``: seconds."""

    began: dict[int, float] = field(default_factory=dict[int, float])
    latencies: list[float] = field(default_factory=list[float])
    refused: int = 0
    took: float = 0.0
    busy: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.took

    def note(self, place: int, began: float, status: int) -> None:
        """An answer came."""
        self.began[place] = began
        self.latencies.append((time.monotonic() - began) * 1000)
        self.refused += status != OK

    def add(self, other: "Outcome") -> None:
        """Count another run in."""
        self.latencies += other.latencies
        self.refused += other.refused
        self.took += other.took
        self.busy += other.busy


class _Connection(asyncio.Protocol):
    """Sends a request when told and reports the status of its answer."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._read = bytearray()
        self._answered: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def ask(self, request: bytes) -> asyncio.Future[int]:
        self._answered = asyncio.get_running_loop().create_future()
        assert self._transport is not None  # noqa: S101 - made before it is given out
        self._transport.write(request)
        return self._answered

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._read[:end]).lower()
        _, found, rest = head.partition(b"content-length:")
        length = int(rest.partition(b"\r\n")[0]) if found else 0
        if len(self._read) < end + 4 + length:
            return
        del self._read[: end + 4 + length]
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(int(head.split(None, 2)[1]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(exc or ConnectionError("closed"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def _connect(port: int) -> _Connection:
    _, protocol = await asyncio.get_running_loop().create_connection(_Connection, HOST, port)
    return protocol


async def ask(port: int, request: bytes) -> bytes:
    """The body of one answer."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split(None, 1)[0])
    body = await reader.readexactly(length)
    writer.close()
    return body


async def closed(port: int, requests: Sequence[bytes], connections: int = 64) -> Outcome:
    """Send all, ``connections`` at once, each the next when the last was answered."""
    outcome, waiting = Outcome(), iter(enumerate(requests))
    opened = await asyncio.gather(*(_connect(port) for _ in range(connections)))
    started, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(_worker(one, waiting, outcome) for one in opened))
    outcome.took, outcome.busy = time.perf_counter() - started, time.process_time() - busy
    for one in opened:
        one.close()
    return outcome


async def _worker(connection: _Connection, waiting: Iterator[tuple[int, bytes]], outcome: Outcome) -> None:
    for place, request in waiting:
        began = time.monotonic()
        status = await connection.ask(request)
        outcome.note(place, began, status)


async def steady(port: int, requests: Sequence[bytes], rate: float) -> Outcome:
    """Send all at ``rate`` a second whatever the answers do; an answer's time counts from when it was due."""
    outcome = Outcome()
    idle = deque(await asyncio.gather(*(_connect(port) for _ in range(8))))
    tasks: set[asyncio.Task[None]] = set()
    started, busy = time.perf_counter(), time.process_time()
    first = time.monotonic()
    for place, request in zip(count(), requests, strict=False):
        due = first + place / rate
        if (pause := due - time.monotonic()) > 0:
            await asyncio.sleep(pause)
        tasks.add(asyncio.create_task(_once(port, idle, request, partial(outcome.note, place, due))))
    await asyncio.gather(*tasks)
    outcome.took, outcome.busy = time.perf_counter() - started, time.process_time() - busy
    for one in idle:
        one.close()
    return outcome


async def _once(port: int, idle: deque[_Connection], request: bytes, note: Callable[[int], None]) -> None:
    connection = idle.popleft() if idle else await _connect(port)
    note(await connection.ask(request))
    idle.append(connection)

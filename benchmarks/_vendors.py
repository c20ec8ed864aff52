"""Slack and Twilio that take everything at once. A process of its own; ``GET /seen`` gives what came, and forgets it.

Each call is ``[when (monotonic seconds), method, mark or -1, thread or message it changes, id given]``.
"""

import asyncio
import json
import re
import sys
import time
from itertools import count
from typing import cast

from benchmarks._traffic import APP, BOT, TEAM, USER

MARK = re.compile(rb"zq(\d+)qz")
THREAD = re.compile(rb'"(?:thread_ts|ts)": ?"([0-9.]+)"')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
FIXED: dict[bytes, dict[str, object]] = {
    b"auth.test": {"user_id": BOT, "bot_id": "B0000000001", "team_id": TEAM, "app_id": APP, "user": "bridge"},
    b"conversations.replies": {"messages": []},
    b"users.info": {
        "user": {
            "id": USER,
            "team_id": TEAM,
            "name": "ana",
            "real_name": "Ana",
            "is_restricted": False,
            "is_ultra_restricted": False,
        }
    },
}


class Seen:
    """What came so far, and the numbers given out."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.calls: list[tuple[float, str, int, str, str]] = []
        self.numbers = count(1)


class Vendor(asyncio.Protocol):
    """One connection; answers each request the moment its last byte is there."""

    def __init__(self, seen: Seen) -> None:
        """``seen`` is shared by all connections."""
        self._seen = seen
        self._read = bytearray()
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to write."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._read[:end])
            length = LENGTH.search(head)
            size = end + 4 + (int(length[1]) if length else 0)
            if len(self._read) < size:
                return
            body = bytes(self._read[end + 4 : size])
            del self._read[:size]
            self._answer(head.split(None, 2)[1], body)

    def _answer(self, path: bytes, body: bytes) -> None:
        now = time.monotonic()
        if path == b"/seen":
            calls, self._seen.calls = self._seen.calls, []
            self._write(json.dumps(calls))
        elif b"/Messages.json" in path:
            self._twilio(now, body)
        else:
            self._slack(now, path.partition(b"?")[0].rpartition(b"/")[2], body)

    def _twilio(self, now: float, body: bytes) -> None:
        if not body:  # the list
            self._write(json.dumps({"messages": [], "next_page_uri": None}))
            return
        sid = f"SM{next(self._seen.numbers):032x}"
        self._note(now, "twilio", body, sid)
        self._write(json.dumps({"sid": sid, "num_segments": "1", "status": "queued"}), b"201 Created")

    def _slack(self, now: float, method: bytes, body: bytes) -> None:
        fields: dict[str, object] = {"ok": True, **FIXED.get(method, {})}
        ts = ""
        if method == b"chat.postMessage":
            number = next(self._seen.numbers)
            ts = f"{1_700_000_000 + number // 1000}.{number % 1000:06}"
            fields["ts"] = ts
        self._note(now, method.decode(), body, ts)
        self._write(json.dumps(fields))

    def _note(self, now: float, method: str, body: bytes, given: str) -> None:
        found, thread = MARK.search(body), THREAD.search(body)
        root = thread[1].decode() if thread else ""
        self._seen.calls.append((now, method, int(found[1]) if found else -1, root, given))

    def _write(self, body: str, status: bytes = b"200 OK") -> None:
        content = body.encode()
        assert self._transport is not None  # noqa: S101 - connected
        self._transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (status, len(content), content)
        )


async def serve(port: int) -> None:
    """Serve until killed."""
    seen = Seen()
    server = await asyncio.get_running_loop().create_server(lambda: Vendor(seen), "127.0.0.1", port)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))

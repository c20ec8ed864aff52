"""The sandbox's Synapse: people and rooms in it, its clock, and that nobody leaves it behind."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.matrix.errors import MatrixFailed
from bridge.sandbox.matrix.furnishing import MatrixPerson, MatrixRoom
from bridge.sandbox.matrix.world import MatrixWorld
from tests.services.network import free_port

V3 = "/_matrix/client/v3"
BOT, ANA, BEN = MatrixPerson("bot", "Bot"), MatrixPerson("ana", "Ana Souza"), MatrixPerson("ben", "Ben Okafor")
PYTHON = Path(sys.executable)
ENDING = 15.0
ALONE = """
import asyncio, sys
from pathlib import Path
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.matrix.homeserver import Homeserver

async def main():
    server = Homeserver(Path(sys.executable), Path(sys.argv[1]), int(sys.argv[2]), "secret", lambda: 0.0)
    await server.start()
    print("up", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def make(home: Path, clock: SandboxClock | None = None, *, port: int = 0, python: Path = PYTHON) -> MatrixWorld:
    rooms = [MatrixRoom("Front desk", ("ana", "ben")), MatrixRoom("Sealed", ("ana",), encrypted=True)]
    clock = clock or SandboxClock()
    return MatrixWorld(python, home, clock, port=port or free_port(), bot=BOT, people=[ANA, BEN], rooms=rooms)


@asynccontextmanager
async def opened(world: MatrixWorld) -> AsyncGenerator[None]:
    await world.open()
    try:
        yield
    finally:
        await world.homeserver.stop()


class Client:
    """Somebody with a client."""

    def __init__(self, url: str, session: aiohttp.ClientSession, token: str) -> None:
        self.url, self.session, self.token = url, session, token

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.session.request(method, self.url + V3 + path, json=body, headers=headers) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()

    async def members(self, room: str, membership: str) -> set[str]:
        found = await self.call("GET", f"/rooms/{quote(room)}/members?membership={membership}")
        return {event["state_key"] for event in found["chunk"]}

    async def say(self, room: str) -> float:
        """Write something; returns when the server says it was, in seconds since the epoch."""
        body = {"msgtype": "m.text", "body": "hi"}
        sent = await self.call("PUT", f"/rooms/{quote(room)}/send/m.room.message/{time.monotonic_ns()}", body)
        event = await self.call("GET", f"/rooms/{quote(room)}/event/{quote(sent['event_id'])}")
        return event["origin_server_ts"] / 1000


@asynccontextmanager
async def client(world: MatrixWorld, name: str) -> AsyncGenerator[Client]:
    async with aiohttp.ClientSession() as session:
        who = {"type": "m.id.user", "user": name}
        asked = {"type": "m.login.password", "identifier": who, "password": world.password}
        async with session.post(f"{world.url}{V3}/login", json=asked) as answer:
            assert answer.ok, await answer.text()
            yield Client(world.url, session, (await answer.json())["access_token"])


async def test_people_are_in_their_room_and_find_it_again_another_day(tmp_path: Path) -> None:
    clock = SandboxClock()
    world = make(tmp_path / "home", clock)
    async with opened(world), client(world, "ana") as ana:
        room = world.rooms["Front desk"]
        assert await ana.members(room, "join") == {ANA.id, BEN.id}
        assert await ana.members(room, "invite") == {BOT.id}
        sealed = quote(world.rooms["Sealed"])
        assert (await ana.call("GET", f"/rooms/{sealed}/state/m.room.encryption"))["algorithm"].startswith("m.megolm")
        assert abs(await ana.say(room) - time.time()) < 30
        clock.skip(3600)
        world.homeserver.moved()
        assert abs(await ana.say(room) - time.time() - 3600) < 30, "time that was skipped"
        await world.keeper.stop()
        await world.keeper.start()
        assert abs(await ana.say(room) - time.time() - 3600) < 30, "time that was skipped before it was started"
    again = make(tmp_path / "home")
    assert (again.url, again.password, again.rooms) == (world.url, world.password, world.rooms)
    async with opened(again), client(again, "ben") as ben:
        assert await ben.members(room, "join") == {ANA.id, BEN.id}


async def test_what_was_never_furnished_to_the_end_is_begun_anew(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "homeserver.db").write_text("half of something")
    world = make(home)
    async with opened(world), client(world, "ana") as ana:
        assert await ana.members(world.rooms["Front desk"], "join") == {ANA.id, BEN.id}


async def test_a_folder_without_a_room_that_is_wanted_is_said(tmp_path: Path) -> None:
    kept = {"port": free_port(), "secret": "s", "password": "p", "rooms": {"Front desk": "!1"}}
    (tmp_path / "sandbox.json").write_text(json.dumps(kept))
    with pytest.raises(MatrixFailed, match=r"without the room Sealed.*--data"):
        await make(tmp_path).open()


async def test_another_port_is_taken_when_its_own_is_not_free(tmp_path: Path) -> None:
    world = make(tmp_path / "one")
    async with opened(world):
        taken = int(world.url.rpartition(":")[2])
        assert make(tmp_path / "two", port=taken).url != world.url


async def test_a_python_that_cannot_run_synapse_is_said(tmp_path: Path) -> None:
    world = make(tmp_path / "home", python=Path("/bin/false"))
    with pytest.raises(MatrixFailed, match=r"did not start.*synapse\.log"):
        await world.open()


def test_it_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ALONE, str(tmp_path), str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + ENDING
    while not _can_be_locked(tmp_path / "lock"):
        assert time.monotonic() < deadline, "Synapse was left behind"
        time.sleep(0.05)


def _can_be_locked(file: Path) -> bool:
    """Whether nobody holds the lock that Synapse holds as long as it is there."""
    import fcntl

    with file.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True

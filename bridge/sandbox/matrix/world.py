"""The homeserver of one sandbox, with who and what is in it."""

import asyncio
import json
import os
import secrets
import shutil
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.matrix.errors import MatrixFailed
from bridge.sandbox.matrix.furnishing import Furnisher, MatrixPerson, MatrixRoom
from bridge.sandbox.matrix.homeserver import HOST, SERVER_NAME, Homeserver
from bridge.sandbox.process import Keeper

PASSWORD_BYTES = 6


@dataclass(slots=True)
class _Kept:
    """What of a homeserver is needed again when its files are."""

    port: int
    secret: str
    password: str
    rooms: dict[str, str] = field(default_factory=dict[str, str])


class MatrixWorld:
    """A real Synapse with people and rooms; ``bot`` is who the bridge logs in as."""

    def __init__(
        self,
        python: Path,
        home: Path,
        clock: SandboxClock,
        *,
        port: int,
        bot: MatrixPerson,
        people: Sequence[MatrixPerson],
        rooms: Sequence[MatrixRoom],
    ) -> None:
        """Keep everything in ``home``; listen on ``port``, or on another one when that is taken."""
        self.bot = bot
        self.people = people
        self._wanted = rooms
        self._file = home / "sandbox.json"
        self._kept = _kept(self._file, home) or _Kept(port, secrets.token_hex(), secrets.token_hex(PASSWORD_BYTES))
        self._kept.port = _free_port(self._kept.port)
        self.homeserver = Homeserver(python, home, self._kept.port, self._kept.secret, lambda: clock.offset)
        self.keeper = Keeper(self.homeserver, clock)

    @property
    def url(self) -> str:
        """The homeserver's address."""
        return self.homeserver.url

    @property
    def password(self) -> str:
        """Everybody's password."""
        return self._kept.password

    @property
    def rooms(self) -> Mapping[str, str]:
        """Ids of the rooms by their names."""
        return self._kept.rooms

    async def open(self) -> None:
        """Start the homeserver, and furnish it the first time. Raises ``MatrixFailed``."""
        missing = [room.name for room in self._wanted if self._kept.rooms and room.name not in self._kept.rooms]
        if missing:
            raise MatrixFailed(f"This folder was furnished without the room {missing[0]}. Choose another with --data.")
        await self.keeper.start()
        if not self._kept.rooms:
            try:
                self._kept.rooms = await self._furnished()
            except BaseException:
                await self.homeserver.kill()
                raise
        await asyncio.to_thread(_keep, self._file, self._kept)

    async def _furnished(self) -> dict[str, str]:
        async with Furnisher(self.url, self._kept.secret, self._kept.password) as furnisher:
            tokens = {one.name: await furnisher.register(one) for one in [*self.people, self.bot]}
            made = {room.name: await furnisher.make_room(room, tokens, self.bot) for room in self._wanted}
            for token in tokens.values():
                await furnisher.log_out(token)
            return made

    def state(self) -> dict[str, Any]:
        """What the page needs to log in as anybody, and how the homeserver is."""
        return {
            "url": self.url,
            "server": SERVER_NAME,
            "bot": self.bot.id,
            "people": [{"id": one.id, "name": one.shown} for one in self.people],
            "password": self.password,
            "rooms": list(self.rooms.values()),
            **self.keeper.state(),
        }


def _kept(file: Path, home: Path) -> _Kept | None:
    try:
        return _Kept(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        # Never furnished to the end: nothing in it can be used.
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(mode=0o700, parents=True)
        return None


def _keep(file: Path, kept: _Kept) -> None:
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as output:
        json.dump({"port": kept.port, "secret": kept.secret, "password": kept.password, "rooms": kept.rooms}, output)
    fresh.replace(file)


def _free_port(wanted: int) -> int:
    """The port that is wanted, or any when somebody else has it."""
    for port in (wanted, 0):
        with socket.socket() as sock:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.bind((HOST, port))
            except OSError:
                continue
            return int(sock.getsockname()[1])
    raise OSError("no port is free")

"""People and rooms of the sandbox's homeserver, made as anybody would make them, by the client-server API."""

import hashlib
import hmac
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

import aiohttp

from bridge.sandbox.matrix.errors import MatrixFailed
from bridge.sandbox.matrix.homeserver import SERVER_NAME

Json: TypeAlias = dict[str, Any]
V3 = "/_matrix/client/v3"
REGISTER = "/_synapse/admin/v1/register"
ENCRYPTION: Json = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


@dataclass(frozen=True, slots=True)
class MatrixPerson:
    """Somebody with an account. ``name``: what they log in with; ``shown``: what others see."""

    name: str
    shown: str

    @property
    def id(self) -> str:
        """The full user id."""
        return f"@{self.name}:{SERVER_NAME}"


@dataclass(frozen=True, slots=True)
class MatrixRoom:
    """A room to be made. ``members``: names of people; the first makes it and invites the others."""

    name: str
    members: Sequence[str]
    encrypted: bool = False


class Furnisher(AbstractAsyncContextManager["Furnisher"]):
    """Fills an empty homeserver. Raises ``MatrixFailed`` for anything it does not take."""

    def __init__(self, url: str, secret: str, password: str) -> None:
        """``password``: everybody's; the server is reached from this machine only."""
        self._url = url
        self._secret = secret
        self._password = password
        self._session = aiohttp.ClientSession()

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._session.close()

    async def register(self, person: MatrixPerson) -> str:
        """Make an account; returns a token of it."""
        nonce = str((await self._call("GET", REGISTER))["nonce"])
        words = f"{nonce}\0{person.name}\0{self._password}\0notadmin"
        account = {"username": person.name, "displayname": person.shown, "password": self._password}
        mac = hmac.new(self._secret.encode(), words.encode(), hashlib.sha1).hexdigest()
        made = await self._call("POST", REGISTER, {**account, "nonce": nonce, "admin": False, "mac": mac})
        return str(made["access_token"])

    async def make_room(self, room: MatrixRoom, tokens: dict[str, str], bot: MatrixPerson) -> str:
        """Make a room its members are in and the bot is invited to; returns its id."""
        maker, *others = room.members
        invited = [*(MatrixPerson(name, "").id for name in others), bot.id]
        state = [ENCRYPTION] if room.encrypted else []
        asked: Json = {"name": room.name, "preset": "private_chat", "invite": invited, "initial_state": state}
        made = str((await self._call("POST", f"{V3}/createRoom", asked, tokens[maker]))["room_id"])
        for name in others:
            await self._call("POST", f"{V3}/join/{quote(made)}", {}, tokens[name])
        return made

    async def log_out(self, token: str) -> None:
        """End what was begun by registering."""
        await self._call("POST", f"{V3}/logout", {}, token)

    async def _call(self, method: str, path: str, body: Json | None = None, token: str = "") -> Json:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self._session.request(method, self._url + path, json=body, headers=headers) as answer:
            told: Json = await answer.json()
            if not answer.ok:
                raise MatrixFailed(f"Synapse refused {path}: {told.get('error', answer.status)}")
            return told

"""A person on a homeserver, by plain HTTP: nothing of what the bridge uses to speak Matrix."""

import itertools
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp

from tests.services.synapse import Account, Synapse

V3 = "/_matrix/client/v3"
RULES: dict[str, object] = {"algorithm": "m.megolm.v1.aes-sha2"}
ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": RULES}
"""What makes a room encrypted, as part of its first state."""


@dataclass
class Person:
    """Somebody with a client. ``html``: what clients make of a mention."""

    account: Account
    url: str
    session: aiohttp.ClientSession
    numbers: Any = field(default_factory=itertools.count)

    @property
    def id(self) -> str:
        """The full user id."""
        return self.account.user_id

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """Make one request; raises for anything but success."""
        headers = {"Authorization": f"Bearer {self.account.access_token}"}
        async with self.session.request(method, self.url + path, json=body, headers=headers) as answer:
            assert answer.ok, await answer.text()
            return json.loads(await answer.read())

    async def make_room(self, *invited: str, name: str = "Front desk", **how: object) -> str:
        """Make a room and invite people."""
        asked = {"name": name, "preset": "private_chat", "invite": list(invited), **how}
        return str((await self.call("POST", f"{V3}/createRoom", asked))["room_id"])

    async def join(self, room: str) -> None:
        """Enter a room."""
        await self.call("POST", f"{V3}/join/{quote(room)}", {})

    async def invitations(self) -> list[str]:
        """Rooms one is invited to and has not entered."""
        fresh = quote(json.dumps({"room": {"timeline": {"limit": 1 + next(self.numbers)}}}))  # else it may be of before
        answer = await self.call("GET", f"{V3}/sync?timeout=0&filter={fresh}")
        return list(answer.get("rooms", {}).get("invite", {}))

    async def write(self, room: str) -> None:
        """Begin to type."""
        await self.call("PUT", f"{V3}/rooms/{quote(room)}/typing/{quote(self.id)}", {"typing": True, "timeout": 20_000})

    async def read(self, room: str, root: str, event: str) -> None:
        """Read a thread up to an event."""
        path = f"{V3}/rooms/{quote(room)}/receipt/m.read/{quote(event)}"
        await self.call("POST", path, {"thread_id": root})

    async def event(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Send an event; returns its id."""
        path = f"{V3}/rooms/{quote(room)}/send/{kind}/t{next(self.numbers)}"
        return str((await self.call("PUT", path, content))["event_id"])

    async def say(self, room: str, words: str, **content: Any) -> str:
        """Write in the room itself."""
        return await self.event(room, "m.room.message", {"msgtype": "m.text", "body": words, **content})

    async def reply(self, room: str, root: str, words: str, **content: Any) -> str:
        """Write in a thread."""
        relation = {"rel_type": "m.thread", "event_id": root, "is_falling_back": True}
        return await self.say(room, words, **{"m.relates_to": relation, **content})

    async def answer(self, room: str, event: str, words: str, **content: Any) -> str:
        """Reply as clients without threads do."""
        return await self.say(room, words, **{"m.relates_to": {"m.in_reply_to": {"event_id": event}}, **content})

    async def edit(self, room: str, event: str, words: str) -> str:
        """Change what one wrote."""
        new = {"msgtype": "m.text", "body": words}
        relation = {"rel_type": "m.replace", "event_id": event}
        return await self.say(room, f"* {words}", **{"m.new_content": new, "m.relates_to": relation})

    async def react(self, room: str, event: str, key: str) -> str:
        """React to a message."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return await self.event(room, "m.reaction", {"m.relates_to": relation})

    async def redact(self, room: str, event: str) -> str:
        """Delete a message, or take back a reaction."""
        path = f"{V3}/rooms/{quote(room)}/redact/{quote(event)}/t{next(self.numbers)}"
        return str((await self.call("PUT", path, {}))["event_id"])

    async def look(self, room: str, event: str) -> Any:
        """An event as it stands now."""
        return await self.call("GET", f"{V3}/rooms/{quote(room)}/event/{quote(event)}")

    async def timeline(self, room: str) -> list[Any]:
        """Every event of the room, oldest first."""
        found: list[Any] = []
        page = ""
        while True:
            asked = f"{V3}/rooms/{quote(room)}/messages?dir=f&limit=200{page}"
            answer = await self.call("GET", asked)
            found += answer["chunk"]
            if not answer.get("end") or not answer["chunk"]:
                return found
            page = f"&from={answer['end']}"

    async def messages(self, room: str) -> list[Any]:
        """Messages of the room that are there, edits left out, oldest first."""
        events = [event for event in await self.timeline(room) if event["type"] == "m.room.message"]
        return [event for event in events if event["content"] and relation(event)[0] != "m.replace"]

    async def thread(self, room: str, root: str) -> list[Any]:
        """Messages of a thread."""
        return [event for event in await self.messages(room) if relation(event) == ("m.thread", root)]

    async def reactions(self, room: str, event: str) -> list[tuple[str, str]]:
        """Who reacted to a message with what, sorted."""
        found = [one for one in await self.timeline(room) if one["type"] == "m.reaction"]
        shown = (one for one in found if relation(one)[1] == event)
        return sorted((one["sender"], one["content"]["m.relates_to"]["key"]) for one in shown)

    async def upload(self, data: bytes, content_type: str) -> str:
        """Upload a file; returns its mxc address."""
        headers = {"Authorization": f"Bearer {self.account.access_token}", "Content-Type": content_type}
        async with self.session.post(f"{self.url}/_matrix/media/v3/upload", data=data, headers=headers) as answer:
            return str((await answer.json())["content_uri"])

    async def download(self, mxc: str) -> bytes:
        """A file."""
        headers = {"Authorization": f"Bearer {self.account.access_token}"}
        path = f"/_matrix/client/v1/media/download/{mxc.removeprefix('mxc://')}"
        async with self.session.get(self.url + path, headers=headers) as answer:
            assert answer.ok
            return await answer.read()


def relation(event: Any) -> tuple[str, str]:
    """What an event is to another, and that one's id."""
    relates = event["content"].get("m.relates_to") or {}
    return relates.get("rel_type", ""), relates.get("event_id", "")


def pill(person: str, label: str) -> str:
    """A mention as clients write it."""
    return f'<a href="https://matrix.to/#/{quote(person)}">{label}</a>'


@asynccontextmanager
async def people(synapse: Synapse, *names: str) -> AsyncGenerator[list[Person]]:
    """Register people and give each a client."""
    async with aiohttp.ClientSession() as session:
        yield [Person(synapse.register(name), synapse.url, session) for name in names]

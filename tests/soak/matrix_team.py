"""The team in rooms of a real Synapse, which the bridge reaches through a proxy that loses, refuses and cuts off."""

import asyncio
import itertools
import re
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from random import Random
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp

from bridge.rules.addresses import shown
from tests.services import synapse
from tests.services.faulty import Fault, Proxy
from tests.services.matrix import V3, Person, relation
from tests.soak.team import LATE, NotOffered, Root, Shown

SIGNS = {"eyes": "👀", "white_check_mark": "✅", "x": "❌"}
BUTTONS = "org.textbridge.buttons"
CALLS = (
    *("^PUT .*/send/m.room", "^PUT .*/send/m.room", "^PUT .*/send/m.reaction", "^PUT .*/redact/"),
    *("^GET .*/sync", "^GET .*/relations/", "^GET .*/event/", "^GET .*/messages", "^POST .*/upload", "whoami|joined"),
)
PUSHES = 0.25
"""How many of the troubles meet a push, where there are such."""
LIMITED = '{"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests"%s}'
_NUMBER = re.compile(r"#(\d+)")
_Done = TypeVar("_Done")
_TIMELINE = '{"limit":50,"types":["m.room.message","m.room.encrypted"]}'
_FILTER = f'{{"room":{{"timeline":{_TIMELINE},"state":{{"types":[]}},"ephemeral":{{"types":[]}}}}}}'


async def until_done(what: Callable[[], Awaitable[_Done]]) -> _Done:
    """Do something that cannot be done while the homeserver is away."""
    while True:
        try:
            return await what()
        except (aiohttp.ClientError, AssertionError, KeyError, ValueError, OSError):
            await asyncio.sleep(0.2)


@dataclass
class MatrixTeam:
    """``rooms``: where contacts are shown, by contact; ``home``: the homeserver's directory.

    ``proxy``: what the bridge's calls pass through; ``pushes``: what Synapse's do, where the bot is a service.
    ``watcher``: who looks for cards.
    """

    home: Path
    url: str
    proxy: Proxy
    pushes: Proxy | None
    bot: synapse.Account
    people: dict[str, Person]
    watcher: Person
    rooms: dict[str, str] = field(default_factory=dict[str, str])
    platform: str = "matrix"
    aside: str = "with @ben:localhost"
    calls: ClassVar[Sequence[str]] = CALLS
    _roots: dict[str, Root] = field(default_factory=dict[str, Root])
    _reactions: dict[tuple[str, str, str], str] = field(default_factory=dict[tuple[str, str, str], str])
    _numbers: Any = field(default_factory=itertools.count)
    _seen: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    _files: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def members(self) -> Sequence[str]:
        """The people's ids."""
        return list(self.people)

    # what they do

    async def follow(self) -> None:
        """Notice cards until cancelled."""
        since = ""
        while True:
            answer = await self._call(self.watcher, "GET", f"{V3}/sync?timeout=10000&filter={quote(_FILTER)}{since}")
            since = f"&since={answer['next_batch']}"
            for room, found in answer.get("rooms", {}).get("join", {}).items():
                events = [{**event, "room_id": room} for event in found["timeline"]["events"]]
                limited = found["timeline"].get("limited")
                for event in await self._timeline(room) if limited else await self._opened(events):
                    self._note(room, event)

    def _note(self, room: str, event: Any) -> None:
        if not self._is_card(event):
            return
        body = event["content"]["body"]
        number = _NUMBER.search(body)
        for contact, of in self.rooms.items():
            if of == room and shown(contact) in body:
                self._roots[contact] = Root(room, event["event_id"], number[1] if number else "")

    def root(self, contact: str) -> Root | None:
        """The newest card of a contact."""
        return self._roots.get(contact)

    async def write(self, who: str, root: Root, words: str, *, picture: bytes = b"") -> str:
        """Write in a thread."""
        content: dict[str, Any] = {"msgtype": "m.text", "body": words}
        if picture:
            content = {"msgtype": "m.image", "body": words, "filename": "map.png", **await self._upload(who, picture)}
        return await self._send(
            who, root.room, {**content, "m.relates_to": {"rel_type": "m.thread", "event_id": root.id}}
        )

    async def edit(self, who: str, room: str, message: str, words: str) -> None:
        """Change what one wrote."""
        relates = {"rel_type": "m.replace", "event_id": message}
        new = {"msgtype": "m.text", "body": words}
        await self._send(who, room, {**new, "body": f"* {words}", "m.new_content": new, "m.relates_to": relates})

    async def delete(self, who: str, room: str, message: str) -> None:
        """Delete what one wrote."""
        await self._put(who, f"rooms/{quote(room)}/redact/{quote(message)}", {})

    async def react(self, who: str, room: str, message: str, name: str) -> None:
        """React, or take the reaction back that is there."""
        mine = self._reactions.pop((who, message, name), None)
        if mine is not None:
            await self.delete(who, room, mine)
            return
        relates = {"rel_type": "m.annotation", "event_id": message, "key": SIGNS[name]}
        made = await self._send(who, room, {"m.relates_to": relates}, kind="m.reaction")
        self._reactions[who, message, name] = made

    async def command(self, who: str, root: Root, words: str) -> bool:
        """By ``!sms``: what was said in the room is heeded, sooner or later."""
        await self._send(who, root.room, {"msgtype": "m.text", "body": f"!sms #{root.number} {words}"})
        return True

    async def press(self, who: str, root: Root, action: str) -> None:
        """Cards have no buttons here."""
        await self.write(who, root, f"!{action}")

    async def assign(self, who: str, root: Root, name: str) -> None:
        """Cards have no menus here."""
        await self.write(who, root, f"!assign {name}")

    async def _send(self, who: str, room: str, content: dict[str, Any], kind: str = "m.room.message") -> str:
        return await self._put(who, f"rooms/{quote(room)}/send/{kind}", content)

    async def _put(self, who: str, path: str, content: object) -> str:
        answer = await self._call(self.people[who], "PUT", f"{V3}/{path}/p{next(self._numbers)}", content)
        return str(answer["event_id"])

    async def _upload(self, who: str, data: bytes) -> dict[str, Any]:
        """Upload a picture; returns what a message says of it."""
        return await until_done(lambda: self._uploaded(self.people[who], data))

    async def _uploaded(self, person: Person, data: bytes) -> dict[str, Any]:
        return {"url": await person.upload(data, "image/png")}

    async def _call(self, person: Person, method: str, path: str, content: object = None) -> Any:
        """As clients do: the same request until there is an answer. Raises ``NotOffered`` when that is a refusal."""
        headers = {"Authorization": f"Bearer {person.account.access_token}"}
        while True:
            try:
                async with person.session.request(method, self.url + path, json=content, headers=headers) as answer:
                    if answer.ok:
                        return await answer.json()
                    if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                        raise NotOffered(await answer.text())
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            await asyncio.sleep(0.2)

    # what goes wrong

    def trouble(self, random: Random) -> None:
        """Let the next call of one kind go wrong."""
        where, html = random.choice(self.calls), {"Content-Type": "text/html"}
        proxy = self.proxy
        if self.pushes is not None and random.random() < PUSHES:
            where, proxy = ".", self.pushes
        faults = (
            *(Fault(where, 0), Fault(where, 0), Fault(where, 0), Fault(where, -1)),
            *(Fault(where, 502, "<html>", html), Fault(where, 500, '{"errcode": "M_UNKNOWN", "error": "no"}')),
            Fault(where, 429, LIMITED % ', "retry_after_ms": 300'),
            Fault(where, 429, LIMITED % "", {"Retry-After": "1"}),
        )
        proxy.faults = [*(fault for fault in proxy.faults if fault.times), random.choice(faults)]

    async def away(self, random: Random) -> None:
        """Be cut off, or stopped, or killed, for some seconds."""
        how = random.choice(("cut", "cut", "stopped", "killed"))
        if how == "cut":
            cut = Fault(".", -1, times=1_000_000)
            self.proxy.faults.insert(0, cut)
            await asyncio.sleep(random.uniform(1, 8))
            cut.times = 0
            return
        by = signal.SIGKILL if how == "killed" else signal.SIGTERM
        await asyncio.to_thread(synapse.stop, self.home, by)
        await asyncio.sleep(random.uniform(0, 5))
        await asyncio.to_thread(synapse.start, self.home, urlsplit(self.url).port or 0)

    def mend(self) -> None:
        """Nothing goes wrong from now on."""
        for proxy in filter(None, (self.proxy, self.pushes)):
            proxy.faults.clear()

    # what is seen at the end

    async def caught_up(self, contacts: Sequence[str], seconds: float) -> bool:
        """Return once a last comment has its mark: what was written before it was read before it."""
        root = next((root for root in map(self.root, contacts) if root), None)
        if root is None:
            return True
        who = self.members[0]
        last = await self.write(who, root, "// that is all")
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if (self.bot.user_id, "🔒") in await self.people[who].reactions(root.room, last):
                return True
            await asyncio.sleep(0.3)
        return False

    async def look(self) -> None:
        """Read every room."""
        for room in set(self.rooms.values()):
            self._seen[room] = await self._timeline(room)
            for event in self._seen[room]:
                if event["content"].get("msgtype") == "m.image" and event["sender"] == self.bot.user_id:
                    self._files[event["event_id"]] = (await self._downloaded(event["content"])).decode("latin-1")

    async def _downloaded(self, content: Any) -> bytes:
        return await self.watcher.download(content["url"])

    async def _timeline(self, room: str) -> list[Any]:
        return await self._opened(await until_done(lambda: self.watcher.timeline(room)))

    async def _opened(self, events: list[Any]) -> list[Any]:
        """Events with what they say."""
        return events

    def _is_card(self, event: Any) -> bool:
        content = event["content"]
        return event["sender"] == self.bot.user_id and content.get("msgtype") == "m.text" and not relation(event)[0]

    def dump(self) -> object:
        """Every event of every room, and the bridge's calls."""
        return {"rooms": self._seen, "calls": self.proxy.seen}

    def thread(self, contact: str) -> list[Any]:
        """The bot's messages in the threads of a contact, oldest first."""
        events = self._seen[self.rooms[contact]]
        cards = {one["event_id"] for one in events if self._is_card(one) and shown(contact) in one["content"]["body"]}
        ours = [event for event in events if event["sender"] == self.bot.user_id]
        return [event for event in ours if relation(event)[0] == "m.thread" and relation(event)[1] in cards]

    def shown(self, contact: str) -> Sequence[Shown]:
        """The contact's texts."""
        texts = [one["content"] for one in self.thread(contact) if "com.beeper.per_message_profile" in one["content"]]
        bodies = [content["body"].removeprefix(f"{shown(contact)}: ") for content in texts]
        return [Shown(body.partition("\n")[0], LATE in body) for body in bodies]

    def pictures(self, contact: str) -> Sequence[str]:
        """The bot's files."""
        return [self._files[one["event_id"]] for one in self.thread(contact) if one["event_id"] in self._files]

    def offered(self) -> set[str]:
        """Messages that a note in a thread has signs for, as it stands after its last edit."""
        notes: dict[str, Any] = {}
        for events in self._seen.values():
            for event in (one for one in events if one["sender"] == self.bot.user_id):
                kind, other = relation(event)
                if kind == "m.thread":
                    notes[event["event_id"]] = event["content"]
                elif kind == "m.replace" and other in notes:
                    notes[other] = event["content"].get("m.new_content", {})
        return {value for note in notes.values() for _, value in note.get(BUTTONS, {}).values()}

    def place(self, room: str, message: str) -> float:
        """Where it stands in the room."""
        return next((place for place, event in enumerate(self._seen[room]) if event["event_id"] == message), -1)

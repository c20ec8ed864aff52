"""A text's way into a Matrix room, and the floor: a client that sends the same events to the same Synapse.

Both rooms are alike, and somebody who is in both tells when each event shows in their client.
"""

import asyncio
import re
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from benchmarks._databases import sqlite
from benchmarks._load import closed, steady
from benchmarks._processes import CLIENT, VENDORS, free_port, pin, process, vendors
from benchmarks._result import insist
from benchmarks._traffic import mark, text_in
from tests.services import synapse
from tests.services.matrix import V3, Person

PATIENCE = 60.0
CONTACTS = 16
_MARK = re.compile(r"zq(\d+)qz")
_FILTER = '{"presence":{"types":[]},"account_data":{"types":[]},"room":{"timeline":{"limit":100,"types":["m.room.message"]},"state":{"types":[]},"ephemeral":{"types":[]},"account_data":{"types":[]}}}'  # noqa: E501 - JSON
Content = dict[str, Any]


@contextmanager
def homeserver() -> Generator[synapse.Synapse]:
    """A Synapse of our own, on a core of its own when there are enough."""
    directory = Path(tempfile.mkdtemp(prefix="textbridge-benchmark-"))
    try:
        pin(0, VENDORS)  # it runs where we are when we start it
        yield synapse.shared_homeserver(directory)
    finally:
        synapse.stop_homeserver(directory)
        shutil.rmtree(directory, ignore_errors=True)


@dataclass
class Member:
    """Somebody in both rooms. ``came``: when a text showed in a room, by its number; ``contents``: of those."""

    person: Person
    came: dict[tuple[str, int], float] = field(default_factory=dict[tuple[str, int], float])
    contents: dict[int, Content] = field(default_factory=dict[int, Content])

    async def follow(self) -> None:
        """Follow the rooms as a client does."""
        since = ""
        while True:
            answer = await self.person.call("GET", f"{V3}/sync?timeout=30000&filter={_FILTER}{since}")
            now = time.monotonic()
            since = f"&since={answer['next_batch']}"
            for room, found in answer.get("rooms", {}).get("join", {}).items():
                for event in found["timeline"]["events"]:
                    self._note(room, event["content"], now)

    def _note(self, room: str, content: Content, now: float) -> None:
        found = _MARK.search(content.get("body", ""))
        if found is not None:
            self.came.setdefault((room, int(found[1])), now)
            self.contents[int(found[1])] = content

    async def until(self, room: str, numbers: Sequence[int]) -> list[float]:
        """When these showed in a room, once all have."""
        async with asyncio.timeout(PATIENCE):
            while not all((room, number) in self.came for number in numbers):  # noqa: ASYNC110 - a client only asks
                await asyncio.sleep(0.005)
        return [self.came[room, number] for number in numbers]


@dataclass
class Sides:
    """The two ways to send a text. ``sent``: numbers used so far."""

    port: int
    bridged: str
    direct: str
    member: Member
    sender: Person
    roots: list[str]
    pattern: Content
    sent: int = 0

    async def text(self, contacts: Sequence[int], rate: float | None) -> "Passage":
        """By the bridge: each text comes in as Twilio sends it."""
        numbers = self._numbers(len(contacts))
        requests = [text_in(number, contact) for number, contact in zip(numbers, contacts, strict=True)]
        outcome = await (steady(self.port, requests, rate) if rate else closed(self.port, requests))
        insist(not outcome.refused, "a request was refused")
        began = [outcome.began[place] for place in range(len(requests))]
        return Passage(began, await self.member.until(self.bridged, numbers))

    async def send(self, contacts: Sequence[int], rate: float | None) -> "Passage":
        """Directly: calm, each when it is due; otherwise each contact's one after the other, all contacts at once."""
        numbers = self._numbers(len(contacts))
        began: dict[int, float] = {}
        if rate:
            first = time.monotonic()
            await asyncio.gather(
                *(
                    self._due(number, contact, first + place / rate, began)
                    for place, (number, contact) in enumerate(zip(numbers, contacts, strict=True))
                )
            )
        else:
            queues = [
                [n for n, c in zip(numbers, contacts, strict=True) if c == contact] for contact in range(CONTACTS)
            ]
            await asyncio.gather(*(self._in_turn(contact, queue, began) for contact, queue in enumerate(queues)))
        return Passage([began[number] for number in numbers], await self.member.until(self.direct, numbers))

    async def _in_turn(self, contact: int, numbers: Sequence[int], began: dict[int, float]) -> None:
        for number in numbers:
            await self._due(number, contact, 0.0, began)

    async def _due(self, number: int, contact: int, moment: float, began: dict[int, float]) -> None:
        await asyncio.sleep(max(0.0, moment - time.monotonic()))
        began[number] = moment or time.monotonic()
        await self.sender.event(self.direct, "m.room.message", self._content(number, contact))

    def _content(self, number: int, contact: int) -> Content:
        """What the bridge sends for a text, in a thread of the other room."""
        root = self.roots[contact]
        relation = {**self.pattern["m.relates_to"], "event_id": root, "m.in_reply_to": {"event_id": root}}
        words = {name: _MARK.sub(mark(number), self.pattern[name]) for name in ("body", "formatted_body")}
        return {**self.pattern, **words, "m.relates_to": relation}

    def _numbers(self, count: int) -> list[int]:
        self.sent += count
        return list(range(self.sent - count, self.sent))

    async def complete(self) -> None:
        """Stop unless each text shows once."""
        for room in (self.bridged, self.direct):
            events = [event["content"] for event in await self.member.person.messages(room)]
            found = [int(seen[1]) for seen in (_MARK.search(content.get("body", "")) for content in events) if seen]
            insist(len(found) == len(set(found)), "doubled on the way")
            insist(set(found) >= {number for of, number in self.member.came if of == room}, "lost on the way")


@dataclass(frozen=True)
class Passage:
    """What went through. ``began``, ``came``: monotonic seconds, by text."""

    began: Sequence[float]
    came: Sequence[float]

    @property
    def milliseconds(self) -> list[float]:
        """From sending until it shows, each."""
        return [(came - began) * 1000 for began, came in zip(self.began, self.came, strict=True)]

    @property
    def rate(self) -> float:
        """Texts a second, from the first sent to the last shown."""
        return len(self.came) / (max(self.came) - min(self.began))


@asynccontextmanager
async def _sides(server: synapse.Synapse, vendor_port: int, database: str) -> AsyncGenerator[Sides]:
    async with ClientSession() as session:
        bot, sender, ana = (Person(server.register(name), server.url, session) for name in ("bot", "sender", "ana"))
        bridged, direct = await ana.make_room(bot.id), await ana.make_room(sender.id)
        await sender.join(direct)
        member = Member(ana)
        following = asyncio.create_task(member.follow())
        port = free_port()
        where = (database, str(port), str(vendor_port), server.url, bot.id, bot.account.access_token, bridged)
        try:
            with process("benchmarks._matrix_bridge", *where):
                roots = [await sender.say(direct, f"Conversation {contact}") for contact in range(CONTACTS)]
                sides = Sides(port, bridged, direct, member, sender, roots, {})
                await sides.text(range(CONTACTS), 10)
                sides.pattern = member.contents[0]
                yield sides
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


def measure(work: Callable[[Sides], Awaitable[None]]) -> None:
    """Set everything up, let ``work`` measure, and check that nothing was lost or doubled."""
    with homeserver() as server, vendors() as vendor_port, sqlite() as database:
        pin(0, CLIENT)
        asyncio.run(_measured(work, server, vendor_port, database))


async def _measured(
    work: Callable[[Sides], Awaitable[None]], server: synapse.Synapse, vendor_port: int, database: str
) -> None:
    async with _sides(server, vendor_port, database) as sides:
        await sides.text(list(range(CONTACTS)) * 2, None)  # warms up
        await sides.send(list(range(CONTACTS)) * 2, None)
        await work(sides)
        await sides.complete()

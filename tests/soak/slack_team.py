"""The team on the pretend Slack."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bridge.rules.addresses import shown
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.faults import Fault, Faults
from bridge.sandbox.slack.delivery import Disorder
from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.model import Message
from bridge.sandbox.slack.world import SlackWorld
from tests.flow import seen
from tests.soak.team import LATE, NotOffered, Root, Shown

NAMING = ("channel", "thread_ts", "ts", "oldest", "timestamp", "name", "metadata", "filename", "text")
"""Arguments of a call that tell what it is about."""
POST = "chat.postMessage"
CALLS = (
    *(POST, POST, POST, "reactions.add", "chat.update", "conversations.replies"),
    "files.completeUploadExternal",
)
_NUMBER = re.compile(r"#(\d+)")


@dataclass
class SlackTeam:
    """``rooms``: where contacts are shown, by contact."""

    clock: SandboxClock
    faults: Faults
    slack: SlackWorld
    people: list[str] = field(default_factory=list[str])
    rooms: dict[str, str] = field(default_factory=dict[str, str])
    platform: str = "slack"
    aside: str = "@here"

    @property
    def members(self) -> Sequence[str]:
        """Ids of its people."""
        return self.people

    def root(self, contact: str) -> Root | None:
        """The newest card of a contact."""
        cards = [post for post in self._messages(contact) if _is_root(post) and shown(contact) in post.text]
        if not cards:
            return None
        number = _NUMBER.search(cards[-1].text)
        return Root(cards[-1].channel, cards[-1].ts, number[1] if number else "")

    async def write(self, who: str, root: Root, words: str, *, picture: bytes = b"") -> str:
        """Write in a thread."""
        people = self.slack.people
        files = (people.upload(who, "map.png", picture, "image/png"),) if picture else ()
        return people.post(who, root.room, words, thread_ts=root.id, files=files).ts

    async def edit(self, who: str, room: str, message: str, words: str) -> None:
        """Change what one wrote."""
        try:
            self.slack.people.edit(who, room, message, words)
        except ActRefused as problem:
            raise NotOffered from problem

    async def delete(self, who: str, room: str, message: str) -> None:
        """Delete what one wrote."""
        try:
            self.slack.people.delete(who, room, message)
        except ActRefused as problem:
            raise NotOffered from problem

    async def react(self, who: str, room: str, message: str, name: str) -> None:
        """React, or take the reaction back that is there."""
        people = self.slack.people
        there = who in self.slack.channels[room].messages[message].reactions.get(name, ())
        try:
            (people.unreact if there else people.react)(who, room, message, name)
        except ActRefused as problem:
            raise NotOffered from problem

    async def command(self, who: str, root: Root, words: str) -> bool:
        """By ``/sms``."""
        return (await self.slack.people.slash(who, root.room, "/sms", f"#{root.number} {words}")).acknowledged

    async def press(self, who: str, root: Root, action: str) -> None:
        """By a button of the card."""
        try:
            await self.slack.people.click(who, root.room, root.id, action)
        except ActRefused as problem:  # the card does not offer it (yet)
            raise NotOffered from problem

    async def assign(self, who: str, root: Root, name: str) -> None:
        """By the menu of the card."""
        try:
            await self.slack.people.select(who, root.room, root.id, "assign", name)
        except ActRefused as problem:
            raise NotOffered from problem

    def trouble(self, random: Random) -> None:
        """A call of the bridge that goes wrong; events that come twice, or not at all."""
        kind = random.choice(("lose_answer", "lose_answer", "lose_request", "status", "rate_limited", "html", "delay"))
        value = {"status": random.choice((500, 502, 503)), "rate_limited": 1, "delay": random.uniform(0, 10)}
        self.faults.add(Fault(random.choice(CALLS), kind, value.get(kind, 0.0)))
        if random.random() < 0.1:
            self.slack.delivery.disorder = Disorder(same_id=0.05, new_id=0.05)
            self.slack.delivery.drop_when_away = random.random() < 0.5
        if random.random() < 0.05:
            self.slack.sockets.refresh(warn=random.random() < 0.5)
        if random.random() < 0.03:
            self.slack.sockets.refuse_handshakes = 1

    def mend(self) -> None:
        """Faults are the outside's, all of them."""

    async def caught_up(self, contacts: Sequence[str], seconds: float) -> bool:
        """Return once every thread was read since now."""
        del contacts
        begun = self.clock.timestamp()
        threads = sum(_is_root(post) for post in self._all())
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if sum(call.at >= begun for call in self.slack.journal.of("conversations.replies")) >= threads:
                return True
            await asyncio.sleep(0.1)
        return False

    async def look(self) -> None:
        """It is all in memory."""

    def shown(self, contact: str) -> Sequence[Shown]:
        """The contact's texts."""
        posts = [post for post in self.thread(contact) if post.username]
        return [Shown(seen.words(post), LATE in str(post.blocks)) for post in posts]

    def pictures(self, contact: str) -> Sequence[str]:
        """The bot's files."""
        ours = [post for post in self.thread(contact) if post.user == self.slack.bot_user_id]
        return [self.slack.files[file].content.decode("latin-1") for post in ours for file in post.files]

    def offered(self) -> set[str]:
        """Messages that a note in a thread has buttons for."""
        posts = [post for post in self._all() if post.is_reply]
        rows: list[Any] = [block for post in posts for block in post.blocks or [] if block["type"] == "actions"]
        return {element.get("value", "") for row in rows for element in row["elements"]}

    def place(self, room: str, message: str) -> float:
        """Slack's ids are times."""
        del room
        return float(message)

    def dump(self) -> object:
        """Threads, calls, and events that nobody got."""
        posts = [
            {"ts": post.ts, "room": post.channel, "root": post.thread_ts, "by": post.username or post.user}
            | {"words": seen.words(post), "reactions": post.reactions, "files": post.files, "edited": post.edited}
            | {"buttons": [str(block) for block in post.blocks or [] if block["type"] == "actions"]}
            for post in self._all()
        ]
        calls = [
            {"at": call.at, "method": call.method, "status": call.status, "error": call.answer.get("error")}
            | {name: call.arguments[name] for name in NAMING if name in call.arguments}
            for call in self.slack.journal.calls
        ]
        return {"posts": posts, "calls": calls, "lost_events": [str(one) for one in self.slack.delivery.lost]}

    def thread(self, contact: str) -> list[Message]:
        """Everything in the threads of a contact, oldest first."""
        posts = self._messages(contact)
        roots = {post.ts for post in posts if seen.is_card(post, contact)}
        return sorted((post for post in posts if post.is_reply and post.thread_ts in roots), key=lambda post: post.ts)

    def _messages(self, contact: str) -> list[Message]:
        return list(self.slack.channels[self.rooms[contact]].messages.values())

    def _all(self) -> list[Message]:
        return [post for room in set(self.rooms.values()) for post in self.slack.channels[room].messages.values()]


def _is_root(post: Message) -> bool:
    return bool(post.bot_id) and not post.is_reply

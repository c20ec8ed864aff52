"""People who text and answer, and vendors that misbehave."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from bridge.rules.addresses import shown
from bridge.sandbox.faults import Fault
from bridge.sandbox.slack.delivery import Disorder
from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.model import Message
from tests.soak.acts import Acts
from tests.soak.outside import Outside

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
Kind = Literal["reply", "comment", "undone", "edited", "held", "picture", "canned"]
KINDS: tuple[tuple[Kind, int], ...] = (
    ("reply", 56),
    ("comment", 16),
    ("undone", 10),
    ("edited", 8),
    ("held", 5),
    ("picture", 5),
    ("canned", 6),
)
TEXT_EVERY, REPLY_EVERY, ACT_EVERY, TROUBLE_EVERY = 4.0, 1.5, 2.0, 0.5  # seconds on the average
CREATE = "messages.create"
POST = "chat.postMessage"


@dataclass(frozen=True)
class Text:
    """A text somebody sent; ``accepted``: its webhook was answered 2xx; ``picture``: one like no other, or empty."""

    contact: str
    body: str
    accepted: bool
    picture: bytes


@dataclass
class Written:
    """What a teammate wrote in a thread; ``later``: the words after an edit."""

    contact: str
    room: str
    ts: str
    body: str
    kind: Kind
    later: str = ""


@dataclass
class Traffic:
    """Everything that happens until it is told to stop."""

    outside: Outside
    random: Random
    texts: list[Text] = field(default_factory=list[Text])
    written: list[Written] = field(default_factory=list[Written])
    over: asyncio.Event = field(default_factory=asyncio.Event)
    acts: Acts = field(init=False)

    def __post_init__(self) -> None:
        """Nobody acted yet."""
        self.acts = Acts(self.outside, self.random)

    async def run(self) -> None:
        """Act until ``over`` is set."""
        async with asyncio.TaskGroup() as group:
            for contact in self.outside.contacts:
                group.create_task(self._contact(contact))
            for teammate in self.outside.team:
                group.create_task(self._teammate(teammate))
                group.create_task(self._acting(teammate))
            group.create_task(self._trouble())

    async def _pause(self, mean: float) -> None:
        seconds = min(self.random.expovariate(1 / mean), 5 * mean)
        try:
            async with asyncio.timeout(seconds):
                await self.over.wait()
        except TimeoutError:
            return

    async def _contact(self, contact: str) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            body = f"text {number} of {contact[-4:]}"
            picture = PNG + body.encode() if self.random.random() < 0.05 else b""
            media = [("image/png", picture)] if picture else []
            sent = await self.outside.twilio.text_in(contact, self.outside.line_of(contact), body, media=media)
            self.texts.append(Text(contact, body, sent.accepted, picture))
            await self._pause(TEXT_EVERY)

    async def _teammate(self, who: str) -> None:
        number = 0
        while not self.over.is_set():
            await self._pause(REPLY_EVERY)
            contact = self.random.choice(self.outside.contacts)
            root = self.root(contact)
            if root is None:
                continue
            number += 1
            kind = self.random.choices(KINDS, [weight for _, weight in KINDS])[0][0]
            body = f"{kind} {number} by {who[-1]}"
            with_mark = {
                "comment": f"// {body}",
                "held": f"{body} @here",
                "canned": f"!canned place door={number}{who[-1]}",
            }
            typed = with_mark.get(kind, body)
            body = f"Meet us at door {number}{who[-1]}." if kind == "canned" else body
            people, files = self.outside.slack.people, ()
            if kind == "picture":
                files = (people.upload(who, "map.png", PNG, "image/png"),)
            post = people.post(who, root.channel, typed, thread_ts=root.ts, files=files)
            entry = Written(contact, root.channel, post.ts, body, kind)
            self.written.append(entry)
            if kind in ("undone", "edited"):
                await asyncio.sleep(self.random.uniform(0, 0.8))
                self._change(who, post, entry)

    async def _acting(self, who: str) -> None:
        while not self.over.is_set():
            await self._pause(ACT_EVERY)
            contact = self.random.choice(self.outside.contacts)
            root = self.root(contact)
            if root is not None:
                await self.acts.one(who, contact, root)

    def _change(self, who: str, post: Message, entry: Written) -> None:
        people = self.outside.slack.people
        try:
            if entry.kind == "edited":
                entry.later = f"{entry.body}, rather"
                people.edit(who, post.channel, post.ts, entry.later)
            elif self.random.random() < 0.5:
                people.delete(who, post.channel, post.ts)
            else:
                people.react(who, post.channel, post.ts, "x")
        except ActRefused:
            return

    def root(self, contact: str) -> Message | None:
        """The newest card of a contact."""
        posts = self.outside.slack.channels[self.outside.room_of(contact)].messages.values()
        cards = [post for post in posts if post.bot_id and not post.is_reply and shown(contact) in post.text]
        return cards[-1] if cards else None

    async def _trouble(self) -> None:
        slack, twilio, random = self.outside.slack, self.outside.twilio, self.random
        while not self.over.is_set():
            await self._pause(TROUBLE_EVERY)
            self.outside.faults.add(self._fault())
            if random.random() < 0.1:
                twilio.callbacks.order = random.choice(("in order", "reversed", "shuffled"))
                twilio.callbacks.copies = random.choice((1, 1, 2))
                twilio.callbacks.before_answer = random.random() < 0.3
                twilio.webhooks.copies = random.choice((1, 1, 2))
                slack.delivery.disorder = Disorder(same_id=0.05, new_id=0.05)
                slack.delivery.drop_when_away = random.random() < 0.5
            if random.random() < 0.05:
                slack.sockets.refresh(warn=random.random() < 0.5)
            if random.random() < 0.03:
                slack.sockets.refuse_handshakes = 1

    def _fault(self) -> Fault:
        random = self.random
        where = random.choice(
            (
                CREATE,
                CREATE,
                POST,
                POST,
                POST,
                "reactions.add",
                "chat.update",
                "conversations.replies",
                "files.completeUploadExternal",
                "messages.fetch",
            )
        )
        kind = random.choice(("lose_answer", "lose_answer", "lose_request", "status", "rate_limited", "html", "delay"))
        if where == CREATE and kind == "lose_request" and random.random() < 0.7:
            kind = "lose_answer"  # each of these ends with a person's decision: a few do
        value = {"status": random.choice((500, 502, 503)), "rate_limited": 1, "delay": random.uniform(0, 10)}
        return Fault(where, kind, value.get(kind, 0.0))

"""People who text and answer, and vendors that misbehave."""

import asyncio
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from bridge.sandbox.faults import Fault
from tests.soak.acts import Acts, Done
from tests.soak.outside import Outside
from tests.soak.team import GoesAway, NotOffered, Team

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
TEXT_EVERY, REPLY_EVERY, ACT_EVERY, TROUBLE_EVERY = 4.0, 1.5, 2.0, 0.8  # seconds on the average
AWAY_EVERY = 25.0
CREATE = "messages.create"


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
    platform: str
    room: str
    id: str
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
    done: Done = field(default_factory=Done)

    async def run(self) -> None:
        """Act until ``over`` is set."""
        async with asyncio.TaskGroup() as group:
            for contact in self.outside.contacts:
                group.create_task(self._contact(contact))
            for team in self.outside.teams:
                acts = Acts(team, self.random, self.done)
                for place, teammate in enumerate(team.members):
                    group.create_task(self._teammate(team, teammate, f"{place} on {team.platform}"))
                    group.create_task(self._acting(team, teammate, acts))
                group.create_task(self._trouble(team))
                if isinstance(team, GoesAway):
                    group.create_task(self._away(team))
            group.create_task(self._provider_trouble())

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

    async def _teammate(self, team: Team, who: str, called: str) -> None:
        number = 0
        while not self.over.is_set():
            await self._pause(REPLY_EVERY * len(self.outside.teams))
            contact = self.random.choice(self.outside.contacts)
            root = team.root(contact)
            if root is None:
                continue
            number += 1
            kind = self.random.choices(KINDS, [weight for _, weight in KINDS])[0][0]
            body = f"{kind} {number} by {called}"
            door = f"{number} of {called}".replace(" ", "-")
            with_mark = {
                "comment": f"// {body}",
                "held": f"{body} {team.aside}",
                "canned": f"!canned place door={door}",
            }
            typed = with_mark.get(kind, body)
            body = f"Meet us at door {door}." if kind == "canned" else body
            message = await team.write(who, root, typed, picture=PNG if kind == "picture" else b"")
            entry = Written(contact, team.platform, root.room, message, body, kind)
            self.written.append(entry)
            if kind in ("undone", "edited"):
                await asyncio.sleep(self.random.uniform(0, 0.8))
                await self._change(team, who, entry)

    async def _acting(self, team: Team, who: str, acts: Acts) -> None:
        while not self.over.is_set():
            await self._pause(ACT_EVERY * len(self.outside.teams))
            contact = self.random.choice(self.outside.contacts)
            root = team.root(contact)
            if root is not None:
                await acts.one(who, contact, root)

    async def _change(self, team: Team, who: str, entry: Written) -> None:
        try:
            if entry.kind == "edited":
                entry.later = f"{entry.body}, rather"
                await team.edit(who, entry.room, entry.id, entry.later)
            elif self.random.random() < 0.5:
                await team.delete(who, entry.room, entry.id)
            else:
                await team.react(who, entry.room, entry.id, "x")
        except NotOffered:
            return

    async def _trouble(self, team: Team) -> None:
        while not self.over.is_set():
            await self._pause(TROUBLE_EVERY)
            team.trouble(self.random)

    async def _away(self, team: GoesAway) -> None:
        while not self.over.is_set():
            await self._pause(AWAY_EVERY)
            if not self.over.is_set():
                await team.away(self.random)

    async def _provider_trouble(self) -> None:
        twilio, random = self.outside.twilio, self.random
        while not self.over.is_set():
            await self._pause(2 * TROUBLE_EVERY)
            self.outside.faults.add(self._fault())
            if random.random() < 0.2:
                twilio.callbacks.order = random.choice(("in order", "reversed", "shuffled"))
                twilio.callbacks.copies = random.choice((1, 1, 2))
                twilio.callbacks.before_answer = random.random() < 0.3
                twilio.webhooks.copies = random.choice((1, 1, 2))

    def _fault(self) -> Fault:
        random = self.random
        where = random.choice((CREATE, CREATE, CREATE, "messages.fetch"))
        kind = random.choice(("lose_answer", "lose_answer", "lose_request", "status", "rate_limited", "html", "delay"))
        if where == CREATE and kind == "lose_request" and random.random() < 0.7:
            kind = "lose_answer"  # each of these ends with a person's decision: a few do
        value = {"status": random.choice((500, 502, 503)), "rate_limited": 1, "delay": random.uniform(0, 10)}
        return Fault(where, kind, value.get(kind, 0.0))

"""A room on a real homeserver beside the pretend Slack and Twilio of a flow test."""

import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from tests.flow.world import CONTACT, World
from tests.services.matrix import Person, people, relation
from tests.services.synapse import Account, Synapse

READ_SECONDS = 3.2
"""A text shown less than two seconds before counts as unread, and a server's answers tell its time in whole seconds."""


@dataclass
class Room:
    """The room, who is in it, and the world whose bridge shows conversations there."""

    world: World
    bot: Account
    room: str
    ana: Person
    ben: Person

    async def messages(self) -> list[Any]:
        """Everything that stands in the room."""
        return await self.ana.messages(self.room)

    async def cards(self) -> list[Any]:
        """The bot's messages that stand alone, oldest first."""
        return [one for one in await self.messages() if one["sender"] == self.bot.user_id and not relation(one)[0]]

    async def card(self) -> str:
        """The newest card."""
        return str((await self.cards())[-1]["event_id"])

    async def shown(self, name: str = "+1 555-010-0200") -> list[str]:
        """The contact's texts as the team sees them, in every thread."""
        bodies = [one["content"]["body"] for one in await self.messages() if self._is_text(one)]
        return [body.removeprefix(f"{name}: ").partition("\n")[0] for body in bodies]

    async def shows(self, *texts: str, skipping: float = 0.0) -> None:
        """Return once these texts are shown; no more than these may be."""

        async def does() -> bool:
            found = await self.shown()
            assert len(found) <= len(texts), found
            return found == list(texts)

        await self.world.until_async(does, skipping=skipping)

    def _is_text(self, event: Any) -> bool:
        return event["sender"] == self.bot.user_id and "com.beeper.per_message_profile" in event["content"]

    async def notes(self) -> list[Any]:
        """What the bot says in threads."""
        ours = [one for one in await self.messages() if one["sender"] == self.bot.user_id and relation(one)[0]]
        return [one for one in ours if one["content"]["msgtype"] == "m.notice"]

    async def note(self, words: str) -> str:
        """The newest note with these words, once it is there; its id."""

        async def find() -> str:
            found = [one["event_id"] for one in await self.notes() if words in one["content"]["body"]]
            return str(found[-1]) if found else ""

        return str(await self.world.until_async(find))

    async def marks(self, event: str) -> list[str]:
        """The bot's reactions to a message."""
        return [sign for who, sign in await self.ana.reactions(self.room, event) if who == self.bot.user_id]

    async def marked(self, event: str, *signs: str) -> None:
        """Return once the bot's reactions are these."""

        async def are() -> bool:
            return await self.marks(event) == sorted(signs)

        await self.world.until_async(are)

    async def card_says(self, words: str) -> None:
        """Return once the newest card, as it stands now, has these words."""
        card = await self.card()

        async def says() -> bool:
            event = await self.ana.look(self.room, card)
            edited = event.get("unsigned", {}).get("m.relations", {}).get("m.replace", {}).get("content", {})
            return words in edited.get("m.new_content", event["content"])["body"]

        await self.world.until_async(says)

    async def open(self, body: str = "Is my order ready?") -> str:
        """A conversation whose first text is shown; returns its card."""
        await self.world.text(body, sender=CONTACT)

        async def is_shown() -> bool:
            return body in await self.shown()

        await self.world.until_async(is_shown)
        await self.world.idle()
        return await self.card()

    async def reply(self, words: str, **content: Any) -> str:
        """Write in the newest thread."""
        return await self.ana.reply(self.room, await self.card(), words, **content)


@contextlib.asynccontextmanager
async def open_room(
    world: World, synapse: Synapse, *, url: str = "", both: bool = False, limited: bool = False
) -> AsyncGenerator[Room]:
    """Let the line be shown in a room of a homeserver; ``both``: and in the Slack channel too."""
    bot = synapse.register("bot", limited=limited)
    async with people(synapse, "ana", "ben") as (ana, ben):
        room = await ana.make_room(bot.user_id, ben.id)
        await ben.join(room)
        world.more_platforms = (
            f'  matrix: {{kind: matrix, homeserver: "{url or synapse.url}", user_id: "{bot.user_id}",\n'
            f"           access_token: {bot.access_token}}}"
        )
        shown = f'{{platform: matrix, room: "{room}"}}'
        world.rooms_shown = f"{world.slack_room}, {shown}" if both else shown
        try:
            yield Room(world, bot, room, ana, ben)
        finally:
            await world.stop()


async def read(room: Room) -> None:
    """Return once somebody can have read what was shown last."""
    shown = time.monotonic()
    await room.world.until(lambda: time.monotonic() - shown > READ_SECONDS)

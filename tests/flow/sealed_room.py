"""An encrypted room in a flow test: Ana's client heeds signed devices only, and nobody here wrote it."""

import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

from tests.flow.matrix_room import Room
from tests.flow.world import World
from tests.services.matrix import ENCRYPTION, people
from tests.services.synapse import Synapse
from tests.services.witness import Witness, witness


class SealedRoom(Room):
    """The room. ``eva``: Ana, with what her client can do besides."""

    eva: Witness

    async def ready(self) -> None:
        """Start the bridge; returns once Ana's client knows that it is in the room."""
        await self.world.start()
        await self.eva.sees(self.room, self.bot.user_id)

    async def in_clear(self, words: str) -> bool:
        """Whether the server could read this."""
        return any(words in str(event) for event in await self.eva.sealed(self.room))


@contextlib.asynccontextmanager
async def open_sealed_room(world: World, synapse: Synapse, state: Path, *, url: str = "") -> AsyncGenerator[SealedRoom]:
    """Let the line be shown in an encrypted room. ``state``: where the bot keeps its keys."""
    bot = synapse.register("bot")
    async with people(synapse, "ben") as (ben,), witness(synapse, "ana") as ana:
        room = await ana.make_room(bot.user_id, ben.id, initial_state=[ENCRYPTION])
        await ben.join(room)
        world.more_platforms = (
            f'  matrix: {{kind: matrix, homeserver: "{url or synapse.url}", user_id: "{bot.user_id}",\n'
            f'           password: {bot.password}, state_dir: "{state}"}}'
        )
        world.rooms_shown = f'{{platform: matrix, room: "{room}"}}'
        try:
            found = SealedRoom(world, bot, room, ana, ben)
            found.eva = ana
            yield found
        finally:
            await world.stop()

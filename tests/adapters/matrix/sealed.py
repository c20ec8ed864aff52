"""A desk whose room is encrypted, with a strict client in it."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.adapters.matrix.conftest import Desk, open_desk
from tests.services.matrix import ENCRYPTION
from tests.services.synapse import Synapse
from tests.services.witness import Witness, witness


@dataclass
class SealedDesk(Desk):
    """The desk. ``state``: where the bot keeps its keys."""

    eva: Witness = None  # pyright: ignore[reportAssignmentType] - given when it is made
    state: Path = Path()
    synapse: Synapse = None  # pyright: ignore[reportAssignmentType] - given when it is made

    def made(self, **changed: Any) -> Any:
        """Another bridge with the same account and the same keys."""
        return super().made(**{"state_dir": self.state, **changed})

    def new_device(self) -> dict[str, str]:
        """A setting for another log-in of the bot."""
        return {"access_token": self.synapse.log_in(self.bot).access_token}


@contextlib.asynccontextmanager
async def open_sealed(synapse: Synapse, state: Path, **how: Any) -> AsyncGenerator[SealedDesk]:
    """Make the room with its people."""
    async with open_desk(synapse) as plain, witness(synapse, "eva", **how) as eva:
        room = await eva.make_room(plain.bot.user_id, plain.ana.id, plain.ben.id, initial_state=[ENCRYPTION])
        for person in (plain.ana, plain.ben):
            await person.join(room)
        desk = SealedDesk(
            plain.url, plain.bot, room, plain.ana, plain.ben, plain.platform, eva=eva, state=state, synapse=synapse
        )
        desk.platform = desk.made()
        try:
            desk.platform.remember_in(desk.notebook)
            await desk.platform.start()
            await eva.sees(room, desk.bot.user_id)
            yield desk
        finally:
            await desk.deafen()
            await desk.platform.aclose()

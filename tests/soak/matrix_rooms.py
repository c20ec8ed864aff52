"""Rooms on a Synapse of the soak's own, with people in them, and the bot as an account or as an application service."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp

from bridge.adapters.platforms.matrix.registration import registration
from bridge.adapters.platforms.matrix.settings import MatrixSettings
from tests.services import synapse
from tests.services.faulty import Proxy, faulty
from tests.services.matrix import ENCRYPTION, Person
from tests.services.synapse import REGISTRATION, Account
from tests.services.witness import witness
from tests.soak.acts import NAMES
from tests.soak.matrix_team import MatrixTeam
from tests.soak.sealed_team import SealedTeam

SERVICE = {"user_id": "@textbridge:localhost", "mode": "appservice", "as_token": "a" * 64, "hs_token": "h" * 64}


@contextlib.asynccontextmanager
async def open_rooms(
    folder: Path, count: int, pushed_to: int | None, *, sealed: bool
) -> AsyncGenerator[tuple[MatrixTeam, list[str], str]]:
    """Yield the team, its rooms, and the platform's settings; the bridge reaches Synapse through a proxy.

    ``pushed_to``: the bridge's port, where Synapse pushes events, by another proxy; None: it is a plain account.
    ``sealed``: the rooms are encrypted.
    """
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        pushes = None
        if pushed_to is not None:
            pushes = await stack.enter_async_context(faulty(f"http://127.0.0.1:{pushed_to}"))
            _register(folder / "synapse", f"{pushes.url}/platforms/matrix")
        server = await asyncio.to_thread(synapse.shared_homeserver, folder)
        stack.callback(synapse.stop_homeserver, folder)
        calls = await stack.enter_async_context(faulty(server.url))
        bot = server.register("bot") if pushes is None else Account(SERVICE["user_id"], "", "", "")
        people: list[Person]
        if sealed:
            people = [await stack.enter_async_context(witness(server, name)) for name in NAMES]
        else:
            people = [Person(server.register(name), server.url, session) for name in NAMES]
        watcher = Person(server.log_in(people[0].account), server.url, session)
        how: dict[str, Any] = {"initial_state": [ENCRYPTION]} if sealed else {}
        invited = [bot.user_id, *(one.id for one in people[1:])]
        rooms = [await people[0].make_room(*invited, **how) for _ in range(count)]
        for room in rooms:
            for person in people[1:]:
                await person.join(room)
        parts = (folder / "synapse", server.url, calls, pushes, bot, {person.id: person for person in people}, watcher)
        team = SealedTeam(*parts) if sealed else MatrixTeam(*parts)
        following = asyncio.create_task(team.follow())
        try:
            yield team, rooms, _settings(calls, bot, folder / "state" if sealed else None)
            if following.done():
                following.result()
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


def _register(home: Path, url: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    settings = MatrixSettings.model_validate({"homeserver": "http://127.0.0.1", **SERVICE})
    (home / REGISTRATION).write_text(registration(settings, url))


def _settings(calls: Proxy, bot: Account, state: Path | None) -> str:
    """``state``: where keys are kept; None: there are none."""
    way_in = SERVICE
    if state is not None:
        way_in = {"user_id": bot.user_id, "password": bot.password, "state_dir": str(state)}
    elif bot.access_token:
        way_in = {"user_id": bot.user_id, "access_token": bot.access_token}
    words = ", ".join(f'{name}: "{value}"' for name, value in {"homeserver": calls.url, **way_in}.items())
    return f"{{kind: matrix, {words}}}"

"""A world with two teams: the front desk is support's, and sales has a room of its own."""

import contextlib
from collections.abc import AsyncGenerator
from typing import Any

from bridge.domain.conversations import Conversation
from bridge.domain.effects import Recorded
from tests.flow.conftest import MakeWorld
from tests.flow.world import PLAIN, World

NUMBER = 1001


@contextlib.asynccontextmanager
async def team_world(make_world: MakeWorld, line: str = PLAIN, extra: str = "") -> AsyncGenerator[World]:
    """Ana is in support, Ben in sales; both sit in both rooms. ``extra``: further sections of the configuration."""
    async with make_world() as world:
        sales = world.slack.add_channel("sales", members=[world.ana.id, world.ben.id])
        world.line = f"""{line}
    team: support
  sales: {{account: main, address: "+15550002000", team: sales, rooms: [{{platform: slack, room: {sales.id}}}]}}
"""
        world.extra = f"""
teammates:
  ana: {{slack: {world.ana.id}, role: manager}}
  ben: {{slack: {world.ben.id}}}
teams:
  support: {{members: [ana], room_mention: true}}
  sales: {{members: [ben]}}
{world.extra}{extra}"""
        await world.start()
        yield world


def sales_room(world: World) -> Any:
    """The room of team sales."""
    return next(room for room in world.rooms() if room.name == "sales")


async def now(world: World) -> Conversation:
    """The conversation as it is stored."""
    assert world.service is not None
    state = await world.service.store.transact(lambda unit: unit.load_conversation(NUMBER))
    assert state.conversation is not None
    return state.conversation


async def record(world: World) -> list[Recorded]:
    """What is on record, oldest first."""
    assert world.service is not None
    return list(await world.service.store.transact(lambda unit: unit.acts(NUMBER, 100)))[::-1]


async def count(world: World, act: str) -> int:
    """How often an act is on record."""
    return [entry.record.act for entry in await record(world)].count(act)

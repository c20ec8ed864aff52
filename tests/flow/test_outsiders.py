"""Guests and people of other organisations: no way of asking lets them act, or see who texted."""

from collections.abc import AsyncIterator

import pytest

from bridge.sandbox.slack.model import User
from tests.flow.conftest import MakeWorld
from tests.flow.test_queue import home
from tests.flow.world import World

NEW = "+15550100444"


@pytest.fixture
async def world(make_sqlite_world: MakeWorld) -> AsyncIterator[World]:
    async with make_sqlite_world(line="    undo: 0s") as world:
        world.twilio.add_phone(NEW)
        await world.start()
        yield world


def stranger(world: World, kind: str) -> User:
    """Somebody in the channel who does not belong to the workspace, or only in part."""
    guest = kind == "guest"
    person = world.slack.add_user("gil", team=None if guest else "T9OUTSIDE99", guest=guest)
    world.channel.members.append(person.id)
    world.channel.shared = not guest
    return person


@pytest.mark.parametrize("kind", ["guest", "outsider"])
async def test_a_command_is_refused_in_private(world: World, kind: str) -> None:
    person = stranger(world, kind)
    await world.open("Is it ready?")
    asked = [
        f"new {NEW} hello",
        "#1001 label +vip",
        "#1001 block",
        "#1001 assign @ana",
        "#1001 history",
        "#1001 later 2h hello",
        "canned add hi hello",
        "queue",
    ]
    for number, words in enumerate(asked, start=1):
        await world.slack.people.slash(person.id, world.channel.id, "sms", words)
        told = await world.until(lambda many=number: len(world.private(person)) >= many and world.private(person))
        assert "Nothing done" in told[-1].text, words
    await world.idle()
    assert len(world.roots()) == 1
    assert world.got() == []
    assert world.got(NEW) == []


@pytest.mark.parametrize("kind", ["guest", "outsider"])
async def test_the_home_tab_says_who_may_see_it(world: World, kind: str) -> None:
    person = stranger(world, kind)
    await world.open("Is it ready?")
    shown = str(await home(world, person))
    assert "Only members of this workspace" in shown
    assert "1001" not in shown

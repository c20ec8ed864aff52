"""Guests and people of other organisations: no way of asking lets them act, or see who texted."""

from collections.abc import AsyncIterator

import pytest

from bridge.pipeline.processor import Processor
from bridge.ports.store import Unit
from bridge.rules.overview import Cell
from bridge.sandbox.slack.model import User
from tests.flow.conftest import MakeWorld
from tests.flow.doing import SURFACES, Scene, handled
from tests.flow.team import now
from tests.flow.test_queue import home
from tests.flow.test_surfaces import CELLS
from tests.flow.world import CONTACT, World

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
        "report",
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


NAMING = ("assign", "watch")
"""Actions that are about somebody."""
OWN = ("watch", "card")
"""Where one of them is about who acts, and nobody else can be named."""


@pytest.mark.parametrize("kind", ["guest", "outsider"])
async def test_nobody_is_given_a_conversation_who_may_not_text(world: World, kind: str) -> None:
    card = await world.open("Is it ready?")
    person = stranger(world, kind)
    scene = Scene(world, CONTACT, 1001, card)
    ways = [cell for cell in CELLS if cell.action in NAMING and (cell.action, cell.column) != OWN]
    assert {(cell.action, cell.column) for cell in ways if cell.action == "assign"} == {
        ("assign", column) for column in ("thread", "`@textbridge …`", "`/sms …`", "card", "*More actions*")
    }
    for cell in ways:
        scene.told_before += len(scene.told())
        await name(scene, cell, person)
        await handled(world)
        conversation = (await scene.state()).conversation
        assert conversation is not None
        assert (conversation.assignee, conversation.watchers) == (None, ()), cell
        assert "guests and people of other organisations" in scene.told()[-1], cell
    world.slack.rung.clear()
    await world.text("and another thing")
    await handled(world)
    assert person.id not in str([post.blocks for post in world.slack.rung])


async def test_a_member_is_given_it_by_the_same_ways(world: World) -> None:
    card = await world.open("Is it ready?")
    scene = Scene(world, CONTACT, 1001, card)
    for cell in CELLS:
        if cell.action == "assign":
            await name(scene, cell, world.ben)
            await handled(world)
            conversation = (await scene.state()).conversation
            assert conversation is not None
            assert conversation.assignee == f"slack:{world.ben.id}", cell
            scene.say("!unassign")
            await handled(world)


async def name(scene: Scene, cell: Cell, person: User) -> None:
    """Do what an entry of the table does, about somebody."""
    if cell.column != "`@textbridge …`":
        form = {"assign": {"who": {"who": {"selected_user": person.id}}}}
        typed = {"thread": f"@{person.name}", "`/sms …`": f"<@{person.id}>"}
        await SURFACES[cell.column](scene, cell, typed.get(cell.column, person.id), form)
        return
    bot, who = ({"type": "user", "user_id": one} for one in (scene.world.slack.bot_user_id, person.id))
    parts = [bot, {"type": "text", "text": f" {cell.action} "}, who]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}]
    scene.world.slack.people.post(scene.world.ana.id, scene.card.channel, blocks=blocks, thread_ts=scene.card.ts)


def nothing_handled(_processor: Processor, _unit: Unit) -> int:
    """What is stored stays as it is."""
    return 0


@pytest.mark.parametrize("kind", ["guest", "outsider"])
async def test_a_stranger_stays_one_when_the_bridge_stops_between_storing_and_reading(
    world: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = stranger(world, kind)
    await world.open("Is it ready?")
    await world.idle()
    with monkeypatch.context() as patched:
        patched.setattr(Processor, "batch", nothing_handled)
        await world.slack.people.slash(person.id, world.channel.id, "sms", "#1001 claim")
        assert (await world.overview()).unhandled == 1
        await world.stop()
    for method in ("users.list", "users.info"):
        world.fault(method, "status", 500, times=1000)
    await world.start()
    await world.until(lambda: world.private(person))
    assert "Nothing done" in world.private(person)[-1].text
    assert (await now(world)).assignee is None
    assert world.slack.journal.of("users.list")[-1].status != 200, "nobody can tell who it is any more"


@pytest.mark.parametrize("kind", ["guest", "outsider"])
async def test_who_is_configured_by_name_is_given_nothing_either(make_sqlite_world: MakeWorld, kind: str) -> None:
    async with make_sqlite_world(line="    undo: 0s") as world:
        person = stranger(world, kind)
        world.extra = f"teammates:\n  ana: {{slack: {world.ana.id}}}\n  gil: {{slack: {person.id}}}\n"
        await world.start()
        card = await world.open("Is it ready?")
        assert "gil" not in str(card.blocks)
        Scene(world, CONTACT, 1001, card).say("!assign gil")
        told = await world.until(lambda: world.private(world.ana))
        assert "guests and people of other organisations" in told[-1].text
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "#1001 watch gil")
        await world.until(lambda: len(world.private(world.ana)) > 1)
        conversation = await now(world)
        assert (conversation.assignee, conversation.watchers) == (None, ())

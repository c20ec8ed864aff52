"""Every action from every surface the README's table has: the same result, one entry on record, harmless twice."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

import pytest

from bridge.adapters.platforms.slack import manifest
from bridge.rules.overview import COLUMNS, Cell, cells
from tests.flow import seen
from tests.flow.acts import ELSEWHERE, EXPECTED, NEW, Expected
from tests.flow.conftest import MakeWorld
from tests.flow.doing import FIRST, SURFACES, Scene, handled
from tests.flow.team import team_world
from tests.flow.world import CONTACT, PLAIN, World

SHORTCUTS = {entry["callback_id"]: entry["name"] for entry in manifest.load()["features"]["shortcuts"]}
CELLS = cells(SHORTCUTS)
TYPED, SHORTCUT = COLUMNS[1:4], COLUMNS[-1]
CANNED = """
canned:
  hours: "We are open."
"""


def expected(cell: Cell) -> Expected:
    return ELSEWHERE.get(cell, EXPECTED[cell.action])


def by_line() -> list[Any]:
    """The cells of each action, apart by what their line must be like: each lot is crossed in one world."""

    def key(cell: Cell) -> tuple[str, str]:
        return cell.action, expected(cell).line

    return [
        pytest.param(line or PLAIN, list(lot), id=f"{action}{' undo' if 'undo: 5m' in line else ''}")
        for (action, line), lot in groupby(sorted(CELLS, key=key), key)
    ]


@contextlib.asynccontextmanager
async def opened(make_world: MakeWorld, line: str) -> AsyncGenerator[World]:
    async with team_world(partial(make_world, extra=CANNED), line) as world:
        world.twilio.add_phone(NEW)
        yield world


async def conversation(world: World, wanted: Expected, nth: int) -> Scene:
    """A conversation with one text, and another where the action is about two, as the action needs them."""
    number = await _text(world, nth)
    card = next(post for post in _cards(world) if f"#{number}" in str(post.blocks))
    scene = Scene(world, _phone(nth), number, card)
    if "{other}" in wanted.argument or wanted.before.__name__ == "merged":
        scene.other = await _text(world, nth + 500)
    await wanted.before(scene)
    scene.told_before = len(scene.told())
    return scene


async def _text(world: World, nth: int) -> int:
    before = {post.ts for post in _cards(world)}
    world.twilio.add_phone(_phone(nth))
    await world.text(f"Is order {nth} ready?", sender=_phone(nth))
    card = await world.until(lambda: [post for post in _cards(world) if post.ts not in before])
    await world.connected()
    await handled(world)
    return next(number for number in range(FIRST, FIRST + 2000) if f"#{number}" in str(card[0].blocks))


def _cards(world: World) -> list[Any]:
    posts = [post for room in world.slack.channels.values() for post in room.messages.values()]
    return [post for post in posts if post.bot_id is not None and not post.is_reply and "#1" in str(post.blocks)]


def _phone(nth: int) -> str:
    return f"{CONTACT[:-3]}{nth:03}"


async def so(scene: Scene, wanted: Expected, times: int) -> None:
    """Return once the action has had its effect, with so many entries on record."""

    async def done() -> bool:
        return await wanted.done(scene) and (not wanted.act or await scene.count(wanted.act) == times)

    try:
        await scene.world.until_async(done)
    except AssertionError as problem:
        found = f"{wanted.act} {await scene.count(wanted.act)} instead of {times}; told {scene.told()}"
        raise AssertionError(f"{found}; {seen.line(scene.shown_card)}") from problem
    await handled(scene.world)
    assert await done()


def _about(scene: Scene, wanted: Expected) -> Expected:
    """Fill in the number of the other conversation."""
    if not scene.other:
        return wanted
    other = f"#{scene.other}"
    forms = {"merge": {"number": {"number": other}}} if wanted.forms else None
    return replace(wanted, argument=wanted.argument.replace("#{other}", other), forms=forms)


def _once_more(cell: Cell) -> Cell:
    """The same cell, or where its button is gone by then another of its action."""
    if cell.column in TYPED or cell.action == "keep":
        return next(
            (one for one in CELLS if cell.action == "keep" and one.action == "keep" and one.column == SHORTCUT), cell
        )
    if cell.action == "send":
        return next(one for one in CELLS if one.action == "send" and one.column == "reaction")
    return next(one for one in CELLS if one.action == cell.action and one.column == "thread")


@pytest.mark.parametrize(("line", "lot"), by_line())
async def test_each_action_works_the_same_from_each_surface_and_twice(
    make_sqlite_world: MakeWorld, line: str, lot: list[Cell]
) -> None:
    async with opened(make_sqlite_world, line) as world:
        for nth, cell in enumerate(lot):
            wanted = expected(cell)
            scene = await conversation(world, wanted, nth)
            wanted = _about(scene, wanted)
            await SURFACES[cell.column](scene, cell, wanted.argument, wanted.forms or {})
            await so(scene, wanted, 1)
            again = _once_more(cell)
            await SURFACES[again.column](scene, again, wanted.argument, {})
            await handled(world)
            await so(scene, wanted, wanted.twice)
        assert lot[0].action == "back" or world.private(world.ben) == []


ALONE = ("draft", "help", "history", "keep", "new", "queue", "report", "search", "send", "summary", "why")
"""What changes nothing, or has no word that two could say at once."""


@pytest.mark.parametrize("line", sorted({wanted.line or PLAIN for wanted in EXPECTED.values()}))
async def test_two_who_act_at_once_end_in_one_state_with_one_entry_each(make_world: MakeWorld, line: str) -> None:
    actions = [one for one, wanted in EXPECTED.items() if one not in ALONE and (wanted.line or PLAIN) == line]
    async with opened(make_world, line) as world:
        for nth, action in enumerate(actions):
            wanted = EXPECTED[action]
            scene = await conversation(world, wanted, nth)
            wanted = _about(scene, wanted)
            scene.say(f"!{action} {wanted.argument}")
            await scene.slash(f"#{scene.number} {action} {wanted.argument}", world.ben)
            await handled(world)
            await so(scene, wanted, wanted.both)


def test_every_cell_of_the_table_can_be_crossed() -> None:
    assert {cell.action for cell in CELLS} == set(EXPECTED)
    assert {cell.column for cell in CELLS} == set(SURFACES)
    assert set(ELSEWHERE) <= set(CELLS)

"""Canned responses from the card's button and the message shortcut: searched, asked for, looked at, sent."""

from collections.abc import Callable
from typing import Any

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.world import World

CANNED = """
canned:
  hours: "We are open {{ today | default('9 to 5') }}."
  visit: "See you at {{ time }} in {{ place.name | default('the shop') }}."
  secret: "Your password: {{ word }}"
"""


def shown(world: World) -> dict[str, Any]:
    """The modal Ana looks at."""
    stack = world.slack.modals.get(world.ana.id)
    return stack[-1].body if stack else {}


def words(view: dict[str, Any]) -> str:
    return "".join(seen._letters(view.get("blocks", [])))


async def until_modal(world: World, what: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    return await world.until(lambda: (view := shown(world)) and what(view) and view)


async def opened(world: World) -> None:
    """Press the card's Canned button."""
    root = await world.open()
    await world.written_down(root)
    await world.slack.people.click(world.ana.id, root.channel, root.ts, "canned")
    await until_modal(world, lambda view: view["callback_id"] == "canned")


async def choose(world: World, typed: str) -> None:
    """Search in the open modal and take the first."""
    first = (await world.slack.people.options(world.ana.id, "response", typed))[0]
    await world.slack.people.submit_view(world.ana.id, {"response": {"response": {"selected_option": first}}})


async def test_a_missing_value_is_asked_for_and_the_text_is_shown_before_it_leaves(make_world: MakeWorld) -> None:
    async with make_world(extra=CANNED) as world:
        await world.start()
        await opened(world)
        await choose(world, "vis")
        asked = await until_modal(world, lambda view: view["callback_id"] == "canned_values")
        assert [block["block_id"] for block in asked["blocks"] if block["type"] == "input"] == ["time", "place.name"]
        await world.slack.people.submit_view(world.ana.id, {"time": {"time": "5 pm"}})
        preview = await until_modal(world, lambda view: view["callback_id"] == "canned_send")
        assert "See you at 5 pm in the shop.1 segment (GSM-7)" in words(preview)
        assert world.got() == []
        await world.slack.people.submit_view(world.ana.id, {})
        await world.until(lambda: world.got() == ["See you at 5 pm in the shop."])
        await world.until(lambda: any("answers with visit" in note for note in world.notes()))
        await world.idle()
        assert len(world.got()) == 1


async def test_the_shortcut_opens_the_same_form_and_a_secret_is_still_held(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world(extra=CANNED) as world:
        await world.start()
        root = await world.open()
        text = next(post for post in world.thread() if post.username)
        await world.slack.people.shortcut(world.ana.id, "canned", root.channel, text.ts)
        await until_modal(world, lambda view: view["callback_id"] == "canned")
        await choose(world, "SECRET")
        await until_modal(world, lambda view: view["callback_id"] == "canned_values")
        await world.slack.people.submit_view(world.ana.id, {"word": {"word": "tulip"}})
        await until_modal(world, lambda view: view["callback_id"] == "canned_send")
        await world.slack.people.submit_view(world.ana.id, {})
        await world.until(lambda: any("Held, not sent" in note for note in world.notes()))
        assert world.got() == []
        await world.press("send")
        await world.until(lambda: world.got() == ["Your password: tulip"])


async def test_the_search_is_answered_in_time_with_five_thousand_stored(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world(extra=CANNED) as world:
        await world.start()
        await opened(world)
        assert world.service is not None
        await world.service.store.transact(fill)
        found = await world.slack.people.options(world.ana.id, "response", "answer 49")
        assert len(found) == 100
        assert all(len(option["value"]) <= 75 for option in found)
        everything = await world.slack.people.options(world.ana.id, "response", "")
        assert len(everything) == 100
        assert await world.slack.people.options(world.ana.id, "response", "no such words") == []
        await world.slack.people.close_view(world.ana.id)


def fill(unit: Any) -> None:
    """Store as many responses as a large team has."""
    from bridge.domain.canned import Canned
    from bridge.domain.decision import Decision
    from bridge.domain.keeping import SaveCanned
    from tests.store.builders import NOW

    made = (Canned(name=f"{'n' * 50}-{number}", text=f"answer {number} " + "x" * 200) for number in range(5000))
    unit.save(Decision(effects=tuple(SaveCanned(one) for one in made)), NOW)


async def test_a_stranger_is_offered_nothing(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world(line="    may_reply: teammates", extra=CANNED) as world:
        await world.start()
        root = await world.open()
        await world.written_down(root)
        await world.slack.people.click(world.ana.id, root.channel, root.ts, "canned")
        await world.until(lambda: world.private(world.ana))
        assert shown(world) == {}

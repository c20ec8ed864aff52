"""The queue on App Home and by command, and reports."""

from collections.abc import Callable
from typing import Any

from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.seen import direct
from tests.flow.world import World

OTHER = "+15550100300"


async def home(world: World, who: Any = None) -> dict[str, Any]:
    """Open the home tab and return it once it was published anew."""
    await world.connected()
    person = who or world.ana
    before = world.slack.homes.get(person.id)
    stamp = before.hash if before else None
    world.slack.people.open_home(person.id)
    await world.until(lambda: (now := world.slack.homes.get(person.id)) and now.hash != stamp)
    return world.slack.homes[person.id].body


def words(view: dict[str, Any]) -> str:
    texts = [block for block in view["blocks"] if block["type"] == "rich_text"]
    parts = [part for block in texts for section in block["elements"] for part in section["elements"]]
    return "\n".join(part.get("text", "") + part.get("url", "") for part in parts)


def labels(view: dict[str, Any]) -> list[str]:
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row]


async def until_home(world: World, what: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    return await world.until(lambda: (now := world.slack.homes[world.ana.id].body) and what(now) and now)


async def test_before_the_first_text_it_says_what_will_be_there(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        assert "When somebody texts your number" in str(await home(world))


async def test_it_shows_what_waits_and_acts(make_world: MakeWorld) -> None:
    async with make_world() as world:
        world.twilio.add_phone(OTHER, name="Zoe")
        await world.start()
        root = await world.open()
        await world.open("And mine?", OTHER)
        view = await home(world)
        assert "Unassigned (2)" in labels(view)
        assert words(view).count("#10") == 2
        assert f"/archives/{root.channel}/p{root.ts.replace('.', '')}" in words(view)
        assert labels(view).count("Claim") == 2
        await world.slack.people.click_view(world.ana.id, "claim:1001")
        view = await until_home(world, lambda now: "Mine (1)" in labels(now))
        await world.until(lambda: "Ana" in str(world.roots()[0].blocks) or world.ana.id in str(world.roots()[0].blocks))
        await world.slack.people.click_view(world.ana.id, "queue:mine")
        view = await until_home(world, lambda now: "#1002" not in words(now))
        assert labels(view).count("Claim") == 0
        await world.slack.people.click_view(world.ana.id, "close:1001")
        await until_home(world, lambda now: "Nothing" in str(now))
        await world.idle()


async def test_who_is_not_in_the_room_sees_nothing(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        await world.open()
        stranger = world.slack.add_user("zed", real_name="Zed")
        assert "#10" not in words(await home(world, stranger))
        assert "#1001" in words(await home(world))


async def test_pages_are_turned(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        phones = [f"+155501{number:05}" for number in range(23)]
        for phone in phones:
            world.twilio.add_phone(phone)
            await world.text("Hello", sender=phone)
        await world.idle()
        view = await home(world)
        assert len(view["blocks"]) <= 100
        assert "#1020" in words(view)
        assert "#1021" not in words(view)
        await world.slack.people.click_view(world.ana.id, "queue:next")
        view = await until_home(world, lambda now: "#1021" in words(now))
        assert "#1023" in words(view)
        await world.slack.people.click_view(world.ana.id, "queue:previous")
        await until_home(world, lambda now: "#1001" in words(now))


@on_sqlite
async def test_a_command_tells_it_in_private(make_world: MakeWorld) -> None:
    async with make_world() as world:
        await world.start()
        await world.open()
        await world.slack.people.slash(world.ana.id, world.channel.id, "/sms", "queue waiting")
        told = await world.until(lambda: world.private(world.ana))
        assert "Unassigned 1" in told[-1].text
        assert "#1001" in told[-1].text
        assert world.private(world.ben) == []


async def test_a_report_comes_as_a_direct_message_with_a_picture(make_world: MakeWorld) -> None:
    async with make_world() as world:
        await world.start()
        root = await world.open()
        world.slack.people.post(world.ana.id, world.channel.id, "Yes, since noon", thread_ts=root.ts)
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await world.idle()
        await world.slack.people.slash(world.ana.id, world.channel.id, "/sms", "report 7d by line")
        told, shown = await world.until(lambda: len(found := direct(world, world.ana)) == 2 and found)
        assert "1 text, 1 reply" in told.text
        assert "1. front-desk: 1 text, 1 reply" in told.text
        assert (shown.thread_ts, [world.slack.files[one].mimetype for one in shown.files]) == (told.ts, ["image/png"])
        assert direct(world, world.ben) == []
        assert len(world.roots()) == 1


async def test_what_was_said_is_found_with_a_way_to_its_thread(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        root = await world.open("Where is my *blue* parcel?")
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", "search blue PARCEL")
        told = await world.until(lambda: world.private(world.ana))
        assert "Found for “blue PARCEL”: 1" in told[-1].text
        shown = words({"blocks": told[-1].blocks})
        assert "Where is my *blue* parcel?" in shown
        assert f"/archives/{root.channel}/p{root.ts.replace('.', '')}" in shown

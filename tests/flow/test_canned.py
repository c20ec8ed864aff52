"""Canned responses and the full send guard, seen from the team's and the contact's side."""

from pathlib import Path

from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.test_media import PNG
from tests.flow.world import World

CANNED = """
canned:
  hours: "We are open {{ today | default('9 to 5') }}, {{ contact.first_name | default('friend') }}."
  visit: "See you at {{ time }}."
"""


async def slash(world: World, text: str) -> str:
    """Type ``/sms`` and return what the bot answers in private."""
    before = len(world.private(world.ana))
    await world.connected()
    await world.slack.people.slash(world.ana.id, world.channel.id, "/sms", text)
    told = await world.until(lambda: world.private(world.ana)[before:])
    return str(told[-1].text)


@on_sqlite
async def test_a_word_sends_a_response_of_the_configuration(make_world: MakeWorld) -> None:
    async with make_world(extra=CANNED) as world:
        await world.start()
        await world.open()
        asked = world.reply("!canned hours today=noon")
        await world.until(lambda: world.got() == ["We are open noon, friend."])
        await world.until(lambda: world.marks(asked) == ["ballot_box_with_check"])
        world.reply("!c visit")
        told = await world.until(lambda: world.private(world.ana))
        assert "needs `time`" in told[-1].text
        await world.idle()
        assert len(world.got()) == 1


async def test_a_response_made_in_the_room_is_listed_changed_and_removed(make_world: MakeWorld) -> None:
    async with make_world() as world:
        await world.start()
        await world.open()
        assert "Saved" in await slash(world, "canned add Bye Bye {{ contact.first_name | default('then') }}!")
        world.reply("!c bye")
        await world.until(lambda: world.got() == ["Bye then!"])
        assert "used 1×" in await slash(world, "canned")
        assert "Saved" in await slash(world, "canned edit bye Farewell")
        assert "Removed" in await slash(world, "canned remove bye")
        world.reply("!c bye")
        await world.until(lambda: any("no canned response" in post.text for post in world.private(world.ana)))
        await world.idle()
        assert len(world.got()) == 1


@on_sqlite
async def test_a_response_can_be_undone(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 30s", extra=CANNED) as world:
        await world.start()
        await world.open()
        asked = world.reply("!c hours")
        await world.until(lambda: world.marks(asked) == ["hourglass_flowing_sand"])
        world.slack.people.react(world.ana.id, asked.channel, asked.ts, "x")
        await world.until(lambda: world.marks(asked) == ["lock"])
        world.skip(60)
        await world.idle()
        assert world.got() == []


@on_sqlite
async def test_a_secret_is_held_without_repeating_it(world: World) -> None:
    await world.open()
    reply = world.reply("The password: tulip-99")
    note = await world.until(lambda: next(iter(world.notes()), None))
    assert "password" in note
    assert "tulip" not in note
    await world.until(lambda: world.marks(reply) == ["hourglass_flowing_sand"])
    assert world.got() == []
    await world.press("send")
    await world.until(lambda: world.got() == ["The password: tulip-99"])


async def test_a_check_that_is_switched_off_holds_nothing(make_sqlite_world: MakeWorld) -> None:
    settings = '    undo: 0s\n    guard: {secrets: false, words: ["tulip"], private_hosts: [wiki.example.org]}'
    async with make_sqlite_world(line=settings) as world:
        await world.start()
        await world.open()
        world.reply("Password: rose")
        await world.until(lambda: world.got() == ["Password: rose"])
        world.reply("We have a Tulip")
        world.reply("see https://wiki.example.org/x")
        await world.until(lambda: len(world.notes()) == 2)
        assert "word list" in " ".join(world.notes())
        assert "private host" in " ".join(world.notes())
        assert len(world.got()) == 1


async def test_a_response_with_a_file_brings_it_however_it_is_sent_and_once(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    (tmp_path / "map.png").write_bytes(PNG)
    way = f'canned:\n  way: {{text: "This is the way", files: ["{tmp_path / "map.png"}"]}}'
    async with make_world(extra=way) as world:
        await world.start()
        await world.open()
        world.fault("Messages.create", "lose_answer")
        world.reply("!canned way")
        await world.until(lambda: world.got() == ["This is the way"])
        told = await slash(world, "canned")
        assert "with `map.png`" in told
        await world.slack.people.slash(world.ana.id, world.channel.id, "/sms", "#1001 canned way")
        await world.until(lambda: len(world.got()) > 1, skipping=5)
        await world.until(lambda: any("and map.png" in note for note in world.notes()))
        await world.idle(skipping=5)
        assert [(one.words, [medium.content for medium in one.media]) for one in world.phone.inbox] == [
            ("This is the way", [PNG])
        ] * 2


async def test_a_file_that_is_gone_since_the_start_is_told_and_nothing_is_texted(
    make_sqlite_world: MakeWorld, tmp_path: Path
) -> None:
    file = tmp_path / "map.png"
    file.write_bytes(PNG)
    async with make_sqlite_world(extra=f'canned:\n  way: {{text: "This is the way", files: ["{file}"]}}') as world:
        await world.start()
        await world.open()
        file.unlink()
        asked = world.reply("!canned way")
        await world.until(lambda: world.marks(asked) == ["warning"])
        await world.until(lambda: any("cannot be read" in note for note in world.notes()))
        await world.idle()
        assert world.got() == []

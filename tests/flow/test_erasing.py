"""A contact erased with the command, beside a running bridge and without one: no copy is left anywhere we can reach."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bridge.cli import erasing
from bridge.cli.failure import Failure
from bridge.store import inspect
from bridge.store.inspect import connection_of
from bridge.store.schema import metadata
from tests.flow.conftest import MakeWorld
from tests.flow.doing import handled
from tests.flow.matrix_room import open_room
from tests.flow.world import CONTACT, World
from tests.services.synapse import Synapse

WORDS = ("Is the parcel for Ann there?", "It came this morning", "she is always late", "plan.png", "555-010-0200")
PICTURE = "image/png"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command waits for a service that removes posts; here that is awaited where it matters."""
    monkeypatch.setattr(erasing, "PATIENCE_SECONDS", 0.0)


async def talked(world: World) -> None:
    """A text with a file, an answer and a comment."""
    await world.open(WORDS[0])
    world.reply(WORDS[1])
    await world.until(world.got)
    world.reply(f"// {WORDS[2]}")
    await handled(world)


async def erase(world: World, folder: Path, *addresses: str) -> None:
    """Run the command on the world's configuration."""
    config = folder / "textbridge.yaml"
    config.write_text(world.config_text, encoding="utf-8")
    given = addresses or (CONTACT,)
    await asyncio.to_thread(
        erasing.contact, config, given, reason="asked by mail", out=folder / "receipt.json", yes=True
    )


async def dump(world: World) -> str:
    assert world.service is not None

    def work(unit: Any) -> str:
        connection = connection_of(unit)
        assert inspect.verify_audit(unit).problem is None
        tables = (connection.execute(select(table)) for table in metadata.sorted_tables)
        return str([row for table in tables for row in table])

    return await world.service.store.transact(work)


def ours(world: World) -> str:
    """All the bot has in Slack: its posts, and files whose bytes are there."""
    posts = [post for post in world.posts() if post.user == world.slack.bot_user_id or post.bot_id]
    return str([*posts, *(file for file in world.slack.files.values() if file.content)])


def found(held: str) -> list[str]:
    return [one for one in (*WORDS, CONTACT[1:]) if one in held]


async def test_beside_a_running_bridge_nothing_is_left_but_what_people_wrote(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    async with make_world() as world:
        await world.start()
        await talked(world)
        assert found(await dump(world))
        assert found(ours(world))
        await erase(world, tmp_path)
        await handled(world)
        assert found(await dump(world)) == []
        assert ours(world) == "[]"
        receipt = (tmp_path / "receipt.json").read_text(encoding="utf-8")
        assert found(receipt) == []
        assert receipt.count("/archives/") == 2  # the answer and the comment are people's own posts
        await world.text("Hello again")
        await world.until(lambda: "Hello again" in world.shown())
        assert "#1002" in str(world.root().blocks)


async def test_without_a_bridge_the_posts_go_when_it_runs_next_and_a_crash_on_the_way_loses_none(
    make_world: MakeWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.adapters.platforms.slack.erasing.AT_ONCE", 1)
    async with make_world() as world:
        await world.start()
        await talked(world)
        await world.stop()
        await erase(world, tmp_path)
        assert '"waiting": 1' in (tmp_path / "receipt.json").read_text(encoding="utf-8")
        with pytest.raises(Failure, match="no contact"):
            await erase(world, tmp_path)
        world.fault("chat.delete", "lose_answer")
        await world.start()
        await world.until(lambda: len(seen_of_bot(world)) <= 1)
        await world.restart()
        await world.until(lambda: not seen_of_bot(world))
        await world.idle()
        assert found(await dump(world)) == []


def seen_of_bot(world: World) -> list[Any]:
    return [post for post in world.posts() if post.bot_id]


async def test_who_opted_out_is_not_texted_after_an_erasure(make_world: MakeWorld, tmp_path: Path) -> None:
    async with make_world() as world:
        await world.start()
        await talked(world)
        await world.text("STOP")
        await handled(world)
        got = list(world.got())
        await erase(world, tmp_path)
        await handled(world)
        assert found(await dump(world)) == [CONTACT[1:]]
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", f"{CONTACT} Are you there?")
        await handled(world)
        assert world.got() == got
        await world.text("Who is this?")
        await world.until(lambda: "Who is this?" in world.shown())
        assert "#1002" in str(world.root().blocks)
        world.reply("It is us")
        await handled(world)
        assert world.got() == got


async def test_in_matrix_every_version_of_the_bots_posts_is_redacted(
    sqlite_world: World, synapse: Synapse, tmp_path: Path
) -> None:
    world = sqlite_world
    async with open_room(world, synapse) as room:
        await world.start()
        await room.open(WORDS[0])
        await room.reply(WORDS[1])
        await world.until(world.got)
        hers = await room.reply(f"// {WORDS[2]}")
        await world.idle()
        await erase(world, tmp_path)
        await world.idle()
        assert found(await dump(world)) == []
        ours = [one for one in await room.ana.timeline(room.room) if one["sender"] == room.bot.user_id]
        assert found(str([one["content"] for one in ours])) == []
        assert await room.shown() == []
        assert f"https://matrix.to/#/{room.room}/{hers}" in (tmp_path / "receipt.json").read_text(encoding="utf-8")

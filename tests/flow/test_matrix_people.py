"""Who is who on Matrix: direct rooms with the bot, and teammates who are on both platforms."""

import contextlib
from collections.abc import AsyncGenerator

from tests.flow.conftest import MakeWorld
from tests.flow.matrix_room import Room, open_room
from tests.flow.world import PLAIN
from tests.services.matrix import Person, pill
from tests.services.synapse import Synapse


@contextlib.asynccontextmanager
async def staffed(
    make_world: MakeWorld, synapse: Synapse, *, line: str = "", both: bool = False, settings: str = ""
) -> AsyncGenerator[Room]:
    """Ana and Ben are teammates; ``both``: with an id on Slack, too."""
    async with make_world() as world, open_room(world, synapse, both=both) as room:
        world.line = f"{PLAIN}\n{line}"
        world.more_platforms = world.more_platforms.replace("access_token", f"{settings} access_token")
        slack = {"ana": world.ana.id, "ben": world.ben.id} if both else {}
        ids = {name: f"slack: {who}, " for name, who in slack.items()}
        world.extra = f"""
teammates:
  ana: {{{ids.get("ana", "")}matrix: "{room.ana.id}", role: manager}}
  ben: {{{ids.get("ben", "")}matrix: "{room.ben.id}"}}
"""
        await world.start()
        yield room


async def invited(room: Room, who: Person) -> str:
    """Enter the direct room the bot invites to; returns its id."""
    [direct] = await room.world.until_async(who.invitations)
    await who.join(direct)
    return str(direct)


async def test_a_personal_line_is_in_a_direct_room_and_its_persons_alone(
    make_sqlite_world: MakeWorld, synapse: Synapse
) -> None:
    async with staffed(make_sqlite_world, synapse, line="    personal: ana\n") as room:
        world, shared = room.world, room.room
        await world.text("Is my order ready?")
        room.room = await invited(room, room.ana)
        await room.shows("Is my order ready?")
        assert [one for one in await room.ben.messages(shared) if one["sender"] == room.bot.user_id] == []
        await world.idle()
        reply = await room.reply("Yes, since noon")
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await room.marked(reply, "☑️")
        await room.ana.react(room.room, await room.card(), "✅")
        await room.card_says("Closed")
        await world.restart()
        await world.text("Thanks, and the other one?")
        await world.until_async(lambda: _has(room, 2))
        await room.reply("In an hour")
        await world.until(lambda: len(world.got()) == 2)
        assert await room.ana.invitations() == []


async def _has(room: Room, many: int) -> bool:
    return len(await room.shown()) == many


async def test_private_answers_come_by_direct_room_where_that_is_wanted(
    make_sqlite_world: MakeWorld, synapse: Synapse
) -> None:
    async with staffed(make_sqlite_world, synapse, settings="private_answers: direct,") as room:
        await room.open()
        asked = await room.reply("!help")
        room_id, room.room = room.room, await invited(room, room.ana)

        async def told() -> bool:
            return any("keep it internal" in one["content"]["body"] for one in await room.messages())

        await room.world.until_async(told)
        answer = next(one for one in await room.messages() if "keep it internal" in one["content"]["body"])
        assert f"{room_id}/" in answer["content"]["body"], "where it was asked"
        assert asked not in [one["content"]["body"] for one in await room.ana.messages(room_id)]
        await room.ana.say(room_id, "!sms queue")

        async def listed() -> bool:
            return any("Waiting longest 1" in one["content"]["body"] for one in await room.messages())

        await room.world.until_async(listed)
        assert not [one for one in await room.ana.messages(room_id) if one["content"]["msgtype"] == "m.notice"]


async def test_a_teammate_on_both_platforms_is_one_person(make_sqlite_world: MakeWorld, synapse: Synapse) -> None:
    async with staffed(make_sqlite_world, synapse, both=True) as room:
        world = room.world
        await world.open()
        card = await room.open("Is it warm?")
        html = {"format": "org.matrix.custom.html"}
        words = f"!assign {pill(room.ben.id, 'Ben')}"
        await room.reply("!assign Ben", **html, formatted_body=words)
        await room.card_says("Assignee: ben")
        await world.until(lambda: "assigned to ben" in world.root().text.casefold())
        world.reply("!unassign", world.ben)
        await room.card_says("Assignee: nobody yet")
        world.reply("!assign ana")
        await room.card_says("Assignee: ana")
        await room.ana.reply(room.room, card, "!unassign")
        await room.card_says("Assignee: nobody yet")

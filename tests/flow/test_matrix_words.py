"""What teammates can do besides answering, by words and signs in a Matrix room."""

from collections.abc import AsyncIterator

import pytest

from tests.flow.matrix_room import Room, open_room
from tests.flow.world import World
from tests.services.matrix import pill
from tests.services.synapse import Synapse

OTHER = "+15550100300"


@pytest.fixture
async def desk(sqlite_world: World, synapse: Synapse) -> AsyncIterator[Room]:
    """A bridge that runs, with a canned response."""
    async with open_room(sqlite_world, synapse) as room:
        sqlite_world.extra = 'canned: {hours: "We open at nine, {{ name }}."}'
        await sqlite_world.start()
        yield room


async def test_a_conversation_is_begun_from_the_room(desk: Room) -> None:
    await desk.open()
    desk.world.twilio.add_phone(OTHER)
    await desk.ana.say(desk.room, f"!sms new {OTHER} Your order is ready")
    await desk.world.until(lambda: desk.world.got(OTHER) == ["Your order is ready"])

    async def has_card() -> bool:
        return any("#1002" in one["content"]["body"] for one in await desk.cards())

    await desk.world.until_async(has_card)


async def test_canned_responses_later_and_mentions_of_the_bot(desk: Room) -> None:
    await desk.open()
    await desk.reply("!canned hours")
    await desk.note("name")
    await desk.reply('!canned hours name="Maria"')
    await desk.world.until(lambda: desk.world.got() == ["We open at nine, Maria."])
    await desk.reply("!later 2h Still here?")
    note = await desk.note("Send now")
    assert desk.world.got() == ["We open at nine, Maria."]
    await desk.ana.react(desk.room, note, "📨")
    await desk.world.until(lambda: len(desk.world.got()) == 2)
    html = {"format": "org.matrix.custom.html", "formatted_body": f"{pill(desk.bot.user_id, 'bot')}: close"}
    await desk.reply("bot: close", **html, **{"m.mentions": {"user_ids": [desk.bot.user_id]}})
    await desk.card_says("Closed")
    assert len(desk.world.got()) == 2


async def test_a_plain_refusal_is_asked_about_and_answered_by_a_sign(desk: Room) -> None:
    await desk.open()
    await desk.world.text("please stop texting me")
    question = await desk.note("Yes, opt out")
    await desk.marked(question, "1️⃣", "2️⃣")
    await desk.ben.react(desk.room, question, "1\u20e3")
    await desk.card_says("⛔")
    await desk.marked(question)


async def test_reminders_and_reports_come_by_direct_room(desk: Room) -> None:
    await desk.open()
    await desk.reply("!remind 30m call them back")
    await desk.note("I will remind you")
    await desk.world.idle()
    desk.world.skip(1801)
    [direct] = await desk.world.until_async(desk.ana.invitations)
    await desk.ana.join(direct)

    async def told() -> bool:
        return any("call them back" in one["content"]["body"] for one in await desk.ana.messages(direct))

    await desk.world.until_async(told)
    await desk.ana.say(desk.room, "!sms report")

    async def reported() -> bool:
        return len(await desk.ana.messages(direct)) > 1

    await desk.world.until_async(reported)

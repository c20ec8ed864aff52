"""Commands as data: described in the room where the bot may, and given as JSON."""

from typing import Any
from urllib.parse import quote

import pytest

from bridge.adapters.platforms.matrix.commands import DESCRIPTION, INVOCATION, Describing, described, invoked
from bridge.domain.content import Mention, Text
from bridge.domain.events import ChatPosted, CommandGiven
from tests.adapters.matrix.cards import CARD
from tests.adapters.matrix.conftest import Desk

COMMANDS = (("claim", "claim makes it yours."), ("close", "close ends it."))


async def descriptions(desk: Desk) -> list[Any]:
    state = await desk.ana.call("GET", f"/_matrix/client/v3/rooms/{quote(desk.room)}/state")
    return [event["content"] for event in state if event["type"] == DESCRIPTION]


def describing(desk: Desk) -> Describing:
    return Describing(desk.platform._server, desk.platform._rooms, desk.bot.user_id, COMMANDS)


async def test_commands_are_described_one_at_a_time_where_the_bot_may(desk: Desk) -> None:
    await desk.platform.start()
    await describing(desk).go_on()
    assert await descriptions(desk) == [], "no right to the state"
    power = await desk.platform._server.state(desk.room, "m.room.power_levels")
    allowed = {**power, "users": {**power["users"], desk.bot.user_id: 50}}
    await desk.ana.call("PUT", f"/_matrix/client/v3/rooms/{quote(desk.room)}/state/m.room.power_levels/", allowed)
    able = describing(desk)
    await able.go_on()
    assert await descriptions(desk) == [described(*COMMANDS[0])]
    await able.go_on()
    await able.go_on()
    assert sorted(await descriptions(desk), key=str) == sorted((described(*one) for one in COMMANDS), key=str)


async def test_a_command_given_as_json_is_the_words_it_stands_for(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    for command, words, body in (
        ({"command": "claim", "arguments": {}}, (Text("!claim"),), "/claim"),
        ({"command": "label", "arguments": {"words": "+lead"}}, (Text("!label +lead"),), "/label +lead"),
        (
            {"command": "assign", "arguments": {"words": desk.ben.id}},
            (Text("!assign "), Mention("person", desk.ben.id, desk.ben.id[1:])),
            "whatever",
        ),
    ):
        given = {INVOCATION: command, "m.mentions": {"user_ids": [desk.bot.user_id]}}
        posted = await desk.taken(await desk.ana.reply(desk.room, root.id, body, **given))
        assert isinstance(posted, ChatPosted)
        assert posted.content == words
    given = {INVOCATION: {"command": "sms", "arguments": {"words": "#1042 close"}}}
    told = await desk.taken(await desk.ana.say(desk.room, "/sms #1042 close", **given))
    assert isinstance(told, CommandGiven)
    assert told.text == "#1042 close"


async def test_an_escaped_sign_is_the_sign(desk: Desk) -> None:
    await desk.listen()
    root = await desk.platform.open_thread(desk.room, CARD, key="k1")
    posted = await desk.taken(await desk.ana.reply(desk.room, root.id, "\\!close"))
    assert isinstance(posted, ChatPosted)
    assert posted.content == (Text("!close"),)
    told = await desk.taken(await desk.ana.say(desk.room, "\\!sms queue"))
    assert isinstance(told, CommandGiven)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({}, ""),
        ({INVOCATION: {"arguments": {}}}, ""),
        ({INVOCATION: {"command": "ban"}, "m.mentions": {"user_ids": ["@other:x"]}}, ""),
        ({INVOCATION: {"command": "snooze", "arguments": {"n": 2, "sure": True, "list": []}}}, "!snooze 2"),
        ({INVOCATION: {"command": "claim"}, "m.mentions": {"user_ids": []}}, "!claim"),
    ],
)
def test_only_what_is_for_us_is_a_command(content: dict[str, Any], words: str) -> None:
    assert invoked(content, "@us:x") == words

"""Buttons, commands and rooms over a live socket."""

import asyncio

import pytest

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.cards import Button, Note
from bridge.domain.events import ButtonPressed, CommandGiven, RoomChanged
from bridge.domain.people import Person
from bridge.ports.platform import ThreadText
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, listening
from tests.adapters.slack.test_posting import CARD


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


async def test_a_button_and_a_command_are_events_too(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, room: str
) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    note = await slack.post_note(root, Note("Held.", (Button("send", "Send", "m1"),)), key="note-1")
    ana = Person("slack", world.user("ana").id)
    async with listening(world, slack, inbox):
        pressed = await world.people.click("ana", "support", note.id, "send")
        given = await world.people.slash("ana", "support", "/sms", "#12 close *now* & <later>")
        assert pressed.acknowledged
        assert given.acknowledged
    events = [event for raw in inbox.raw.values() for event in slack.parse(raw.body)]
    button, command = events
    assert isinstance(button, ButtonPressed)
    assert (button.ref, button.thread, button.author, button.action, button.value) == (note, root, ana, "send", "m1")
    assert isinstance(command, CommandGiven)
    assert (command.room, command.author, command.text) == (room, ana, "#12 close *now* & <later>")
    await slack.answer_privately(ana, room, None, Note("Done.", ()), handle=command.handle)
    assert [one.text for one in world.channel("support").ephemeral] == ["Done."]


async def test_the_answer_to_a_private_button_takes_its_place(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, room: str
) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    await slack.post_text(root, ThreadText(name="Maria", body="hi"), key="text-1")
    ana = Person("slack", world.user("ana").id)
    await slack.answer_privately(ana, room, root, Note("Sending.", (Button("undo", "Undo", "m1"),)), handle="")
    (offer,) = world.channel("support").ephemeral
    async with listening(world, slack, inbox):
        assert (await world.people.click("ana", "support", offer.ts, "undo")).acknowledged
    (pressed,) = [event for raw in inbox.raw.values() for event in slack.parse(raw.body)]
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.thread, pressed.value) == (root, "m1")
    await slack.answer_privately(ana, room, root, Note("Stopped."), handle=pressed.handle)
    assert [one.text for one in world.channel("support").ephemeral] == ["Stopped."]
    assert "Undo" not in str(world.channel("support").ephemeral[0].blocks)


async def test_a_click_is_not_acknowledged_when_it_cannot_be_stored(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, room: str
) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    inbox.down = True
    async with listening(world, slack, inbox):
        pressed = asyncio.create_task(world.people.click("ana", "support", root.id, "close"))
        await inbox.until(lambda: inbox.calls == 1)
        world.clock.skip(3.1)
        assert not (await pressed).acknowledged


async def test_rooms_that_close_are_told(world: SlackWorld, slack: SlackPlatform, inbox: Inbox, room: str) -> None:
    async with listening(world, slack, inbox):
        world.people.archive("support")
        await inbox.until(lambda: len(inbox.raw) == 1)
        world.people.unarchive("support")
        await inbox.until(lambda: len(inbox.raw) == 2)
    changes = [event for raw in inbox.raw.values() for event in slack.parse(raw.body)]
    assert [(change.room, change.usable) for change in changes if isinstance(change, RoomChanged)] == [
        (room, False),
        (room, True),
    ]

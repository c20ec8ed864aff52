"""Answers to one person by the address Slack gave with a command."""

import pytest

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.cards import Note
from bridge.domain.events import CommandGiven
from bridge.domain.people import Person
from bridge.ports.errors import SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.sandbox.faults import Fault
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, listening


async def handle_of(world: SlackWorld, slack: SlackPlatform) -> str:
    """The handle of a command just given."""
    inbox = Inbox()
    async with listening(world, slack, inbox):
        assert (await world.people.slash("ana", "support", "/sms", "help")).acknowledged
    (given,) = [event for raw in inbox.raw.values() for event in slack.parse(raw.body)]
    assert isinstance(given, CommandGiven)
    return given.handle


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("response_url", "rate_limited", 3), SendDeferred),
        (Fault("response_url", "status", 502), SendOutcomeUnknown),
        (Fault("response_url", "lose_answer"), SendOutcomeUnknown),
        (Fault("response_url", "status", 404), SendRejected),
    ],
)
async def test_a_failed_answer_is_sorted(
    world: SlackWorld, slack: SlackPlatform, room: str, fault: Fault, error: type[Exception]
) -> None:
    handle = await handle_of(world, slack)
    world.faults.add(fault)
    with pytest.raises(error):
        await slack.answer_privately(Person("slack", world.user("ana").id), room, None, Note("Hello."), handle=handle)


async def test_a_handle_is_good_a_few_times(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    person, handle = Person("slack", world.user("ana").id), await handle_of(world, slack)
    for number in range(5):
        await slack.answer_privately(person, room, None, Note(f"Answer {number}."), handle=handle)
    with pytest.raises(SendRejected, match="no more answers"):
        await slack.answer_privately(person, room, None, Note("One more."), handle=handle)
    assert len(world.channel("support").ephemeral) == 5


async def test_without_a_handle_it_is_said_in_the_room(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    ana = world.user("ana").id
    await slack.answer_privately(Person("slack", ana), room, None, Note("Hello."), handle="")
    assert [(one.user, one.thread_ts, one.text) for one in world.channel("support").ephemeral] == [
        (ana, None, "Hello.")
    ]
    with pytest.raises(SendRejected):
        await slack.answer_privately(Person("slack", "U0000009999"), room, None, Note("Hello."), handle="")

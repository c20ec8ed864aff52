"""Guests of the workspace are outsiders, though no event of Slack's says who is one."""

from collections.abc import AsyncIterator

import pytest

from bridge.adapters.platforms.slack import directory
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.events import ButtonPressed, ChatPosted, CommandGiven, FormSubmitted, HomeOpened, ReactionChanged
from bridge.sandbox.faults import Fault
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, connect, eventually, listening
from tests.adapters.slack.payloads import TEAM, body, event_body, message


@pytest.fixture
async def inbox(world: SlackWorld, slack: SlackPlatform) -> AsyncIterator[Inbox]:
    inbox = Inbox()
    async with listening(world, slack, inbox):
        yield inbox


def is_outsider(slack: SlackPlatform, user: str) -> bool:
    """Whether a message of theirs comes from an outsider now."""
    (event,) = slack.parse(event_body(message("hello", user=user)))
    assert isinstance(event, ChatPosted)
    return event.author.outsider


async def test_a_guest_is_known_from_the_start_whatever_they_do(world: SlackWorld) -> None:
    gina = world.add_user("gina", guest=True).id
    slack = connect(world)
    await slack.start()
    assert is_outsider(slack, gina)
    assert not is_outsider(slack, world.user("ana").id)
    item = {"type": "message", "channel": "C1", "ts": "1.0"}
    given = {"type": "reaction_added", "user": gina, "reaction": "eyes", "item": item, "event_ts": "2.0"}
    pressed = {
        "type": "block_actions",
        "user": {"id": gina, "team_id": TEAM},
        "container": {"type": "message", "message_ts": "1.0", "channel_id": "C1"},
        "actions": [{"type": "button", "action_id": "claim", "action_ts": "3.0"}],
    }
    for event in (*slack.parse(event_body(given)), *slack.parse(body("interactive", pressed))):
        assert isinstance(event, ReactionChanged | ButtonPressed)
        assert event.author.outsider
    await slack.aclose()


async def test_a_guest_nobody_told_of_is_known_before_their_words_are_stored(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    gina = world.add_user("gina", guest=True)
    world.channel("support").members.append(gina.id)
    posted = world.people.post("gina", "support", "hello")
    key = f"message:{posted.channel}:{posted.ts}"
    await inbox.until(lambda: key in inbox.raw)
    (event,) = slack.parse(inbox.raw[key].body)
    assert isinstance(event, ChatPosted)
    assert event.author.outsider


async def test_who_joins_a_channel_is_asked_about(world: SlackWorld, slack: SlackPlatform, inbox: Inbox) -> None:
    gina = world.add_user("gina", guest=True).id
    world.people.invite("gina", "support")
    await eventually(lambda: is_outsider(slack, gina))
    assert inbox.raw == {}


async def test_a_guest_who_becomes_a_member_is_no_outsider(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    ana = world.user("ana").id
    world.people.change_user("ana", guest=True)
    await eventually(lambda: is_outsider(slack, ana))
    world.people.change_user("ana", guest=False)
    await eventually(lambda: not is_outsider(slack, ana))


async def test_an_event_does_not_wait_long_for_its_author(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "MEET_SECONDS", 0.05)
    world.faults.add(Fault("users.info", "delay", 60))
    eva = world.add_user("eva")
    world.channel("support").members.append(eva.id)
    posted = world.people.post("eva", "support", "hello")
    await inbox.until(lambda: f"message:{posted.channel}:{posted.ts}" in inbox.raw)


async def test_who_cannot_be_found_is_asked_about_once(world: SlackWorld, slack: SlackPlatform) -> None:
    (event,) = slack.parse(event_body(message("hello", user="U0000009999")))
    await slack._directory.meet([event])
    await slack._directory.meet([event])
    assert len(world.journal.of("users.info")) == 1


@pytest.mark.parametrize("team", [None, "T9OUTSIDE99"])
async def test_commands_forms_and_the_home_tab_know_who_does_not_belong_here(
    world: SlackWorld, slack: SlackPlatform, team: str | None
) -> None:
    gil = world.add_user("gil", guest=team is None, team=team).id
    typed = {"team_id": TEAM, "user_id": gil, "channel_id": "C1", "trigger_id": "t1", "text": "queue"}
    opened = {"type": "app_home_opened", "user": gil, "channel": "D1", "tab": "home", "event_ts": "7.0"}
    view = {"id": "V1", "hash": "h", "callback_id": "new"}
    filled = {"type": "view_submission", "user": {"id": gil, "team_id": TEAM}, "view": view}
    bodies = [body("slash_commands", typed), event_body(opened), body("interactive", filled)]
    for one in bodies:
        await slack._directory.meet(slack.parse(one))
        (event,) = slack.parse(one)
        assert isinstance(event, CommandGiven | HomeOpened | FormSubmitted)
        assert event.author.outsider

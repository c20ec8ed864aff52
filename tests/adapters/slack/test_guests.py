"""Guests of the workspace are outsiders, though no event of Slack's says who is one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.adapters.platforms.slack import directory
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.cards import Menu
from bridge.domain.content import Mention
from bridge.domain.events import ButtonPressed, ChatPosted, CommandGiven, FormSubmitted, HomeOpened, ReactionChanged
from bridge.sandbox.faults import Fault
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, connect, eventually, listening
from tests.adapters.slack.payloads import ANA, TEAM, body, event_body, message
from tests.adapters.slack.test_posting import CARD


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


@pytest.mark.parametrize("team", [None, "T9OUTSIDE99"])
async def test_who_is_named_is_asked_about_before_it_is_stored(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, team: str | None
) -> None:
    gil, ana = world.add_user("gil", guest=team is None, team=team).id, world.user("ana").id
    chosen_from = replace(CARD, buttons=(Menu("assign", "Assign…", "people"),))
    card = await slack.open_thread(world.channel("support").id, chosen_from, key="c1")
    world.people.post("ana", "support", "!assign @gil @ana", thread_ts=card.id)
    await world.people.slash("ana", "support", "sms", f"#1042 assign <@{gil}> <@{ana}>")
    await world.people.select("ana", "support", card.id, "assign", gil)
    await inbox.until(lambda: len(inbox.raw) == 3)
    for raw in inbox.raw.values():
        for reader in (slack, connect(world)):  # the second one has never heard of anybody
            (event,) = reader.parse(raw.body)
            named = {gil: True, ana: False}
            match event:
                case ChatPosted(content=content):
                    found = {span.id: span.outsider for span in content if isinstance(span, Mention)}
                case CommandGiven(outsiders=outsiders):
                    found = {who: who in outsiders for who in named}
                case _:
                    assert isinstance(event, ButtonPressed)
                    assert event.chosen is not None
                    found, named = {event.chosen.id: event.chosen.outsider}, {gil: True}
            assert found == named


async def test_people_chosen_in_a_form_are_marked(world: SlackWorld, slack: SlackPlatform) -> None:
    gil = world.add_user("gil", guest=True).id
    chosen = {"who": {"who": {"type": "users_select", "selected_user": gil}}}
    view = {"id": "V1", "hash": "h", "callback_id": "assign", "state": {"values": chosen}}
    filled = body("interactive", {"type": "view_submission", "user": {"id": ANA, "team_id": TEAM}, "view": view})
    await slack._directory.meet(slack.parse(filled))
    (event,) = slack.parse(filled)
    assert isinstance(event, FormSubmitted)
    assert [(name, person.outsider) for name, person in event.people] == [("who", True)]


@pytest.mark.parametrize("team", [None, "T9OUTSIDE99"])
async def test_what_was_known_of_people_is_stored_with_their_event(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, team: str | None
) -> None:
    gil = world.add_user("gil", guest=team is None, team=team)
    world.channel("support").members.append(gil.id)
    world.channel("support").shared = team is not None
    posted = world.people.post("ana", "support", "hello")
    for who in ("gil", "ana"):
        world.people.react(who, "support", posted.ts, "eyes")
    await inbox.until(lambda: len(inbox.raw) == 3)
    later = connect(world)
    verdicts = {
        event.author.id: event.author.outsider
        for raw in inbox.raw.values()
        for event in later.parse(raw.body)
        if isinstance(event, ReactionChanged)
    }
    assert verdicts == {gil.id: True, world.user("ana").id: False}
    assert world.journal.of("users.info"), "it was asked once, before it was stored"


async def test_who_became_a_member_meanwhile_was_none_then(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    gina = world.add_user("gina", guest=True)
    world.channel("support").members.append(gina.id)
    posted = world.people.post("gina", "support", "hello")
    key = f"message:{posted.channel}:{posted.ts}"
    await inbox.until(lambda: key in inbox.raw)
    world.people.change_user("gina", guest=False)
    await eventually(lambda: not is_outsider(slack, gina.id))
    (event,) = slack.parse(inbox.raw[key].body)
    assert isinstance(event, ChatPosted)
    assert event.author.outsider


async def test_what_is_read_from_a_thread_is_stored_with_it_too(world: SlackWorld, slack: SlackPlatform) -> None:
    gina = world.add_user("gina", guest=True)
    world.channel("support").members.append(gina.id)
    root = await slack.open_thread(world.channel("support").id, CARD, key="c1")
    world.people.post("gina", "support", "hello", thread_ts=root.id)
    (raw,) = await slack.read_thread(root, since=world.clock.now() - timedelta(hours=1))
    (event,) = connect(world).parse(raw.body)
    assert isinstance(event, ChatPosted)
    assert event.author.outsider

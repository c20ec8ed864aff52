"""People, groups and channels are called by name; ids are never shown."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bridge.adapters.platforms.slack import directory
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.content import Mention
from bridge.domain.events import ChatEdited, ChatPosted
from bridge.sandbox.faults import Fault, FaultKind
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, connect, eventually, listening
from tests.adapters.slack.payloads import event_body, message

LISTS = ("users.list", "usergroups.list", "conversations.list")


@pytest.fixture
async def inbox(world: SlackWorld, slack: SlackPlatform) -> AsyncIterator[Inbox]:
    inbox = Inbox()
    async with listening(world, slack, inbox):
        yield inbox


def labels(slack: SlackPlatform, words: str) -> list[str]:
    """What the mentions in a message are called now."""
    (event,) = slack.parse(event_body(message(words)))
    assert isinstance(event, ChatPosted)
    return [span.label for span in event.content if isinstance(span, Mention)]


async def test_mentions_have_names_from_the_start(world: SlackWorld) -> None:
    group = world.add_usergroup("front-office")
    private = world.add_channel("board", private=True)
    slack = connect(world)
    await slack.start()
    ana, room = world.user("ana").id, world.channel("support").id
    words = f"<@{ana}> <!subteam^{group.id}> <#{room}> <#{private.id}> <!here>"
    assert labels(slack, words) == ["Ana Souza", "front-office", "support", "board", "here"]
    await slack.aclose()


async def test_unknown_ids_are_said_as_what_they_are(slack: SlackPlatform) -> None:
    assert labels(slack, "<@U0000009999> <!subteam^S0000009999> <#C0000009999>") == ["teammate", "team", "room"]
    assert labels(slack, "<@U0000009999|guest> <#C0000009999|help>") == ["guest", "help"]


async def test_names_are_read_once_and_not_for_each_event(world: SlackWorld, slack: SlackPlatform) -> None:
    await slack.start()
    labels(slack, f"<@{world.user('ana').id}>")
    assert [len(world.journal.of(method)) for method in LISTS] == [1, 1, 1]
    assert world.journal.of("users.info") == []


async def test_a_person_who_takes_another_name_is_called_by_it(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    ana = world.user("ana").id
    world.people.change_user("ana", real_name="Ana Souza Lima")
    await eventually(lambda: labels(slack, f"<@{ana}>") == ["Ana Souza Lima"])
    world.people.rename_channel("support", "help-desk")
    await eventually(lambda: labels(slack, f"<#{world.channel('help-desk').id}>") == ["help-desk"])
    assert {key.partition(":")[0] for key in inbox.raw} == {"status"}, "names are no acts"


async def test_who_is_unknown_is_looked_up_first_and_the_names_of_groups_and_rooms_once_the_event_is_stored(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    eva = world.add_user("eva", real_name="Eva Lind")
    world.add_usergroup("night-shift")
    world.add_channel("annex", members=[eva.id])
    inbox.gate = asyncio.Event()
    posted = world.people.post("ana", "support", "ask @eva or @night-shift in #annex")
    await inbox.until(lambda: inbox.calls == 1)
    assert len(world.journal.of("users.info")) == 1, "it may be a guest"
    asked = len(world.journal.of("usergroups.list")), len(world.journal.of("conversations.info"))
    assert asked == (1, 0), "names are not asked for before the event is stored"
    inbox.gate.set()
    key = f"message:{posted.channel}:{posted.ts}"
    await inbox.until(lambda: key in inbox.raw)

    def called() -> list[str]:
        (event,) = slack.parse(inbox.raw[key].body)
        assert isinstance(event, ChatPosted)
        return [span.label for span in event.content if isinstance(span, Mention)]

    await eventually(lambda: called() == ["Eva Lind", "night-shift", "annex"])
    assert len(world.journal.of("users.info")) == 1


async def test_who_cannot_be_found_is_asked_for_once(world: SlackWorld, slack: SlackPlatform) -> None:
    (event,) = slack.parse(event_body(message("<@U0000009999>")))
    slack._directory.seek([event])
    await eventually(lambda: not slack._directory._wanted)
    slack._directory.seek([event])
    assert not slack._directory._wanted
    assert len(world.journal.of("users.info")) == 1


async def test_a_look_up_that_failed_for_now_is_done_again(world: SlackWorld, slack: SlackPlatform) -> None:
    eva = world.add_user("eva", real_name="Eva Lind")
    (event,) = slack.parse(event_body(message(f"<@{eva.id}>")))
    world.faults.add(Fault("users.info", "rate_limited", 5))
    for _ in range(2):
        slack._directory.seek([event])
        await eventually(lambda: not slack._directory._wanted)
    assert labels(slack, f"<@{eva.id}>") == ["Eva Lind"]


@pytest.mark.parametrize("kind", ["rate_limited", "status", "lose_answer", "html"])
async def test_a_start_without_names_is_a_start(world: SlackWorld, kind: FaultKind) -> None:
    for method in LISTS:
        world.faults.add(Fault(method, kind, 500, 9))
    slack = connect(world)
    assert await slack.start() == world.bot_user_id
    assert labels(slack, f"<@{world.user('ana').id}>") == ["teammate"]
    await slack.aclose()


async def test_a_start_does_not_wait_long_for_names(world: SlackWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "FILL_SECONDS", 0.05)
    world.faults.add(Fault("users.list", "delay", 60))
    slack = connect(world)
    assert await slack.start() == world.bot_user_id
    assert labels(slack, f"<#{world.channel('support').id}>") == ["support"], "the other lists were read"
    await slack.aclose()


async def test_a_large_workspace_is_read_up_to_some_pages(world: SlackWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.adapters.platforms.slack.web.PAGE", 1)
    people = [world.add_user(f"person-{number}") for number in range(9)]
    slack = connect(world)
    await slack.start()
    assert len(world.journal.of("users.list")) == directory.FILL_PAGES
    assert labels(slack, f"<@{people[-1].id}>") == ["teammate"]
    await slack.aclose()


async def test_an_edit_has_names_and_an_id_that_does_not_depend_on_them(
    slack: SlackPlatform, world: SlackWorld
) -> None:
    now = message(f"<@{world.user('ana').id}>", edited={"user": "U1", "ts": "1700000009.000000"})
    event = {"type": "message", "subtype": "message_changed", "channel": now["channel"], "message": now}
    (named,) = slack.parse(event_body(event))
    (unnamed,) = connect(world).parse(event_body(event))
    assert isinstance(named, ChatEdited)
    assert isinstance(unnamed, ChatEdited)
    assert (named.content, unnamed.content) == (
        (Mention("person", world.user("ana").id, "Ana Souza"),),
        (Mention("person", world.user("ana").id, "teammate"),),
    )
    assert named.external_id == unnamed.external_id

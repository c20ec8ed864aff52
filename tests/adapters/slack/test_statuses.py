"""What a status says, and that only what is new of one is stored."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.adapters.platforms.slack.statuses import away_until
from bridge.domain.events import StatusChanged
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, connect, listening
from tests.adapters.slack.payloads import ANA, US, event_body

END = 1_800_000_000


@pytest.mark.parametrize(
    ("profile", "away", "until"),
    [
        ({"status_emoji": ":palm_tree:", "status_expiration": END}, True, END),
        ({"status_emoji": ":face_with_thermometer:", "status_text": "", "status_expiration": 0}, True, None),
        ({"status_emoji": ":no_entry:", "status_text": "Out of office · Outlook"}, True, None),
        ({"status_text": "OOO until Friday"}, True, None),
        ({"status_text": "on parental leave"}, True, None),
        ({"status_text": "Off today"}, True, None),
        (
            {"status_emoji": ":spiral_calendar_pad:", "status_text": "In a meeting", "status_expiration": END},
            False,
            None,
        ),
        ({"status_emoji": ":house_with_garden:", "status_text": "Working remotely"}, False, None),
        ({"status_emoji": ":bus:", "status_text": "Commuting"}, False, None),
        ({"status_text": "planning our vacations policy"}, False, None),
        ({"status_text": "Boooo"}, False, None),
        ({"status_emoji": ":palm_tree:", "status_expiration": 10**14}, True, None),
        ({"status_emoji": ":palm_tree:", "status_expiration": "soon"}, True, None),
        ({"status_emoji": 5, "status_text": None}, False, None),
        (None, False, None),
    ],
)
def test_what_a_status_says(profile: dict[str, Any] | None, away: bool, until: int | None) -> None:
    expected = away, None if until is None else datetime.fromtimestamp(until, UTC)
    assert away_until({"profile": profile}) == expected


@pytest.mark.parametrize("user", [{"id": "U7", "is_bot": True}, {"id": US}])
def test_a_bots_profile_is_nobodys_absence(slack: SlackPlatform, user: dict[str, Any]) -> None:
    changed = {"type": "user_change", "user": {"profile": {"status_emoji": ":palm_tree:"}, **user}, "event_ts": "1.0"}
    body = event_body(changed)
    assert slack.parse(body) == []


async def test_only_what_is_new_of_a_status_is_stored(world: SlackWorld, slack: SlackPlatform) -> None:
    inbox = Inbox()
    async with listening(world, slack, inbox):
        for fields in ({"status_emoji": ":palm_tree:"}, {"real_name": "Ana S."}, {"status_text": "at the sea"}):
            world.people.change_user("ana", **fields)
        world.people.change_user("ana", status_emoji="")
        await inbox.until(lambda: len(inbox.raw) == 2)
        found = [event for raw in inbox.raw.values() for event in slack.parse(raw.body)]
    assert [(event.person.id, event.away) for event in found if isinstance(event, StatusChanged)] == [
        (world.user("ana").id, True),
        (world.user("ana").id, False),
    ]


async def test_nothing_is_stored_where_statuses_are_not_heeded(world: SlackWorld) -> None:
    world.people.change_user("ana", status_emoji=":palm_tree:")
    slack, inbox = connect(world, heed_status="false"), Inbox()
    await slack.start()
    async with listening(world, slack, inbox):
        world.people.change_user("rui", status_emoji=":palm_tree:")
        posted = world.people.post("ana", "support", "hello")
        await inbox.until(lambda: bool(inbox.raw))
    assert list(inbox.raw) == [f"message:{posted.channel}:{posted.ts}"]
    await slack.aclose()


def test_one_event_names_its_person(slack: SlackPlatform) -> None:
    changed = {"type": "user_change", "user": {"id": ANA, "profile": {"status_text": "OOO"}}, "event_ts": "1.0"}
    (event,) = slack.parse(event_body(changed))
    assert isinstance(event, StatusChanged)
    assert (event.external_id, event.person.id, event.away) == (f"status:{ANA}:1.0", ANA, True)

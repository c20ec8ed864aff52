"""The home tab: as Slack takes it at its longest, and what is pressed there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.adapters.platforms.slack import home
from bridge.adapters.platforms.slack.identity import Identity
from bridge.adapters.platforms.slack.parse import opened, read
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.conversations import ConversationStatus
from bridge.domain.events import ButtonPressed, HomeOpened
from bridge.domain.people import ChatRef, Person
from bridge.domain.queue import COUNTED, PAGE, SECTIONS, Queue, QueueEntry, View
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.payloads import ANA, ROOM, body, event_body

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ROOT = ChatRef("slack", ROOM, "1763800000.000100")


def entry(number: int = 1042, **changes: Any) -> QueueEntry:
    values: dict[str, Any] = {
        "number": number,
        "name": "Maria",
        "address": "+1 555-010-0200",
        "line": "desk",
        "status": ConversationStatus.OPEN,
        "since": NOW,
        "root": ROOT,
    }
    return QueueEntry(**(values | changes))


def queue(*entries: QueueEntry, view: View | None = None, **changes: Any) -> Queue:
    counts = tuple((section, 3) for section in SECTIONS)
    values: dict[str, Any] = {"view": view or View("waiting"), "counts": counts, "entries": entries}
    return Queue(**(values | changes))


LONGEST = queue(
    *(entry(10**15 + n, name="<&>\u202e" * 5000, line="l" * 64, assignee="slack:" + "U" * 200) for n in range(PAGE)),
    view=View("waiting", 980),
    counts=tuple((section, COUNTED) for section in SECTIONS),
    more=True,
)


def test_who_looks_before_anything_came_is_told_what_will_be_here() -> None:
    first = home.view(queue(counts=tuple((section, 0) for section in SECTIONS)), "slack", "")
    assert home.NOTHING_AT_ALL in str(first)
    assert home.NOTHING in str(home.view(queue(), "slack", ""))
    assert home.NOTHING not in str(home.view(queue(entry()), "slack", ""))


@pytest.mark.parametrize(
    "shown",
    [
        queue(),
        queue(counts=tuple((section, 0) for section in SECTIONS)),
        queue(entry(), more=True),
        queue(entry(root=None, name="", since=None), entry(1043, may_act=False), entry(1044, assignee="slack:U2")),
        queue(entry(assignee=ANA), view=View("held", 20)),
        LONGEST,
    ],
)
async def test_slack_takes_the_page(slack: SlackPlatform, world: SlackWorld, shown: Queue) -> None:
    user = world.add_user("zed").id
    await slack.publish_home(Person("slack", user), shown)
    assert world.violations == []
    assert len(world.homes[user].body["blocks"]) <= 100


@pytest.mark.parametrize("shown", [queue(), queue(entry()), LONGEST])
async def test_slack_takes_the_private_answer(slack: SlackPlatform, world: SlackWorld, room: str, shown: Queue) -> None:
    user = next(user for user in world.channels[room].members if user != world.bot_user_id)
    await slack.tell_queue(Person("slack", user), room, shown, handle="")
    (told,) = world.channels[room].ephemeral
    assert told.text
    assert world.violations == []


async def test_only_the_rooms_a_person_is_in_count(slack: SlackPlatform, world: SlackWorld, room: str) -> None:
    inside = next(user for user in world.channels[room].members if user != world.bot_user_id)
    stranger = world.add_user("zed").id
    assert await slack.rooms_of(Person("slack", inside), [room, "C0000000404"]) == [room]
    assert await slack.rooms_of(Person("slack", stranger), [room]) == []


def actions(shown: Queue) -> list[str]:
    blocks = home.view(shown, "slack", "https://acme.slack.com/")["blocks"]
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row]


def test_only_what_can_be_done_is_offered() -> None:
    assert actions(queue(entry()))[7:] == ["open:1042", "claim:1042", "close:1042"]
    assert actions(queue(entry(assignee="slack:U2")))[7:] == ["open:1042", "close:1042"]
    assert actions(queue(entry(may_act=False)))[7:] == ["open:1042"]
    assert actions(queue(entry(root=None)))[7:] == []
    assert actions(queue(entry(status=ConversationStatus.CLOSED)))[7:] == ["open:1042", "claim:1042"]
    assert actions(queue(view=View("mine", 20), more=True))[7:] == ["queue:previous", "queue:next"]


def test_each_action_is_there_once() -> None:
    found = actions(LONGEST)
    assert len(set(found)) == len(found)


def press(action: str, value: str, shown: str = "waiting:20", kind: str = "home") -> list[Any]:
    payload = {
        "type": "block_actions",
        "user": {"id": ANA},
        "trigger_id": "t1",
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "type": kind, "private_metadata": shown},
        "actions": [{"action_id": action, "value": value, "action_ts": "7.0", "type": "button"}],
    }
    return list(read(opened(body("interactive", payload)), "slack", Identity()))


def test_a_button_of_an_entry_acts_on_its_thread() -> None:
    (event,) = press("claim:1042", f"{ROOM}:{ROOT.id}")
    assert isinstance(event, ButtonPressed)
    assert (event.action, event.ref, event.thread, event.value) == ("claim", ROOT, ROOT, "")
    assert (event.home, event.surface, event.trigger) == (View("waiting", 20), "home", "t1")


def test_another_part_is_turned_to() -> None:
    (event,) = press("queue:next", "mine:40")
    assert isinstance(event, HomeOpened)
    assert event.view == View("mine", 40)


def test_what_only_opens_a_link_or_is_no_page_of_ours_is_nothing() -> None:
    assert press("open:1042", "") == []
    assert press("claim:1042", f"{ROOM}:1.0", kind="modal") == []


def test_opening_the_page_shows_the_part_looked_at_last() -> None:
    event = {"type": "app_home_opened", "user": ANA, "channel": "D1", "tab": "home", "event_ts": "7.0"}
    (shown,) = read(opened(event_body(event | {"view": {"private_metadata": "held:40"}})), "slack", Identity())
    assert isinstance(shown, HomeOpened)
    assert shown.view == View("held")

"""The contact's night end to end: held, shown with its time, released in order, sent all the same."""

from datetime import timedelta

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.doing import handled
from tests.flow.team import count, team_world
from tests.flow.world import PLAIN, World

NIGHT = f'{PLAIN}\n    quiet_hours: {{from: "21:00", to: "08:00", replies: hold}}'


def go_to(world: World, hour: int) -> None:
    """Skip to the next time the clock of the line shows this hour."""
    now = world.clock.now()
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    world.skip(((at if at > now else at + timedelta(days=1)) - now).total_seconds())


async def test_a_reply_at_eleven_is_held_and_leaves_at_eight_in_order(make_world: MakeWorld) -> None:
    async with team_world(make_world, NIGHT) as world:
        await world.open()
        go_to(world, 23)
        first, second = world.reply("It is ready"), world.reply("Come any time")
        await handled(world)
        assert world.got() == []
        assert all("hourglass_flowing_sand" in world.marks(post) for post in (first, second))
        assert sum(note.startswith("🌙 Held: it is 23:0") for note in world.notes()) == 2
        await world.restart()
        await world.connected()
        world.skip(8 * 3600.0)
        await world.idle()
        assert world.got() == []
        world.skip(3600.0)
        await world.until(lambda: world.got() == ["It is ready", "Come any time"])
        await world.idle()
        sent = [message for message in world.twilio.history if message.direction == "outbound-api"]
        assert [message.validity for message in sent] == [None, None]
        assert await count(world, "held_for_night") == 2
        assert await count(world, "sent_in_the_morning") == 2


async def test_somebody_sends_it_anyway_and_another_is_taken_back(make_sqlite_world: MakeWorld) -> None:
    async with team_world(make_sqlite_world, NIGHT) as world:
        await world.open()
        go_to(world, 23)
        world.reply("It cannot wait")
        await world.until(lambda: seen.with_button(world.posts(), "send"))
        await world.press("send")
        await world.until(lambda: world.got() == ["It cannot wait"])
        assert await count(world, "sent_at_night") == 1
        await world.until(lambda: not any(note.startswith("🌙") for note in world.notes()))
        world.reply("Good night")
        await world.until(lambda: len([note for note in world.notes() if note.startswith("🌙")]) == 1)
        await world.press("undo")
        await handled(world)
        world.skip(12 * 3600.0)
        await world.idle()
        assert world.got() == ["It cannot wait"]


async def test_a_contact_elsewhere_is_awake_and_an_evening_text_is_not_to_come_at_night(
    make_sqlite_world: MakeWorld,
) -> None:
    async with team_world(make_sqlite_world, NIGHT) as world:
        await world.open()
        go_to(world, 23)
        world.reply("!zone Asia/Tokyo")
        await handled(world)
        world.reply("Good morning")
        await world.until(lambda: world.got() == ["Good morning"])
        go_to(world, 11)
        world.reply("Good evening")
        await world.until(lambda: world.got()[1:] == ["Good evening"])
        sent = [message for message in world.twilio.history if message.direction == "outbound-api"]
        assert sent[0].validity is None
        assert 3400 < (sent[1].validity or 0) <= 3600


AWAITED = """
sla:
  standard: {first_response: 60m, warn_at: 0.5}
rules:
  - name: nobody answers
    on: {no_reply: 30m}
    do: [{comment: "Nobody has answered."}]
"""


def about_waiting(world: World) -> list[str]:
    """What the thread was told of somebody who waits."""
    return [note for note in world.notes() if "due" in note or "Nobody has answered" in note]


async def test_nobody_is_called_about_an_answer_that_is_held_but_about_one_taken_back(make_world: MakeWorld) -> None:
    async with team_world(make_world, f"{NIGHT}\n    sla: standard", AWAITED) as world:
        go_to(world, 23)
        await world.open()
        world.reply("It is ready")
        await world.until(lambda: "Answer leaves" in str(world.root().blocks))
        assert "Waiting since" not in str(world.root().blocks)
        go_to(world, 7)
        await handled(world)
        assert about_waiting(world) == []
        await world.press("undo")
        await world.until(lambda: "Waiting since" in str(world.root().blocks))
        world.skip(40 * 60.0)
        await world.until(lambda: len(about_waiting(world)) == 2)
        world.reply("It is ready, come")
        await world.until(lambda: "Answer leaves" in str(world.root().blocks))
        go_to(world, 8)
        await world.until(lambda: world.got() == ["It is ready, come"])
        await handled(world)
        await world.until(lambda: "Answer leaves" not in str(world.root().blocks))
        world.skip(12 * 3600.0)
        await handled(world)
        assert len(about_waiting(world)) == 2


CLOSED = """
hours:
  office: {zone: UTC, week: {mon-sun: "09:00-17:00"}}
rules:
  - name: closed
    on: message_received
    if: {hours: closed}
    do: [{reply: {text: "Back {{ hours.next_opening }}.", again_after: 1h}}]
"""


async def test_an_automatic_text_says_in_the_morning_what_is_true_by_then_or_nothing(
    make_sqlite_world: MakeWorld,
) -> None:
    async with team_world(make_sqlite_world, f"{NIGHT}\n    hours: office", CLOSED) as world:
        go_to(world, 23)
        await world.open()
        await world.until(lambda: [note for note in world.notes() if "Held “Back tomorrow" in note])
        await world.idle()
        go_to(world, 8)
        await world.until(lambda: world.got() == ["Back today at 9:00 AM."])
        await world.until(lambda: not [note for note in world.notes() if "Held “Back" in note])  # the first night’s
        go_to(world, 23)
        await world.text("Still there?")
        await world.until(lambda: [note for note in world.notes() if "Held “Back tomorrow" in note])
        await world.idle()
        world.reply("Yes, come tomorrow")
        await world.until(lambda: "Answer leaves" in str(world.root().blocks))
        go_to(world, 8)
        await world.until(lambda: world.got()[1:] == ["Yes, come tomorrow"])
        await world.until(lambda: [note for note in world.notes() if "Not sent: “Back tomorrow" in note])
        await world.idle()
        assert len(world.got()) == 2

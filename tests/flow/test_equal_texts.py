"""Equal words in two texts: a look-up by content must not take the one for the other."""

from tests.flow import seen
from tests.flow.world import CONTACT, World

CREATE = "messages.create"


def orders(world: World) -> int:
    """How often a text was ordered from Twilio, whether or not it heard it."""
    return sum(entry.where == CREATE for entry in world.twilio.journal)


async def given_up(world: World) -> None:
    """Let the look-ups run out: a person is asked."""
    for seconds in (6, 31, 125):
        world.skip(seconds)
        await world.until_async(lambda: looked(world))
    await world.until(lambda: any("not certain" in note for note in world.notes()))


async def looked(world: World) -> bool:
    """Whether nothing is being looked up at this moment."""
    return not (await world.overview()).unhandled


async def test_a_lost_text_does_not_pass_for_an_equal_one_after_a_restart(world: World) -> None:
    await world.open()
    first = world.reply("Yes, it is")
    await world.until(lambda: world.marks(first) == ["ballot_box_with_check"])
    world.fault(CREATE, "lose_request")
    second = world.reply("Yes, it is")
    await world.until(lambda: orders(world) == 2)
    await world.restart()
    await given_up(world)
    await world.until(lambda: world.marks(second) == ["warning"])
    assert world.got() == ["Yes, it is"]
    await world.press("again")
    await world.until(lambda: world.got() == ["Yes, it is"] * 2)
    await world.until(lambda: world.marks(second) == ["ballot_box_with_check"])


async def test_a_text_sent_again_does_not_pass_for_its_own_failure(world: World) -> None:
    await world.open()
    world.twilio.add_phone(CONTACT, behaviour="undelivered", error_code=30005)
    reply = world.reply("Yes, it is")
    await world.until(lambda: world.marks(reply) == ["warning"])
    world.twilio.add_phone(CONTACT)
    await world.until(lambda: seen.with_button(world.posts(), "again"))
    world.fault(CREATE, "lose_request")
    await world.press("again")
    await world.until(lambda: orders(world) == 2)
    await world.restart()
    await given_up(world)
    await world.until(lambda: world.marks(reply) == ["warning"])
    assert world.got() == []

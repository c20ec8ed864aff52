"""A text becomes a thread, a reply becomes a text."""

from tests.flow.conftest import MakeWorld
from tests.flow.world import CONTACT, LINE, World

SECOND = "+15550100201"


async def test_a_text_becomes_a_card_with_a_thread(world: World) -> None:
    card = await world.open("Is my order ready?")
    assert world.shown() == ["Is my order ready?"]
    assert card.channel == world.channel.id
    assert [post.username for post in world.thread()] == ["+1 555-010-0200"]


async def test_a_second_text_stands_in_the_same_thread(world: World) -> None:
    await world.open("one text")
    await world.text("another text")
    await world.until(lambda: world.shown() == ["one text", "another text"])
    assert len(world.roots()) == 1


async def test_a_reply_reaches_the_phone_from_the_line_that_was_texted(world: World) -> None:
    await world.open()
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    assert world.phone.inbox[0].sender == LINE
    assert world.phone.inbox[0].to == CONTACT
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])


async def test_each_contact_has_a_thread_and_gets_only_its_own_replies(world: World) -> None:
    await world.open("from the first")
    await world.open("from the second", SECOND)
    world.reply("to the second", contact=SECOND)
    world.reply("to the first")
    await world.until(lambda: world.got() and world.got(SECOND))
    assert (world.got(), world.got(SECOND)) == (["to the first"], ["to the second"])


async def test_many_texts_and_replies_keep_their_order(world: World) -> None:
    await world.open("text 0 of many")
    texts = [f"text {number} of many" for number in range(12)]
    replies = [f"reply {number} of many" for number in range(12)]
    for body, answer in zip(texts[1:], replies, strict=False):
        await world.text(body)
        world.reply(answer)
    world.reply(replies[-1])
    await world.until(lambda: len(world.shown()) >= 12 and len(world.got()) >= 12)
    assert world.shown() == texts
    assert world.got() == replies


async def test_what_is_written_in_the_room_itself_stays_there(world: World) -> None:
    await world.open()
    world.slack.people.post(world.ana.id, world.channel.id, "lunch, anyone?")
    world.reply("Yes, it is")
    await world.until(world.got)
    await world.idle()
    assert world.got() == ["Yes, it is"]


async def test_a_failure_is_explained_and_can_be_sent_again(world: World) -> None:
    await world.open()
    world.twilio.add_phone(CONTACT, behaviour="undelivered", error_code=30005)
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["warning"])
    note = await world.until(lambda: next((note for note in world.notes() if note.startswith("⚠️")), None))
    assert "Not delivered" in note
    assert len(note) > len("⚠️ Not delivered. "), "no advice"
    world.twilio.add_phone(CONTACT)
    await world.press("again")
    await world.until(lambda: world.got() == ["Yes, since noon"])
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])


async def test_a_refused_text_is_explained(world: World) -> None:
    await world.open()
    world.twilio.add_phone(CONTACT, behaviour="opted_out")
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["warning"])
    await world.until(lambda: any("STOP" in note for note in world.notes()))
    assert world.got() == []


def attempts(world: World) -> int:
    """How often a text was given to the provider."""
    return sum(entry.where == "messages.create" for entry in world.twilio.journal)


async def test_who_opted_out_at_the_provider_is_not_tried_again_until_they_want_texts(world: World) -> None:
    card = await world.open()
    world.twilio.add_phone(CONTACT, behaviour="opted_out")
    world.reply("Yes, since noon")
    await world.until(lambda: "opted out" in world.root().text)
    tried = attempts(world)
    second = world.reply("Are you there?")
    await world.until(lambda: world.marks(second) == ["warning"])
    await world.until(lambda: sum("STOP" in note for note in world.notes()) == 2)
    assert attempts(world) == tried, "refused here, not there"
    world.twilio.add_phone(CONTACT)
    await world.text("Start")
    await world.until(lambda: "opted out" not in world.root().text)
    world.reply("Good to have you back")
    await world.until(lambda: "Good to have you back" in world.got())
    assert world.root().ts == card.ts


async def test_what_was_sent_survives_a_restart(world: World) -> None:
    await world.open()
    world.reply("before the restart")
    await world.until(world.got)
    await world.idle()
    await world.restart()
    await world.text("after the restart")
    world.reply("and the answer")
    await world.until(lambda: len(world.got()) > 1)
    assert world.got() == ["before the restart", "and the answer"]
    await world.until(lambda: world.shown() == ["Is my order ready?", "after the restart"])
    assert len(world.roots()) == 1


async def test_the_undo_window_delays_a_reply(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 30s") as world:
        await world.start()
        await world.open()
        reply = world.reply("Yes, since noon")
        await world.until(lambda: world.marks(reply) == ["hourglass_flowing_sand"])
        assert world.got() == []
        world.skip(31)
        await world.until(lambda: world.got() == ["Yes, since noon"])

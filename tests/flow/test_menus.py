"""A message's menu, the card's buttons, and the room's command."""

from bridge.sandbox.slack.model import Message
from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.world import CONTACT, World


async def choose(world: World, entry: str, post: Message) -> None:
    """Ana chooses an entry of a message's menu."""
    answer = await world.slack.people.shortcut(world.ana.id, entry, post.channel, post.ts)
    assert answer.acknowledged


async def told(world: World, words: str) -> None:
    """Return once Ana was told these words alone, in the thread."""
    await world.until(lambda: any(words in note.text for note in world.private(world.ana)))
    assert {note.thread_ts for note in world.private(world.ana)} == {world.root().ts}


async def test_a_held_reply_is_made_a_comment_and_the_next_one_leaves(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 30s") as world:
        await world.start()
        await world.open()
        remark = world.reply("he is in arrears")
        await world.until(lambda: world.marks(remark) == ["hourglass_flowing_sand"])
        await choose(world, "keep", remark)
        await world.until(lambda: world.marks(remark) == ["lock"])
        await told(world, "Kept internal by Ana Souza.")
        world.reply("Yes, it is")
        await world.until(lambda: len(world.private(world.ana)) > 2)
        world.skip(31)
        await world.until(lambda: world.got() == ["Yes, it is"])
        await world.idle()
        assert world.got() == ["Yes, it is"]


@on_sqlite
async def test_a_reply_with_a_question_is_made_a_comment_from_its_menu(world: World) -> None:
    await world.open()
    asked = world.reply("shall we ask @ben about it")
    await world.until(world.notes)
    await choose(world, "keep", asked)
    await world.until(lambda: world.marks(asked) == ["lock"])
    await world.until(lambda: "Kept internal by Ana Souza." in world.notes())
    await world.idle()
    assert world.got() == []


@on_sqlite
async def test_a_failed_reply_is_sent_again_from_its_menu(world: World) -> None:
    await world.open()
    world.twilio.add_phone(CONTACT, behaviour="undelivered", error_code=30005)
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["warning"])
    world.twilio.add_phone(CONTACT)
    await choose(world, "again", reply)
    await world.until(lambda: world.got() == ["Yes, since noon"])
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])


@on_sqlite
async def test_what_does_not_fit_is_told_privately(world: World) -> None:
    card = await world.open()
    await choose(world, "keep", card)
    await told(world, "no reply here that could still be kept internal")
    elsewhere = world.slack.people.post(world.ben.id, world.channel.id, "lunch, anyone?")
    await choose(world, "assign", elsewhere)
    await world.until(lambda: any("does not belong" in note.text for note in world.private(world.ana)))


@on_sqlite
async def test_what_a_button_of_the_card_answers_stands_in_its_thread(world: World) -> None:
    guest = world.slack.add_user("gil", team="T9OUTSIDE99")
    world.channel.members.append(guest.id)
    world.channel.shared = True
    card = await world.open()
    await world.press("close", guest)
    (note,) = await world.until(lambda: world.private(guest))
    assert note.thread_ts == card.ts
    assert "Nothing done" in note.text


@on_sqlite
async def test_the_rooms_command_answers_and_the_home_tab_disturbs_nothing(world: World) -> None:
    await world.connected()
    world.slack.people.open_home(world.ana.id)
    for asked, answer in [
        ("help", "Each conversation is a thread"),
        ("#1042 close", "There is no conversation of that number"),
        ("close", "Say which conversation: write its number in front, /sms #1042 close"),
    ]:
        given = await world.slack.people.slash(world.ana.id, world.channel.id, "/sms", asked)
        assert given.acknowledged
        await world.until(
            lambda answer=answer: any(answer in note.text.replace("`", "") for note in world.private(world.ana))
        )

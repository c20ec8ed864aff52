"""What keeps an inner remark inside and a slip of the finger from leaving."""

from tests.corpus.reading import lines
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.typed import as_blocks
from tests.flow.world import World

UNDO = "    undo: 30s"


async def test_a_comment_stays_inside(world: World) -> None:
    await world.open()
    remark = world.reply("// he is in arrears")
    world.reply("Yes, it is")
    await world.until(lambda: world.got() == ["Yes, it is"])
    await world.until(lambda: world.marks(remark) == ["lock"])
    await world.idle()
    assert world.got() == ["Yes, it is"]


async def test_a_hundred_remarks_stay_inside_and_a_hundred_replies_leave_in_order(make_sqlite_world: MakeWorld) -> None:
    remarks, replies = lines("internal_remarks.txt"), lines("ordinary_replies.txt")
    assert min(len(remarks), len(replies)) >= 100
    async with make_sqlite_world() as world:
        await world.start()
        await world.open()
        names = {"Ana": world.ana.id, "Ben": world.ben.id}
        for number in range(max(len(remarks), len(replies))):
            for line in (*remarks[number : number + 1], *replies[number : number + 1]):
                root = world.root()
                blocks = as_blocks(line, names, world.slack)
                world.slack.people.post(world.ana.id, root.channel, blocks=blocks, thread_ts=root.ts)
        await world.until(lambda: len(world.got()) >= len(replies), patience=150)
        await world.idle()
        sent = {post.ts: post for post in world.thread() if "ballot_box_with_check" in world.marks(post)}
        assert len(world.got()) == len(replies)
        written = [post for post in world.thread() if post.user == world.ana.id]
        inside = [post for post in written if post.ts not in sent]
        assert len(inside) == len(remarks)
        order = [post.ts for post in written if post.ts in sent]
        assert order == sorted(sent)
        assert all("lock" in world.marks(post) for post in inside)


async def test_the_bot_offers_undo_to_the_writer_alone(make_world: MakeWorld) -> None:
    async with make_world(line=UNDO) as world:
        await world.start()
        await world.open()
        reply = world.reply("Yes, since noon")
        await world.until(lambda: seen.with_button(world.private(world.ana), "undo"))
        assert "“Yes, since noon” goes out as a text 30 seconds" in seen.words(world.private(world.ana)[-1])
        await world.press("undo")
        await world.until(lambda: world.marks(reply) == ["lock"])
        world.skip(60)
        await world.idle()
        assert world.got() == []
        assert world.private(world.ben) == []


async def test_a_remark_among_other_words_is_asked_about(world: World) -> None:
    await world.open()
    reply = world.reply("Yes, it is // he is in arrears")
    await world.until(lambda: any("comment marker further on (//)" in note for note in world.notes()))
    await world.press("keep")
    await world.until(lambda: world.marks(reply) == ["lock"])
    await world.idle()
    assert world.got() == []


async def test_a_mark_on_a_reply_that_was_deleted_is_nobodys_failure(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        await world.open()
        world.fault("messages.create", "delay", 0.5)
        reply = world.reply("Yes, since noon")
        await world.until(lambda: world.service_busy)
        world.slack.people.delete(world.ana.id, reply.channel, reply.ts)
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await world.until(lambda: any("deleted after it had left" in note for note in world.notes()))
        await world.idle()
        found = await world.overview()
        assert (found.failed, found.unknown) == (0, 0)


async def test_deleting_stops_a_held_reply(make_world: MakeWorld) -> None:
    async with make_world(line=UNDO) as world:
        await world.start()
        await world.open()
        reply = world.reply("Yes, since noon")
        await world.until(lambda: world.marks(reply))
        world.slack.people.delete(world.ana.id, reply.channel, reply.ts)
        world.reply("No, tomorrow")
        await world.until(lambda: len(world.private(world.ana)) > 1)
        world.skip(60)
        await world.until(lambda: world.got() == ["No, tomorrow"])
        await world.idle()
        assert world.got() == ["No, tomorrow"]


async def test_a_cross_stops_a_held_reply(make_world: MakeWorld) -> None:
    async with make_world(line=UNDO) as world:
        await world.start()
        await world.open()
        reply = world.reply("Yes, since noon")
        await world.until(lambda: world.marks(reply))
        world.slack.people.react(world.ben.id, reply.channel, reply.ts, "x")
        await world.until(lambda: world.marks(reply) == ["lock"])
        world.skip(60)
        await world.idle()
        assert world.got() == []


async def test_a_command_stops_the_newest_held_reply(make_world: MakeWorld) -> None:
    async with make_world(line=UNDO) as world:
        await world.start()
        await world.open()
        first, second = world.reply("Yes, since noon"), world.reply("It costs nothing")
        await world.until(lambda: world.marks(first) and world.marks(second))
        world.reply("!undo")
        await world.until(lambda: world.marks(second) == ["lock"])
        world.skip(60)
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await world.idle()
        assert world.got() == ["Yes, since noon"]


async def test_an_edit_within_the_window_changes_the_text_and_keeps_its_place(make_world: MakeWorld) -> None:
    async with make_world(line=UNDO) as world:
        await world.start()
        await world.open()
        first, second = world.reply("Yes, since none"), world.reply("It costs nothing")
        await world.until(lambda: world.marks(first) and world.marks(second))
        world.slack.people.edit(world.ana.id, first.channel, first.ts, "Yes, since noon")
        await world.until(lambda: world.slack.delivery.pending == 0)
        await world.until_async(lambda: handled(world))
        world.skip(31)
        await world.until(world.got)
        world.skip(31)
        await world.until(lambda: len(world.got()) == 2)
        assert world.got() == ["Yes, since noon", "It costs nothing"]


async def test_an_edit_within_the_window_may_turn_a_reply_into_a_comment(make_world: MakeWorld) -> None:
    async with make_world(line=UNDO) as world:
        await world.start()
        await world.open()
        reply = world.reply("he never pays")
        await world.until(lambda: world.marks(reply))
        world.slack.people.edit(world.ana.id, reply.channel, reply.ts, "// he never pays")
        await world.until(lambda: world.marks(reply) == ["lock"])
        world.skip(60)
        await world.idle()
        assert world.got() == []


async def test_an_edit_after_sending_offers_a_correction(world: World) -> None:
    await world.open()
    reply = world.reply("Yes, since none")
    await world.until(world.got)
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])
    world.slack.people.edit(world.ana.id, reply.channel, reply.ts, "Yes, since noon")
    await world.press("send")
    await world.until(lambda: world.got() == ["Yes, since none", "Yes, since noon"])


async def test_a_deletion_after_sending_is_reported(world: World) -> None:
    await world.open()
    reply = world.reply("Yes, since noon")
    await world.until(lambda: world.marks(reply) == ["ballot_box_with_check"])
    world.slack.people.delete(world.ana.id, reply.channel, reply.ts)
    await world.until(lambda: any("deleted after it had left" in note for note in world.notes()))
    assert world.got() == ["Yes, since noon"]


async def test_a_mention_is_held_until_a_person_says_send(world: World) -> None:
    await world.open()
    reply = world.reply("I will ask @ben about it")
    await world.until(lambda: any("mentions @Ben Okafor" in note for note in world.notes()))
    await world.until(lambda: world.marks(reply) == ["hourglass_flowing_sand"])
    assert world.got() == []
    await world.press("send", world.ben)
    await world.until(lambda: world.got() == ["I will ask @Ben Okafor about it"])
    await world.until(lambda: "Sent by Ben Okafor." in world.notes())


async def test_a_mention_is_held_and_kept_internal(world: World) -> None:
    await world.open()
    reply = world.reply("shall we ask @ben about it")
    await world.press("keep")
    await world.until(lambda: world.marks(reply) == ["lock"])
    await world.until(lambda: "Kept internal by Ana Souza." in world.notes())
    await world.idle()
    assert world.got() == []


async def test_a_held_reply_is_remembered_after_a_while(world: World) -> None:
    await world.open()
    world.reply("hello @here")
    await world.until(lambda: len(world.notes()) == 1)
    world.skip(16 * 60)
    await world.until(lambda: len(world.notes()) == 2)
    assert world.got() == []


async def test_an_unknown_word_of_command_is_not_sent(world: World) -> None:
    await world.open()
    typed = world.reply("!sned Yes, since noon")
    told = await world.until(lambda: world.private(world.ana))
    assert "!send" in told[-1].text
    await world.until(lambda: world.marks(typed) == ["lock"])
    world.slack.people.react(world.ana.id, typed.channel, typed.ts, "incoming_envelope")
    await world.slack.people.shortcut(world.ana.id, "again", typed.channel, typed.ts)
    await world.idle()
    assert world.got() == []


async def test_a_long_text_is_held_with_its_count(world: World) -> None:
    await world.open()
    long = "We are open from nine to five on weekdays. " * 12
    world.reply(long)
    note = await world.until(lambda: next(iter(world.notes()), None))
    assert "4 segments" in note
    await world.press("send")
    await world.until(lambda: world.got() == [long.strip()])


async def handled(world: World) -> bool:
    """Whether every event that came was decided."""
    return not (await world.overview()).unhandled

"""Reply modes, and who may text."""

from tests.flow.conftest import MakeWorld
from tests.flow.databases import on_sqlite
from tests.flow.world import World


async def test_confirm_asks_before_each_text(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 0s\n    reply_mode: confirm") as world:
        await world.start()
        await world.open()
        world.reply("Yes, since noon")
        await world.until(lambda: any("asks before each text" in note for note in world.notes()))
        assert world.got() == []
        await world.press("send")
        await world.until(lambda: world.got() == ["Yes, since noon"])


@on_sqlite
async def test_confirm_takes_a_reaction_too(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 0s\n    reply_mode: confirm") as world:
        await world.start()
        await world.open()
        reply = world.reply("Yes, since noon")
        await world.until(world.notes)
        world.slack.people.react(world.ben.id, reply.channel, reply.ts, "incoming_envelope")
        await world.until(lambda: world.got() == ["Yes, since noon"])


@on_sqlite
async def test_explicit_sends_only_what_says_so(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 0s\n    reply_mode: explicit") as world:
        await world.start()
        await world.open()
        plain = world.reply("we could say it is ready")
        await world.until(lambda: world.marks(plain) == ["lock"])
        world.reply("!send Yes, since noon")
        await world.until(lambda: world.got() == ["Yes, since noon"])


@on_sqlite
async def test_explicit_offers_a_button(make_world: MakeWorld) -> None:
    async with make_world(line="    undo: 0s\n    reply_mode: explicit") as world:
        await world.start()
        await world.open()
        plain = world.reply("Yes, since noon")
        await world.press("send")
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await world.until(lambda: world.marks(plain) == ["ballot_box_with_check"])


@on_sqlite
async def test_only_teammates_may_reply_where_the_line_says_so(make_world: MakeWorld) -> None:
    async with make_world(
        line="    undo: 0s\n    may_reply: teammates", extra="teammates: {ana: {slack: U0000000001}}"
    ) as world:
        await world.start()
        await world.open()
        barred = world.reply("me first", world.ben)
        world.reply("Yes, since noon", world.ana)
        await world.until(lambda: world.got() == ["Yes, since noon"])
        await world.until(lambda: any("only configured teammates" in told.text for told in world.private(world.ben)))
        await world.until(lambda: world.marks(barred) == ["lock"])
        await world.idle()
        assert world.got() == ["Yes, since noon"]


@on_sqlite
async def test_somebody_of_another_workspace_cannot_text(world: World) -> None:
    guest = world.slack.add_user("gil", team="T9OUTSIDE99")
    world.channel.members.append(guest.id)
    world.channel.shared = True
    await world.open()
    theirs = world.reply("hello from next door", guest)
    await world.until(lambda: world.marks(theirs) == ["lock"])
    world.reply("Yes, since noon")
    await world.until(lambda: world.got() == ["Yes, since noon"])


@on_sqlite
async def test_somebody_of_another_workspace_cannot_press_send(world: World) -> None:
    guest = world.slack.add_user("gil", team="T9OUTSIDE99")
    world.channel.members.append(guest.id)
    world.channel.shared = True
    await world.open()
    world.reply("hello @here")
    await world.press("send", guest)
    await world.until(lambda: world.private(guest))
    await world.idle()
    assert world.got() == []


@on_sqlite
async def test_a_reaction_of_another_workspace_sends_nothing_and_one_of_ours_does(make_world: MakeWorld) -> None:
    async with make_world() as world:
        guest = world.slack.add_user("gil", team="T9OUTSIDE99")
        world.channel.members.append(guest.id)
        await world.start()
        await world.open()
        held = world.reply("hello @here")
        await world.until(lambda: world.marks(held) == ["hourglass_flowing_sand"])
        world.slack.people.react(guest.id, world.channel.id, held.ts, "incoming_envelope")
        await world.until(lambda: world.private(guest))
        await world.idle()
        assert world.got() == []
        world.slack.people.react(world.ana.id, world.channel.id, held.ts, "incoming_envelope")
        await world.until(lambda: world.got() == ["hello @here"])


@on_sqlite
async def test_other_bots_are_not_heard(world: World) -> None:
    root = await world.open()
    other = world.slack.add_user("robot")
    world.channel.members.append(other.id)
    world.slack.users[other.id].is_bot = True
    post = world.slack.people.post
    message = post(other.id, root.channel, "beep", thread_ts=root.ts)
    message.bot_id = "B0000000099"
    world.reply("Yes, since noon")
    await world.until(world.got)
    await world.idle()
    assert "Yes, since noon" in world.got()

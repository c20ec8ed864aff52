"""A conversation begun from our side, seen from both sides."""

from tests.flow.conftest import MakeWorld
from tests.flow.test_canned import slash
from tests.flow.world import CONTACT, World


async def test_new_texts_the_contact_and_opens_a_thread(world: World) -> None:
    told = await slash(world, f"new {CONTACT} Your order is ready")
    assert "#1001" in told
    await world.until(lambda: world.got() == ["Your order is ready"])
    await world.until(lambda: any("First text" in note for note in world.notes()))
    await world.text("Thank you!")
    await world.until(lambda: world.shown() == ["Thank you!"])
    assert len(world.roots()) == 1
    told = await slash(world, f"new {CONTACT} And another")
    assert "already, #1001" in told
    assert world.got() == ["Your order is ready"]


async def test_an_undone_first_text_never_leaves(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world(line="    undo: 30s") as world:
        await world.start()
        await slash(world, f"new {CONTACT} Too hasty")
        await world.until(world.notes)
        await world.written_down(world.thread()[-1])
        await world.press("undo")
        await world.until(lambda: any("Stopped" in note for note in world.notes()))
        world.skip(60)
        await world.idle()
        assert world.got() == []


async def test_the_form_asks_for_number_and_text(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        await world.connected()
        await world.slack.people.slash(world.ana.id, world.channel.id, "/sms", "new")
        await world.until(lambda: world.slack.modals.get(world.ana.id))
        values = {"number": {"number": "+1 (555) 010-0200"}, "text": {"text": "Your order is ready"}}
        await world.slack.people.submit_view(world.ana.id, values)
        await world.until(lambda: world.got() == ["Your order is ready"])
        await world.idle()
        assert len(world.roots()) == 1


async def test_who_opted_out_is_not_texted(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        await world.start()
        await world.open()
        world.reply("!optout")
        await world.until(lambda: world.private(world.ana))
        assert "opted out" in (await slash(world, f"new {CONTACT} Hello")).casefold()
        assert world.got() == []

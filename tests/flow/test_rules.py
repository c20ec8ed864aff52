"""The operator's rules, seen in the thread and on the contact's phone."""

from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.world import CONTACT, World

OTHER = "+15550100333"
TEAM = """
teammates:
  ana: {slack: %(ana)s}
  ben: {slack: %(ben)s}
teams:
  sales: {members: [ana, ben]}
canned:
  pricing: "Hi {{ contact.first_name | default('there') }}, we send you a price within the hour."
"""
PRICING = """
rules:
  - name: pricing goes to sales
    on: message_received
    if: {all: [{line: front-desk}, {text: '\\b(price|quote)\\b'}]}
    do: [{label: lead}, {assign: {team: sales, by: round_robin}}, {reply: {canned: pricing}}]
    stop: true
  - name: the rest
    on: message_received
    do: [{comment: "Nobody was asked."}]
"""
IMPATIENT = """
rules:
  - name: nobody answers
    on: {no_reply: 30m}
    do: [{notify: {person: ben, text: "They wait for half an hour."}}]
"""


def configure(world: World, rules: str) -> None:
    """Give the world its team and rules."""
    world.extra = TEAM % {"ana": world.ana.id, "ben": world.ben.id} + rules


async def assignee_of(world: World, contact: str) -> str:
    """Return whose a contact's conversation is."""
    assert world.service is not None
    state = await world.service.store.transact(lambda unit: unit.load_line("front-desk", contact))
    assert state.conversation is not None
    return (state.conversation.assignee or "").removeprefix("slack:")


def card_of(world: World, contact: str) -> str:
    """Return the card of a contact as it is drawn."""
    root = world.root(contact)
    return str(root.blocks)


async def test_who_asks_for_a_price_is_answered_and_is_the_next_in_turns(make_world: MakeWorld) -> None:
    async with make_world() as world:
        configure(world, PRICING)
        await world.start()
        await world.open("What is your price?")
        await world.until(world.got)
        assert world.got() == ["Hi there, we send you a price within the hour."]
        await world.open("Your best quote?", OTHER)
        await world.until(lambda: world.got(OTHER))
        await world.idle()
        notes = "\n".join(world.notes())
        assert "by the rule pricing goes to sales" in notes
        assert "Automatic text by the rule pricing goes to sales: Hi there" in notes
        assert "Nobody was asked" not in notes
        assert "lead" in card_of(world, OTHER)
        assert [await assignee_of(world, contact) for contact in (CONTACT, OTHER)] == [world.ana.id, world.ben.id]
        world.reply("!why")
        told = await world.until(lambda: [one for one in world.private(world.ana) if "pricing goes" in seen.words(one)])
        assert "texted pricing" in seen.words(told[-1])


async def test_a_text_that_a_machine_wrote_is_not_answered(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        configure(world, PRICING)
        await world.start()
        await world.open("This is an automated message: the price list is attached. Do not reply.")
        await world.idle()
        assert world.got() == []
        world.reply("!why")
        told = await world.until(lambda: [one for one in world.private(world.ana) if "pricing goes" in seen.words(one)])
        assert "the text sounds automatic" in seen.words(told[-1])


async def test_somebody_is_called_when_nobody_answers(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        configure(world, IMPATIENT)
        await world.start()
        await world.open("Anybody there?")
        await world.idle()
        world.skip(29 * 60)
        await world.idle()
        assert not [note for note in world.notes() if "half an hour" in note]
        world.skip(2 * 60)
        await world.until(lambda: [note for note in world.notes() if "half an hour" in note])

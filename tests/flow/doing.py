"""Acting on one conversation from everywhere a teammate can."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.domain.conversations import State
from bridge.rules.overview import Cell
from tests.flow import seen
from tests.flow.world import World

EMOJI = {"❌": "x", "📨": "incoming_envelope", "🔁": "repeat", "✅": "white_check_mark", "👀": "eyes", "💤": "zzz"}
OF_MESSAGES = ("x", "incoming_envelope", "repeat")
FIRST = 1001


async def handled(world: World) -> None:
    """Return once everything people did has had its effect."""
    await world.until(lambda: world.slack.delivery.pending == 0)
    await world.idle()


@dataclass
class Scene:
    """One conversation of a world. ``reply``: Ana's message an action is about; ``other``: a second conversation."""

    world: World
    contact: str
    number: int
    card: Any
    reply: Any = None
    other: int = 0
    told_before: int = field(default=0, init=False)

    def say(self, words: str, who: Any = None) -> Any:
        """Write in the thread."""
        person = who or self.world.ana
        return self.world.slack.people.post(person.id, self.card.channel, words, thread_ts=self.card.ts)

    async def slash(self, words: str, who: Any = None) -> None:
        """Type the room's command."""
        person = who or self.world.ana
        await self.world.slack.people.slash(person.id, self.world.channel.id, "sms", words)

    @property
    def shown_card(self) -> Any:
        """The card as it is now."""
        return self.world.slack.channels[self.card.channel].messages[self.card.ts]

    def everything(self) -> list[Any]:
        """Every message in every room, oldest first."""
        rooms = self.world.slack.channels.values()
        return sorted((post for room in rooms for post in room.messages.values()), key=lambda post: post.ts)

    def notes(self) -> list[Any]:
        """What was said in the threads, and to Ana alone in this one."""
        alone = [post for room in self.world.slack.channels.values() for post in room.ephemeral]
        hers = [post for post in alone if (post.user, post.thread_ts) == (self.world.ana.id, self.card.ts)]
        return [*(post for post in self.everything() if post.is_reply), *hers]

    def told(self) -> list[str]:
        """What Ana alone was told since the scene was set."""
        rooms = self.world.slack.channels.values()
        return [post.text for room in rooms for post in room.ephemeral if post.user == self.world.ana.id][
            self.told_before :
        ]

    async def state(self, number: int = 0) -> State:
        """What is stored of the conversation."""
        assert self.world.service is not None
        wanted = number or self.number
        return await self.world.service.store.transact(lambda unit: unit.load_conversation(wanted))

    async def count(self, act: str) -> int:
        """How often an act is on record."""
        assert self.world.service is not None
        acts = await self.world.service.store.transact(lambda unit: unit.acts(self.number, 100))
        return [entry.record.act for entry in acts].count(act)


Forms = Mapping[str, Mapping[str, Any]]
Do = Callable[[Scene, Cell, str, Forms], Awaitable[None]]


async def by_word(scene: Scene, cell: Cell, argument: str, _forms: Forms) -> None:
    """Write ``!word`` in the thread."""
    scene.say(f"{cell.entry} {argument}".strip())


async def by_mention(scene: Scene, cell: Cell, argument: str, _forms: Forms) -> None:
    """Mention the bot in the thread."""
    element = {"type": "user", "user_id": scene.world.slack.bot_user_id}
    parts = [element, {"type": "text", "text": f" {cell.entry} {argument}"}]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}]
    people = scene.world.slack.people
    people.post(scene.world.ana.id, scene.card.channel, blocks=blocks, thread_ts=scene.card.ts)


async def by_command(scene: Scene, cell: Cell, argument: str, _forms: Forms) -> None:
    """Type the room's command, with the conversation's number where it has one."""
    await scene.slash(f"{cell.entry.replace('#1042', f'#{scene.number}')} {argument}".strip())


async def by_card(scene: Scene, cell: Cell, argument: str, forms: Forms) -> None:
    """Press a button of the card or choose in one of its menus."""
    world, card = scene.world, scene.card
    people = world.slack.people
    menu, _, choice = cell.entry.partition(": ")
    if menu == "More" and choice:
        await world.until(lambda: "more" in seen.buttons(scene.shown_card))
        await people.select(world.ana.id, card.channel, card.ts, "more", option(scene.shown_card, choice))
    elif cell.entry.endswith("…"):
        await people.select(world.ana.id, card.channel, card.ts, cell.action, argument)
        return
    else:
        await world.until(lambda: labelled(scene.shown_card, cell.entry))
        await people.click(world.ana.id, card.channel, card.ts, cell.action)
    await fill(scene, cell, forms)


async def by_note(scene: Scene, cell: Cell, _argument: str, _forms: Forms) -> None:
    """Press the newest button of this label on what the bot asked or said."""
    found = await scene.world.until(lambda: [post for post in scene.notes() if labelled(post, cell.entry)])
    await scene.world.written_down(found[-1])
    await scene.world.slack.people.click(scene.world.ana.id, found[-1].channel, found[-1].ts, cell.action)


async def by_reaction(scene: Scene, cell: Cell, _argument: str, _forms: Forms) -> None:
    """React on the card or the reply, or take a reaction back."""
    sign, _, taken_back = cell.entry.partition(" ")
    name = EMOJI[sign]
    post = scene.reply if name in OF_MESSAGES else scene.card
    people, ana = scene.world.slack.people, scene.world.ana.id
    if ana in scene.world.slack.channels[post.channel].messages[post.ts].reactions.get(name, ()):
        people.unreact(ana, post.channel, post.ts, name)
    people.react(ana, post.channel, post.ts, name)
    if taken_back:
        await handled(scene.world)
        people.unreact(ana, post.channel, post.ts, name)


async def by_shortcut(scene: Scene, cell: Cell, argument: str, forms: Forms) -> None:
    """Choose in a message's menu."""
    post = scene.reply or next(post for post in scene.everything() if post.thread_ts == scene.card.ts)
    await scene.world.slack.people.shortcut(scene.world.ana.id, cell.action, post.channel, post.ts)
    await fill(scene, cell, {"assign": {"who": {"who": argument}}, **forms})


SURFACES: dict[str, Do] = {
    "thread": by_word,
    "`@textbridge …`": by_mention,
    "`/sms …`": by_command,
    "card": by_card,
    "question or note": by_note,
    "reaction": by_reaction,
    "*More actions*": by_shortcut,
}
"""How an action is done from each column of the table."""


async def fill(scene: Scene, cell: Cell, forms: Forms) -> None:
    """Fill in the form that an action opens here, if it does; the one for canned responses goes on to a preview."""
    world, given = scene.world, forms.get(cell.action)
    if given is None:
        return
    await world.until(lambda: world.slack.modals.get(world.ana.id))
    if cell.action == "canned":
        await world.until(lambda: _looks_at(world, "canned"))
        first = (await world.slack.people.options(world.ana.id, "response", "hours"))[0]
        await world.slack.people.submit_view(world.ana.id, {"response": {"response": {"selected_option": first}}})
        await world.until(lambda: _looks_at(world, "canned_send"))
        given = {}
    await world.slack.people.submit_view(world.ana.id, dict(given))


def _looks_at(world: World, form: str) -> bool:
    stack = world.slack.modals.get(world.ana.id)
    return bool(stack) and stack[-1].body["callback_id"] == form


def elements(post: Any) -> list[dict[str, Any]]:
    """Buttons and menus of a message."""
    return [one for block in post.blocks or [] if block["type"] == "actions" for one in block["elements"]]


def labelled(post: Any, label: str) -> bool:
    """Tell whether a message has a button of this label."""
    return any(one["type"] == "button" and one["text"]["text"] == label for one in elements(post))


def option(post: Any, label: str) -> str:
    """Return what the card's menu of further actions sends for an entry."""
    menu = next(one for one in elements(post) if one["action_id"] == "more")
    return next(one["value"] for one in menu["options"] if one["text"]["text"] == label)

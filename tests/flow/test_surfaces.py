"""Every action from every surface it has: the same result, one entry on record, and harmless when repeated."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bridge.domain.conversations import Conversation, ConversationStatus
from tests.flow import seen
from tests.flow.conftest import MakeWorld
from tests.flow.team import NUMBER, count, now, team_world
from tests.flow.world import World

Do = Callable[[World], Awaitable[Any]]


def word(words: str) -> Do:
    async def do(world: World) -> None:
        world.reply(f"!{words}")

    return do


def mention(words: str) -> Do:
    async def do(world: World) -> None:
        root = world.root()
        element = {"type": "user", "user_id": world.slack.bot_user_id}
        parts = [element, {"type": "text", "text": f" {words}"}]
        blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}]
        world.slack.people.post(world.ana.id, root.channel, blocks=blocks, thread_ts=root.ts)

    return do


def command(words: str) -> Do:
    async def do(world: World) -> None:
        await world.slack.people.slash(world.ana.id, world.channel.id, "sms", f"#{NUMBER} {words}")

    return do


def button(action: str) -> Do:
    async def do(world: World) -> None:
        await world.until(lambda: action in seen.buttons(world.root()))
        await world.slack.people.click(world.ana.id, world.root().channel, world.root().ts, action)

    return do


def menu(action: str, option: str) -> Do:
    async def do(world: World) -> None:
        await world.slack.people.select(world.ana.id, world.root().channel, world.root().ts, action, option)

    return do


def shortcut(action: str, answer: str) -> Do:
    async def do(world: World) -> None:
        post = world.thread()[0]
        await world.slack.people.shortcut(world.ana.id, action, post.channel, post.ts)
        await world.until(lambda: world.slack.modals.get(world.ana.id))
        await world.slack.people.submit_view(world.ana.id, {"who": {"who": answer}})

    return do


def form(action: str, answers: dict[str, dict[str, str]]) -> Do:
    async def do(world: World) -> None:
        await button(action)(world)
        await world.until(lambda: world.slack.modals.get(world.ana.id))
        await world.slack.people.submit_view(world.ana.id, answers)

    return do


def reaction(name: str) -> Do:
    async def do(world: World) -> None:
        world.slack.people.react(world.ana.id, world.root().channel, world.root().ts, name)

    return do


def unreaction(name: str) -> Do:
    async def do(world: World) -> None:
        world.slack.people.react(world.ana.id, world.root().channel, world.root().ts, name)
        await handled(world)
        world.slack.people.unreact(world.ana.id, world.root().channel, world.root().ts, name)

    return do


async def handled(world: World) -> None:
    await world.until(lambda: world.slack.delivery.pending == 0)
    await world.idle()


def owned_by(person: str) -> Callable[[World, Conversation], bool]:
    return lambda world, found: found.assignee == f"slack:{getattr(world, person).id}"


def watched_by_ana(world: World, found: Conversation) -> bool:
    return found.watchers == (f"slack:{world.ana.id}",)


def so(**wanted: Any) -> Callable[[World, Conversation], bool]:
    return lambda _world, found: all(getattr(found, name) == value for name, value in wanted.items())


SURFACES = ("thread", "mention", "command", "last")
Then = Callable[[World, Conversation], bool]
CLAIMED = [word("claim")]
SNOOZED = [word("snooze 2h")]
CASES: list[tuple[str, str, list[Do], Do, str, Then]] = [
    *(
        ("claim", name, [], do, "claimed", owned_by("ana"))
        for name, do in (
            ("thread", word("claim")),
            ("mention", mention("claim")),
            ("command", command("claim")),
            ("button", button("claim")),
            ("reaction", reaction("eyes")),
        )
    ),
    *(
        ("unassign", name, first, do, "unassigned", so(assignee=None))
        for name, first, do in (
            ("thread", CLAIMED, word("unassign")),
            ("mention", CLAIMED, mention("unassign")),
            ("command", CLAIMED, command("unassign")),
            ("button", CLAIMED, button("unassign")),
            ("reaction", [], unreaction("eyes")),
        )
    ),
    *(
        ("assign ben", name, [], do, "assigned", owned_by("ben"))
        for name, do in (
            ("thread", word("assign @ben")),
            ("thread, by name", word("assign Ben")),
            ("mention", mention("assign ben")),
            ("command", command("assign ben")),
            ("menu", menu("assign", "ben")),
            ("shortcut", shortcut("assign", "ben")),
        )
    ),
    *(
        ("team sales", name, [], do, "handed_over", so(team="sales"))
        for name, do in (
            ("thread", word("team sales")),
            ("mention", mention("team sales")),
            ("command", command("team sales")),
        )
    ),
    *(
        ("watch", name, [], do, "watched", watched_by_ana)
        for name, do in (
            ("thread", word("watch")),
            ("mention", mention("watch")),
            ("command", command("watch")),
            ("menu", menu("more", "watch")),
        )
    ),
    *(
        ("unwatch", name, [word("watch")], do, "unwatched", so(watchers=()))
        for name, do in (
            ("thread", word("unwatch")),
            ("mention", mention("unwatch")),
            ("command", command("unwatch")),
            ("menu", menu("more", "unwatch")),
        )
    ),
    *(
        ("close", name, [], do, "closed", so(status=ConversationStatus.CLOSED))
        for name, do in (
            ("thread", word("close")),
            ("mention", mention("close")),
            ("command", command("close")),
            ("button", button("close")),
            ("reaction", reaction("white_check_mark")),
        )
    ),
    *(
        ("reopen", name, first, do, "reopened", so(status=ConversationStatus.OPEN))
        for name, first, do in (
            ("thread", [word("close")], word("reopen")),
            ("mention", [word("close")], mention("reopen")),
            ("command", [word("close")], command("reopen")),
            ("button", [word("close")], button("reopen")),
            ("reaction", [], unreaction("white_check_mark")),
        )
    ),
    *(
        ("snooze tomorrow 9:00", name, [], do, "snoozed", so(status=ConversationStatus.SNOOZED))
        for name, do in (
            ("thread", word("snooze tomorrow 9:00")),
            ("mention", mention("snooze tomorrow 9:00")),
            ("command", command("snooze tomorrow 9:00")),
            ("button", form("snooze", {"until": {"until": "tomorrow 9:00"}})),
            ("reaction", reaction("zzz")),
        )
    ),
    *(
        ("wake", name, first, do, "woken", so(status=ConversationStatus.OPEN, snoozed_until=None))
        for name, first, do in (
            ("thread", SNOOZED, word("wake")),
            ("mention", SNOOZED, mention("wake")),
            ("command", SNOOZED, command("wake")),
            ("button", SNOOZED, button("wake")),
            ("reaction", [], unreaction("zzz")),
        )
    ),
    *(
        (words, name, first, do(words), act, then)
        for words, first, act, then in (
            ("label +lead -spam", [], "labelled", so(labels=("lead",))),
            ("block", [], "blocked", so(blocked=True)),
            ("unblock", [word("block")], "unblocked", so(blocked=False)),
            ("optout", [], "opted_out", so(opted_out=True)),
            ("optin she said yes", [word("optout")], "opted_in", so(opted_out=False)),
        )
        for name, do in (("thread", word), ("mention", mention), ("command", command))
    ),
]


@pytest.mark.parametrize(
    ("words", "first", "do", "act", "then"),
    [pytest.param(*case[:1], *case[2:], id=f"{case[0]} by {case[1]}") for case in CASES],
)
async def test_each_action_works_the_same_from_each_surface(
    make_sqlite_world: MakeWorld, words: str, first: list[Do], do: Do, act: str, then: Then
) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        for step in first:
            await step(world)
            await handled(world)
        await do(world)

        async def recorded() -> bool:
            return await count(world, act) == 1

        await world.until_async(recorded)
        assert then(world, await now(world))
        await word(words)(world)
        await handled(world)
        assert then(world, await now(world))
        assert await count(world, act) == 1
        assert world.got() == []


@pytest.mark.parametrize(
    "do", [word("name Maria Silva"), mention("name Maria Silva"), command("name Maria Silva")], ids=SURFACES[0:3]
)
async def test_the_contact_gets_a_name(make_sqlite_world: MakeWorld, do: Do) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await do(world)
        await world.until(
            lambda: any("Maria Silva" in post.text for post in world.posts() if post.user != world.ana.id)
        )


@pytest.mark.parametrize(
    "do", [word("history"), mention("history"), command("history"), menu("more", "history")], ids=SURFACES[0:4]
)
async def test_the_record_is_told_in_private(make_sqlite_world: MakeWorld, do: Do) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await word("claim")(world)
        await handled(world)
        await do(world)
        await world.until(lambda: any("Ana Souza claimed" in post.text for post in world.private(world.ana)))
        assert world.private(world.ben) == []


@pytest.mark.parametrize("do", [word("why"), mention("why"), command("why"), menu("more", "why")], ids=SURFACES[0:4])
async def test_who_answered_is_told_in_private(make_sqlite_world: MakeWorld, do: Do) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        world.reply("Yes, since noon", world.ben)
        await world.until(world.got)
        await do(world)
        await world.until(lambda: any("Ben Okafor replied" in post.text for post in world.private(world.ana)))


@pytest.mark.parametrize(
    "do", [word("help claim"), mention("help claim"), command("help claim"), mention("")], ids=SURFACES[0:4]
)
async def test_help_is_private(make_sqlite_world: MakeWorld, do: Do) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await do(world)
        await world.until(lambda: world.private(world.ana))
        await handled(world)
        assert world.private(world.ben) == []
        assert world.got() == []


@pytest.mark.parametrize(
    "do", [word("comment he is in arrears"), command("comment he is in arrears")], ids=("thread", "command")
)
async def test_a_comment_stays_inside(make_sqlite_world: MakeWorld, do: Do) -> None:
    async with team_world(make_sqlite_world) as world:
        await world.open()
        await do(world)

        async def kept() -> bool:
            return await count(world, "commented") == 1

        await world.until_async(kept)
        await handled(world)
        assert world.got() == []

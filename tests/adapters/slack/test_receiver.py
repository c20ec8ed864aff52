"""Socket Mode against the pretend Slack: what is acknowledged is stored, and the socket always comes back."""

import asyncio
from collections.abc import Sequence

import pytest

from bridge.adapters.platforms.slack.connection import Timing
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.adapters.platforms.slack.receiver import Backoff, Receiver
from bridge.domain.events import ChatPosted
from bridge.domain.messages import Mark
from bridge.domain.people import ChatRef
from bridge.ports.platform import RawChatEvent, ThreadText
from bridge.sandbox.slack.delivery import Disorder
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, connect, eventually, listening
from tests.adapters.slack.test_posting import CARD


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attempts follow each other quickly; nothing else about the receiver changes."""
    backoff = Backoff(first=0.01, most=0.05, refused=0.05)
    timing = Timing(handshake=2.0, stable=0.0, farewell=0.5, drain=0.5)
    original = Receiver.__init__

    def init(self: Receiver, *arguments: object, **named: object) -> None:
        original(self, *arguments, timing=timing, backoff=backoff, **named)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(Receiver, "__init__", init)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


async def test_a_reply_is_stored_then_acknowledged(world: SlackWorld, slack: SlackPlatform, inbox: Inbox) -> None:
    async with listening(world, slack, inbox):
        message = world.people.post("ana", "support", "hello there")
        await world.delivery.settled()
        assert list(inbox.raw) == [f"message:{message.channel}:{message.ts}"]
        await eventually(lambda: world.delivery.pending == 0)
        (event,) = slack.parse(inbox.raw[f"message:{message.channel}:{message.ts}"].body)
        assert isinstance(event, ChatPosted)
        assert event.author.id == world.user("ana").id


async def test_nothing_is_acknowledged_while_the_store_is_down(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    inbox.down = True
    async with listening(world, slack, inbox):
        world.people.post("ana", "support", "hello")
        await inbox.until(lambda: inbox.calls >= 1)
        world.clock.skip(3.1)
        await inbox.until(lambda: inbox.calls >= 2)
        assert world.delivery.pending == 1
        inbox.down = False
        world.clock.skip(3.1)
        await world.delivery.settled()
        world.clock.skip(60.1)
        await inbox.until(lambda: len(inbox.raw) == 1)
        await eventually(lambda: world.delivery.pending == 0)
    assert world.delivery.lost == []


async def test_the_acknowledgement_waits_for_the_commit(world: SlackWorld, slack: SlackPlatform, inbox: Inbox) -> None:
    inbox.gate = asyncio.Event()
    async with listening(world, slack, inbox):
        world.people.post("ana", "support", "hello")
        await inbox.until(lambda: inbox.calls == 1)
        assert world.delivery.pending == 1
        inbox.gate.set()
        await eventually(lambda: world.delivery.pending == 0)


async def test_what_is_of_no_use_is_acknowledged_and_not_stored(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, room: str
) -> None:
    async with listening(world, slack, inbox):
        root = await slack.open_thread(room, CARD, key="card-1")
        await slack.post_text(root, ThreadText(name="Maria", body="hi"), key="text-1")
        await slack.update_card(root, CARD)
        world.people.rename_channel("support", "help")
        await world.delivery.settled()
        await eventually(lambda: world.delivery.pending == 0)
    assert inbox.raw == {}
    assert world.delivery.lost == []


async def test_one_message_under_many_event_ids_is_one(world: SlackWorld, slack: SlackPlatform, inbox: Inbox) -> None:
    world.delivery.disorder = Disorder(same_id=0.5, new_id=0.9, shuffle=0.2)
    async with listening(world, slack, inbox):
        for number in range(20):
            world.people.post("ana", "support", f"<@{world.bot_user_id}> number {number}")
        await inbox.until(lambda: inbox.calls >= 30)
        await eventually(lambda: world.delivery.pending == 0)
    assert len(inbox.raw) == 20


@pytest.mark.parametrize("warn", [True, False])
async def test_a_refresh_loses_nothing(world: SlackWorld, slack: SlackPlatform, inbox: Inbox, warn: bool) -> None:
    async with listening(world, slack, inbox):
        for number in range(60):
            if number % 15 == 5:
                world.sockets.refresh(warn=warn)
                world.clock.skip(10.1)
            world.people.post("ana", "support", f"number {number}")
            await asyncio.sleep(0)
        await eventually(lambda: world.sockets.open_count >= 1)
        for wait in (3.1, 3.1, 60.1, 300.1):  # what went down with an old socket comes again
            world.clock.skip(wait)
            await asyncio.sleep(0.05)
        await inbox.until(lambda: len(inbox.raw) == 60)
    assert world.delivery.lost == []


async def test_the_new_socket_is_open_before_the_old_one_closes(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    counts: list[int] = []
    async with listening(world, slack, inbox):
        changes = world.subscribe()
        world.sockets.refresh(warn=True)
        world.clock.skip(0.001)
        await asyncio.sleep(0)
        for connection in list(world.sockets._connections):
            connection.outgoing.put_nowait({"type": "disconnect", "reason": "warning"})
        async for change in changes:
            if change.kind == "connection":
                counts.append(change.data["open"])
                break
    assert counts == [2]


async def test_a_cut_socket_is_replaced(world: SlackWorld, slack: SlackPlatform, inbox: Inbox) -> None:
    async with listening(world, slack, inbox):
        handshakes = world.sockets.handshakes
        world.sockets.cut()
        await eventually(lambda: world.sockets.open_count == 1)
        assert world.sockets.handshakes == handshakes + 1
        world.people.post("ana", "support", "still there?")
        await inbox.until(lambda: len(inbox.raw) == 1)


async def test_every_failed_handshake_takes_a_fresh_ticket(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    world.sockets.refuse_handshakes = 5
    async with listening(world, slack, inbox):
        assert world.sockets.handshakes == 6
        assert len(world.journal.of("apps.connections.open")) == 6


async def test_socket_mode_switched_off_is_waited_out(world: SlackWorld, slack: SlackPlatform, inbox: Inbox) -> None:
    async with listening(world, slack, inbox):
        world.sockets.link_disabled = True
        world.sockets.disconnect("link_disabled")
        handshakes = world.sockets.handshakes
        await eventually(lambda: world.sockets.handshakes >= handshakes + 2)
        world.sockets.link_disabled = False
        await eventually(lambda: world.sockets.open_count == 1)


async def test_trouble_with_tickets_is_waited_out(world: SlackWorld, inbox: Inbox) -> None:
    platform = connect(world, app_token="xapp-wrong")
    try:
        task = asyncio.create_task(platform.listen(inbox.accept))
        await eventually(lambda: len(world.journal.of("apps.connections.open")) >= 3)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    finally:
        await platform.aclose()
    world.violations.clear()  # a token nobody handed out is a breach, made here on purpose


async def test_cancelling_finishes_what_is_being_stored(world: SlackWorld, slack: SlackPlatform, inbox: Inbox) -> None:
    inbox.gate = asyncio.Event()
    async with listening(world, slack, inbox) as task:
        world.people.post("ana", "support", "hello")
        await inbox.until(lambda: inbox.calls == 1)
        task.cancel()
        await asyncio.sleep(0)
        inbox.gate.set()
        await asyncio.wait({task})
        await eventually(lambda: world.delivery.pending == 0)
    assert len(inbox.raw) == 1


async def test_a_store_that_hangs_does_not_stop_the_socket_from_ending(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox
) -> None:
    inbox.gate = asyncio.Event()
    async with listening(world, slack, inbox) as task:
        for number in range(100):
            world.people.post("ana", "support", f"number {number}")
        await inbox.until(lambda: inbox.calls == 64)
        await asyncio.sleep(0.05)
        assert inbox.calls == 64
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.done()


async def test_replies_read_later_have_the_ids_of_the_live_events(
    world: SlackWorld, slack: SlackPlatform, inbox: Inbox, room: str
) -> None:
    root = await slack.open_thread(room, CARD, key="card-1")
    since = world.clock.now()
    async with listening(world, slack, inbox):
        first = world.people.post("ana", "support", "one *bold* <b>", thread_ts=root.id)
        world.people.post("rui", "support", "two", thread_ts=root.id, broadcast=True)
        file = world.people.upload("ana", "photo.jpg", b"\xff\xd8\xff\xe0", "image/jpeg")
        world.people.post("ana", "support", "", thread_ts=root.id, files=[file])
        await slack.post_text(root, ThreadText(name="Maria", body="hi"), key="t")
        world.people.edit("ana", "support", first.ts, "one, changed")
        world.people.react("rui", "support", first.ts, "+1::skin-tone-2")
        await slack.set_mark(ChatRef("slack", room, first.ts), Mark.DELIVERED, before=Mark.NONE)
        await inbox.until(lambda: len(inbox.raw) == 5)
    live = {key: raw for key, raw in inbox.raw.items() if "reaction" not in key}
    found = await slack.read_thread(root, since=since)
    assert {raw.external_id for raw in found} == set(live)
    posted = [event for raw in found for event in slack.parse(raw.body) if isinstance(event, ChatPosted)]
    assert all(event.recovered for event in posted)
    assert [raw.posted_at for raw in live.values()].count(None) == 1, "the edit"
    assert all(raw.thread == root and not raw.urgent for raw in live.values())
    for raw, at in ((raw, raw.posted_at) for raw in found if raw.posted_at is not None):
        assert f"{at.timestamp():.6f}" == raw.external_id.rpartition(":")[2]
    assert [(event.marked, event.reactions) for event in posted] == [(True, ("+1",)), (False, ()), (False, ())]
    was = [event for raw in live.values() for event in slack.parse(raw.body) if isinstance(event, ChatPosted)]
    assert [event.files for event in posted] == [event.files for event in was]
    assert [event.thread for event in posted] == [ChatRef("slack", room, root.id)] * 3


async def test_in_http_mode_it_only_waits(world: SlackWorld) -> None:
    platform = connect(world, app_token="", signing_secret=world.signing_secret)
    accepted: list[RawChatEvent] = []

    async def accept(events: Sequence[RawChatEvent]) -> None:
        accepted.extend(events)

    task = asyncio.create_task(platform.listen(accept))
    await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()
    await asyncio.wait({task})
    await platform.aclose()
    assert world.sockets.handshakes == 0

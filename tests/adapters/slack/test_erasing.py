"""Threads of the app, deleted again."""

from typing import Any

import pytest

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.domain.cards import Note
from bridge.domain.people import ChatRef
from bridge.ports.erasing import Erased, ErasesThreads
from bridge.ports.errors import SendRejected
from bridge.ports.platform import ThreadText
from bridge.ports.provider import MediaContent
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.test_posting import thread_in

FILE = MediaContent(b"a plan", "image/png", "plan.png")


async def told(slack: SlackPlatform, room: str) -> ChatRef:
    root = await thread_in(slack, room)
    await slack.post_text(root, ThreadText(name="Maria", body="hello", bump=True), key="t1")
    await slack.post_note(root, Note("Sent."), key="n1")
    await slack.post_media(root, FILE, key="f1")
    return root


async def test_posts_and_files_are_deleted_and_what_people_wrote_stays(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    assert isinstance(slack, ErasesThreads)
    root = await told(slack, room)
    ana = world.add_user("ana")
    world.channels[room].members.append(ana.id)
    hers = world.people.post(ana.id, room, "hello", thread_ts=root.id)
    assert await slack.erase_thread(root) == Erased(4, 1)
    there = {
        post.ts: post.subtype for post in world.channels[room].messages.values() if not post.subtype or post.is_reply
    }
    assert there == {hers.ts: None}
    assert world.channels[room].messages[root.id].subtype == "tombstone"
    assert [file.content for file in world.files.values()] == [b""]
    assert await slack.erase_thread(root) == Erased(0, 1)


async def test_a_long_thread_goes_part_by_part_its_card_last(
    monkeypatch: pytest.MonkeyPatch, world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    monkeypatch.setattr("bridge.adapters.platforms.slack.erasing.AT_ONCE", 3)
    root = await told(slack, room)
    assert await slack.erase_thread(root) == Erased(3, 0, more=True)
    assert root.id in world.channels[room].messages
    assert await slack.erase_thread(root) == Erased(1, 0)
    assert await slack.erase_thread(root) == Erased(0, 0)


async def test_what_slack_keeps_is_counted_and_a_room_that_is_gone_says_so(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    root = await told(slack, room)
    world.channels[room].archived = True
    assert await slack.erase_thread(root) == Erased(0, 4)
    with pytest.raises(SendRejected) as refused:
        await slack.erase_thread(ChatRef("slack", "C0000000404", root.id))
    assert refused.value.code == "channel_not_found"


async def test_a_post_that_may_not_be_deleted_is_emptied_once(
    monkeypatch: pytest.MonkeyPatch, world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    root = await told(slack, room)
    call = slack._web.call

    async def kept(method: str, **what: Any) -> Any:
        if method == "chat.delete":
            raise SendRejected("cant_delete_message", "No.")
        return await call(method, **what)

    monkeypatch.setattr(slack._web, "call", kept)
    assert await slack.erase_thread(root) == Erased(4, 0)
    posts = [post for post in world.channels[room].messages.values() if post.bot_id]
    assert {(post.text, str(post.blocks), str(post.metadata)) for post in posts} == {("Erased.", "None", "None")}
    assert await slack.erase_thread(root) == Erased(0, 0)

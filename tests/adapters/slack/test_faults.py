"""Lost, late and refused calls, and finding what became of them."""

import logging

import pytest

from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.platform import ThreadText
from bridge.sandbox.faults import Fault
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import connect
from tests.adapters.slack.test_posting import CARD, shown, thread_in


async def test_a_lost_answer_is_unknown_and_found_by_its_key(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    since = world.clock.now()
    world.faults.add(Fault("chat.postMessage", "lose_answer"))
    with pytest.raises(SendOutcomeUnknown):
        await slack.open_thread(room, CARD, key="card-1")
    root = await slack.find_posted(room, None, key="card-1", since=since)
    assert root is not None
    world.faults.add(Fault("chat.postMessage", "lose_answer"))
    with pytest.raises(SendOutcomeUnknown):
        await slack.post_text(root, ThreadText(name="Maria", body="hi"), key="text-1")
    found = await slack.find_posted(room, root, key="text-1", since=since)
    assert found is not None
    assert shown(world, found).text == "hi"
    assert await slack.find_posted(room, root, key="text-2", since=since) is None
    assert await slack.find_posted(room, None, key="text-2", since=since) is None
    assert len(world.journal.of("chat.postMessage")) == 2


async def test_a_lost_request_left_nothing(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    world.faults.add(Fault("chat.postMessage", "lose_request"))
    with pytest.raises(SendOutcomeUnknown):
        await slack.open_thread(room, CARD, key="card-1")
    assert await slack.find_posted(room, None, key="card-1", since=world.clock.now()) is None


async def test_the_look_up_reads_every_page(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    since = world.clock.now()
    root = await thread_in(slack, room)
    wanted = (await slack.post_text(root, ThreadText(name="Maria", body="first"), key="wanted")).ref
    for number in range(450):
        world.people.post("ana", "support", f"reply {number}", thread_ts=root.id)
        world.people.post("ana", "support", f"chatter {number}")
    assert await slack.find_posted(room, root, key="wanted", since=since) == wanted
    assert await slack.find_posted(room, None, key="card-1", since=since) == root


async def test_a_thread_that_is_gone_holds_no_post(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    root = await thread_in(slack, room)
    world.people.delete_root("support", root.id)
    assert await slack.find_posted(room, root, key="text-1", since=world.clock.now()) is None


@pytest.mark.parametrize("kind", ["status", "html", "lose_answer"])
async def test_an_unusable_answer_to_an_update_may_be_tried_again(
    world: SlackWorld, slack: SlackPlatform, room: str, kind: str
) -> None:
    root = await thread_in(slack, room)
    world.faults.add(Fault("chat.update", kind, 503))  # type: ignore[arg-type]  # one of the kinds
    with pytest.raises(SendDeferred):
        await slack.update_card(root, CARD)


@pytest.mark.parametrize("kind", ["status", "html"])
async def test_an_unusable_answer_to_a_post_is_unknown(
    world: SlackWorld, slack: SlackPlatform, room: str, kind: str
) -> None:
    world.faults.add(Fault("chat.postMessage", kind, 502))  # type: ignore[arg-type]  # one of the kinds
    with pytest.raises(SendOutcomeUnknown):
        await thread_in(slack, room)


async def test_a_limit_says_how_long_to_wait(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    world.faults.add(Fault("chat.postMessage", "rate_limited", 7))
    with pytest.raises(SendDeferred) as caught:
        await thread_in(slack, room)
    assert caught.value.retry_after == 7
    assert caught.value.whole_target


async def test_a_closed_room_and_a_lost_thread_are_told_apart(
    world: SlackWorld, slack: SlackPlatform, room: str
) -> None:
    root = await thread_in(slack, room)
    world.people.delete_root("support", root.id)
    with pytest.raises(SendRejected) as caught:
        await slack.post_text(root, ThreadText(name="Maria", body="hi"), key="t")
    assert caught.value.gone == "thread"
    with pytest.raises(SendRejected) as caught:
        await slack.update_card(root, CARD)
    assert caught.value.gone == "thread"
    world.people.archive("support")
    with pytest.raises(SendRejected) as caught:
        await thread_in(slack, room)
    assert caught.value.gone == "room"
    with pytest.raises(SendRejected) as caught:
        await slack.open_thread("C0000009999", CARD, key="k")
    assert (caught.value.gone, caught.value.code) == ("room", "channel_not_found")


async def test_revoked_tokens_stop_everything(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    world.revoke_tokens()
    with pytest.raises(CredentialsRejected):
        await thread_in(slack, room)
    fresh = connect(world)
    try:
        with pytest.raises(CredentialsRejected):
            await fresh.start()
    finally:
        await fresh.aclose()


async def test_an_unreachable_slack_was_certainly_not_told(world: SlackWorld) -> None:
    far = connect(world, api_url="http://127.0.0.1:1/api/")
    try:
        with pytest.raises(SendDeferred):
            await far.start()
        with pytest.raises(SendDeferred):
            await far.open_thread("C1", CARD, key="k")
    finally:
        await far.aclose()


async def test_a_proxy_in_the_environment_is_not_used(world: SlackWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    platform = connect(world)
    assert await platform.start() == world.bot_user_id
    await platform.aclose()


async def test_no_log_holds_words_or_tokens(
    world: SlackWorld,
    slack: SlackPlatform,
    room: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    root = await thread_in(slack, room)
    world.faults.add(Fault("chat.postMessage", "html"))
    with pytest.raises(SendOutcomeUnknown):
        await slack.post_text(root, ThreadText(name="Maria", body="a secret matter"), key="t")
    said = caplog.text + "".join(capsys.readouterr())
    assert "secret matter" not in said
    assert world.bot_token not in said


async def test_errors_name_no_token_and_no_words(world: SlackWorld, slack: SlackPlatform, room: str) -> None:
    world.faults.add(Fault("chat.postMessage", "html"))
    with pytest.raises(SendOutcomeUnknown) as caught:
        await slack.open_thread(room, CARD, key="card-1")
    assert world.bot_token not in str(caught.value)
    assert "Maria" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__

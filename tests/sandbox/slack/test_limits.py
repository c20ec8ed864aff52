"""Rate limits and faults on order."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.faults import Fault, FaultKind
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld


async def limited(client: AsyncWebClient, channel: str) -> int | None:
    """Seconds to wait when a post was refused; None when it passed."""
    try:
        await client.chat_postMessage(channel=channel, text="x")
    except SlackApiError as error:
        return int(error.response.headers["Retry-After"]) if error.response.status_code == 429 else -1
    return None


async def test_a_channel_takes_a_small_burst_then_one_post_a_second(
    client: AsyncWebClient, world: SlackWorld, support: Channel
) -> None:
    assert [await limited(client, support.id) for _ in range(7)] == [None] * 5 + [1] * 2
    other = world.add_channel("other")
    assert await limited(client, other.id) is None
    world.clock.skip(1)
    assert [await limited(client, support.id) for _ in range(2)] == [None, 1]
    world.limits.enabled = False
    assert await limited(client, support.id) is None
    assert len(support.messages) == 7


async def test_methods_have_tiers(client: AsyncWebClient, world: SlackWorld, support: Channel) -> None:
    for _ in range(20):
        await client.usergroups_list()
    with pytest.raises(SlackApiError, match="ratelimited") as caught:
        await client.usergroups_list()
    assert 55 <= int(caught.value.response.headers["Retry-After"]) <= 60
    await client.users_info(user=world.bot_user_id)
    world.clock.skip(61)
    await client.usergroups_list()
    world.limits.scale = 2.0
    for _ in range(39):
        await client.usergroups_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.usergroups_list()


async def test_history_can_be_as_short_as_for_distributed_apps(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    world.limits.history_limited = True
    for number in range(20):
        world.people.post(ana.id, support.id, f"{number}")
    answer = await client.conversations_history(channel=support.id, limit=100)
    assert [message["text"] for message in answer["messages"]] == [f"{number}" for number in range(19, 4, -1)]
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.conversations_history(channel=support.id)


@pytest.mark.parametrize(
    ("kind", "value", "carried_out"),
    [("lose_request", 0, False), ("lose_answer", 0, True), ("hang", 0, True)],
)
async def test_faults_that_give_no_answer(
    client: AsyncWebClient, world: SlackWorld, support: Channel, kind: FaultKind, value: float, carried_out: bool
) -> None:
    world.faults.add(Fault("chat.postMessage", kind, value))
    with pytest.raises((aiohttp.ClientConnectionError, TimeoutError)):
        await asyncio.wait_for(client.chat_postMessage(channel=support.id, text="x"), 0.5)
    assert bool(support.messages) is carried_out
    await client.chat_postMessage(channel=support.id, text="y")


async def test_faults_that_give_another_answer(client: AsyncWebClient, world: SlackWorld, support: Channel) -> None:
    world.faults.add(Fault("*", "rate_limited", 7))
    assert await limited(client, support.id) == 7
    world.faults.add(Fault("chat.postMessage", "status", 503))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=support.id, text="x")
    assert caught.value.response.status_code == 503
    world.faults.add(Fault("chat.postMessage", "html"))
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=support.id, text="x")
    assert not support.messages
    assert [call.status for call in world.journal.of("chat.postMessage")] == [429, 503, 200]


async def test_a_late_answer_comes_when_its_time_has_come(
    client: AsyncWebClient, world: SlackWorld, support: Channel
) -> None:
    world.faults.add(Fault("chat.postMessage", "delay", 20))
    posted = asyncio.ensure_future(client.chat_postMessage(channel=support.id, text="x"))
    async for change in world.subscribe():
        if change.kind == "message":
            break
    assert not posted.done()
    await asyncio.sleep(0)
    world.clock.skip(21)
    assert (await posted)["ok"]


async def test_file_traffic_and_response_urls_fail_too(
    client: AsyncWebClient, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    for where in ("files.upload", "files.download", "response_url"):
        world.faults.add(Fault(where, "status", 500))
    answer = await client.files_getUploadURLExternal(filename="a.txt", length=1)
    async with session.post(str(answer["upload_url"]), data=b"x") as response:
        assert response.status == 500
    file_id = world.people.upload(ana.id, "cat.png", b"pixels")
    async with session.get(f"{world.base_url}/files-pri/{world.team_id}-{file_id}/cat.png") as response:
        assert response.status == 500
    async with session.post(world.interactions.new_response_url(ana.id, support.id), json={"text": "x"}) as response:
        assert response.status == 500
    assert not support.ephemeral

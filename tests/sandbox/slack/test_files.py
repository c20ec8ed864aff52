"""Uploads in three steps, downloads with the token, and what is refused."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld


async def upload_url(client: AsyncWebClient, length: int = 3) -> tuple[str, str]:
    answer = await client.files_getUploadURLExternal(filename="cat.png", length=length)
    return str(answer["upload_url"]), str(answer["file_id"])


async def test_a_file_goes_into_a_thread(
    client: AsyncWebClient, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    answer = await client.files_upload_v2(
        channel=support.id,
        thread_ts=root.ts,
        content=b"pixels",
        filename="cat.png",
        title="A cat",
        initial_comment="see",
    )
    reply = support.messages[root.replies[0]]
    assert (reply.text, reply.subtype, reply.bot_id) == ("see", "file_share", world.bot_id)
    file = (await client.files_info(file=answer["files"][0]["id"]))["file"]
    assert (file["title"], file["mimetype"], file["size"]) == ("A cat", "image/png", 6)
    headers = {"Authorization": f"Bearer {world.bot_token}"}
    for key in ("url_private", "url_private_download"):
        async with session.get(file[key], headers=headers) as response:
            assert (response.status, response.content_type, await response.read()) == (200, "image/png", b"pixels")


@pytest.mark.parametrize("form", [False, True])
async def test_bytes_come_raw_or_as_a_form_once(
    client: AsyncWebClient, world: SlackWorld, session: aiohttp.ClientSession, form: bool
) -> None:
    url, file_id = await upload_url(client)
    data: Any = aiohttp.FormData({"filename": "cat.png"}) if form else b"abc"
    if form:
        data = aiohttp.FormData()
        data.add_field("file", b"abc", filename="cat.png")
    async with session.post(url, data=data) as response:
        assert response.status == 200
    assert world.files[file_id].content == b"abc"
    async with session.post(url, data=b"abc") as response:
        assert response.status == 404
    await client.files_completeUploadExternal(files=[{"id": file_id, "title": "A cat"}])
    with pytest.raises(SlackApiError, match="file_update_failed"):
        await client.files_completeUploadExternal(files=[{"id": file_id}])
    assert [violation.problem for violation in world.violations] == ["completed twice"]
    world.violations.clear()


async def test_the_announced_length_must_be_true(
    client: AsyncWebClient, world: SlackWorld, session: aiohttp.ClientSession, support: Channel
) -> None:
    url, file_id = await upload_url(client, length=4)
    async with session.post(url, data=b"abc") as response:
        assert response.status == 400
    with pytest.raises(SlackApiError, match="file_update_failed"):
        await client.files_completeUploadExternal(files=[{"id": file_id}], channel_id=support.id)
    with pytest.raises(SlackApiError, match="file_upload_size_restricted"):
        await upload_url(client, length=0)
    assert len(world.violations) == 3
    world.violations.clear()


@pytest.mark.parametrize("reason", ["token", "scope", "channel", "file"])
async def test_whoever_may_not_see_a_file_gets_a_sign_in_page(
    world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel, reason: str
) -> None:
    file_id = world.people.upload(ana.id, "cat.png", b"pixels", "image/png")
    elsewhere = world.add_channel("elsewhere", [ana.id], bot=False)
    world.people.post(ana.id, elsewhere.id if reason == "channel" else support.id, "look", files=[file_id])
    token = "xoxb-wrong" if reason == "token" else world.bot_token
    if reason == "scope":
        world.scopes.discard("files:read")
    wanted = "F7777777777" if reason == "file" else file_id
    url = f"{world.base_url}/files-pri/{world.team_id}-{wanted}/cat.png"
    async with session.get(url, headers={"Authorization": f"Bearer {token}"}) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert "Sign in" in await response.text()


async def test_people_have_pictures(world: SlackWorld, session: aiohttp.ClientSession, ana: User) -> None:
    async with session.get(world.snapshot(ana.id)["user"]["profile"]["image_72"]) as response:
        assert response.content_type == "image/svg+xml"
        assert ">A</text>" in await response.text()
    async with session.get(f"{world.base_url}/avatars/U7777777777.svg") as response:
        assert response.status == 404

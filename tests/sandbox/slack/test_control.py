"""The page's way in: acts, snapshots and a live feed over HTTP; and who sees what."""

from base64 import b64encode
from typing import Any

import aiohttp
import pytest

from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld


async def act(session: aiohttp.ClientSession, world: SlackWorld, act_name: str, /, **arguments: Any) -> tuple[int, Any]:
    async with session.post(f"{world.base_url}/control/slack/acts/{act_name}", json=arguments) as response:
        return response.status, await response.json() if response.content_type == "application/json" else None


async def test_acts_come_as_json_and_changes_are_told_live(
    world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    async with session.ws_connect(f"{world.base_url}/control/slack/changes") as feed:
        content = b64encode(b"pixels").decode()
        _, uploaded = await act(session, world, "upload", user="ana", name="cat.png", content=content)
        status, posted = await act(
            session, world, "post", user="ana", channel="support", text="hi", files=[uploaded["result"]]
        )
        assert (status, posted["result"]["text"]) == (200, "hi")
        ts = posted["result"]["ts"]
        await act(session, world, "react", user="ana", channel="support", ts=ts, name="eyes")
        changes = [await feed.receive_json() for _ in range(2)]
    assert [(change["kind"], change["channel"], change["ts"]) for change in changes] == [
        ("message", support.id, ts),
        ("reaction_added", support.id, ts),
    ]
    async with session.get(f"{world.base_url}/control/slack/snapshot?user=ana") as response:
        seen = await response.json()
    message = seen["channels"][0]["messages"][0]
    assert message["files"][0]["name"] == "cat.png"
    assert message["reactions"] == [{"name": "eyes", "users": [ana.id], "count": 1}]


async def test_wrong_acts_are_answered_plainly(
    world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    world.people.archive(support.id)
    assert await act(session, world, "post", user="ana", channel="support", text="x") == (
        409,
        {"ok": False, "error": "is_archived"},
    )
    assert (await act(session, world, "post", user="nobody", channel="support", text="x"))[0] == 404
    assert (await act(session, world, "post", user="ana", chanel="support"))[0] == 400
    assert (await act(session, world, "__init__"))[0] == 404
    async with session.get(f"{world.base_url}/control/slack/snapshot?user=nobody") as response:
        assert response.status == 404


async def test_people_may_do_what_slacks_client_lets_them(world: SlackWorld, ana: User, support: Channel) -> None:
    people = world.people
    ben = world.add_user("ben")
    message = people.post(ana.id, support.id, "hello")
    for refused, code in (
        (lambda: people.post(ben.id, support.id, "x"), "not_in_channel"),
        (lambda: people.post(ana.id, support.id, "x", thread_ts="1.1"), "thread_not_found"),
        (lambda: people.post(ana.id, support.id, " \n"), "no_text"),
        (lambda: people.react(ana.id, support.id, message.ts, "nonsense"), "invalid_name"),
        (lambda: people.unreact(ana.id, support.id, message.ts, "eyes"), "no_reaction"),
        (lambda: people.edit(ana.id, support.id, "1.1", "x"), "message_not_found"),
    ):
        with pytest.raises(ActRefused, match=code):
            refused()
    people.invite("ben", "support")
    with pytest.raises(ActRefused, match="cant_update_message"):
        people.edit("ben", "support", message.ts, "not mine")
    people.react("ben", "support", message.ts, "eyes")
    with pytest.raises(ActRefused, match="already_reacted"):
        people.react("ben", "support", message.ts, "eyes")


async def test_a_snapshot_hides_what_that_user_cannot_see(world: SlackWorld, ana: User, support: Channel) -> None:
    ben = world.add_user("ben")
    world.add_channel("desk", [ben.id], private=True)
    assert [channel["name"] for channel in world.snapshot(ana.id)["channels"]] == ["support"]
    assert [channel["name"] for channel in world.snapshot(ben.id)["channels"]] == ["support", "desk"]

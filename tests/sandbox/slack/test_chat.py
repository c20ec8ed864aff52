"""Good calls do what Slack does."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld

KEY = {"event_type": "textbridge", "event_payload": {"key": "outbox-7"}}


async def test_auth_test_names_the_bot(client: AsyncWebClient, world: SlackWorld) -> None:
    answer = await client.auth_test()
    assert answer["bot_id"] == world.bot_id
    assert answer["user_id"] == world.bot_user_id
    assert world.bot_token not in repr(world.journal.calls)


async def test_a_post_with_a_borrowed_name_reads_back_as_bot_message(
    client: AsyncWebClient, world: SlackWorld, support: Channel
) -> None:
    block: dict[str, Any] = {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}],
    }
    posted = await client.chat_postMessage(
        channel=support.id,
        text="see https://a.example/x, 👍🏽",
        username="Maria",
        icon_emoji=":iphone:",
        blocks=[block],
    )
    message: dict[str, Any] = posted["message"] or {}
    assert message["text"] == "see <https://a.example/x>, :+1::skin-tone-4:"
    assert (message["subtype"], message["username"]) == ("bot_message", "Maria")
    assert message["app_id"] == world.app_id
    assert "user" not in message
    assert message["blocks"][0]["block_id"]
    assert message["blocks"][0]["elements"][0]["action_id"]


async def test_ts_rises_even_when_the_clock_goes_back(
    client: AsyncWebClient, world: SlackWorld, support: Channel
) -> None:
    first = await client.chat_postMessage(channel=support.id, text="one")
    world.clock.skip(-3600)
    second = await client.chat_postMessage(channel=support.id, text="two")
    assert float(str(second["ts"])) > float(str(first["ts"]))


async def test_metadata_comes_back_whole_only_when_asked_for(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    await client.chat_postMessage(channel=support.id, thread_ts=root.ts, text="x", metadata=KEY)
    bare = await client.conversations_replies(channel=support.id, ts=root.ts)
    whole = await client.conversations_replies(channel=support.id, ts=root.ts, include_all_metadata=True)
    assert bare["messages"][1]["metadata"] == {"event_type": "textbridge"}
    assert whole["messages"][1]["metadata"] == KEY
    listed = await client.conversations_history(channel=support.id, include_all_metadata=True)
    assert [message["ts"] for message in listed["messages"]] == [root.ts]
    assert listed["messages"][0]["reply_count"] == 1


async def test_replies_are_found_between_two_moments(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    sent = [world.people.post(ana.id, support.id, f"reply {n}", thread_ts=root.ts) for n in range(5)]
    found = await client.conversations_replies(channel=support.id, ts=root.ts, oldest=sent[2].ts)
    assert [message["ts"] for message in found["messages"]] == [root.ts, sent[3].ts, sent[4].ts]
    found = await client.conversations_replies(
        channel=support.id, ts=root.ts, oldest=sent[2].ts, inclusive=True, limit=2
    )
    assert [message["ts"] for message in found["messages"]] == [root.ts, sent[2].ts]
    assert found["has_more"]
    rest = await client.conversations_replies(
        channel=support.id,
        ts=root.ts,
        oldest=sent[2].ts,
        inclusive=True,
        cursor=found["response_metadata"]["next_cursor"],
    )
    assert [message["ts"] for message in rest["messages"]] == [sent[3].ts, sent[4].ts]


async def test_an_update_keeps_metadata_and_replaces_the_rest(
    client: AsyncWebClient, world: SlackWorld, support: Channel
) -> None:
    ts = str((await client.chat_postMessage(channel=support.id, text="one", metadata=KEY))["ts"])
    changed = await client.chat_update(channel=support.id, ts=ts, text="two")
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel=support.id, ts=ts, text="x" * 4001)
    world.violations.clear()
    assert changed["message"]["text"] == "two"
    assert changed["message"]["metadata"] == KEY
    assert changed["message"]["edited"]
    await client.chat_update(channel=support.id, ts=ts, text="two", metadata={})
    assert support.messages[ts].metadata is None
    await client.chat_delete(channel=support.id, ts=ts)
    assert ts not in support.messages


async def test_reactions_are_kept_per_user(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    message = world.people.post(ana.id, support.id, "hello")
    world.people.react(ana.id, support.id, message.ts, ":eyes:")
    await client.reactions_add(channel=support.id, timestamp=message.ts, name="eyes")
    found = await client.reactions_get(channel=support.id, timestamp=message.ts)
    assert found["message"]["reactions"] == [{"name": "eyes", "users": [ana.id, world.bot_user_id], "count": 2}]
    await client.reactions_remove(channel=support.id, timestamp=message.ts, name="eyes")
    assert message.reactions == {"eyes": [ana.id]}


async def test_an_ephemeral_message_is_seen_by_its_user_alone(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    ben = world.add_user("ben")
    world.people.invite("ben", "support")
    await client.chat_postEphemeral(channel=support.id, user=ana.id, text="only you")
    quiet = world.people.post(ana.id, support.id, "no replies yet")
    await client.chat_postEphemeral(channel=support.id, user=ana.id, text="nobody", thread_ts=quiet.ts)
    seen = [message["text"] for message in world.snapshot(ana.id)["channels"][0]["ephemeral"]]
    assert seen == ["only you"]
    assert world.snapshot(ben.id)["channels"][0]["ephemeral"] == []
    history = await client.conversations_history(channel=support.id)
    assert "only you" not in repr(history.data)


async def test_channels_members_people_and_groups(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    world.add_user("olaf", team="T9OUTSIDE99")
    group = world.add_usergroup("front-desk", [ana.id])
    desk = world.add_channel("desk", [ana.id], private=True)
    other = world.add_channel("other", bot=False)
    listed = await client.conversations_list(types="public_channel,private_channel", limit=2)
    assert [channel["id"] for channel in listed["channels"]] == [support.id, desk.id]
    cursor = listed["response_metadata"]["next_cursor"]
    rest = await client.conversations_list(types="public_channel,private_channel", limit=2, cursor=cursor)
    assert [channel["id"] for channel in rest["channels"]] == [other.id]
    await client.conversations_join(channel=other.id)
    assert (await client.conversations_info(channel=other.id))["channel"]["is_member"]
    assert (await client.conversations_members(channel=support.id))["members"] == [ana.id, world.bot_user_id]
    assert [user["name"] for user in (await client.users_list())["members"]] == ["textbot", "ana"]
    assert (await client.users_info(user=ana.id))["user"]["profile"]["email"] == "ana@pretend.example"
    assert (await client.usergroups_list(include_users=True))["usergroups"][0]["users"] == [ana.id]
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [ana.id]
    direct = await client.conversations_open(users=[ana.id])
    assert direct["channel"]["id"].startswith("D")
    await client.chat_postMessage(channel=ana.id, text="in private")
    assert [message.text for message in world.channels[direct["channel"]["id"]].messages.values()] == ["in private"]


async def test_a_permalink_names_the_thread(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    reply = world.people.post(ana.id, support.id, "reply", thread_ts=root.ts)
    link = (await client.chat_getPermalink(channel=support.id, message_ts=reply.ts))["permalink"]
    assert (
        link
        == f"{world.base_url}/archives/{support.id}/p{reply.ts.replace('.', '')}?thread_ts={root.ts}&cid={support.id}"
    )


async def test_a_reply_can_be_broadcast(client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel) -> None:
    root = world.people.post(ana.id, support.id, "root")
    await client.chat_postMessage(channel=support.id, thread_ts=root.ts, text="to all", reply_broadcast=True)
    history = await client.conversations_history(channel=support.id)
    assert [message["text"] for message in history["messages"]] == ["to all", "root"]


async def test_the_same_seed_gives_the_same_ids(world: SlackWorld) -> None:
    one, two = (SlackWorld(world.clock, seed=7) for _ in range(2))
    assert (one.bot_token, one.signing_secret) == (two.bot_token, two.signing_secret)
    assert one.add_user("ana").id == two.add_user("ana").id == "U0000000001"

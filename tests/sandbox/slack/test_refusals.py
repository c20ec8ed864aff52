"""Wrong calls are refused with Slack's error codes, and malformed ones are noted."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Title"}, "blocks": [SECTION]}


async def refused(client: AsyncWebClient, method: str, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    assert caught.value.response.status_code == 200
    answer: dict[str, Any] = caught.value.response.data
    assert answer["ok"] is False
    return answer


def long_section(length: int) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x" * length}}


HEADER = {"type": "header"}
IMAGE = {"type": "image", "image_url": "https://a.example/cat.png"}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def menu(kind: str, count: int, value: str = "v") -> dict[str, Any]:
    options = [{"text": plain("x"), "value": value}] * count
    return {"type": "actions", "elements": [{"type": kind, "action_id": "a", "options": options}]}


def confirmed(title: str) -> dict[str, Any]:
    confirm = {"title": plain(title), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}
    return {"type": "actions", "elements": [BUTTON | {"confirm": confirm}]}


MALFORMED: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"text": "x", "bogus": 1}, "invalid_arguments"),
    ("chat.postMessage", {"text": "x", "client_msg_id": "1"}, "invalid_arguments"),
    ("chat.postMessage", {}, "no_text"),
    ("chat.postMessage", {"text": 5}, "invalid_arguments"),
    ("chat.postMessage", {"text": "x", "unfurl_links": "no"}, "invalid_arguments"),
    ("chat.postMessage", {"text": "x", "reply_broadcast": True}, "invalid_arguments"),
    ("chat.postMessage", {"text": "x", "blocks": "{"}, "invalid_blocks_format"),
    ("chat.postMessage", {"text": "x", "blocks": {"type": "section"}}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [{"type": "alert", "text": SECTION["text"]}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [SECTION | {"extra": 1}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [SECTION] * 51}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [long_section(3001)]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [long_section(0)]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [SECTION | {"block_id": "b"}] * 2}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [{"type": "actions", "elements": [BUTTON] * 2}]}, "invalid_blocks"),
    (
        "chat.postMessage",
        {"text": "x", "blocks": [{"type": "actions", "elements": [BUTTON | {"value": "v" * 2001}]}]},
        "invalid_blocks",
    ),
    ("chat.postMessage", {"text": "x", "blocks": [HEADER | {"text": plain("x" * 151)}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [SECTION | {"fields": [plain("x")] * 11}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [SECTION | {"fields": [plain("x" * 2001)]}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [{"type": "rich_text", "elements": []}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [{"type": "markdown", "text": "x" * 12_001}]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [IMAGE | {"alt_text": "x" * 2001}]}, "invalid_blocks"),
    (
        "chat.postMessage",
        {"text": "x", "blocks": [{"type": "context", "elements": [plain("x")] * 11}]},
        "invalid_blocks",
    ),
    ("chat.postMessage", {"text": "x", "blocks": [menu("overflow", 6)]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [menu("static_select", 101)]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [menu("static_select", 1, "v" * 76)]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "blocks": [confirmed("t" * 101)]}, "invalid_blocks"),
    ("chat.postMessage", {"text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
    ("chat.postMessage", {"text": "x", "blocks": [SECTION], "attachments": [{"colour": "red"}]}, "invalid_arguments"),
    ("chat.postMessage", {"text": "x", "markdown_text": "y"}, "invalid_arguments"),
    ("chat.postEphemeral", {"user": "U0000000001"}, "no_text"),
    ("chat.postMessage", {"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ("chat.postMessage", {"text": "x", "metadata": "{"}, "invalid_metadata_format"),
    (
        "chat.postMessage",
        {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": None}}},
        "invalid_metadata_schema",
    ),
    (
        "chat.postMessage",
        {"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "v" * 20_000}}},
        "metadata_too_large",
    ),
    ("chat.postMessage", {"markdown_text": "y" * 12_001}, "msg_too_long"),
    ("chat.update", {"ts": "1.1", "username": "Maria", "text": "x"}, "invalid_arguments"),
    ("chat.update", {"text": "x"}, "invalid_arguments"),
    ("reactions.add", {"name": "eyes"}, "invalid_arguments"),
    ("conversations.replies", {"ts": "1.1", "limit": "many"}, "invalid_arguments"),
    ("conversations.history", {"oldest": "yesterday"}, "invalid_ts_oldest"),
    ("conversations.history", {"cursor": "made up"}, "invalid_cursor"),
    ("views.publish", {"user_id": "U0000000001", "view": MODAL}, "invalid_arguments"),
    ("made.up", {}, "unknown_method"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), MALFORMED)
async def test_malformed_calls_are_refused_and_noted(
    client: AsyncWebClient, world: SlackWorld, support: Channel, method: str, arguments: dict[str, Any], code: str
) -> None:
    channel = {} if method in ("made.up", "views.publish") else {"channel": support.id}
    assert (await refused(client, method, **channel, **arguments))["error"] == code
    assert [violation.method for violation in world.violations] == [method]
    assert not support.messages
    world.violations.clear()


CIRCUMSTANCES: list[tuple[str, dict[str, Any], str]] = [
    ("chat.postMessage", {"channel": "C9999999999", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "elsewhere", "text": "x"}, "not_in_channel"),
    ("chat.postMessage", {"channel": "secret", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "archived", "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": "support", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ("chat.update", {"channel": "support", "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": "support", "ts": "person", "text": "x"}, "cant_update_message"),
    ("chat.delete", {"channel": "support", "ts": "person"}, "cant_delete_message"),
    ("chat.postEphemeral", {"channel": "support", "user": "U7777777777", "text": "x"}, "user_not_in_channel"),
    ("chat.getPermalink", {"channel": "support", "message_ts": "1.000001"}, "message_not_found"),
    ("conversations.replies", {"channel": "support", "ts": "1.000001"}, "thread_not_found"),
    ("conversations.history", {"channel": "elsewhere"}, "not_in_channel"),
    ("conversations.join", {"channel": "archived"}, "is_archived"),
    ("conversations.open", {"users": "U7777777777"}, "user_not_found"),
    ("reactions.add", {"channel": "archived", "timestamp": "1.1", "name": "eyes"}, "is_archived"),
    ("reactions.remove", {"channel": "support", "timestamp": "person", "name": "eyes"}, "no_reaction"),
    ("users.info", {"user": "U7777777777"}, "user_not_found"),
    ("usergroups.users.list", {"usergroup": "S7777777777"}, "no_such_subteam"),
    ("views.update", {"view_id": "V7777777777", "view": MODAL}, "not_found"),
    ("files.info", {"file": "F7777777777"}, "file_not_found"),
]


@pytest.mark.parametrize(("method", "arguments", "code"), CIRCUMSTANCES)
async def test_circumstances_refuse_without_blame(
    client: AsyncWebClient,
    world: SlackWorld,
    ana: User,
    support: Channel,
    method: str,
    arguments: dict[str, Any],
    code: str,
) -> None:
    message = world.people.post(ana.id, support.id, "hello")
    names = {
        "elsewhere": world.add_channel("elsewhere", bot=False).id,
        "secret": world.add_channel("secret", private=True, bot=False).id,
        "archived": world.add_channel("archived").id,
        "support": support.id,
        "person": message.ts,
    }
    world.people.archive("archived")
    arguments = {key: names.get(value, value) if isinstance(value, str) else value for key, value in arguments.items()}
    assert (await refused(client, method, **arguments))["error"] == code
    assert world.violations == []


async def test_a_reply_is_no_thread_root(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    reply = world.people.post(ana.id, support.id, "reply", thread_ts=root.ts)
    answer = await refused(client, "chat.postMessage", channel=support.id, text="x", thread_ts=reply.ts)
    assert answer["error"] == "cannot_reply_to_message"
    world.violations.clear()


async def test_a_missing_scope_is_named(client: AsyncWebClient, world: SlackWorld, support: Channel) -> None:
    world.scopes.discard("chat:write.customize")
    answer = await refused(client, "chat.postMessage", channel=support.id, text="x", username="Maria")
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write.customize")
    assert "chat:write.customize" not in answer["provided"].split(",")
    world.scopes.discard("channels:history")
    answer = await refused(client, "conversations.history", channel=support.id)
    assert answer["needed"] == "channels:history"
    world.violations.clear()


async def test_tokens_are_checked_by_kind(client: AsyncWebClient, world: SlackWorld, support: Channel) -> None:
    async def error(token: str, method: str) -> str:
        return (await refused(AsyncWebClient(token=token, base_url=client.base_url), method))["error"]

    assert await error("", "auth.test") == "not_authed"
    assert await error("xoxb-wrong", "auth.test") == "invalid_auth"
    assert await error(world.app_token, "auth.test") == "not_allowed_token_type"
    assert await error(world.bot_token, "apps.connections.open") == "not_allowed_token_type"
    world.violations.clear()
    world.revoke_tokens()
    assert await error(world.bot_token, "auth.test") == "token_revoked"


async def test_bodies_that_cannot_be_read(session: aiohttp.ClientSession, world: SlackWorld) -> None:
    async def error(body: bytes, content_type: str) -> str:
        headers = {"Authorization": f"Bearer {world.bot_token}", "Content-Type": content_type}
        async with session.post(f"{world.base_url}/api/auth.test", data=body, headers=headers) as response:
            return (await response.json())["error"]

    assert await error(b"{", "application/json") == "invalid_json"
    assert await error(b"[]", "application/json") == "json_not_object"
    assert await error(b"x", "text/plain") == "invalid_post_type"
    world.violations.clear()


async def test_an_archived_or_left_channel_freezes_own_messages(
    client: AsyncWebClient, world: SlackWorld, support: Channel
) -> None:
    ts = (await client.chat_postMessage(channel=support.id, text="x"))["ts"]
    world.people.kick(world.bot_user_id, support.id)
    assert (await refused(client, "chat.update", channel=support.id, ts=ts, text="y"))["error"] == "cant_update_message"
    world.people.archive(support.id)
    assert (await refused(client, "chat.update", channel=support.id, ts=ts, text="y"))["error"] == "is_inactive"
    assert (await refused(client, "chat.delete", channel=support.id, ts=ts))["error"] == "cant_delete_message"


async def test_forms_and_queries_carry_text_that_becomes_values(
    session: aiohttp.ClientSession, world: SlackWorld, support: Channel
) -> None:
    form = {
        "token": world.bot_token,
        "channel": support.id,
        "text": "x",
        "unfurl_links": "0",
        "blocks": json.dumps([SECTION]),
    }
    async with session.post(f"{world.base_url}/api/chat.postMessage", data=form) as response:
        posted = await response.json()
    assert posted["message"]["blocks"][0]["text"] == SECTION["text"]
    query = {"token": world.bot_token, "channel": support.id, "limit": "1", "inclusive": "true"}
    async with session.get(f"{world.base_url}/api/conversations.history", params=query) as response:
        assert [message["ts"] for message in (await response.json())["messages"]] == [posted["ts"]]
    assert world.bot_token not in repr(world.journal.calls)


async def test_violations_hold_no_words_of_people(client: AsyncWebClient, world: SlackWorld, support: Channel) -> None:
    block = SECTION | {"text": {"type": "wrong", "text": "a secret"}}
    await refused(client, "chat.postMessage", channel=support.id, text="a secret", blocks=[block])
    assert "secret" not in repr(world.violations)
    assert "blocks/0/text" in world.violations[0].problem
    world.violations.clear()

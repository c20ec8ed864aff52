"""Clicks, menus, shortcuts, commands, and answers through response URLs."""

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bridge.sandbox.slack.errors import ActRefused
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld
from tests.sandbox.slack.apps import SocketApp
from tests.sandbox.slack.interactive import BUTTONS, OPTIONS


async def test_a_click_waits_for_the_acknowledgement(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel, card: str
) -> None:
    reply = world.people.post(ana.id, support.id, "reply", thread_ts=card)
    clicked = asyncio.ensure_future(world.people.click("ana", "support", card, "close", "1042"))
    frame = await app.next()
    assert not clicked.done()
    await app.ack(frame)
    assert (await clicked).acknowledged
    payload = frame["payload"]
    assert (frame["type"], payload["type"], payload["user"]["id"]) == ("interactive", "block_actions", ana.id)
    assert payload["container"]["thread_ts"] == card
    assert payload["channel"]["id"] == support.id
    assert payload["message"]["ts"] == card
    action = payload["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("close", "card", "1042")
    assert reply.ts > card


async def test_an_unacknowledged_click_is_not_repeated(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel, card: str
) -> None:
    clicked = asyncio.ensure_future(world.people.click("ana", "support", card, "close"))
    await app.next()
    world.clock.skip(3.1)
    assert (await clicked).acknowledged is False
    assert world.delivery.pending == 0


async def test_a_menu_sends_the_chosen_option(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel, card: str
) -> None:
    chosen = asyncio.ensure_future(world.people.select("ana", "support", card, "assign", "ben"))
    frame = await app.next()
    await app.ack(frame)
    await chosen
    assert frame["payload"]["actions"][0]["selected_option"] == OPTIONS[1]
    with pytest.raises(ActRefused, match="option_not_found"):
        await world.people.select("ana", "support", card, "assign", "nobody")
    with pytest.raises(ActRefused, match="action_not_found"):
        await world.people.click("ana", "support", card, "nothing")


async def test_a_message_shortcut_carries_the_message_and_its_thread(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    root = world.people.post(ana.id, support.id, "root")
    called = asyncio.ensure_future(world.people.shortcut(ana.id, "assign", support.id, root.ts))
    frame = await app.next()
    await app.ack(frame)
    await called
    assert frame["payload"]["type"] == "message_action"
    assert "thread_ts" not in frame["payload"]["message"]
    reply = world.people.post(ana.id, support.id, "reply", thread_ts=root.ts)
    called = asyncio.ensure_future(world.people.shortcut(ana.id, "assign", support.id, reply.ts))
    frame = await app.next()
    await app.ack(frame)
    await called
    assert frame["payload"]["message"]["thread_ts"] == root.ts


async def test_a_command_knows_no_thread_and_its_answer_is_private(
    app: SocketApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    typed = asyncio.ensure_future(world.people.slash("ana", "support", "sms", "queue"))
    frame = await app.next()
    await app.ack(frame, {"text": "nothing waits"})
    await typed
    payload = frame["payload"]
    assert (frame["type"], payload["command"], payload["text"]) == ("slash_commands", "/sms", "queue")
    assert not {"thread_ts", "message", "message_ts"} & set(payload)
    assert [(shown.user, shown.text) for shown in support.ephemeral] == [(ana.id, "nothing waits")]


async def test_a_response_url_takes_five_answers(
    app: SocketApp, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    typed = asyncio.ensure_future(world.people.slash("ana", "support", "sms"))
    frame = await app.next()
    await app.ack(frame)
    await typed
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    assert (await webhook.send(text="in private")).status_code == 200
    assert (await webhook.send(text="for all", response_type="in_channel")).status_code == 200
    assert [message.text for message in support.messages.values()] == ["for all"]
    for _ in range(3):
        assert (await webhook.send(text="again")).body == "ok"
    assert (await webhook.send(text="once more")).status_code == 404
    assert len(support.ephemeral) == 4
    assert world.violations == []


async def test_a_response_url_lives_half_an_hour(
    app: SocketApp, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel
) -> None:
    typed = asyncio.ensure_future(world.people.slash("ana", "support", "sms"))
    frame = await app.next()
    await app.ack(frame)
    await typed
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    world.clock.skip(1_801)
    assert (await webhook.send(text="late")).status_code == 404
    fresh = world.interactions.new_response_url(ana.id, support.id)
    async with session.post(fresh, json={"text": "x", "bogus": 1}) as response:
        assert response.status == 400
    assert [violation.method for violation in world.violations] == ["response_url"]
    world.violations.clear()


async def test_a_response_url_replaces_and_deletes_its_message(
    app: SocketApp, world: SlackWorld, session: aiohttp.ClientSession, ana: User, support: Channel, card: str
) -> None:
    clicked = asyncio.ensure_future(world.people.click("ana", "support", card, "close"))
    frame = await app.next()
    await app.ack(frame)
    await clicked
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    await webhook.send(text="closed", replace_original=True)
    assert (support.messages[card].text, support.messages[card].blocks) == ("closed", None)
    await webhook.send(delete_original=True)
    assert card not in support.messages


async def test_an_ephemeral_message_can_be_clicked_and_replaced(
    app: SocketApp,
    client: AsyncWebClient,
    world: SlackWorld,
    session: aiohttp.ClientSession,
    ana: User,
    support: Channel,
) -> None:
    await client.chat_postEphemeral(channel=support.id, user=ana.id, text="sure?", blocks=BUTTONS)
    shown = support.ephemeral[0]
    clicked = asyncio.ensure_future(world.people.click("ana", "support", shown.ts, "close"))
    frame = await app.next()
    await app.ack(frame)
    await clicked
    assert frame["payload"]["container"]["is_ephemeral"] is True
    assert "message" not in frame["payload"]
    webhook = AsyncWebhookClient(frame["payload"]["response_url"], session=session)
    await webhook.send(text="done", replace_original=True)
    assert [message.text for message in support.ephemeral] == ["done"]
    await webhook.send(delete_original=True)
    assert support.ephemeral == []

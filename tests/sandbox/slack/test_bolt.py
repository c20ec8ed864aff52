"""The real slack_bolt works against it, over Socket Mode and over HTTP."""

import asyncio
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld


async def test_bolt_hears_answers_and_opens_modals(
    client: AsyncWebClient, world: SlackWorld, ana: User, support: Channel
) -> None:
    app = AsyncApp(client=client, signing_secret=world.signing_secret)
    heard: asyncio.Queue[str] = asyncio.Queue()

    @app.event("message")
    async def on_message(event: dict[str, Any], say: Any) -> None:
        await say(text="heard", thread_ts=event["ts"])
        await heard.put(event["text"])

    @app.shortcut("assign")
    async def on_shortcut(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = {"type": "modal", "title": {"type": "plain_text", "text": "Assign"}, "blocks": []}
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await heard.put("shortcut")

    handler = AsyncSocketModeHandler(app, world.app_token)
    await handler.connect_async()
    try:
        message = world.people.post(ana.id, support.id, "hello")
        assert await asyncio.wait_for(heard.get(), 5) == "hello"
        assert support.messages[message.replies[0]].text == "heard"
        assert (await world.people.shortcut(ana.id, "assign", support.id, message.ts)).acknowledged
        assert await asyncio.wait_for(heard.get(), 5) == "shortcut"
        assert world.modals[ana.id][0].body["title"]["text"] == "Assign"
    finally:
        await handler.close_async()

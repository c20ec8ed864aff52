"""What is clicked and filled in by the tests of buttons and modals."""

import asyncio
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bridge.sandbox.slack.model import User
from bridge.sandbox.slack.world import SlackWorld
from tests.sandbox.slack.apps import Frame, SocketApp

PLAIN = "plain_text"
OPTIONS = [{"text": {"type": PLAIN, "text": name.title()}, "value": name} for name in ("ana", "ben")]
BUTTONS: list[Frame] = [
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {"type": "button", "action_id": "close", "text": {"type": PLAIN, "text": "Close"}, "value": "1042"},
            {"type": "static_select", "action_id": "assign", "options": OPTIONS},
        ],
    }
]


def modal(title: str = "Assign", **fields: Any) -> Frame:
    inputs = [
        {
            "type": "input",
            "block_id": "words",
            "optional": True,
            "label": {"type": PLAIN, "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "text", "initial_value": "hello"},
        },
        {
            "type": "input",
            "block_id": "who",
            "label": {"type": PLAIN, "text": "Who"},
            "element": {"type": "external_select", "action_id": "person"},
        },
    ]
    titles = {"title": {"type": PLAIN, "text": title}, "submit": {"type": PLAIN, "text": "Go"}}
    return {"type": "modal", "callback_id": "assign", "blocks": inputs, **titles, **fields}


async def trigger(app: SocketApp, world: SlackWorld, ana: User) -> str:
    asked = asyncio.ensure_future(world.people.shortcut(ana.id, "new"))
    frame = await app.next()
    await app.ack(frame)
    await asked
    return frame["payload"]["trigger_id"]


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    return str(caught.value.response["error"])

"""What the bridge is measured against over HTTP. ``python -m benchmarks._floors signature|bolt PORT VENDOR_PORT``.

``signature``: the bridge's own application, which reads and checks everything and stores nothing. ``bolt``: an app as
one would write it in an afternoon, that posts a text to Slack and a reply to Twilio directly, changes its
card, and stores nothing.
"""

import asyncio
import logging
import sys
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks._bridge import configuration
from benchmarks._traffic import ACCOUNT, LINE, PUBLIC, ROOM, SIGNING, TOKEN
from bridge import app, outside
from bridge.cli.run import run_loop
from bridge.config import Config
from bridge.ports.errors import WebhookRejected
from bridge.ports.provider import Provider, WebhookRequest
from bridge.ports.rows import InboxDraft

LOGIN = {"Authorization": "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()}
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def verified(provider: Provider, request: web.Request) -> bytes:
    """The body of a request that Twilio signed."""
    body = await request.read()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        provider.verify(WebhookRequest("POST", PUBLIC + request.raw_path, headers, body))
    except WebhookRejected:
        raise web.HTTPForbidden from None
    return body


async def signature(config: Config) -> web.Application:
    """The bridge's own application, with everything but a store."""
    service = await app.build(config)
    untyped: Any = service.store
    untyped.accept = forgotten
    return service.application


async def forgotten(_draft: InboxDraft) -> bool:
    """Say at once that it is stored."""
    return True


def bolt(provider: Provider, vendor_port: int) -> web.Application:
    """Posts directly."""
    vendor = f"http://127.0.0.1:{vendor_port}"
    slack = AsyncApp(
        signing_secret=SIGNING, client=AsyncWebClient("xoxb-benchmark", base_url=f"{vendor}/api/"), logger=_quiet()
    )
    threads: dict[str, str] = {}
    contacts: dict[str, str] = {}
    sessions: list[ClientSession] = []

    async def webhook(request: web.Request) -> web.Response:
        form = dict(parse_qsl((await verified(provider, request)).decode()))
        client: Any = slack.client
        if client.session is None:
            client.session = ClientSession()
        sender = form["From"]
        if sender not in threads:
            card = await client.chat_postMessage(channel=ROOM, text=f"Conversation with {sender}")
            threads[sender], contacts[card["ts"]] = card["ts"], sender
        await client.chat_postMessage(channel=ROOM, text=form["Body"], thread_ts=threads[sender])
        return web.Response(body=EMPTY, content_type="text/xml")

    async def message(event: dict[str, Any]) -> None:
        if not sessions:
            sessions.append(ClientSession())
        form = {"From": LINE, "To": contacts.get(event["thread_ts"], ""), "Body": event["text"]}
        url = f"{vendor}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        async with sessions[0].post(url, data=form, headers=LOGIN) as made:
            await made.json()

    async def reaction(event: dict[str, Any]) -> None:
        client: Any = slack.client
        root, owner = event["item"]["ts"], event["user"] if event["type"] == "reaction_added" else "nobody"
        await client.chat_update(channel=ROOM, ts=root, text=f"Conversation with {contacts.get(root)}, {owner}")

    untyped: Any = slack  # bolt's decorators are partly untyped
    untyped.event("message")(message)
    untyped.event("reaction_added")(reaction)
    untyped.event("reaction_removed")(reaction)

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await slack.async_dispatch(await to_bolt_request(request)))

    application = web.Application()
    application.router.add_post("/webhooks/{account}", webhook)
    application.router.add_post("/slack/events", events)
    return application


def _quiet() -> logging.Logger:
    logger = logging.getLogger("floor")
    logger.setLevel(logging.ERROR)
    return logger


async def main(kind: str, port: int, vendor_port: int) -> None:
    """Serve until killed."""
    config = configuration("sqlite:///unused.db", port, vendor_port)
    if kind == "signature":
        application = await signature(config)
    else:
        application = bolt(outside.build_providers(config, outside.system_clock)["main"], vendor_port)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    run_loop(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

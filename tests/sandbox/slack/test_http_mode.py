"""The same by signed HTTP requests."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bridge.sandbox.listening import listening
from bridge.sandbox.slack.model import Channel, User
from bridge.sandbox.slack.world import SlackWorld
from tests.sandbox.slack.apps import HttpApp


@pytest.fixture
async def app(world: SlackWorld) -> AsyncIterator[HttpApp]:
    app = HttpApp(world)
    routes = web.Application()
    routes.router.add_post("/{kind}", app.handle)
    async with listening(routes) as url:
        http = world.http
        http.events_url, http.interactivity_url, http.commands_url = (
            f"{url}/{kind}" for kind in ("events", "interactivity", "commands")
        )
        world.delivery.mode = "http"
        yield app


async def test_the_request_url_is_verified(app: HttpApp, world: SlackWorld) -> None:
    assert await world.http.verify_url() is True
    assert await world.http.app_rate_limited() == 200
    assert (await app.next())[2]["type"] == "app_rate_limited"


async def test_events_are_signed_and_retried_with_their_reason(
    app: HttpApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    app.answers = [web.Response(status=500), web.Response(status=503), web.Response()]
    world.people.post(ana.id, support.id, "hello")
    path, headers, body = await app.next()
    assert (path, body["event"]["text"]) == ("/events", "hello")
    assert "X-Slack-Retry-Num" not in headers
    _, headers, again = await app.next()
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("1", "http_error")
    assert again["event_id"] == body["event_id"]
    await world.delivery.settled()
    world.clock.skip(61)
    _, headers, _ = await app.next()
    assert headers["X-Slack-Retry-Num"] == "2"
    await world.delivery.settled()
    assert world.delivery.pending == 0


async def test_an_app_can_ask_for_no_retry(app: HttpApp, world: SlackWorld, ana: User, support: Channel) -> None:
    app.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    world.people.post(ana.id, support.id, "hello")
    await app.next()
    await world.delivery.settled()
    assert world.delivery.pending == 0


async def test_an_app_that_is_down_or_redirects_too_often(
    app: HttpApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    events_url = world.http.events_url
    world.http.events_url = "http://127.0.0.1:9/"
    world.people.post(ana.id, support.id, "hello")
    await world.delivery.settled()
    world.http.events_url = events_url
    world.clock.skip(61)
    assert (await app.next())[1]["X-Slack-Retry-Reason"] == "connection_failed"
    away = [web.Response(status=307, headers={"Location": "/events"}) for _ in range(3)]
    app.answers = [*away, web.Response()]
    world.people.post(ana.id, support.id, "round and round")
    reasons = [(await app.next())[1].get("X-Slack-Retry-Reason") for _ in range(4)]
    assert reasons[-1] == "too_many_redirects"


async def test_interactions_and_commands_are_forms(
    app: HttpApp, world: SlackWorld, ana: User, support: Channel
) -> None:
    message = world.people.post(ana.id, support.id, "hello")
    await app.next()
    called = asyncio.ensure_future(world.people.shortcut(ana.id, "assign", support.id, message.ts))
    path, headers, body = await app.next()
    assert (path, headers["Content-Type"]) == ("/interactivity", "application/x-www-form-urlencoded")
    assert '"type": "message_action"' in body["payload"]
    assert (await called).acknowledged
    app.answers = [web.json_response({"text": "as JSON"}), web.Response(text="as words")]
    for _ in range(2):
        assert (await world.people.slash("ana", "support", "sms", "help me")).acknowledged
    path, _, body = await app.next()
    assert (path, body["command"], body["text"]) == ("/commands", "/sms", "help me")
    assert [shown.text for shown in support.ephemeral] == ["as JSON", "as words"]

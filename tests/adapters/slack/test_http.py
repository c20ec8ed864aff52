"""HTTP mode: signed requests of the pretend Slack, and everything that is not from Slack."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import quote_plus, urlencode

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware.request_verification import RequestVerification

from bridge.adapters.platforms.slack.identity import Json
from bridge.adapters.platforms.slack.platform import SlackPlatform
from bridge.adapters.platforms.slack.webhook import Webhook
from bridge.domain.events import ButtonPressed, ChatPosted, CommandGiven
from bridge.ports.platform import HttpRequest
from bridge.sandbox.clock import SandboxClock
from bridge.sandbox.listening import listening
from bridge.sandbox.slack.world import SlackWorld
from tests.adapters.slack.conftest import Inbox, connect, eventually
from tests.adapters.slack.payloads import event_body, message
from tests.adapters.slack.test_posting import CARD

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
EVENT = json.dumps(json.loads(event_body(message()))["payload"]).encode()


def request(
    body: bytes, clock: SandboxClock, *, secret: str = SECRET, skew: float = 0, kind: str = JSON, **headers: str
) -> HttpRequest:
    stamp = str(int(clock.timestamp() + skew))
    signature = "v0=" + hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    given = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    return HttpRequest(
        "POST", "/platforms/slack", given | {key.replace("_", "-"): headers[key] for key in headers}, body
    )


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock()


@pytest.fixture
def taken() -> list[tuple[str, Json]]:
    return []


@pytest.fixture
def webhook(clock: SandboxClock, taken: list[tuple[str, Json]]) -> Webhook:
    async def take(kind: str, payload: Json) -> None:
        taken.append((kind, payload))

    return Webhook(SECRET, clock.now, take)


async def test_a_signed_event_is_taken(webhook: Webhook, clock: SandboxClock, taken: list[tuple[str, Json]]) -> None:
    assert (await webhook.handle(request(EVENT, clock))).status == 200
    assert [kind for kind, _ in taken] == ["events_api"]


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "another"},
        {"skew": -301},
        {"skew": 302},
        {"x_slack_signature": ""},
        {"x_slack_signature": "v0=äöü"},
        {"x_slack_signature": "v1=" + "0" * 64},
        {"x_slack_request_timestamp": ""},
        {"x_slack_request_timestamp": "now"},
        {"x_slack_request_timestamp": "1e3"},
        {"x_slack_request_timestamp": "١٢٣"},
        {"x_slack_request_timestamp": "9" * 5_000},
        {"x_slack_request_timestamp": "-1"},
    ],
)
async def test_what_slack_did_not_sign_is_refused_and_leaves_no_trace(
    webhook: Webhook, clock: SandboxClock, taken: list[tuple[str, Json]], change: dict[str, Any]
) -> None:
    reply = await webhook.handle(request(EVENT, clock, **change))
    assert (reply.status, reply.body) == (403, b"")
    assert taken == []


async def test_a_changed_byte_or_missing_header_is_refused(webhook: Webhook, clock: SandboxClock) -> None:
    signed = request(EVENT, clock)
    for body in (EVENT + b" ", EVENT[:-1], EVENT.replace(b"hello", b"hullo"), b"\xff" + EVENT, b""):
        assert (await webhook.handle(HttpRequest("POST", "/", signed.headers, body))).status == 403
    for name in ("x-slack-request-timestamp", "x-slack-signature"):
        headers = {key: value for key, value in signed.headers.items() if key != name}
        assert (await webhook.handle(HttpRequest("POST", "/", headers, EVENT))).status == 403
    assert (await webhook.handle(HttpRequest("GET", "/", signed.headers, EVENT))).status == 403


async def test_the_skew_has_its_bound(webhook: Webhook, clock: SandboxClock) -> None:
    assert (await webhook.handle(request(EVENT, clock, skew=-298))).status == 200
    assert (await webhook.handle(request(EVENT, clock, skew=298))).status == 200


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"3", b"[" * 50_000, b'{"a":' * 50_000])
async def test_signed_nonsense_is_called_unreadable(
    webhook: Webhook, clock: SandboxClock, taken: list[tuple[str, Json]], body: bytes
) -> None:
    assert (await webhook.handle(request(body, clock))).status == 400
    assert taken == []


async def test_signed_bytes_that_are_no_text_are_refused(webhook: Webhook, clock: SandboxClock) -> None:
    assert (await webhook.handle(request(b"\xff\xfe", clock))).status == 403


async def test_the_challenge_comes_back(webhook: Webhook, clock: SandboxClock, taken: list[tuple[str, Json]]) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    reply = await webhook.handle(request(body, clock))
    assert (reply.status, reply.body) == (200, b"abc")
    assert taken == []


@pytest.mark.parametrize("text", ["close", "payload", "say payload= to them", "a&payload=b", "", "ÄÖ 🙂 + %20"])
async def test_a_command_is_read_whatever_its_words(
    webhook: Webhook, clock: SandboxClock, taken: list[tuple[str, Json]], text: str
) -> None:
    form = urlencode({"command": "/sms", "text": text, "trigger_id": "1"}).encode()
    assert (await webhook.handle(request(form, clock, kind=FORM))).status == 200
    assert taken == [("slash_commands", {"command": "/sms", "text": text, "trigger_id": "1"})]


async def test_an_interaction_is_a_form_around_json(
    webhook: Webhook, clock: SandboxClock, taken: list[tuple[str, Json]]
) -> None:
    form = f"payload={quote_plus(json.dumps({'type': 'block_actions'}))}".encode()
    assert (await webhook.handle(request(form, clock, kind=f"{FORM}; charset=utf-8"))).status == 200
    assert taken == [("interactive", {"type": "block_actions"})]
    assert (await webhook.handle(request(b"payload=%7B", clock, kind=FORM))).status == 400


async def test_what_cannot_be_stored_is_not_acknowledged(clock: SandboxClock) -> None:
    async def take(kind: str, payload: Json) -> None:
        raise OSError("the disk is full")

    reply = await Webhook(SECRET, clock.now, take).handle(request(EVENT, clock))
    assert (reply.status, reply.body) == (503, b"")


@given(st.text(max_size=20), st.integers(min_value=-600, max_value=600), st.sampled_from([SECRET, "other"]))
def test_the_verdict_is_that_of_slacks_own_library(text: str, skew: int, secret: str) -> None:
    clock = SandboxClock()
    body = json.dumps({"text": text}).encode()
    signed = request(body, clock, skew=skew, secret=secret)
    webhook = Webhook(SECRET, clock.now, lambda kind, payload: None)  # type: ignore[arg-type,return-value]  # not called
    bolt = RequestVerification(SECRET)
    headers: dict[str, str | Sequence[str]] = dict(signed.headers)
    asked = BoltRequest(body=body.decode(), headers=headers)
    answer = bolt.process(req=asked, resp=BoltResponse(status=404), next=lambda: BoltResponse(status=200))
    if abs(abs(skew) - 300) > 1:  # the two look at the clock a moment apart
        assert webhook.signed(signed) is (answer.status == 200)


@pytest.fixture
async def served(world: SlackWorld) -> AsyncIterator[tuple[SlackPlatform, Inbox]]:
    """The adapter behind a web server the pretend Slack posts to."""
    platform, inbox = connect(world, app_token="", signing_secret=world.signing_secret), Inbox()
    await platform.start()

    async def handle(incoming: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in incoming.headers.items()}
        asked = HttpRequest(incoming.method, incoming.path, headers, await incoming.read())
        reply = await platform.handle_http(asked, inbox.accept)
        return web.Response(status=reply.status, body=reply.body, content_type=reply.content_type)

    app = web.Application()
    app.router.add_post("/platforms/slack", handle)
    async with listening(app) as address:
        url = f"{address}/platforms/slack"
        world.http.events_url = world.http.interactivity_url = world.http.commands_url = url
        world.delivery.mode = "http"
        yield platform, inbox
    await platform.aclose()


async def test_events_clicks_and_commands_arrive_by_http(
    world: SlackWorld, served: tuple[SlackPlatform, Inbox], room: str
) -> None:
    platform, inbox = served
    assert await world.http.verify_url()
    assert await world.http.app_rate_limited() == 200
    root = await platform.open_thread(room, CARD, key="card-1")
    world.people.post("ana", "support", "payload & <b> 🙂", thread_ts=root.id)
    await inbox.until(lambda: len(inbox.raw) == 1)
    assert (await world.people.click("ana", "support", root.id, "close")).acknowledged
    assert (await world.people.slash("ana", "support", "/sms", "show payload")).acknowledged
    kinds = [type(event) for raw in inbox.raw.values() for event in platform.parse(raw.body)]
    assert kinds == [ChatPosted, ButtonPressed, CommandGiven]


async def test_slack_sends_again_what_could_not_be_stored(
    world: SlackWorld, served: tuple[SlackPlatform, Inbox]
) -> None:
    _, inbox = served
    inbox.down = True
    world.people.post("ana", "support", "hello")
    await inbox.until(lambda: inbox.calls == 2)
    inbox.down = False
    await world.delivery.settled()
    world.clock.skip(60.1)
    await inbox.until(lambda: len(inbox.raw) == 1)
    await eventually(lambda: world.delivery.pending == 0)


async def test_socket_mode_takes_no_http(world: SlackWorld, slack: SlackPlatform) -> None:
    reply = await slack.handle_http(request(EVENT, world.clock), Inbox().accept)
    assert reply.status == 404

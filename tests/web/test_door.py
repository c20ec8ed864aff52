"""What knocks at the HTTP side: nothing false gets in, and the sender learns one word at most."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest

from bridge.sandbox.twilio.signature import sign
from tests.flow.conftest import MakeWorld
from tests.flow.world import CONTACT, LINE, World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def world(make_sqlite_world: MakeWorld) -> AsyncIterator[World]:
    async with make_sqlite_world() as world:
        await world.start()
        yield world


async def post(world: World, path: str, body: bytes, **headers: str) -> int:
    """Post; the answer must be a word, whatever it says."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(world.url + path, data=io.BytesIO(body), headers={**FORM, **headers}) as answer,
    ):
        said = await answer.text()
        assert len(said) < 60, said
        return answer.status


async def nothing_stored(world: World) -> bool:
    """Whether the inbox is empty."""
    found = await world.overview()
    return not found.unhandled and not found.set_aside and not world.posts()


async def test_a_forged_signature_is_refused_and_nothing_stored(world: World) -> None:
    sent = await world.twilio.text_in(CONTACT, LINE, "let me in", forged=True)
    assert [attempt.status for attempt in sent.attempts] == [403]
    assert await nothing_stored(world)


@pytest.mark.parametrize(
    "signature", [None, "", "x", "🔒".encode().decode("latin-1"), "A" * 4000, "AAAAAAAAAAAAAAAAAAAAAAAAAAA="]
)
async def test_a_missing_or_made_up_signature_is_refused(world: World, signature: str | None) -> None:
    headers = {} if signature is None else {"X-Twilio-Signature": signature}
    assert await post(world, "/webhooks/main", b"MessageSid=SM1&From=%2B15550100200&Body=hi", **headers) == 403
    assert await nothing_stored(world)


async def test_a_body_over_a_mebibyte_is_refused(world: World) -> None:
    assert await post(world, "/webhooks/main", b"Body=" + b"x" * (1024 * 1024)) == 413
    assert await nothing_stored(world)


@pytest.mark.parametrize("path", ["/webhooks/main", "/platforms/slack"])
async def test_a_body_said_to_be_too_long_is_refused_without_waiting_for_it(
    make_sqlite_world: MakeWorld, path: str
) -> None:
    async with make_sqlite_world() as world:
        world.http_mode = True
        await world.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        writer.write(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\nBody=" % path.encode())
        async with asyncio.timeout(5):
            answer = await reader.readline()
        assert b" 413 " in answer
        writer.close()


async def test_no_answer_tells_what_runs_here(world: World) -> None:
    async with aiohttp.ClientSession() as session:
        for path in ("/health/live", "/health/ready", "/metrics", "/nowhere", "/webhooks/main", "/media/x"):
            async with session.get(world.url + path) as answer:
                assert "Server" not in answer.headers, path


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\x00%%%", b"Body=%FF%FE", b"%00=%00&Body=%ED%A0%80", b"&&&===", b"", b"[" * 100_000, b'{"a":' * 50_000],
)
async def test_broken_bodies_are_refused_in_a_word(world: World, body: bytes) -> None:
    assert await post(world, "/webhooks/main", body) == 403
    assert await post(world, "/webhooks/main", body, **{"Content-Type": "application/json; charset=nonsense"}) == 403
    assert await nothing_stored(world)


async def test_odd_characters_of_a_genuine_text_are_taken_in(world: World) -> None:
    sent = await world.twilio.text_in(CONTACT, LINE, "bell \x07 and \x1b and \u202e and \ufffe here")
    assert sent.accepted
    await world.until(lambda: len(world.shown()) == 1)
    assert "here" in world.shown()[0]


async def test_a_genuine_text_with_a_nul_is_shown_without_it(world: World) -> None:
    sent = await world.twilio.text_in(CONTACT, LINE, "nul \x00 here")
    assert sent.accepted
    await world.until(lambda: world.shown() == ["nul \ufffd here"])


async def test_a_genuine_request_that_makes_no_sense_is_kept_or_ignored_but_answered(world: World) -> None:
    for fields in (
        {"MessageSid": "SM1"},
        {"Body": "no sender"},
        {"From": "nobody", "To": "nowhere", "NumMedia": "many"},
    ):
        fields["AccountSid"] = world.account.sid
        url = f"{world.url}/webhooks/main"
        signature = sign(world.account.auth_token, url, fields.items())
        body = urlencode(fields).encode()
        assert await post(world, "/webhooks/main", body, **{"X-Twilio-Signature": signature}) in (200, 204)
    await world.text("still there")
    await world.until(lambda: "still there" in world.shown())


async def test_an_unknown_account_is_not_found(world: World) -> None:
    assert await post(world, "/webhooks/other", b"Body=hi") == 404
    assert await post(world, "/webhooks/" + "x" * 3000, b"Body=hi") == 404
    assert await post(world, "/nowhere", b"") == 404
    assert await post(world, "/platforms/other", b"{}") == 404


async def test_a_slow_sender_is_cut_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.web.application.BODY_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
    writer.write(b"POST /webhooks/main HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nBody=")
    async with asyncio.timeout(5):
        answer = await reader.readline()
    assert b" 408 " in answer
    writer.close()
    await world.text("others pass")


async def test_slack_over_http_takes_signed_events_only(make_sqlite_world: MakeWorld) -> None:
    async with make_sqlite_world() as world:
        world.http_mode = True
        await world.start()
        deep = b'{"type":"event_callback","event":' + b"[" * 100_000
        assert await signed(world, deep) in (200, 400)
        assert await signed(world, b'{"type":"event_callback"}', forged=True) in (401, 403)
        assert await signed(world, b'{"type":"event_callback"}', late=600) in (401, 403)
        assert await signed(world, b"payload=%7B%22type%22%3A1%7D") in (200, 400)
        assert await nothing_stored(world)
        challenge = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
        assert await signed(world, challenge) == 200


async def signed(world: World, body: bytes, *, forged: bool = False, late: int = 0) -> int:
    """Post as Slack does."""
    at = str(int(world.clock.timestamp()) - late)
    secret = "wrong" if forged else world.slack.signing_secret
    mac = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mac}", "Content-Type": "application/json"}
    return await post(world, "/platforms/slack", body, **headers)

"""Calls to the operator's own programs: signed, judged by their status, kept off one's own network."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from bridge.adapters.webhooks import SignedWebhook, key_of, signed
from bridge.ports.errors import SendDeferred, SendRejected
from bridge.sandbox.listening import listening

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
SECRET = "0123456789abcdef"


class Program:
    """Answers with the statuses it is given, and keeps what it was sent."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.calls: list[tuple[bytes, dict[str, str]]] = []

    async def answer(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append((await request.read(), headers))
        status = self.statuses.pop(0)
        return web.Response(status=status, headers={"Location": "/elsewhere"} if 300 <= status < 400 else None)

    def application(self) -> web.Application:
        made = web.Application()
        made.router.add_post("/hook", self.answer)
        return made


async def test_a_call_is_signed_so_that_anybody_with_the_secret_can_tell() -> None:
    program = Program(204)
    async with listening(program.application()) as url:
        webhook = SignedWebhook(f"{url}/hook", SECRET, private=True)
        await webhook.call(b'{"id": "k1"}', key="k1", at=AT)
        await webhook.aclose()
    [(body, headers)] = program.calls
    assert headers["content-type"] == "application/json"
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("k1", str(int(AT.timestamp())))
    words = f"k1.{headers['webhook-timestamp']}.{body.decode()}".encode()
    expected = base64.b64encode(hmac.new(SECRET.encode(), words, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body, at = b'{"test": 2432232314}', datetime.fromtimestamp(1614265330, UTC)
    found = signed(key, body, "msg_p5jXN8AQM9LWM0D4loKWxJek", at)
    assert found["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert key_of("whsec_no base64") == b"whsec_no base64"


@pytest.mark.parametrize(
    ("status", "error"),
    [(503, SendDeferred), (429, SendDeferred), (408, SendDeferred), (404, SendRejected), (302, SendRejected)],
)
async def test_what_is_no_success_is_tried_again_or_given_up(status: int, error: type[Exception]) -> None:
    program = Program(status)
    async with listening(program.application()) as url:
        webhook = SignedWebhook(f"{url}/hook", SECRET, private=True)
        with pytest.raises(error):
            await webhook.call(b"{}", key="k1", at=AT)
        await webhook.aclose()


async def test_private_addresses_are_not_called_unless_that_is_allowed() -> None:
    program = Program(200)
    async with listening(program.application()) as url:
        for address in (url, url.replace("127.0.0.1", "localhost")):
            webhook = SignedWebhook(f"{address}/hook", SECRET, private=False)
            with pytest.raises(SendRejected, match="its address is private"):
                await webhook.call(b"{}", key="k1", at=AT)
            await webhook.aclose()
    assert program.calls == []


async def test_a_program_that_is_not_there_or_slow_may_be_there_later() -> None:
    gone = SignedWebhook("http://127.0.0.1:9/hook", SECRET, private=True)
    with pytest.raises(SendDeferred, match="cannot be reached"):
        await gone.call(b"{}", key="k1", at=AT)
    await gone.aclose()
    program = Program(200)
    async with listening(program.application()) as url:
        timeout = aiohttp.ClientTimeout(total=0.000001)
        slow = SignedWebhook(f"{url}/hook", SECRET, private=True, timeout=timeout)
        with pytest.raises(SendDeferred):
            await slow.call(b"{}", key="k1", at=AT)
        await slow.aclose()

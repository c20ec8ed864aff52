"""Which hosts pictures are fetched from, with which log-in, and how much is read."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bridge.adapters._hosts import PublicResolver, is_public
from bridge.adapters.providers.twilio.media import MediaFetcher
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.domain.messages import Media
from bridge.ports.errors import CredentialsRejected, MediaRefused, SendDeferred
from bridge.ports.provider import MediaContent
from bridge.sandbox.listening import listening
from tests.adapters.twilio.recorded import ACCOUNT_SID, PATH, PNG, SETTINGS


@dataclass(slots=True)
class Host:
    """A host that answers as told and keeps what it was asked."""

    url: str = ""
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(
        default_factory=dict[str, tuple[int, dict[str, str], bytes]]
    )
    asked: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    endless: asyncio.Event = field(default_factory=asyncio.Event)
    written: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer."""
        self.asked.append((request.raw_path, request.headers.get("Authorization")))
        if request.path == "/endless":
            response = web.StreamResponse(headers={"Content-Type": "image/png"})
            await response.prepare(request)
            while not self.endless.is_set():
                await response.write(PNG * 1000)
                self.written += len(PNG) * 1000
            return response
        if request.path == "/announced":
            response = web.StreamResponse(headers={"Content-Length": "1000001"})
            await response.prepare(request)
            await self.endless.wait()
            return response
        status, headers, body = self.answers.get(request.path, (404, {}, b""))
        return web.Response(status=status, headers=headers, body=body)

    def fetcher(self, **more: object) -> MediaFetcher:
        """Return a fetcher whose API is this host."""
        return MediaFetcher(TwilioSettings.model_validate({**SETTINGS, "api_url": self.url, **more}))


@pytest.fixture
async def host() -> AsyncGenerator[Host]:
    made = Host()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.handle)
    async with listening(app) as made.url:
        yield made
        made.endless.set()


async def fetch(fetcher: MediaFetcher, url: str, limit: int = 1000, kind: str = "image/png") -> MediaContent:
    try:
        return await fetcher.fetch(Media(url, kind), limit)
    finally:
        await fetcher.aclose()


def redirect(to: str, status: int = 307) -> tuple[int, dict[str, str], bytes]:
    return status, {"Location": to}, b""


async def test_credentials_go_to_our_own_media_only(host: Host) -> None:
    host.answers[PATH] = (200, {}, PNG)
    other = PATH.replace(ACCOUNT_SID, "AC" + "f" * 32)
    paths = [
        PATH,
        other,
        "/cdn/x",
        PATH + "?x=1",
        PATH + "/more",
        PATH.replace("/Media", "/media"),
        f"//{PATH}",
    ]
    paths += [
        PATH.replace("/Media/", "/Media/../Media/"),
        PATH.replace("/Media/", "/Media%2f"),
        PATH + ".json",
    ]
    for path in paths:
        try:
            await fetch(host.fetcher(), host.url + path)
        except (MediaRefused, SendDeferred):
            continue
    assert [path for path, authorization in host.asked if authorization] == [PATH]


async def test_credentials_go_to_our_own_host_only(host: Host) -> None:
    host.answers[PATH] = (200, {}, PNG)
    here = host.url
    for api in (here.replace("127.0.0.1", "localhost"), here.replace("http:", "https:"), "http://127.0.0.1:9"):
        host.url = api
        fetcher = host.fetcher()
        try:
            await fetch(fetcher, here + PATH)
        except (MediaRefused, SendDeferred):
            continue
    assert [authorization for _, authorization in host.asked] == [None] * len(host.asked)


async def test_no_credentials_follow_a_redirect_even_on_the_same_host(host: Host) -> None:
    second = PATH.replace("ME4", "ME5")
    host.answers |= {PATH: redirect(second), second: (200, {}, PNG)}
    assert (await fetch(host.fetcher(), host.url + PATH)).data == PNG
    assert [bool(authorization) for _, authorization in host.asked] == [True, False]


async def test_three_redirects_are_followed_and_no_more(host: Host) -> None:
    host.answers |= {PATH: redirect("/1", 302), "/1": redirect("2", 301), "/2": redirect(f"{host.url}/3", 308)}
    host.answers["/3"] = (200, {}, PNG)
    assert (await fetch(host.fetcher(), host.url + PATH)).data == PNG
    host.answers |= {"/3": redirect("/4"), "/4": (200, {}, PNG)}
    with pytest.raises(MediaRefused):
        await fetch(host.fetcher(), host.url + PATH)
    assert host.asked[-1][0] == "/3"


@pytest.mark.parametrize(
    "to", ["", "ftp://127.0.0.1/x", "file:///etc/passwd", "http://u:p@127.0.0.1/x", "http://", "http://[::1", "data:,x"]
)
async def test_a_redirect_to_no_web_address_is_refused(host: Host, to: str) -> None:
    host.answers[PATH] = redirect(to)
    if not to:
        host.answers[PATH] = (307, {}, b"")
    with pytest.raises(MediaRefused):
        await fetch(host.fetcher(), host.url + PATH)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.twilio.com" + PATH,
        "https://127.0.0.1" + PATH,
        "https://localhost/x",
        "https://metadata/x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[fe80::1]/x",
        "https://0.0.0.0/x",
        "https://user@cdn.example.com/x",
        "ftp://cdn.example.com/x",
        "not an address",
        "",
    ],
)
async def test_with_the_real_api_nothing_inside_our_network_is_asked(url: str) -> None:
    with pytest.raises(MediaRefused, match="address"):
        await fetch(MediaFetcher(TwilioSettings.model_validate(SETTINGS)), url)


async def test_a_public_name_that_leads_inside_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def inside(host: str, port: int, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    with pytest.raises(SendDeferred):
        await fetch(MediaFetcher(TwilioSettings.model_validate(SETTINGS)), "https://cdn.example.com/x")


async def test_only_public_addresses_of_a_name_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    def mixed(host: str, port: int, *_: object, **__: object) -> list[Any]:
        addresses = ("127.0.0.1", "10.0.0.1", "93.184.215.14", "224.0.0.1", "100.64.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", mixed)
    resolver = PublicResolver()
    assert [one["host"] for one in await resolver.resolve("cdn.example.com", 443)] == ["93.184.215.14"]
    await resolver.close()


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("api.twilio.com", True),
        ("mms.twiliocdn.com.", True),
        ("93.184.215.14", True),
        ("[2606:2800:21f::1]", True),
        ("localhost", False),
        ("emulator", False),
        ("x.localhost", False),
        ("db.internal", False),
        ("printer.local", False),
        ("127.1.2.3", False),
        ("[::1]", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("", False),
    ],
)
def test_what_looks_public(name: str, public: bool) -> None:
    assert is_public(name) is public


async def test_no_more_than_the_limit_is_read_whatever_was_announced(host: Host) -> None:
    with pytest.raises(MediaRefused, match="larger"):
        await fetch(host.fetcher(), host.url + "/endless", limit=100_000)
    await asyncio.sleep(0)
    assert host.written < 20_000_000


async def test_what_announces_too_much_is_not_waited_for(host: Host) -> None:
    with pytest.raises(MediaRefused, match="larger than 1 MB"):
        await fetch(host.fetcher(), host.url + "/announced", limit=1_000_000)


async def test_a_packed_answer_is_not_unpacked(host: Host) -> None:
    import gzip

    host.answers[PATH] = (200, {"Content-Encoding": "gzip"}, gzip.compress(PNG))
    with pytest.raises(MediaRefused, match="kind of file"):
        await fetch(host.fetcher(), host.url + PATH, limit=10_000)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, MediaRefused),
        (401, CredentialsRejected),
        (403, CredentialsRejected),
        (404, SendDeferred),
        (408, SendDeferred),
        (410, MediaRefused),
        (415, MediaRefused),
        (500, SendDeferred),
        (204, MediaRefused),
    ],
)
async def test_each_status_means_what_can_still_come_of_it(host: Host, status: int, error: type[Exception]) -> None:
    host.answers[PATH] = (status, {}, b"")
    with pytest.raises(error):
        await fetch(host.fetcher(), host.url + PATH)

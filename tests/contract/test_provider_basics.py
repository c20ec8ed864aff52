"""What every provider promises about itself, its settings, and calls that go wrong."""

import socket
import subprocess
import sys

import pytest
from pydantic import ValidationError

from bridge.adapters.providers import discover
from bridge.ports.errors import CredentialsRejected, SendDeferred, SendOutcomeUnknown, SendRejected
from bridge.ports.provider import FetchesMedia, FindsSent, PollsInbound
from tests.contract.provider_case import ProviderCase
from tests.contract.support import built, closed_port, http_answer, listening, outbound

LOST = {
    "reset": None,
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 O",
    "half a body": b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
    "500": http_answer("500 Internal Server Error", b"{}"),
    "502 page": http_answer("502 Bad Gateway", b"<html>", "text/html"),
    "503": http_answer("503 Service Unavailable", b"", extra="Retry-After: 1\r\n"),
    "redirect": http_answer("307 Temporary Redirect", b"", extra="Location: http://127.0.0.1:9/\r\n"),
    "a page": http_answer("200 OK", b"<html>All is well</html>", "text/html"),
    "empty object": http_answer("201 Created", b"{}"),
    "a list": http_answer("201 Created", b"[]"),
    "odd types": http_answer("201 Created", b'{"sid": null, "date_created": 7, "body": []}'),
    "deep": http_answer("201 Created", b"[" * 100_000),
    "not UTF-8": http_answer("201 Created", b'{"sid": "\xff'),
}


def test_listing_the_names_imports_no_provider() -> None:
    program = (
        "import sys; from bridge.adapters.providers import discover\n"
        "assert tuple(discover()) and len(discover()) and 'nowhere' not in discover()\n"
        "known = tuple(discover())\n"
        "print([m for m in sys.modules if m.startswith(tuple('bridge.adapters.providers.' + k for k in known))\n"
        " or m.partition('.')[0] in ('twilio', 'aiohttp', 'requests')])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_an_unknown_name_is_no_provider() -> None:
    with pytest.raises(KeyError):
        discover()["_laml"]


def test_facts_fit_abilities(name: str, case: ProviderCase) -> None:
    spec, provider = discover()[name], built(name, case.settings)
    assert provider.name == spec.name == name
    assert provider.capabilities is spec.capabilities
    assert isinstance(provider, FindsSent) is spec.capabilities.findable
    assert isinstance(provider, PollsInbound) is spec.capabilities.lists_inbound
    if any(getattr(one.event, "media", ()) for one in case.recorded):
        assert isinstance(provider, FetchesMedia)
    status, content_type, body = spec.capabilities.webhook_reply
    assert 200 <= status < 300
    assert bool(content_type) is bool(body)


def test_settings_are_strict_frozen_and_discreet(name: str, case: ProviderCase) -> None:
    model = discover()[name].settings
    filled = model.model_validate(dict(case.rotated))
    assert all(secret not in f"{filled!r} {filled}" for secret in case.secrets)
    with pytest.raises(ValidationError):
        model.model_validate({**case.settings, "no_such_setting": 1})
    with pytest.raises(ValidationError):
        setattr(filled, next(iter(model.model_fields)), "changed")
    with pytest.raises(ValidationError) as refused:
        model.model_validate({key: [value, {"odd": value}] for key, value in case.settings.items()})
    assert all(secret not in str(refused.value) for secret in case.secrets)


def test_a_provider_shows_no_secret(name: str, case: ProviderCase) -> None:
    assert all(secret not in repr(built(name, case.rotated)) for secret in case.secrets)


async def test_nobody_listening_means_certainly_not_sent(name: str, case: ProviderCase) -> None:
    provider = built(name, case.at(f"http://127.0.0.1:{closed_port()}"))
    with pytest.raises(SendDeferred):
        await provider.send(outbound(case))
    await provider.aclose()


async def test_a_name_without_address_means_certainly_not_sent(
    name: str, case: ProviderCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    provider = built(name, case.at("http://nowhere.invalid"))
    with pytest.raises(SendDeferred):
        await provider.send(outbound(case))
    await provider.aclose()


async def test_no_tls_means_certainly_not_sent(name: str, case: ProviderCase) -> None:
    async with listening(b"HTTP/1.1 200 OK\r\n\r\n") as server:
        provider = built(name, case.at(server.url.replace("http://", "https://")))
        with pytest.raises(SendDeferred):
            await provider.send(outbound(case))
        await provider.aclose()


@pytest.mark.parametrize("how", LOST)
async def test_a_lost_or_unreadable_answer_is_an_unknown_outcome_after_one_attempt(
    name: str, case: ProviderCase, how: str
) -> None:
    async with listening(LOST[how]) as server:
        provider = built(name, case.at(server.url))
        with pytest.raises(SendOutcomeUnknown):
            await provider.send(outbound(case))
        assert server.requests == 1
        await provider.aclose()


async def test_too_many_requests_means_later_for_everything_there(name: str, case: ProviderCase) -> None:
    async with listening(http_answer("429 Too Many Requests", b"{}", extra="Retry-After: 7\r\n")) as server:
        provider = built(name, case.at(server.url))
        with pytest.raises(SendDeferred) as deferred:
            await provider.send(outbound(case))
        assert (deferred.value.retry_after, deferred.value.whole_target, server.requests) == (7.0, True, 1)
        await provider.aclose()


async def test_refused_credentials_are_told_apart(name: str, case: ProviderCase) -> None:
    async with listening(http_answer("401 Unauthorized", b"{}")) as server:
        provider = built(name, case.at(server.url))
        with pytest.raises(CredentialsRejected):
            await provider.send(outbound(case))
        assert server.requests == 1
        await provider.aclose()


async def test_any_other_refusal_is_final(name: str, case: ProviderCase) -> None:
    async with listening(http_answer("400 Bad Request", b"{}")) as server:
        provider = built(name, case.at(server.url))
        with pytest.raises(SendRejected) as rejected:
            await provider.send(outbound(case))
        assert rejected.value.code
        assert rejected.value.reason.endswith(".")
        await provider.aclose()


@pytest.mark.parametrize("how", LOST)
async def test_what_cannot_be_looked_up_now_is_looked_up_later(name: str, case: ProviderCase, how: str) -> None:
    async with listening(LOST[how]) as server:
        provider = built(name, case.at(server.url))
        if isinstance(provider, FindsSent):
            with pytest.raises(SendDeferred):
                await provider.find_sent(outbound(case))
        if isinstance(provider, PollsInbound):
            message = outbound(case)
            assert message.attempted_at is not None
            with pytest.raises(SendDeferred):
                await provider.list_received(case.line, message.attempted_at)
        await provider.aclose()


@pytest.mark.parametrize("how", LOST)
async def test_a_check_reports_and_never_raises(name: str, case: ProviderCase, how: str) -> None:
    async with listening(LOST[how]) as server:
        provider = built(name, case.at(server.url), case.line)
        findings = await provider.check()
        await provider.aclose()
    assert any(finding.level == "error" for finding in findings)
    assert all(finding.remedy or finding.level == "ok" for finding in findings)
    assert all(secret not in repr(findings) for secret in case.secrets)


async def test_closing_twice_does_no_harm(name: str, case: ProviderCase) -> None:
    provider = built(name, case.settings)
    await provider.aclose()
    await provider.aclose()

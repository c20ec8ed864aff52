"""What every provider's webhooks must hold, on its own recorded requests."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.ports.errors import WebhookRejected
from bridge.ports.provider import WebhookRequest
from tests.contract.provider_case import ProviderCase
from tests.contract.support import built, with_body, without

BROKEN = {
    "empty": b"",
    "not UTF-8": b"Body=caf\xe9&From=%2B15550100200",
    "percent-encoded, not UTF-8": b"Body=caf%E9&From=%2B15550100200&MessageSid=SM1",
    "half a character": b"Body=%F0%9F%91",
    "a surrogate": b"Body=%ED%A0%BD",
    "NUL": b"Body=a%00b&From=%2B15550100200&To=%2B15550001000&MessageSid=SM1&SmsStatus=received",
    "raw NUL": b"Body=a\x00b",
    "deep JSON": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "many fields": b"&".join(b"a%d=" % number for number in range(100_000)),
    "no names": b"=&=&=&&&==",
    "half an escape": b"Body=%&From=%2&To=%zz",
    "byte order mark": b"\xef\xbb\xbfBody=hello",
    "UTF-16": "Body=hello".encode("utf-16"),
}


def survives(provider_name: str, case: ProviderCase, request: WebhookRequest) -> None:
    provider = built(provider_name, case.settings)
    with suppress(WebhookRejected):
        provider.verify(request)
    with suppress(ValueError):
        provider.parse(request)


def test_a_recorded_request_is_accepted_and_read(name: str, case: ProviderCase) -> None:
    provider = built(name, case.settings)
    for one in case.recorded:
        provider.verify(one.request)
        assert tuple(provider.parse(one.request)) == (() if one.event is None else (one.event,)), one.name


def test_there_are_recordings_of_texts_reports_and_unknown_kinds(name: str, case: ProviderCase) -> None:
    kinds = {type(one.event).__name__ for one in case.recorded}
    assert kinds == {"TextReceived", "DeliveryReported", "NoneType"}


def test_the_same_request_gives_the_same_events_and_different_ones_different_ids(name: str, case: ProviderCase) -> None:
    provider, again = built(name, case.settings), built(name, case.settings)
    ids: list[str] = []
    for one in case.recorded:
        assert provider.parse(one.request) == again.parse(one.request)
        ids += [event.external_id for event in provider.parse(one.request)]
    assert len(set(ids)) == len(ids)


def test_a_missing_or_empty_signature_is_refused(name: str, case: ProviderCase) -> None:
    provider = built(name, case.settings)
    for one in case.recorded:
        bare = without(one.request, *case.signature_headers)
        with pytest.raises(WebhookRejected):
            provider.verify(bare)
        for value in ("", " ", "=", "é", "\udcff", "A" * 28):
            headers = {**bare.headers, **dict.fromkeys(case.signature_headers, value)}
            with pytest.raises(WebhookRejected):
                provider.verify(WebhookRequest(bare.method, bare.url, headers, bare.body))


def test_a_signature_by_another_secret_is_refused(name: str, case: ProviderCase) -> None:
    provider = built(name, case.stranger)
    for one in case.recorded:
        with pytest.raises(WebhookRejected):
            provider.verify(one.request)


def test_while_a_secret_is_rotated_the_old_and_the_new_one_both_verify(name: str, case: ProviderCase) -> None:
    provider = built(name, case.rotated)
    for one in case.recorded:
        provider.verify(one.request)


def test_a_signature_covers_address_and_body(name: str, case: ProviderCase) -> None:
    provider = built(name, case.settings)
    for one in case.recorded:
        joint = "&" if "?" in one.request.url else "?"
        elsewhere = WebhookRequest(
            one.request.method, f"{one.request.url}{joint}o=other", one.request.headers, one.request.body
        )
        for changed in (elsewhere, with_body(one.request, one.request.body + b"&Extra=1")):
            with pytest.raises(WebhookRejected):
                provider.verify(changed)


def test_what_the_provider_adds_is_signed_and_ignored(name: str, case: ProviderCase) -> None:
    provider = built(name, case.settings)
    for one in case.recorded:
        if not one.request.headers["content-type"].startswith("application/x-www-form-urlencoded"):
            continue
        for extra in (b"&New=", b"&New=1&New=2&New=1", b"&New=+two++spaces+", b"&new=%C3%A9%F0%9F%91%8B"):
            request = case.sign(with_body(one.request, one.request.body + extra))
            provider.verify(request)
            assert list(provider.parse(request)) == ([] if one.event is None else [one.event])


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/json", "text/plain", ""])
def test_a_broken_body_is_refused_or_unreadable_and_nothing_worse(
    name: str, case: ProviderCase, what: str, content_type: str
) -> None:
    first = case.recorded[0].request
    broken = WebhookRequest(first.method, first.url, {**first.headers, "content-type": content_type}, BROKEN[what])
    survives(name, case, broken)
    survives(name, case, case.sign(broken))


@given(body=st.binary(max_size=300), url=st.text(max_size=60), header=st.text(max_size=40))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_noise_is_refused_or_unreadable_and_nothing_worse(
    name: str, case: ProviderCase, body: bytes, url: str, header: str
) -> None:
    first = case.recorded[0].request
    headers = {**first.headers, **dict.fromkeys(case.signature_headers, header)}
    survives(name, case, WebhookRequest("POST", "https://sms.example.org/" + url, headers, body))
    survives(name, case, WebhookRequest("POST", url, headers, first.body))

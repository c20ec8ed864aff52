"""Our own check of signatures against the documented vectors and Twilio's own library."""

import re
from dataclasses import replace
from typing import Any, cast
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bridge.adapters.providers._laml import Algorithm, is_signed, read_form, sign, signed_text
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.adapters.providers.twilio.webhooks import Webhooks
from bridge.ports.errors import WebhookRejected
from bridge.ports.provider import WebhookRequest
from tests.adapters.twilio import recorded

TOKEN = "12345"
VECTORS = {
    "the documentation's": (
        "https://example.com/myapp.php?foo=1&bar=2",
        (
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675310"),
            ("Digits", "1234"),
            ("From", "+14158675310"),
            ("To", "+18005551212"),
        ),
        "L/OH5YylLD5NRKLltdqwSvS0BnU=",
    ),
    "the library's": (
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        (
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
            ("Caller", "+14158675309"),
        ),
        "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    ),
    "repeated fields": (
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        (("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")),
        "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
    ),
    "a JSON body's address": (
        f"https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256={recorded.JSON_HASH}",
        (),
        "a9nBmqA0ju/hNViExpshrM61xv4=",
    ),
}

labels = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
hosts = st.lists(labels, min_size=1, max_size=3).map(".".join)
ports = st.one_of(st.just(""), st.integers(1, 65535).map(lambda port: f":{port}"))
users = st.one_of(st.just(""), st.tuples(labels, labels).map(lambda pair: f"{pair[0]}:{pair[1]}@"))
paths = st.lists(st.text(max_size=6).map(quote_plus), max_size=3).map(lambda parts: "/" + "/".join(parts))
words = st.text(max_size=12)
queries = st.lists(st.tuples(words, words), max_size=3).map(urlencode).map(lambda query: query and f"?{query}")
forms = st.lists(st.tuples(st.sampled_from(["Body", "From", "To", "body", "É", ""]) | words, words), max_size=8)


def library(token: str) -> Any:
    return cast("Any", RequestValidator(token))


@pytest.mark.parametrize("name", VECTORS)
def test_the_documented_vectors_verify(name: str) -> None:
    url, fields, signature = VECTORS[name]
    assert is_signed([TOKEN.encode()], signature, url, fields)
    assert is_signed([b"other", TOKEN.encode()], signature, url.replace(".com", ".com:443"), fields)
    assert not is_signed([b"12346"], signature, url, fields)
    assert not is_signed([TOKEN.encode()], signature, url + "&more=1", fields)


@given(
    st.sampled_from(["http", "https"]), users, hosts, ports, paths, queries, forms, st.sampled_from(["sha1", "sha256"])
)
def test_ours_and_the_librarys_agree(
    scheme: str,
    user: str,
    host: str,
    port: str,
    path: str,
    query: str,
    form: list[tuple[str, str]],
    algorithm: Algorithm,
) -> None:
    # The library cuts an address with user information at the first colon; Twilio leaves that part out.
    plain, told = f"{scheme}://{host}{port}{path}{query}", "HMAC_" + algorithm.upper()
    url = f"{scheme}://{user}{host}{port}{path}{query}"
    fields = read_form(urlencode(form).encode())
    fitting = library(TOKEN).compute_signature(plain, MultiDict(fields), told)
    assert sign(TOKEN.encode(), signed_text(plain, fields), algorithm).decode() == fitting
    assert is_signed([TOKEN.encode()], fitting, url, fields, algorithm)
    for signature in (fitting, library("other").compute_signature(plain, MultiDict(fields), told), "", "é"):
        expected = library(TOKEN).validate(plain, MultiDict(fields), signature, told)
        assert is_signed([TOKEN.encode()], signature, url, fields, algorithm) is expected


@given(hosts, ports, forms)
def test_a_proxy_may_add_or_drop_the_standard_port(host: str, port: str, form: list[tuple[str, str]]) -> None:
    for scheme, standard in (("https", ":443"), ("http", ":80")):
        for asked, seen in ((standard, ""), ("", standard), (port, "")):
            signature = library(TOKEN).compute_signature(f"{scheme}://{host}{asked}/x", MultiDict(form))
            here = is_signed([TOKEN.encode()], signature, f"{scheme}://{host}{seen}/x", form)
            there = library(TOKEN).validate(f"{scheme}://{host}{seen}/x", MultiDict(form), signature)
            assert here is there


def webhooks(**settings: object) -> Webhooks:
    return Webhooks(TwilioSettings.model_validate({**recorded.SETTINGS, **settings}), "main")


def signed(body: bytes, algorithm: Algorithm, told: str, secret: str) -> WebhookRequest:
    signature = sign(secret.encode(), signed_text(recorded.URL, read_form(body)), algorithm).decode()
    request = recorded.posted(body, signature)
    return replace(request, headers={**request.headers, "x-twilio-webhooks-signature-settings": told})


def test_a_shared_key_signs_in_place_of_the_auth_token() -> None:
    told = "key=webhooks_sharedkey_01,algorithm=HMAC_SHA256"
    request = signed(recorded.SMS.body, "sha256", told, "hush")
    webhooks(shared_keys={"webhooks_sharedkey_01": "hush"}).verify(request)
    for others in ({}, {"webhooks_sharedkey_02": "hush"}, {"webhooks_sharedkey_01": "hash"}):
        with pytest.raises(WebhookRejected):
            webhooks(shared_keys=others).verify(request)
    with pytest.raises(WebhookRejected):  # naming a key does not make the auth token one
        webhooks(shared_keys={"webhooks_sharedkey_01": "hush"}).verify(
            signed(recorded.SMS.body, "sha256", told, recorded.TOKEN)
        )


@pytest.mark.parametrize("told", ["algorithm=HMAC_MD5", "algorithm=none,key=", "key=", "key=,algorithm=", "==,=,,"])
def test_odd_signature_settings_are_refused_or_change_nothing(told: str) -> None:
    right = signed(recorded.SMS.body, "sha1", told, recorded.TOKEN)
    if told == "==,=,,":
        webhooks().verify(right)
    else:
        with pytest.raises(WebhookRejected):
            webhooks().verify(right)


@pytest.mark.parametrize(
    "account", [b"AccountSid=ACffffffffffffffffffffffffffffffff", b"AccountSid=", b"Account=x", b"accountsid=AC"]
)
def test_what_is_about_another_account_is_refused(account: bytes) -> None:
    body = re.sub(rb"AccountSid=\w+", account, recorded.SMS.body)
    with pytest.raises(WebhookRejected):
        webhooks().verify(recorded.sign(recorded.posted(body)))


def test_a_json_body_must_be_the_one_whose_hash_is_signed() -> None:
    webhooks().verify(recorded.JSON)
    for changed in (recorded.JSON_BODY + b" ", b"", b"\xff"):
        with pytest.raises(WebhookRejected):
            webhooks().verify(replace(recorded.JSON, body=changed))
    bare = replace(recorded.JSON, url=recorded.URL)
    with pytest.raises(WebhookRejected):
        webhooks().verify(recorded.sign(bare))


def test_only_a_post_is_accepted() -> None:
    for method in ("GET", "PUT", "post"):
        with pytest.raises(WebhookRejected):
            webhooks().verify(replace(recorded.SMS, method=method))

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from bridge.sandbox.twilio.signature import sign, sign_json, signed_url

CALL = {"CallSid": "CA1234567890ABCDE", "Digits": "1234", "To": "+18005551212"}


@pytest.mark.parametrize(
    ("url", "number", "signature"),
    [
        ("https://example.com/myapp.php?foo=1&bar=2", "+14158675310", "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        ("https://mycompany.com/myapp.php?foo=1&bar=2", "+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ],
)
def test_published_vectors(url: str, number: str, signature: str) -> None:
    assert sign("12345", url, (CALL | {"Caller": number, "From": number}).items()) == signature


def test_vector_of_repeated_fields() -> None:
    fields = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")]
    assert sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields) == "IK+Dwps556ElfBT0I3Rgjkr1wJU="


def test_vector_of_a_json_body() -> None:
    url, signature = sign_json(
        "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", b'{"property": "value", "boolean": true}'
    )
    assert url.endswith("&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620")
    assert signature == "a9nBmqA0ju/hNViExpshrM61xv4="


@given(st.lists(st.tuples(st.text(), st.text())), st.text())
def test_agrees_with_the_vendors_library(fields: list[tuple[str, str]], token: str) -> None:
    url = "http://127.0.0.1:8080/sms?a=1"
    validator = cast("Any", RequestValidator(token))
    assert validator.validate(url, MultiDict(fields), sign(token, url, fields))


@pytest.mark.parametrize(
    ("configured", "signed"),
    [
        ("http://a.example:8080/sms?x=1#rc=2&rp=all", "http://a.example:8080/sms?x=1"),
        ("https://user:p@a.example/sms", "https://a.example/sms"),
        ("https://a.example/who@home?mail=a@b", "https://a.example/who@home?mail=a@b"),
    ],
)
def test_fragment_and_user_are_not_signed(configured: str, signed: str) -> None:
    assert signed_url(configured) == signed

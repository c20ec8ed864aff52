"""Requests as Twilio posts them, whole and literal; the signatures were made by Twilio's own library."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, cast
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from bridge.domain.events import DeliveryReported, TextReceived
from bridge.domain.messages import Media, MessageStatus
from bridge.ports.provider import WebhookRequest
from tests.contract.provider_case import ProviderCase, Recorded

ACCOUNT_SID = "ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
TOKEN = "7c9e6679f1a24b3c8d5e0f1a2b3c4d5e"
NEXT_TOKEN = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
URL = "https://sms.example.org/webhooks/main"
HEADERS = {
    "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
    "user-agent": "TwilioProxy/1.1",
    "i-twilio-idempotency-token": "3f8a1c52-6b7d-4c1e-9a52-0d4f3b2e1c9a",
    "x-home-region": "us1",
    "accept": "*/*",
    "host": "sms.example.org",
}
PLACES = (
    b"ToCountry=US&ToState=CA&ToCity=SAN+FRANCISCO&ToZip=94103"
    b"&FromCountry=US&FromState=IL&FromCity=SPRINGFIELD&FromZip=62701"
)


def posted(body: bytes, signature: str = "", url: str = URL) -> WebhookRequest:
    """Return a form post with its recorded signature."""
    return WebhookRequest("POST", url, {**HEADERS, "x-twilio-signature": signature}, body)


def sign(request: WebhookRequest, token: str = TOKEN) -> WebhookRequest:
    """Return the request as Twilio would sign it; a body that is no form is signed byte by byte as far as possible."""
    pairs = parse_qsl(request.body.decode("utf-8", "surrogateescape"), keep_blank_values=True, errors="surrogateescape")
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    # Only what is UTF-8 can be signed by the library; the rest is refused for its encoding anyway.
    safe = {_readable(name): [_readable(one) for one in values] for name, values in form.items()}
    signature = _validator(token).compute_signature(request.url, _Fields(safe))
    return replace(request, headers={**request.headers, "x-twilio-signature": signature})


class _Validator(Protocol):
    def compute_signature(self, uri: str, params: Mapping[str, list[str]]) -> str: ...


def _validator(token: str) -> _Validator:
    return cast("_Validator", RequestValidator(token))


class _Fields(dict[str, list[str]]):
    def getlist(self, name: str) -> list[str]:
        return self[name]


def _readable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


SMS = posted(
    PLACES + b"&SmsMessageSid=SM11111111111111111111111111111111&NumMedia=0"
    b"&SmsSid=SM11111111111111111111111111111111&SmsStatus=received"
    b"&Body=Are+you+open+on+Sunday%3F+%C3%A0+bient%C3%B4t+%F0%9F%91%8B+&To=%2B15550001000"
    b"&MessagingServiceSid=MG22222222222222222222222222222222&NumSegments=1"
    b"&MessageSid=SM11111111111111111111111111111111&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"&From=%2B15550100200&ApiVersion=2010-04-01",
    "uqUgnDETS0Zr3pQnOXFns43VoY8=",
)
SMS_EVENT = TextReceived(
    account="main",
    external_id="SM11111111111111111111111111111111",
    provider_id="SM11111111111111111111111111111111",
    sender="+15550100200",
    recipient="+15550001000",
    body="Are you open on Sunday? à bientôt 👋 ",
)

MMS = posted(
    b"ToCountry=US&ToState=&ToCity=&ToZip=&FromCountry=US&FromState=&FromCity=&FromZip="
    b"&MediaContentType1=text%2Fvcard&MediaContentType0=image%2Fjpeg"
    b"&SmsMessageSid=MM33333333333333333333333333333333&NumMedia=2"
    b"&SmsSid=MM33333333333333333333333333333333&SmsStatus=received&Body=&To=%2B15550001000&NumSegments=1"
    b"&MessageSid=MM33333333333333333333333333333333&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"&From=%2B15550100200"
    b"&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FAccounts%2FACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"%2FMessages%2FMM33333333333333333333333333333333%2FMedia%2FME44444444444444444444444444444444"
    b"&MediaUrl1=https%3A%2F%2Fapi.twilio.com%2F2010-04-01%2FAccounts%2FACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"%2FMessages%2FMM33333333333333333333333333333333%2FMedia%2FME55555555555555555555555555555555"
    b"&ApiVersion=2010-04-01",
    "pCRv7SCiSZjk3veVyEvQ4jtKFTA=",
)
_MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/MM{'3' * 32}/Media/ME"
MMS_EVENT = TextReceived(
    account="main",
    external_id="MM33333333333333333333333333333333",
    provider_id="MM33333333333333333333333333333333",
    sender="+15550100200",
    recipient="+15550001000",
    body="",
    media=(Media(_MEDIA + "4" * 32, "image/jpeg"), Media(_MEDIA + "5" * 32, "text/vcard")),
)

STOP = posted(
    PLACES + b"&SmsMessageSid=SM66666666666666666666666666666666&NumMedia=0"
    b"&SmsSid=SM66666666666666666666666666666666&SmsStatus=received&Body=Stop&To=%2B15550001000&OptOutType=STOP"
    b"&MessagingServiceSid=MG22222222222222222222222222222222&NumSegments=1"
    b"&MessageSid=SM66666666666666666666666666666666&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"&From=%2B15550100200&ApiVersion=2010-04-01",
    "43o+zKu1C8pbvUKdJ+6yjULh8kk=",
)
STOP_EVENT = TextReceived(
    account="main",
    external_id="SM66666666666666666666666666666666",
    provider_id="SM66666666666666666666666666666666",
    sender="+15550100200",
    recipient="+15550001000",
    body="Stop",
    opt_out="STOP",
)

DELIVERED = posted(
    b"ApiVersion=2010-04-01&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"&MessageSid=SM77777777777777777777777777777777&SmsSid=SM77777777777777777777777777777777"
    b"&SmsStatus=delivered&MessageStatus=delivered&To=%2B15550100200&From=%2B15550001000&RawDlrDoneDate=2611221004",
    "FovABAh0C7driUcgHZe0uoCvfaU=",
    f"{URL}?o=01KAN5Z3M8W2",
)
DELIVERED_EVENT = DeliveryReported(
    account="main",
    external_id="SM77777777777777777777777777777777:delivered",
    provider_id="SM77777777777777777777777777777777",
    status=MessageStatus.DELIVERED,
    key="01KAN5Z3M8W2",
)

UNDELIVERED = posted(
    b"ErrorCode=30006&ApiVersion=2010-04-01&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"&MessagingServiceSid=MG22222222222222222222222222222222"
    b"&MessageSid=SM88888888888888888888888888888888&SmsSid=SM88888888888888888888888888888888"
    b"&SmsStatus=undelivered&MessageStatus=undelivered&To=%2B15550100200&From=%2B15550001000&RawDlrDoneDate=2611221004",
    "38ipuSPe8TtiUzxuR4z1cQXS5lw=",
    f"{URL}?o=01KAN5Z3M8W3",
)
UNDELIVERED_EVENT = DeliveryReported(
    account="main",
    external_id="SM88888888888888888888888888888888:undelivered",
    provider_id="SM88888888888888888888888888888888",
    status=MessageStatus.FAILED,
    key="01KAN5Z3M8W3",
    error_code="30006",
    reason="This is a landline, or its carrier cannot be reached. Call instead.",
)

READ = posted(
    b"ChannelPrefix=whatsapp&ApiVersion=2010-04-01&MessageStatus=read&SmsSid=SM99999999999999999999999999999999"
    b"&SmsStatus=read&ChannelInstallSid=XE99999999999999999999999999999999&To=whatsapp%3A%2B15550100200"
    b"&From=whatsapp%3A%2B15550001000&MessageSid=SM99999999999999999999999999999999&EventType=READ"
    b"&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3&ChannelToAddress=%2B15550100200",
    "SEsd70y6QglCoIzbPJZwenYJELM=",
    f"{URL}?o=01KAN5Z3M8W4",
)
READ_EVENT = DeliveryReported(
    account="main",
    external_id="SM99999999999999999999999999999999:read",
    provider_id="SM99999999999999999999999999999999",
    status=MessageStatus.READ,
    key="01KAN5Z3M8W4",
)

WHATSAPP = posted(
    b"SmsMessageSid=SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&NumMedia=0&ProfileName=Ada&MessageType=text"
    b"&SmsSid=SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&WaId=15550100200&SmsStatus=received&Body=Hello"
    b"&ChannelMetadata=%7B%22type%22%3A%22whatsapp%22%2C%22data%22%3A%7B%22context%22%3A%7B%22ProfileName%22%3A%22Ada"
    b"%22%7D%7D%7D&To=whatsapp%3A%2B15550001000&NumSegments=1&ReferralNumMedia=0"
    b"&MessageSid=SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"&From=whatsapp%3A%2B15550100200&ApiVersion=2010-04-01",
    "DYa3bvHRkDZsToZBe0kMXITWa6I=",
)
WHATSAPP_EVENT = TextReceived(
    account="main",
    external_id="SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    provider_id="SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    sender="whatsapp:+15550100200",
    recipient="whatsapp:+15550001000",
    body="Hello",
)

CALL = posted(
    PLACES + b"&Called=%2B15550001000&CallStatus=ringing&From=%2B15550100200&To=%2B15550001000&Direction=inbound"
    b"&CallSid=CAbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb&Caller=%2B15550100200"
    b"&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3&ApiVersion=2010-04-01",
    "d+WmWjONv1ah6KH3bLHkeJfhqOU=",
)
NEW_STATUS = posted(
    b"ApiVersion=2010-04-01&AccountSid=ACa0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3"
    b"&MessageSid=SM77777777777777777777777777777777&SmsSid=SM77777777777777777777777777777777"
    b"&SmsStatus=pondered&MessageStatus=pondered&To=%2B15550100200&From=%2B15550001000",
    "+bz115ge1+hHir/kYMEXndd+bas=",
    f"{URL}?o=01KAN5Z3M8W2",
)
JSON_HASH = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
JSON_BODY = b'{"property": "value", "boolean": true}'
JSON = WebhookRequest(
    "POST",
    f"{URL}?bodySHA256={JSON_HASH}",
    {**HEADERS, "content-type": "application/json", "x-twilio-signature": "CxV0/AetVMF4Oi178YIZlMTpfJY="},
    JSON_BODY,
)

SETTINGS = {"account_sid": ACCOUNT_SID, "auth_token": TOKEN}

CASE = ProviderCase(
    settings=SETTINGS,
    rotated={**SETTINGS, "auth_token": [NEXT_TOKEN, TOKEN]},
    stranger={**SETTINGS, "auth_token": NEXT_TOKEN},
    secrets=(TOKEN, NEXT_TOKEN),
    at=lambda base: {**SETTINGS, "api_url": base},
    signature_headers=("x-twilio-signature",),
    recorded=(
        Recorded("sms", SMS, SMS_EVENT),
        Recorded("mms", MMS, MMS_EVENT),
        Recorded("stop", STOP, STOP_EVENT),
        Recorded("delivered", DELIVERED, DELIVERED_EVENT),
        Recorded("undelivered", UNDELIVERED, UNDELIVERED_EVENT),
        Recorded("read", READ, READ_EVENT),
        Recorded("whatsapp", WHATSAPP, WHATSAPP_EVENT),
        Recorded("call", CALL, None),
        Recorded("new status", NEW_STATUS, None),
        Recorded("json", JSON, None),
    ),
    sign=sign,
    line="+15550001000",
    contact="+15550100200",
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/MM{'3' * 32}/Media/ME{'4' * 32}"

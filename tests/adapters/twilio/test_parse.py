import re

import pytest

from bridge.adapters.providers._laml import MAX_FIELDS, STATUSES, read_form
from bridge.adapters.providers.twilio.settings import TwilioSettings
from bridge.adapters.providers.twilio.webhooks import Webhooks
from bridge.domain.events import DeliveryReported, ProviderEvent, TextReceived
from bridge.domain.messages import MessageStatus
from bridge.ports.errors import Unreadable
from tests.adapters.twilio.recorded import DELIVERED, MMS, SETTINGS, SMS, STOP, UNDELIVERED, URL, posted

WEBHOOKS = Webhooks(TwilioSettings.model_validate(SETTINGS), "main")


def parsed(body: bytes, url: str = URL) -> list[ProviderEvent]:
    return list(WEBHOOKS.parse(posted(body, url=url)))


def text(body: bytes) -> TextReceived:
    (event,) = parsed(body)
    assert isinstance(event, TextReceived)
    return event


def report(body: bytes, url: str = URL) -> DeliveryReported:
    (event,) = parsed(body, url)
    assert isinstance(event, DeliveryReported)
    return event


@pytest.mark.parametrize(
    "body", ["", " ", "  two  spaces  ", "a\r\nb\n", "1+1=2 & more", "e\u0301\u200d🏽", "<&>*_~", "x" * 1600]
)
def test_a_body_is_kept_to_the_letter(body: str) -> None:
    encoded = "".join(f"%{byte:02X}" for byte in body.encode()).encode()
    assert text(re.sub(rb"Body=[^&]*", b"Body=" + encoded, SMS.body)).body == body


def test_a_form_of_too_many_fields_is_unreadable() -> None:
    assert len(read_form(b"&".join([b"a=1"] * MAX_FIELDS))) == MAX_FIELDS
    with pytest.raises(ValueError, match="fields"):
        read_form(b"&".join([b"a=1"] * (MAX_FIELDS + 1)))


def test_a_text_without_body_or_media_count_is_an_empty_text() -> None:
    bare = re.sub(rb"&(Body|NumMedia)=[^&]*", b"", SMS.body)
    assert (text(bare).body, text(bare).media) == ("", ())


def test_of_a_repeated_field_the_first_counts() -> None:
    assert text(SMS.body + b"&Body=second&From=%2B15550199999").sender == "+15550100200"


@pytest.mark.parametrize("name", [b"From", b"To", b"MessageSid"])
def test_a_text_without_sender_recipient_or_id_is_unreadable(name: bytes) -> None:
    gone = re.sub(rb"\b(Sms)?(Sms)?" + name + rb"=[^&]*", b"", SMS.body)
    gone = re.sub(rb"&SmsSid=[^&]*", b"", gone) if name == b"MessageSid" else gone
    with pytest.raises(Unreadable, match=f"^no field {name.decode()}$"):
        parsed(gone)
    with pytest.raises(Unreadable, match=f"^no field {name.decode()}$"):
        parsed(gone + b"&" + name + b"=")


@pytest.mark.parametrize("word", [b"x", b"1.5", b"%20one", b"9" * 5000])
def test_a_media_count_that_is_no_number_is_unreadable(word: bytes) -> None:
    with pytest.raises(Unreadable, match="the field NumMedia is no number"):
        parsed(re.sub(rb"NumMedia=[^&]*", b"NumMedia=" + word, MMS.body))


@pytest.mark.parametrize(
    ("count", "expected"), [(b"0", 0), (b"1", 1), (b"2", 2), (b"9", 2), (b"-1", 0), (b"99999999", 2)]
)
def test_media_are_those_counted_and_there(count: bytes, expected: int) -> None:
    assert len(text(re.sub(rb"NumMedia=[^&]*", b"NumMedia=" + count, MMS.body)).media) == expected


@pytest.mark.parametrize(
    ("told", "expected"), [(b"STOP", "STOP"), (b"start", "START"), (b"HELP", "HELP"), (b"", None), (b"PAUSE", None)]
)
def test_only_twilios_own_signal_is_an_opt_out(told: bytes, expected: str | None) -> None:
    assert text(re.sub(rb"OptOutType=[^&]*", b"OptOutType=" + told, STOP.body)).opt_out == expected
    assert text(STOP.body.replace(b"&OptOutType=STOP", b"")).opt_out is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("accepted", MessageStatus.ACCEPTED),
        ("scheduled", MessageStatus.ACCEPTED),
        ("queued", MessageStatus.ACCEPTED),
        ("sending", MessageStatus.SENT),
        ("sent", MessageStatus.SENT),
        ("delivered", MessageStatus.DELIVERED),
        ("read", MessageStatus.READ),
        ("undelivered", MessageStatus.FAILED),
        ("failed", MessageStatus.FAILED),
        ("canceled", MessageStatus.CANCELLED),
    ],
)
def test_each_word_of_twilio_is_one_status_with_its_own_id(word: str, status: MessageStatus) -> None:
    event = report(DELIVERED.body.replace(b"delivered", word.encode()))
    assert (event.status, event.external_id) == (status, f"SM{'7' * 32}:{word}")
    assert bool(event.reason) is (status is MessageStatus.FAILED)
    assert word in STATUSES


@pytest.mark.parametrize("word", ["receiving", "partially_delivered", "pondered", "Delivered", "delivered "])
def test_any_other_word_says_nothing(word: str) -> None:
    assert parsed(DELIVERED.body.replace(b"=delivered", b"=" + word.encode().replace(b" ", b"+"))) == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (f"{URL}?o=01KAN5Z3M8W2", "01KAN5Z3M8W2"),
        (f"{URL}?a=1&o=a%2Fb%20c&o=2", "a/b c"),
        (f"{URL}?o=", None),
        (f"{URL}?O=1", None),
        (URL, None),
    ],
)
def test_our_outbox_id_comes_back_in_the_address(url: str, key: str | None) -> None:
    assert report(DELIVERED.body, url).key == key


def test_an_error_code_of_nought_is_none() -> None:
    event = report(DELIVERED.body + b"&ErrorCode=0")
    assert (event.error_code, event.reason) == (None, "")


def test_an_unknown_error_code_is_kept_and_explained_by_twilios_page() -> None:
    event = report(UNDELIVERED.body.replace(b"30006", b"30999"))
    assert event.error_code == "30999"
    assert event.reason.endswith("https://www.twilio.com/docs/api/errors/30999")


def test_a_nul_character_is_replaced_by_the_sign_for_what_cannot_be_shown() -> None:
    [event] = parsed(SMS.body.replace(b"Body=", b"Body=a%00b"))
    assert isinstance(event, TextReceived)
    assert event.body.startswith("a\ufffdb")
    assert report(DELIVERED.body + b"&New=%00&%00=1").status is MessageStatus.DELIVERED
